//! The thread beside its conversation.

use client::Input;
use leptos::prelude::*;
use protocol::{ConversationId, SavedPlace, Seq, ThreadPage};

use super::Live;

impl Live {
    /// What was written under a root and not sent.
    #[must_use]
    pub fn kept_answer(&self, root: SavedPlace) -> String {
        let kept = self
            .core
            .try_with_value(|core| core.client().answer(root).to_owned());
        kept.unwrap_or_default()
    }

    /// Keeps what is written there, on this device.
    pub fn keep_answer(&self, root: SavedPlace, text: &str) {
        let text = text.to_owned();
        self.post(Input::Answering { root, text });
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
