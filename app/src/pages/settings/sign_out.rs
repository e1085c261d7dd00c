//! Signing out of this device. What is written and not sent yet is asked about first, and
//! nothing is deleted before the server has ended the session.

use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;

use crate::api::auth::SignOut;
use crate::i18n::texts;
use crate::live::Live;
use crate::pages::system::explain;
use crate::ui::Summary;

const TITLE_ID: &str = "sign-out-title";
const TEXT_ID: &str = "sign-out-text";

/// The button, and the question that may follow. A plain form where there is no script: then
/// nothing can be waiting.
#[component]
pub fn SignOutButton() -> impl IntoView {
    let t = texts();
    let live = Live::current();
    let action = ServerAction::<SignOut>::new();
    let is_leaving = RwSignal::new(false);
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| match action.value().get() {
        Some(Ok(path)) => {
            // A full load: nothing of the session stays in memory.
            let go = move || {
                let _ = window().location().assign(&path);
            };
            match live {
                Some(live) => live.wipe(go),
                None => go(),
            }
        }
        Some(Err(_)) => is_leaving.set(false),
        None => {}
    });
    let leave = move || {
        if !is_leaving.get_untracked() {
            is_leaving.set(true);
            action.dispatch(SignOut {});
        }
    };
    let asked = RwSignal::new(0);
    let ask = move |count: usize| {
        asked.set(count);
        match dialog.get_untracked() {
            // Without a dialog the answer cannot be had, so nothing is deleted.
            Some(dialog) if count > 0 => {
                let _ = dialog.show_modal();
            }
            Some(_) => leave(),
            None => {}
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if is_leaving.get_untracked() {
            return;
        }
        is_leaving.set(true);
        spawn_local(async move {
            let count = match live {
                Some(live) => live.unsent_on_device().await,
                None => 0,
            };
            // Unless the page was left meanwhile.
            if is_leaving.try_set(false).is_none() {
                ask(count);
            }
        });
    };
    let refused = Signal::derive(move || match action.value().get() {
        Some(Err(error)) => Some(explain(t, &error)),
        _ => None,
    });
    view! {
        <Summary text=refused />
        <form method="post" action=SignOut::url() on:submit=submit>
            <button
                type="submit"
                class="btn btn-quiet danger"
                aria-busy=move || is_leaving.get().to_string()
            >
                {t.sign_out}
            </button>
        </form>
        <Question dialog count=asked leave />
    }
}

/// Whether to leave although messages wait. Escape and the first button stay.
#[component]
fn Question(
    dialog: NodeRef<Dialog>,
    count: RwSignal<usize>,
    leave: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let t = texts();
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog node_ref=dialog class="dialog" aria-labelledby=TITLE_ID aria-describedby=TEXT_ID>
            <h2 id=TITLE_ID>{t.sign_out_title}</h2>
            <p id=TEXT_ID>{move || t.count(&t.sign_out_unsent, count.get() as u64)}</p>
            <div class="dialog-buttons">
                <button type="button" class="btn btn-quiet" on:click=move |_| close()>
                    {t.cancel}
                </button>
                <button
                    type="button"
                    class="btn btn-quiet danger"
                    on:click=move |_| {
                        close();
                        leave();
                    }
                >
                    {t.sign_out_anyway}
                </button>
            </div>
        </dialog>
    }
}
