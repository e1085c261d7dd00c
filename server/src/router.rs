//! The whole URL surface.

use std::sync::OnceLock;

use app::api::backend::RequestInfo;
use app::components::{DETAILS, thread_of};
use app::live::RequestTime;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use leptos::nonce::use_nonce;
use leptos::prelude::{AnyView, IntoAny, provide_context, use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list};
use protocol::{ConversationId, ErrorCode};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::export::export;
use crate::failure::{Refusal, told_by_code};
use crate::middleware::{edge, host, page_policy, panicked};
use crate::state::AppState;
use crate::{assets, auth, health, ws};

/// All routes.
pub(crate) fn router(state: &AppState) -> Router {
    let shell = document(state);
    let pages = Router::new()
        .leptos_routes_with_context(state, page_routes(), context(state), shell.clone())
        .route("/api/export/{form}", get(export))
        .route("/api/{*function}", any(server_function))
        .fallback(not_found)
        .layer(map_response(told_by_code))
        .layer(from_fn_with_state(state.clone(), auth::session))
        .layer(CompressionLayer::new().compress_when(is_html));
    Router::new()
        .route("/ws", get(ws::upgrade))
        .route("/api/session/refresh", post(auth::refresh))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/pkg/{*file}", get(assets::package))
        .merge(pages)
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(panicked(state)))
        .layer(from_fn_with_state(state.clone(), edge))
        .with_state(state.clone())
}

/// The pages' routes, made once: while they are made, the framework lets no page of this
/// process load what it shows.
fn page_routes() -> Vec<AxumRouteListing> {
    static ROUTES: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();
    ROUTES.get_or_init(|| generate_route_list(app::App)).clone()
}

/// What pages and server functions find in their context.
fn context(state: &AppState) -> impl Fn() + Clone + Send + Sync + use<> {
    let state = state.clone();
    move || {
        provide_context(state.chat.clone());
        let Some(parts) = use_context::<http::request::Parts>() else {
            return;
        };
        if let Some(info) = parts.extensions.get::<RequestInfo>() {
            provide_context(RequestTime(info.now));
            provide_context(info.clone());
        }
        if names_no_conversation(parts.uri.path())
            && let Some(response) = use_context::<ResponseOptions>()
        {
            response.set_status(StatusCode::NOT_FOUND);
        }
        let own = state.origin.of_host(host(&parts.headers));
        if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) {
            let policy = page_policy(&nonce, own.as_ref(), state.config.reload_port);
            if let Ok(policy) = policy {
                response.insert_header(CONTENT_SECURITY_POLICY, policy);
            }
        }
    }
}

/// Whether this is the address of a conversation with something else in the place of the id, or
/// of something that conversations do not have. The page then says that there is nothing, and
/// nobody is asked who would set the status.
fn names_no_conversation(path: &str) -> bool {
    path.strip_prefix("/c/").is_some_and(|rest| {
        let (id, part) = rest.split_once('/').unwrap_or((rest, ""));
        let is_part = matches!(part, "" | DETAILS) || thread_of(part).is_some();
        id.parse::<ConversationId>().is_err() || !is_part
    })
}

/// The document around the application.
fn document(state: &AppState) -> impl Fn() -> AnyView + Clone + Send + Sync + use<> {
    let options = state.leptos.clone();
    move || app::shell(options.clone()).into_any()
}

async fn server_function(State(state): State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    if leptos::server_fn::axum::get_server_fn_service(path, request.method().clone()).is_none() {
        return Refusal::from(ErrorCode::NotFound).into_response();
    }
    leptos_axum::handle_server_fns_with_context(context(&state), request)
        .await
        .into_response()
}

/// A public file, or the page that says that there is nothing.
async fn not_found(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let asked = Request::from_parts(parts.clone(), Body::empty());
    if let Some(file) = assets::public(&state, asked).await {
        return file;
    }
    if !auth::wants_page(&parts.headers) {
        return Refusal::from(ErrorCode::NotFound).into_response();
    }
    let render = leptos_axum::render_app_async_with_context(context(&state), document(&state));
    let mut page = render(Request::from_parts(parts, body)).await;
    if page.status() == StatusCode::OK {
        *page.status_mut() = StatusCode::NOT_FOUND;
    }
    page
}

/// Only pages are compressed on the way: the package was when it was built, and what the
/// server functions answer is small.
fn is_html(_: StatusCode, _: http::Version, headers: &HeaderMap, _: &http::Extensions) -> bool {
    headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}
