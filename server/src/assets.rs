//! Files: the built package, which carries its content's hash in its names, and the rest.

use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT_RANGES, CACHE_CONTROL};
use http::{HeaderValue, Method, StatusCode};
use leptos::config::LeptosOptions;
use protocol::ErrorCode;
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::config::Config;
use crate::failure::Refusal;
use crate::state::AppState;

/// The name of the package's files.
const PACKAGE: &str = "baatcheet";
/// Says which hash each of the package's files has.
const HASHES: &str = "hash.txt";
/// For files that never change under their name.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// For files that may: kept, but asked for again each time.
const ASK_AGAIN: &str = "no-cache";

/// What the page needs to know to name the package's files.
pub(crate) fn leptos_options(config: &Config) -> LeptosOptions {
    let hashes = hash_file(&config.site_root);
    LeptosOptions::builder()
        .output_name(PACKAGE)
        .site_root(config.site_root.to_string_lossy().into_owned())
        .hash_files(hashes.is_some())
        .hash_file(hashes.unwrap_or_default().to_string_lossy().into())
        .reload_port(config.reload_port.map_or(3001, u32::from))
        .build()
}

/// Whether the pages' script and style are where they are looked for: without them every page
/// would come, and none would work.
///
/// # Errors
/// A sentence that names the setting.
pub fn check_site(site: &Path) -> Result<(), String> {
    if site.join("pkg").is_dir() {
        return Ok(());
    }
    Err(format!(
        "the site is not in {} (setting `site_root`): it is the folder `site` that `cargo xtask build` makes",
        site.display()
    ))
}

/// The list of hashes is in the site's folder; a development build has it beside the program.
fn hash_file(site: &Path) -> Option<PathBuf> {
    let beside_program = std::env::current_exe().ok()?.with_file_name(HASHES);
    [site.join(HASHES), beside_program]
        .into_iter()
        .find_map(|path| path.canonicalize().ok())
}

/// Handles `/pkg/..`.
pub(crate) async fn package(State(state): State<AppState>, request: Request) -> Response {
    let hashed = state.leptos.hash_files;
    match file(&state, request).await {
        Some(mut response) => {
            let caching = if hashed { FOR_EVER } else { ASK_AGAIN };
            cache(&mut response, caching);
            response
        }
        None => Refusal::from(ErrorCode::NotFound).into_response(),
    }
}

/// One of the other public files, if there is one of the path.
pub(crate) async fn public(state: &AppState, request: Request) -> Option<Response> {
    let mut response = file(state, request).await?;
    cache(&mut response, ASK_AGAIN);
    Some(response)
}

async fn file(state: &AppState, request: Request) -> Option<Response> {
    if !matches!(*request.method(), Method::GET | Method::HEAD)
        || !names_public_file(request.uri().path())
    {
        return None;
    }
    let files = ServeDir::new(&state.config.site_root)
        .append_index_html_on_directories(false)
        .precompressed_br();
    let (parts, _) = request.into_parts();
    // The service cannot fail: its errors are answers.
    let Ok(response) = files
        .oneshot(Request::from_parts(parts, Body::empty()))
        .await;
    match response.status() {
        StatusCode::NOT_FOUND
        | StatusCode::METHOD_NOT_ALLOWED
        | StatusCode::INTERNAL_SERVER_ERROR
        | StatusCode::TEMPORARY_REDIRECT => None,
        _ => Some(response.map(Body::new)),
    }
}

/// Whether a path may name a file: none that is hidden, and not the list of hashes. Our names
/// need no percent-encoding, so whoever encodes one wants to get past these rules.
fn names_public_file(path: &str) -> bool {
    let is_hidden = path.contains("/.") || path.contains(['%', '\\']);
    let is_list = path.trim_start_matches('/') == HASHES;
    !is_hidden && !is_list
}

fn cache(response: &mut Response, how: &'static str) {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(how));
    headers.remove(ACCEPT_RANGES);
}

#[cfg(test)]
mod tests {
    use super::names_public_file;

    #[test]
    fn only_plain_names_are_looked_up() {
        for good in [
            "/favicon.svg",
            "/fonts/a-400.woff2",
            "/pkg/baatcheet.1f.wasm",
        ] {
            assert!(names_public_file(good), "{good}");
        }
        for bad in [
            "/.git/config",
            "/pkg/../../secret",
            "/%2egit/config",
            "/..%2fsecret",
            "/hash.txt",
            "//hash.txt",
            "/hash%2etxt",
            "/a\\..\\b",
        ] {
            assert!(!names_public_file(bad), "{bad}");
        }
    }
}
