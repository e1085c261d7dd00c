//! Whom the caller blocks.

use protocol::{Person, UserId};

use super::{actor, chat, go_to, info, refuse};
use crate::api::ApiError;
use crate::pages::settings::privacy::PRIVACY;

pub(in crate::api) async fn set_blocked(user: UserId, blocks: bool) -> Result<(), ApiError> {
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    let changed = chat.set_blocked(&actor, user, blocks, info.now);
    changed.await.map_err(refuse)?;
    go_to(PRIVACY);
    Ok(())
}

pub(in crate::api) async fn blocked() -> Result<Vec<Person>, ApiError> {
    chat()?.blocked(&actor()?).await.map_err(refuse)
}
