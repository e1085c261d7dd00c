//! Looking people up while a name is typed.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{Person, UserId};

use super::super::{Answer, look_up};
use crate::pages::looking::{Pause, typed};

/// What is looked for, and what came of it.
#[derive(Clone, Copy)]
pub(super) struct Search {
    me: Option<UserId>,
    pub(super) answer: RwSignal<Answer>,
    pub(super) pending: RwSignal<bool>,
    asked: StoredValue<u32>,
    pause: Pause,
}

impl Search {
    pub(super) fn new(me: Option<UserId>) -> Self {
        Self {
            me,
            answer: RwSignal::new(Answer::default()),
            pending: RwSignal::new(false),
            asked: StoredValue::new(0),
            pause: Pause::new(),
        }
    }

    pub(super) fn soon(self, input: NodeRef<Input>) {
        self.pause.typed(move || self.now(typed(input)));
    }

    /// Looks somebody up. An answer that comes after a later question is not shown.
    pub(super) fn now(self, term: String) {
        self.now_and_then(term, || ());
    }

    /// The same, and does something with the answer unless it comes too late.
    pub(super) fn now_and_then(self, term: String, then: impl FnOnce() + 'static) {
        self.pause.stop();
        let number = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(number);
        self.pending.set(true);
        spawn_local(async move {
            let answer = look_up(term).await;
            if self.asked.try_get_value() == Some(number) {
                self.answer.set(answer);
                self.pending.set(false);
                then();
            }
        });
    }

    /// Who was found, without oneself.
    pub(super) fn people(self) -> Vec<Person> {
        self.answer.with(|answer| match &answer.people {
            Some(Ok(people)) => {
                let others = people.iter().filter(|person| Some(person.id) != self.me);
                others.cloned().collect()
            }
            _ => Vec::new(),
        })
    }
}
