//! What people say of themselves, and how the caller wants to be there for others.

use protocol::{AvailabilityKind, CustomStatus, ErrorCode, Lasting, OwnProfile, Profile, UserId};

use super::{actor, chat, go_to, info, refuse, refuse_fields};
use crate::api::ApiError;
use crate::api::profile::{check_about, check_status};
use crate::pages::settings::account::Saved;
use crate::pages::settings::status::STATUS;

pub(in crate::api) async fn set_about(about: &str) -> Result<(), ApiError> {
    let about = check_about(about).map_err(refuse_fields)?;
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    let set = chat.set_about(&actor, about, info.now);
    set.await.map_err(refuse)?;
    go_to(&Saved::About.path());
    Ok(())
}

pub(in crate::api) async fn set_status(
    emoji: &str,
    text: &str,
    (lasting, offset): (Lasting, i32),
) -> Result<Option<CustomStatus>, ApiError> {
    let (emoji, text) = check_status(emoji, text).map_err(refuse_fields)?;
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    let status = CustomStatus::new(emoji, text, lasting.end(info.now, offset));
    let status = status.map_err(|error| ApiError::new(ErrorCode::from(error)))?;
    let set = chat.set_status(&actor, Some(status.clone()), info.now);
    set.await.map_err(refuse)?;
    go_to(STATUS);
    Ok(Some(status))
}

pub(in crate::api) async fn clear_status() -> Result<(), ApiError> {
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    let cleared = chat.set_status(&actor, None, info.now);
    cleared.await.map_err(refuse)?;
    go_to(STATUS);
    Ok(())
}

pub(in crate::api) async fn set_availability(
    kind: AvailabilityKind,
    (lasting, offset): (Lasting, i32),
) -> Result<(), ApiError> {
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    let chosen = kind.until(lasting.end(info.now, offset));
    let set = chat.set_availability(&actor, chosen, info.now);
    set.await.map_err(refuse)?;
    go_to(STATUS);
    Ok(())
}

pub(in crate::api) async fn own_profile() -> Result<OwnProfile, ApiError> {
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    chat.own_profile(&actor, info.now).await.map_err(refuse)
}

pub(in crate::api) async fn profile(user: UserId) -> Result<Profile, ApiError> {
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    let profile = chat.profile(&actor, user, info.now);
    profile.await.map_err(refuse)
}
