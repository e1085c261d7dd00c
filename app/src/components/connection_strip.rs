//! What is said about the connection, over the first line of what it belongs to. When to say
//! it is decided by `client`: short interruptions are not worth a word.

use client::{EndReason, Status};
use leptos::prelude::*;

use crate::i18n::texts;
use crate::live::Live;
use crate::ui::{has_fine_pointer, keep_focus};

/// Where the focus goes when what had it in the strip is gone.
const TO_WRITE: &[&str] = &[".strip .link-button", "#composer", MAIN, ROW];
/// The same on a touch screen, where a keyboard would come up.
const TO_READ: &[&str] = &[".strip .link-button", MAIN, ROW];
const MAIN: &str = "[role=main]";
const ROW: &str = ".conversations a[tabindex=\"0\"]";

/// The sentence for a state; `None` if there is nothing to say.
#[must_use]
pub fn sentence(status: Status) -> Option<String> {
    let t = texts();
    let with_waiting = |text: &str, waiting: usize| match waiting {
        0 => text.to_owned(),
        n => format!("{text} {}", t.count(&t.waiting, n as u64)),
    };
    match status {
        Status::Quiet => None,
        Status::Reconnecting { waiting } => Some(with_waiting(t.reconnecting, waiting)),
        Status::Offline { waiting } => Some(with_waiting(t.offline_status, waiting)),
        Status::CannotConnect { waiting } => Some(with_waiting(t.cannot_connect, waiting)),
        Status::Ended(EndReason::SignedOut) => Some(t.session_ended.to_owned()),
        Status::Ended(EndReason::Outdated) => Some(t.outdated.to_owned()),
    }
}

/// The strip. The announcer speaks the same words, so the strip itself is silent.
#[component]
pub fn ConnectionStrip() -> impl IntoView {
    let t = texts();
    let live = Live::current();
    let status = move || live.map_or(Status::Quiet, |live| live.status().get());
    let action = move || match status() {
        Status::CannotConnect { .. } => Some(
            view! {
                <button
                    type="button"
                    class="link-button"
                    on:click=move |_| {
                        if let Some(live) = live {
                            live.connect_now();
                        }
                    }
                >
                    {t.retry}
                </button>
            }
            .into_any(),
        ),
        Status::Ended(EndReason::SignedOut) => Some(
            view! {
                <a class="link-button" href=sign_in_path rel="external">
                    {t.sign_in_again}
                </a>
            }
            .into_any(),
        ),
        Status::Ended(EndReason::Outdated) => Some(
            view! {
                <button
                    type="button"
                    class="link-button"
                    on:click=move |_| {
                        let _ = window().location().reload();
                    }
                >
                    {t.reload}
                </button>
            }
            .into_any(),
        ),
        _ => None,
    };
    let on_server = is_server();
    move || {
        let text = sentence(status());
        if !on_server {
            keep_focus(
                ".strip",
                if has_fine_pointer() {
                    TO_WRITE
                } else {
                    TO_READ
                },
            );
        }
        text.map(|text| {
            view! {
                <div class="strip" data-testid="connection-strip">
                    <span>{text}</span>
                    {action()}
                </div>
            }
        })
    }
}

/// Back to this page after signing in.
fn sign_in_path() -> String {
    let location = leptos_router::hooks::use_location();
    let here = location.pathname.get_untracked();
    crate::pages::entry::with_next("/login", &here)
}
