//! The way to a message that may not be here yet.

use std::time::Duration;

use client::{Older, RowKey};
use leptos::prelude::*;
use protocol::Seq;

use super::Actions;
use crate::i18n::texts;
use crate::live::LiveItem;

/// Older pages that are loaded for one message at most.
const MOST_LOADS: u32 = 40;
/// How long the message stays marked.
const MARKED: Duration = Duration::from_secs(2);

/// A place that is being looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Sought {
    seq: Seq,
    loads: u32,
}

/// What to do about a message that is not held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    Load,
    Wait,
    /// It does not come.
    NotLoaded,
    /// It is further back than anybody looks.
    TooFar,
}

const fn step(older: Older, loads: u32) -> Step {
    match older {
        Older::Loading => Step::Wait,
        Older::More if loads < MOST_LOADS => Step::Load,
        // What failed before is tried again once.
        Older::Failed if loads == 0 => Step::Load,
        Older::Failed => Step::NotLoaded,
        Older::More | Older::Full | Older::AtStart => Step::TooFar,
    }
}

impl Actions {
    /// Goes to the message at a place, and loads older ones until it is here.
    pub(in crate::components) fn jump(self, seq: Seq) {
        self.sought.set(Some(Sought { seq, loads: 0 }));
    }

    fn seek(self, sought: Sought) {
        let a = texts().actions();
        if let Some(key) = self.key_at(sought.seq) {
            self.give_up();
            self.mark(key);
            self.scroller.jump_to(key);
            return;
        }
        let older = self.view().older.get_untracked();
        match step(older, sought.loads) {
            Step::Wait => {}
            Step::Load => {
                self.spoken.tell_while(a.looking);
                let loads = sought.loads + 1;
                self.sought.set(Some(Sought { loads, ..sought }));
                self.live.load_older(self.id);
            }
            Step::NotLoaded => self.fail(a.not_loaded),
            Step::TooFar => self.fail(a.too_far),
        }
    }

    fn fail(self, why: &str) {
        self.give_up();
        self.spoken.tell(why);
    }

    fn give_up(self) {
        let looked = self.sought.try_update(Option::take).flatten();
        if looked.is_some_and(|sought| sought.loads > 0) {
            self.spoken.hush();
        }
    }

    fn key_at(self, seq: Seq) -> Option<RowKey> {
        self.view().items.with_untracked(|items| {
            items.iter().rev().find_map(|item| match item {
                LiveItem::Message { key, view } => view
                    .with_untracked(|view| view.row.seq == Some(seq))
                    .then_some(*key),
                _ => None,
            })
        })
    }

    fn mark(self, key: RowKey) {
        self.found.set(Some(key));
        let over = move || {
            self.found.try_update(|found| {
                if *found == Some(key) {
                    *found = None;
                }
            });
        };
        set_timeout(over, MARKED);
    }
}

/// Goes on looking whenever older messages have come.
pub(in crate::components) fn follow_jump(actions: Actions) {
    let view = actions.view();
    Effect::new(move |_| {
        if let Some(sought) = actions.sought.get() {
            view.older.track();
            view.items.track();
            actions.seek(sought);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_looked_for_as_long_as_there_is_hope() {
        for (older, loads, expected) in [
            (Older::More, 0, Step::Load),
            (Older::Loading, 3, Step::Wait),
            (Older::More, MOST_LOADS, Step::TooFar),
            (Older::Failed, 0, Step::Load),
            (Older::Failed, 1, Step::NotLoaded),
            (Older::AtStart, 1, Step::TooFar),
            (Older::Full, 0, Step::TooFar),
        ] {
            assert_eq!(step(older, loads), expected, "{older:?} {loads}");
        }
    }
}
