//! What was said of a message that says something else now, or is gone, does not go on standing
//! in the page.

use client::RowKey;
use leptos::prelude::*;
use protocol::ConversationId;

use super::{MOST_CHARS, OnScreen, Region};
use crate::components::naming;
use crate::i18n::Texts;
use crate::live::{Live, LiveItem};

/// A message that was said, or is about to be.
pub(super) struct Said {
    /// Which sentence.
    pub(super) number: u64,
    /// Which message.
    pub(super) key: RowKey,
    /// Its words.
    pub(super) text: String,
}

/// The messages said of the conversation on the screen.
pub(super) type SaidHere = StoredValue<Vec<Said>>;

/// Takes back what does not hold any more; everything when another conversation is opened.
pub(super) fn take_back(
    t: &'static Texts,
    live: Live,
    on_screen: OnScreen,
    log: Region,
    said: SaidHere,
) {
    Effect::new(move |before: Option<Option<ConversationId>>| {
        let now = on_screen.0.get();
        if before.is_some_and(|before| before != now) {
            said.update_value(Vec::clear);
            log.keep(|_| false);
        }
        if let Some(id) = now {
            let view = live.conversation(id);
            view.rows.track();
            let says = |key: RowKey| {
                view.items.with_untracked(|items| {
                    items.iter().rev().find_map(|item| match item {
                        LiveItem::Message { key: this, view } if *this == key => {
                            let text = |row: &client::Row| {
                                naming::spoken_line_of(&row.content, t, MOST_CHARS)
                            };
                            Some(view.with_untracked(|view| text(&view.row)))
                        }
                        _ => None,
                    })
                })
            };
            let mut gone = Vec::new();
            said.update_value(|said| {
                said.retain(|it| {
                    let holds = says(it.key).is_none_or(|now| now == it.text);
                    if !holds {
                        gone.push(it.number);
                    }
                    holds
                });
            });
            if !gone.is_empty() {
                log.keep(|number| !gone.contains(&number));
            }
        }
        now
    });
}
