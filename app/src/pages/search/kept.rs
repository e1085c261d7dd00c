//! The results that were left for one of them, so that coming back finds them as they were.

use leptos::prelude::*;
use protocol::{ConversationId, Seq};

use super::Answer;
use super::query::Asked;
use crate::api::search::Found;

/// What is kept.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) answer: Answer,
    /// What was found beyond the first page.
    pub(super) further: Vec<Found>,
    /// How far it was scrolled.
    pub(super) scroll: i32,
    /// What was opened.
    pub(super) opened: (ConversationId, Seq),
}

/// The results left last, in the context of the signed-in pages.
#[derive(Clone, Copy)]
pub struct LastSearch(StoredValue<Option<Kept>>);

impl LastSearch {
    /// Puts it into the context.
    pub fn provide() {
        provide_context(Self(StoredValue::new(None)));
    }

    /// From the context.
    pub(super) fn current() -> Option<Self> {
        use_context()
    }

    pub(super) fn set(self, kept: Kept) {
        self.0.try_set_value(Some(kept));
    }

    /// What was kept, if it is the answer to the same; once.
    pub(super) fn take(self, asked: &Asked) -> Option<Kept> {
        let kept = self.0.try_update_value(Option::take).flatten();
        kept.filter(|kept| kept.answer.asked == *asked)
    }
}
