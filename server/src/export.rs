//! Everything that is somebody's to read, as a file: JSON for programs and one page for people.
//!
//! It is written while it is read, a page of messages at a time, and the next page is read when
//! the one before has been taken: however much there is, little of it is held.

mod html;
mod json;

use app::api::backend::RequestInfo;
use app::format;
use app::preferences::Chosen;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chat::{ChatError, Export, Exported, Part};
use futures_util::stream;
use http::header::{
    ACCEPT_LANGUAGE, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE,
    InvalidHeaderValue,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use protocol::ErrorCode;

use crate::failure::Refusal;
use crate::state::AppState;
use html::Page;
use json::Json;

/// A way of writing it down.
trait Form: Send {
    /// What comes first.
    fn begin(&mut self, about: &Exported) -> String;
    /// A part.
    fn part(&mut self, part: &Part) -> String;
    /// What comes last.
    fn end(&mut self) -> String;
}

/// Answers `GET /api/export/json` and `GET /api/export/html`.
pub(crate) async fn export(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(form): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let kind = Kind::parse(&form).ok_or(ErrorCode::NotFound)?;
    let actor = info.actor.ok_or(ErrorCode::Unauthenticated)?;
    let export = state.chat.export(&actor, info.now).await?;
    let user = actor.user();
    tracing::info!(%user, form = kind.ending(), "an account takes its data along");
    let text = |name: HeaderName| {
        let value = headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let chosen = Chosen::from_headers(text(COOKIE), text(ACCEPT_LANGUAGE));
    let nonce = format!("{:032x}", rand::random::<u128>());
    let set = kind.headers(&export.about, &nonce).map_err(|error| {
        tracing::error!(%error, "the headers of an export");
        ErrorCode::Internal
    })?;
    let form: Box<dyn Form> = match kind {
        Kind::Json => Box::new(Json::default()),
        Kind::Html => Box::new(Page::new(chosen.locale, nonce)),
    };
    let writing = Writing {
        export,
        form,
        stage: Stage::Beginning,
    };
    let body = Body::from_stream(stream::unfold(writing, Writing::next));
    let mut response = body.into_response();
    response.headers_mut().extend(set);
    Ok(response)
}

/// As which file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Json,
    Html,
}

impl Kind {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "json" => Some(Self::Json),
            "html" => Some(Self::Html),
            _ => None,
        }
    }

    const fn ending(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Html => "html",
        }
    }

    fn headers(self, about: &Exported, nonce: &str) -> Result<HeaderMap, InvalidHeaderValue> {
        let kind = match self {
            Self::Json => "application/json",
            Self::Html => "text/html; charset=utf-8",
        };
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        let name = file_name(about, self.ending());
        let attached = format!("attachment; filename=\"{name}\"");
        headers.insert(CONTENT_DISPOSITION, HeaderValue::from_str(&attached)?);
        if self == Self::Html {
            let policy = HeaderValue::from_str(&html::policy(nonce))?;
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
        Ok(headers)
    }
}

/// Letters, digits and hyphens only, whatever a username may be one day.
fn file_name(about: &Exported, ending: &str) -> String {
    let username = about.account.person.username.as_str();
    let username: String = username
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let (year, month, day) = format::civil(about.at);
    format!("baatcheet-{username}-{year:04}-{month:02}-{day:02}.{ending}")
}

/// An export on its way out.
struct Writing {
    export: Export,
    form: Box<dyn Form>,
    stage: Stage,
}

#[derive(Clone, Copy)]
enum Stage {
    Beginning,
    Parts,
    Over,
}

impl Writing {
    /// What is written next. An error cuts the answer off, so that it is not taken for whole.
    async fn next(mut self) -> Option<(Result<Bytes, ChatError>, Self)> {
        let text = match self.stage {
            Stage::Beginning => {
                self.stage = Stage::Parts;
                Ok(self.form.begin(&self.export.about))
            }
            Stage::Parts => match self.export.next().await {
                Ok(Some(part)) => Ok(self.form.part(&part)),
                Ok(None) => {
                    self.stage = Stage::Over;
                    Ok(self.form.end())
                }
                Err(error) => {
                    self.stage = Stage::Over;
                    tracing::warn!(%error, "an export was cut off");
                    Err(error)
                }
            },
            Stage::Over => return None,
        };
        Some((text.map(Bytes::from), self))
    }
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
