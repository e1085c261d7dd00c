//! The way to a message that may not be here yet.

use std::time::Duration;

use client::{RowKey, Sought as Became};
use leptos::prelude::*;
use protocol::Seq;

use super::Actions;
use crate::components::permalink::explain_absence;
use crate::live::LiveItem;

/// How long the message stays marked.
const MARKED: Duration = Duration::from_secs(2);

/// A place that is being looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Sought {
    seq: Seq,
    /// Whether it was asked for: what was said of it before is of no account.
    asked: bool,
}

/// What to do about a message that is not among the rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    Ask,
    Wait,
    /// It is a line that is no message, or the rows follow at once.
    Leave,
    Fail(client::Absence),
}

fn step(sought: Sought, became: Option<Became>) -> Step {
    match became.filter(|_| sought.asked) {
        None => Step::Ask,
        Some(Became::Looking(seq)) if seq == sought.seq => Step::Wait,
        Some(Became::Missing(seq, why)) if seq == sought.seq => Step::Fail(why),
        Some(Became::Here(seq)) if seq == sought.seq => Step::Leave,
        // Something else was asked for meanwhile.
        Some(_) => Step::Leave,
    }
}

impl Actions {
    /// Goes to the message at a place, which is fetched if it is not here.
    pub(crate) fn jump(self, seq: Seq) {
        self.sought.set(Some(Sought { seq, asked: false }));
    }

    /// Back to the newest message: the address does not name a place any more.
    pub(crate) fn leave_place(self) {
        self.give_up();
        self.scroller.to_end();
    }

    fn seek(self, sought: Sought) {
        if let Some(key) = self.key_at(sought.seq) {
            self.give_up();
            self.mark(key);
            self.scroller.jump_to(key);
            return;
        }
        match step(sought, self.view().sought.get_untracked()) {
            Step::Ask => {
                let asked = Sought {
                    asked: true,
                    ..sought
                };
                self.sought.set(Some(asked));
                self.live.go_to(self.id, sought.seq);
            }
            Step::Wait => self.spoken.tell_while(self.t.actions().looking),
            Step::Leave => self.give_up(),
            Step::Fail(why) => {
                self.give_up();
                self.spoken.tell(explain_absence(self.t, why));
            }
        }
    }

    fn give_up(self) {
        let looked = self.sought.try_update(Option::take).flatten();
        if looked.is_some_and(|sought| sought.asked) {
            self.spoken.hush();
        }
    }

    fn key_at(self, seq: Seq) -> Option<RowKey> {
        self.view()
            .items
            .with_untracked(|items| message_at(items, seq))
    }

    /// The message that the page was asked for, which is marked in it from the beginning.
    pub(super) fn first_found(view: &crate::live::ConversationView) -> Option<RowKey> {
        match view.sought.get_untracked() {
            Some(Became::Here(seq)) => view.items.with_untracked(|items| message_at(items, seq)),
            _ => None,
        }
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

fn message_at(items: &[LiveItem], seq: Seq) -> Option<RowKey> {
    items.iter().rev().find_map(|item| match item {
        LiveItem::Message { key, .. } if item.seq() == Some(seq) => Some(*key),
        _ => None,
    })
}

/// Goes on looking whenever something has come of it.
pub(in crate::components) fn follow_jump(actions: Actions) {
    let view = actions.view();
    Effect::new(move |_| {
        if let Some(sought) = actions.sought.get() {
            view.sought.track();
            view.items.track();
            actions.seek(sought);
        }
    });
}

#[cfg(test)]
mod tests {
    use client::Absence;

    use super::*;

    #[test]
    fn it_is_asked_for_once_and_what_came_of_it_counts() {
        let seq = Seq(7);
        let missing = |seq| Some(Became::Missing(Seq(seq), Absence::NotLoaded));
        for (asked, became, expected) in [
            (false, None, Step::Ask),
            // From an earlier attempt.
            (false, missing(7), Step::Ask),
            (true, missing(7), Step::Fail(Absence::NotLoaded)),
            (true, Some(Became::Looking(seq)), Step::Wait),
            (true, Some(Became::Looking(Seq(8))), Step::Leave),
            (true, Some(Became::Here(seq)), Step::Leave),
            (true, missing(8), Step::Leave),
        ] {
            assert_eq!(step(Sought { seq, asked }, became), expected, "{became:?}");
        }
    }
}
