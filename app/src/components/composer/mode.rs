//! What stands above the text area while a message is answered or edited.

use leptos::prelude::*;
use protocol::{Content, Seq};

use super::writing::{Mode, Writing};
use super::{COMPOSER_ID, focus_composer};
use crate::components::actions::Actions;
use crate::components::layers::Layers;
use crate::components::message::quote::Quoted;
use crate::i18n::{fill, texts};
use crate::ui::{Glyph, Icon};

/// The id of the line, which describes the text area.
pub(super) const MODE_ID: &str = "composer-mode";

/// The line, and the way out of it.
#[component]
pub(super) fn ModeLine(
    /// What is being done.
    actions: Actions,
) -> impl IntoView {
    let writing = actions.writing;
    leave_with_escape(writing);
    leave_when_deleted(actions);
    move || match writing.mode.get() {
        Mode::New => None,
        Mode::Reply(seq) => Some(view! { <Line actions seq editing=false /> }),
        Mode::Edit(seq) => Some(view! { <Line actions seq editing=true /> }),
    }
}

#[component]
fn Line(actions: Actions, seq: Seq, editing: bool) -> impl IntoView {
    let t = texts();
    let a = t.actions();
    let live = actions.live;
    let quoted = Quoted::at(actions, seq);
    let title = move || {
        if editing {
            return a.editing.to_owned();
        }
        match quoted.with(|quoted| quoted.author) {
            Some(author) if author == live.me() => a.replying_self.to_owned(),
            Some(author) => {
                let name = live.name(author).unwrap_or_default();
                fill(a.replying, &[("name", &name)])
            }
            None => a.reply.to_owned(),
        }
    };
    let (glyph, cancel) = if editing {
        (Glyph::Note, a.cancel_edit)
    } else {
        (Glyph::Reply, a.cancel_reply)
    };
    view! {
        <div class="composer-mode" data-testid="composer-mode">
            <Icon glyph />
            <p id=MODE_ID>
                <b>{title}</b>
                {move || quoted.with(Quoted::line)}
            </p>
            <button
                type="button"
                class="icon-button"
                aria-label=cancel
                title=cancel
                aria-controls=COMPOSER_ID
                on:click=move |_| {
                    actions.writing.cancel();
                    focus_composer();
                }
            >
                <Icon glyph=Glyph::Close />
            </button>
        </div>
    }
}

fn leave_with_escape(writing: Writing) {
    if let Some(layers) = Layers::current() {
        layers.push(move || writing.cancel());
    }
}

/// Nobody goes on editing what is not there any more.
fn leave_when_deleted(actions: Actions) {
    Effect::new(move |_| {
        if let Mode::Edit(seq) = actions.writing.mode.get() {
            actions.track_rows();
            let row = actions.live.row_at(actions.id, seq);
            let gone = [Content::Deleted, Content::Dismissed];
            if row.is_some_and(|row| gone.contains(&row.content)) {
                actions.writing.lose_target();
            }
        }
    });
}
