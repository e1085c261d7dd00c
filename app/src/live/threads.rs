//! The thread beside its conversation.

use std::collections::BTreeMap;

use client::Input;
use leptos::prelude::*;
use protocol::{ConversationId, Seq, ThreadPage};

use super::Live;

/// A thread: its conversation and root.
type Of = (ConversationId, Seq);

/// What is written in threads and not sent, as long as the page lives.
pub(super) type Answers = BTreeMap<Of, String>;

impl Live {
    /// What was written in a thread when it was left.
    #[must_use]
    pub fn kept_answer(&self, thread: Of) -> String {
        let kept = self
            .core
            .try_with_value(|core| core.answers.get(&thread).cloned());
        kept.flatten().unwrap_or_default()
    }

    /// Keeps what is written in a thread for when it is opened again.
    pub fn keep_answer(&self, thread: Of, text: &str) {
        self.core.try_update_value(|core| {
            if text.trim().is_empty() {
                core.answers.remove(&thread);
            } else {
                core.answers.insert(thread, text.to_owned());
            }
        });
    }

    /// A thread is on screen; [`super::ConversationView::answers`] shows it.
    pub fn open_thread(&self, conversation: ConversationId, root: Seq) {
        self.post(Input::OpenThread {
            conversation,
            root: Some(root),
        });
    }

    /// It is not any more, unless another one is.
    pub fn close_thread(&self, conversation: ConversationId, root: Seq) {
        let shown = self
            .core
            .try_with_value(|core| Some(core.client().thread(conversation)?.root));
        if shown.flatten() == Some(root) {
            self.post(Input::OpenThread {
                conversation,
                root: None,
            });
        }
    }

    /// Adds what the server said of it: the newest answers, or those before a place.
    pub fn seed_thread(&self, before: Option<Seq>, page: ThreadPage) {
        self.post(Input::SeededThread { before, page });
    }
}
