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
use crate::ui::{Question, Summary, ask};

/// The button, and the question that may follow. A plain form where there is no script: then
/// nothing can be waiting.
#[component]
pub fn SignOutButton() -> impl IntoView {
    let t = texts();
    let live = Live::current();
    let action = ServerAction::<SignOut>::new();
    let is_leaving = RwSignal::new(false);
    let dialog = NodeRef::<Dialog>::new();
    follow(action, live, is_leaving);
    let leave = move || {
        if !is_leaving.get_untracked() {
            is_leaving.set(true);
            action.dispatch(SignOut {});
        }
    };
    let asked = RwSignal::new(0);
    let leave_or_ask = move |count: usize| {
        asked.set(count);
        if count > 0 {
            ask(dialog);
        } else {
            leave();
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
                leave_or_ask(count);
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
        <Question
            node=dialog
            name="sign-out"
            title=t.sign_out_title
            text=Signal::derive(move || t.count(&t.sign_out_unsent, asked.get() as u64))
            answer=t.sign_out_anyway
            yes=leave
        />
    }
}

/// Deletes what is stored here and goes away, once the server has ended the session.
fn follow(action: ServerAction<SignOut>, live: Option<Live>, is_leaving: RwSignal<bool>) {
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
}
