//! The pages and the server functions they call.
//!
//! What the server has to do for it:
//!
//! - Render [`shell`] through `leptos_axum` for the routes of [`App`], and provide the context
//!   named in [`api::backend`] for pages and for server functions alike.
//! - Send a Content Security Policy with the nonce of the response, which `leptos_axum` makes
//!   before it calls the additional context (`leptos::nonce::use_nonce`): `script-src 'self'
//!   'nonce-…' 'wasm-unsafe-eval'`, `style-src 'self'`, `connect-src 'self'`. There is no
//!   inline style, and no inline script but the two that carry the nonce.
//! - `Referrer-Policy: same-origin`: a plain form finds its way back by `Referer`.

// The type of a view holds the types of all views in it.
#![recursion_limit = "256"]

pub mod api;
pub mod bidi;
pub mod chunks;
pub mod components;
pub mod format;
pub mod i18n;
pub mod keys;
pub mod live;
pub mod pages;
pub mod preferences;
pub mod ui;

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use i18n::Locale;
use pages::workspace::Session;
use pages::{AccountLeft, ConversationPage, Home, NotFound, Workspace};
use preferences::{Chosen, Preferences, filter_code};
use ui::Mounted;

/// The document around the application, rendered by the server only.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let chosen = Chosen::current();
    let face = match chosen.locale {
        Locale::En => None,
        Locale::Hi => Some("/fonts/mukta-devanagari-400.woff2"),
        Locale::Ur => Some("/fonts/noto-nastaliq-urdu-arabic-400.woff2"),
    };
    let preload = |href: &'static str| {
        view! { <link rel="preload" href=href r#as="font" r#type="font/woff2" crossorigin="" /> }
    };
    view! {
        <!DOCTYPE html>
        <html
            lang=chosen.locale.code()
            dir=chosen.locale.dir()
            data-theme=chosen.theme.attribute()
            data-size=chosen.text_size.to_string()
            data-filter=filter_code(chosen.filter)
        >
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
                />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#fcfaf6" />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#14191e" />
                {preload("/fonts/mukta-latin-400.woff2")}
                {face.map(preload)}
                <HashedStylesheet options=options.clone() />
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/icons/180.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The application: its contexts and its routes.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let preferences = Preferences::provide();
    let session = Session::provide();
    let mounted = Mounted(RwSignal::new(false));
    provide_context(mounted);
    Effect::new(move |_| {
        mounted.0.set(true);
        // Browser tests wait for it before they click.
        if let Some(html) = document().document_element() {
            let _ = html.set_attribute("data-hydrated", "");
        }
        chunks::fetch_all_later();
    });
    let on_server = is_server();
    view! {
        <Title formatter=move |title| title_for(on_server, title) />
        <Router>
            // Texts are constant within a view; another language makes the views anew.
            {move || {
                preferences.locale.track();
                match session.left() {
                    Some(left) => view! { <AccountLeft left /> }.into_any(),
                    None => routes(),
                }
            }}
        </Router>
    }
}

/// A title holds people's names. The browser sets it as text; on the server it is put into the
/// document as it is given, where a name could end the title and begin a script.
fn title_for(server: bool, title: String) -> String {
    if server {
        title.replace('&', "&amp;").replace('<', "&lt;")
    } else {
        title
    }
}

fn routes() -> AnyView {
    // Whole pages, never streamed in pieces: without script, pieces would stay where they are.
    let mode = || SsrMode::Async;
    view! {
        <Routes fallback=NotFound>
            <ParentRoute path=path!("") view=Workspace ssr=mode()>
                <Route path=path!("") view=Home ssr=mode() />
                <Route path=path!("c/:id/:part?") view=ConversationPage ssr=mode() />
                <Route path=path!("join/:token") view=chunks::Join ssr=mode() />
                <Route path=path!("new") view=chunks::People ssr=mode() />
                <Route path=path!("new/group") view=chunks::NewGroup ssr=mode() />
                <Route path=path!("people/:user") view=chunks::Profile ssr=mode() />
                <Route path=path!("reminders") view=chunks::Reminders ssr=mode() />
                <Route path=path!("saved") view=chunks::Saved ssr=mode() />
                <Route path=path!("scheduled") view=chunks::Scheduled ssr=mode() />
                <Route path=path!("search") view=chunks::Search ssr=mode() />
                <Route path=path!("settings") view=chunks::Settings ssr=mode() />
                <Route path=path!("settings/:section") view=chunks::Settings ssr=mode() />
            </ParentRoute>
            <Route path=path!("login") view=chunks::Login ssr=mode() />
            <Route path=path!("signup") view=chunks::SignUp ssr=mode() />
        </Routes>
    }
    .into_any()
}
