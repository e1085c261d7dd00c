//! Looking for messages.

use protocol::{ErrorCode, SearchPage, SearchQuery};

use super::{ApiError, actor, chat, info, refuse};

pub(in crate::api) async fn search(
    q: &str,
    within: &str,
    before: &str,
) -> Result<SearchPage, ApiError> {
    let query = SearchQuery::parse(q).map_err(|error| refuse(error.into()))?;
    // What is typed after `in:` may be an id; titles are turned into ids by whoever asks.
    let within = match within {
        "" => query.within.as_deref(),
        id => Some(id),
    };
    let malformed = |_| refuse(ErrorCode::Malformed.into());
    let within = within.map(str::parse).transpose().map_err(malformed)?;
    let from = match before {
        "" => None,
        from => Some(from.parse().map_err(malformed)?),
    };
    chat()?
        .search(&actor()?, &query, within, from, info()?.now)
        .await
        .map_err(refuse)
}
