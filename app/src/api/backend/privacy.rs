//! What the caller hides from others.

use protocol::{Privacy, PrivacyField};

use super::{actor, chat, go_to, info, refuse};
use crate::api::ApiError;
use crate::pages::settings::privacy::PRIVACY;

pub(in crate::api) async fn set_privacy(what: PrivacyField, hides: bool) -> Result<(), ApiError> {
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    let changed = chat.set_privacy(&actor, what, hides, info.now);
    changed.await.map_err(refuse)?;
    go_to(PRIVACY);
    Ok(())
}

pub(in crate::api) async fn own_privacy() -> Result<Privacy, ApiError> {
    chat()?.privacy(&actor()?).await.map_err(refuse)
}
