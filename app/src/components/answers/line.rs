//! The line under a message that was answered: who answered, how often, and whether there is
//! something new.

use client::{NewAnswers, RowKey};
use leptos::prelude::*;
use protocol::{Answers, Seq, Thread, UserId};

use crate::components::actions::Actions;
use crate::components::trail::thread_path;
use crate::i18n::texts;
use crate::live::RowView;
use crate::ui::{Avatar, AvatarSize, Glyph, Icon, IconSize};

/// The id of the line under the message at a place.
pub fn line_id(root: Seq) -> String {
    format!("thread-{root}")
}

/// The line. It leads to the thread.
#[component]
pub(in crate::components) fn ThreadLine(
    /// Of which message.
    key: RowKey,
    /// What it shows.
    view: ArcRwSignal<RowView>,
    /// What is being done.
    actions: Actions,
    /// Whether the tab key stops at its message.
    is_stop: Memo<bool>,
) -> impl IntoView {
    let t = texts();
    let w = t.threads();
    let place = {
        let view = view.clone();
        Memo::new(move |_| view.with(|view| answers(view).and(view.row.seq)))
    };
    let told = {
        let view = view.clone();
        Memo::new(move |_| {
            view.with(|view| {
                let told = answers(view).map(|it| (it.count, it.authors.clone()));
                told.unwrap_or_default()
            })
        })
    };
    let new = Memo::new(move |_| view.with(|view| view.new_answers));
    let says_new = move || {
        let says = match new.get()? {
            NewAnswers::Counted(count) => t.count(&w.new_answers, count.into()),
            NewAnswers::Some => w.new.to_owned(),
        };
        Some(view! { " " <span class="thread-new">{says}</span> })
    };
    let name_these = move |users: &[UserId]| {
        let unknown = users
            .iter()
            .filter(|user| actions.live.name(**user).is_none());
        let unknown: Vec<UserId> = unknown.copied().collect();
        if !unknown.is_empty() {
            actions.live.name_these(unknown);
        }
    };
    // In a browser only.
    Effect::new(move |_| told.with(|(_, users)| untrack(|| name_these(users))));
    let faces = move || {
        let users = told.with(|(_, users)| users.clone());
        let face = |id| {
            let name = actions.live.name(id).unwrap_or_default();
            view! { <Avatar id name size=AvatarSize::Tiny /> }
        };
        users.into_iter().map(face).collect_view()
    };
    move || {
        place.get().map(|root| {
            view! {
                <a
                    class="thread-line"
                    id=line_id(root)
                    href=thread_path(actions.id, root)
                    title=w.open_thread
                    tabindex=move || if is_stop.get() { "0" } else { "-1" }
                >
                    <span class="thread-faces" aria-hidden="true">
                        {faces}
                    </span>
                    <span id=format!("t-{}", key.send_id)>
                        {move || t.count(&w.answers, told.with(|(count, _)| *count).into())}
                        {says_new}
                    </span>
                    <Icon glyph=Glyph::Reply size=IconSize::Small />
                </a>
            }
        })
    }
}

const fn answers(view: &RowView) -> Option<&Answers> {
    match &view.row.marks.thread {
        Some(Thread::Root(answers)) => Some(&**answers),
        _ => None,
    }
}
