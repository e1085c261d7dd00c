//! The ways out.

use leptos::prelude::*;
use protocol::permission::Action;

use super::act::Act;
use super::desk::Desk;
use super::question::{Asked, Asking};
use crate::i18n::texts;

/// The buttons that ask whether to leave, and whether to delete the group.
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
            <Act
                desk
                name="group-dissolve"
                label=texts().groups().dissolve
                action=Signal::stored(Action::Dissolve)
                danger=true
                act=move || asking.ask(Asked::Dissolve)
            />
        </section>
    }
}
