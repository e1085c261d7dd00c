//! The way out.

use leptos::prelude::*;
use protocol::permission::Action;

use super::act::Act;
use super::desk::Desk;
use super::question::{Asked, Asking};
use crate::i18n::texts;

/// The button that asks whether to leave.
#[component]
pub(super) fn Leaving(desk: Desk, asking: Asking) -> impl IntoView {
    view! {
        <section class="details-part">
            <Act
                desk
                name="group-leave"
                label=texts().groups().leave
                action=Signal::stored(Action::Leave)
                danger=true
                act=move || asking.ask(Asked::Leave)
            />
        </section>
    }
}
