//! Pages that stand in for what cannot be shown.

use leptos::html::H1;
use leptos::prelude::*;
use leptos_meta::Title;
use protocol::ErrorCode;

use crate::api::ApiError;
use crate::i18n::{Texts, texts};
use crate::live::Left;

/// No such address.
#[component]
pub fn NotFound() -> impl IntoView {
    let t = texts();
    view! {
        <Title text=format!("{} · BaatCheet", t.not_found) />
        <main class="message-page">
            <h1>{t.not_found}</h1>
            <p>{t.not_found_hint}</p>
            <a href="/">{t.go_home}</a>
        </main>
    }
}

/// In the place of everything, once the account has left the tab.
#[component]
pub fn Gone(
    /// Why.
    left: Left,
) -> impl IntoView {
    let t = texts();
    let (title, hint, path, way_on) = match left {
        Left::SignedOut => (
            t.signed_out_here,
            t.signed_out_here_hint,
            "/login",
            t.sign_in_again,
        ),
        Left::SomebodyElse => (t.somebody_else, t.somebody_else_hint, "/", t.go_home),
    };
    let heading = NodeRef::<H1>::new();
    // What had the focus is gone.
    Effect::new(move |_| {
        if let Some(heading) = heading.get() {
            let _ = heading.focus();
        }
    });
    view! {
        <Title text=format!("{title} · BaatCheet") />
        <main class="message-page">
            <h1 node_ref=heading tabindex="-1">
                {title}
            </h1>
            <p>{hint}</p>
            <a href=path rel="external" class="btn btn-primary">
                {way_on}
            </a>
        </main>
    }
}

/// Something that was asked for does not exist, is not visible or could not be loaded. Fills
/// the pane of the signed-in pages.
#[expect(clippy::needless_pass_by_value, reason = "a view owns its properties")]
#[component]
pub fn Refused(
    /// Why.
    error: ApiError,
    /// What tries it again, where that may help.
    #[prop(optional_no_strip)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    let t = texts();
    let (title, hint) = if error.code == ErrorCode::NotFound {
        (t.no_access, t.no_access_hint.to_owned())
    } else {
        (t.broke, explain(t, &error))
    };
    let button = retry.map(|retry| {
        view! {
            <button type="button" class="btn" on:click=move |_| retry.run(())>
                {t.retry}
            </button>
        }
    });
    view! {
        <Title text=format!("{title} · BaatCheet") />
        <div class="empty" data-testid="refused">
            <h1>{title}</h1>
            <p>{hint}</p>
            {button}
            <a href="/">{t.go_home}</a>
        </div>
    }
}

/// What an error says as a whole; the fields have their own sentences.
#[must_use]
pub fn explain(t: &Texts, error: &ApiError) -> String {
    if error.unreachable {
        return t.error_unreachable.to_owned();
    }
    match error.retry_after_ms {
        Some(millis) if error.code == ErrorCode::RateLimited => {
            let seconds = millis.div_ceil(1_000).to_string();
            crate::i18n::fill(t.error_wait_seconds, &[("count", &seconds)])
        }
        _ => t.error(error.code).to_owned(),
    }
}
