//! One's own account.

use chat::PasswordChange;
use http::header::SET_COOKIE;
use protocol::Person;

use super::{actor, append, chat, go_to, info, refuse, refuse_fields, session_cookies};
use crate::api::ApiError;
use crate::api::account::{Account, PasswordChanged, check_delete, check_name, check_password};
use crate::api::cookies;
use crate::pages::settings::account::Saved;

pub(in crate::api) async fn own_account() -> Result<Account, ApiError> {
    let chat::Account { person, email } = chat()?.account(&actor()?).await.map_err(refuse)?;
    Ok(Account { person, email })
}

pub(in crate::api) async fn change_name(display_name: &str) -> Result<Person, ApiError> {
    let name = check_name(display_name).map_err(refuse_fields)?;
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    let person = chat.rename(&actor, name, info.now).await.map_err(refuse)?;
    go_to(&Saved::Name.path());
    Ok(person)
}

pub(in crate::api) async fn delete_account(
    username: &str,
    current: String,
) -> Result<String, ApiError> {
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    let me = chat.me(&actor).await.map_err(refuse)?;
    let password = check_delete(username, &me.username, current).map_err(refuse_fields)?;
    let deleted = chat.delete_account(&actor, password, info.address, info.now);
    deleted.await.map_err(refuse)?;
    for cookie in cookies::clear_session(info.secure) {
        append(SET_COOKIE, &cookie);
    }
    Ok(go_to("/login"))
}

pub(in crate::api) async fn change_password(
    current: String,
    new: String,
) -> Result<PasswordChanged, ApiError> {
    let (current, new) = check_password(current, new).map_err(refuse_fields)?;
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    let change = PasswordChange { current, new };
    let changed = chat
        .change_password(&actor, change, info.address, info.now)
        .await
        .map_err(refuse)?;
    if let Some(session) = changed.signed_in {
        for cookie in session_cookies(&session, info.now, info.secure) {
            append(SET_COOKIE, &cookie);
        }
    }
    let changed = PasswordChanged {
        ended: changed.ended,
    };
    go_to(&Saved::Password(changed).path());
    Ok(changed)
}
