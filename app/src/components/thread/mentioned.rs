//! The way to messages that mention the reader and are not read.

use leptos::prelude::*;
use protocol::{Content, ConversationSummary, Seq, UserId};

use crate::components::actions::Actions;
use crate::components::scroller::Scroller;
use crate::i18n::texts;
use crate::live::LiveItem;

/// Goes from mention to mention, the oldest first. It is there as long as some are left.
pub(super) fn next_mention(actions: Actions, scroller: Scroller) -> impl IntoView {
    let t = texts();
    let me = actions.live.me();
    let view = actions.view();
    let shown = RwSignal::new(Seq::ZERO);
    let left = Memo::new(move |_| {
        if !scroller.looked.get() || scroller.at_end.get() {
            return Vec::new();
        }
        view.summary.with(|summary| match summary {
            Some(summary) if summary.mentions > 0 => {
                let after = summary.read_seq.max(shown.get());
                view.items.with(|items| places(items, summary, me, after))
            }
            _ => Vec::new(),
        })
    });
    let go = move |_| {
        if let Some(seq) = left.with_untracked(|left| left.first().copied()) {
            shown.set(seq);
            actions.jump(seq);
        }
    };
    move || {
        let count = left.with(Vec::len);
        (count > 0).then(|| {
            view! {
                <button
                    type="button"
                    class="pill pill-new"
                    data-testid="next-mention"
                    on:click=go
                >
                    <b aria-hidden="true">"@"</b>
                    <span>{t.count(&t.mentions().next, count as u64)}</span>
                </button>
            }
        })
    }
}

/// The places after one that mention the reader, the oldest first.
fn places(items: &[LiveItem], summary: &ConversationSummary, me: UserId, after: Seq) -> Vec<Seq> {
    let rows = items.iter().rev().filter_map(|item| match item {
        LiveItem::Message { key, view } => Some((key.author, view)),
        _ => None,
    });
    let rows = rows.map(|(author, view)| {
        view.with(|view| {
            (
                author,
                view.row.seq,
                mentions(summary, &view.row.content, me),
            )
        })
    });
    let mut found: Vec<Seq> = rows
        .take_while(|(_, seq, _)| seq.is_none_or(|seq| seq > after))
        .filter(|(author, _, is_mention)| *author != me && *is_mention)
        .filter_map(|(_, seq, _)| seq)
        .collect();
    found.reverse();
    found
}

fn mentions(summary: &ConversationSummary, content: &Content, me: UserId) -> bool {
    client::mentions(summary, content, me)
}
