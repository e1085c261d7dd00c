//! What a message answers, and who wrote that.

use leptos::prelude::*;
use protocol::{Content, Seq, UserId};

use crate::components::actions::Actions;
use crate::components::naming;
use crate::components::paragraphs::quoted;
use crate::i18n::{fill, has_rtl, texts};

/// How much of it is shown at most; the style sheet cuts it to a line.
const EXCERPT_CHARS: usize = 120;

/// What is known of a message that is answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::components) struct Quoted {
    /// Who wrote it; `None` if it is not held.
    pub(in crate::components) author: Option<UserId>,
    /// The beginning of what it says.
    pub(in crate::components) text: String,
}

impl Quoted {
    /// As it is now, and whenever it is another.
    pub(in crate::components) fn at(actions: Actions, seq: Seq) -> Memo<Self> {
        let t = texts();
        Memo::new(move |_| {
            actions.track_rows();
            actions.live.row_at(actions.id, seq).map_or_else(
                || Self {
                    author: None,
                    text: t.actions().earlier.to_owned(),
                },
                |row| Self {
                    author: Some(row.key.author),
                    text: naming::line_of(&row.content, t, EXCERPT_CHARS),
                },
            )
        })
    }

    /// What it says, in its own direction and face.
    pub(in crate::components) fn line(&self) -> impl IntoView + use<> {
        quoted(self.text.clone())
    }
}

/// The way to what is answered.
#[component]
pub(super) fn Quote(
    /// Its place.
    reply_to: Seq,
    /// What is being done.
    actions: Actions,
) -> impl IntoView {
    let t = texts();
    let a = t.actions();
    let live = actions.live;
    let quoted = Quoted::at(actions, reply_to);
    let author = move || {
        let author = quoted.with(|quoted| quoted.author)?;
        Some(if author == live.me() {
            (t.you.to_owned(), a.answers_self.to_owned())
        } else {
            let name = live.name(author).unwrap_or_default();
            let says = fill(a.answers, &[("name", &name)]);
            (name, says)
        })
    };
    view! {
        <button
            type="button"
            class="quote"
            tabindex="-1"
            title=a.go_there
            on:click=move |_| actions.jump(reply_to)
        >
            {move || {
                author()
                    .map(|(name, says)| {
                        let class = if has_rtl(&name) { "nastaliq" } else { "" };
                        view! {
                            <span class="hidden-text">{says} " "</span>
                            <b aria-hidden="true" class=class>
                                <bdi>{name}</bdi>
                            </b>
                        }
                    })
            }}
            {move || quoted.with(Quoted::line)}
        </button>
    }
}

/// The place that a message answers.
pub(super) const fn reply_to(content: &Content) -> Option<Seq> {
    match content {
        Content::Text(text) => text.reply_to,
        _ => None,
    }
}
