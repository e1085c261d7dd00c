//! Answering and editing: what the text is going to be, and what stood there before.

use client::Draft;
use leptos::prelude::*;
use protocol::Seq;

use super::{Writing, caret};
use crate::components::composer::Refusal;

/// What the text in the composer is going to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::components) enum Mode {
    /// A message.
    New,
    /// An answer to the message at this place.
    Reply(Seq),
    /// Other words for the message at this place.
    Edit(Seq),
}

impl Mode {
    /// The place that a message of this mode answers.
    pub(in crate::components) const fn reply_to(self) -> Option<Seq> {
        match self {
            Self::Reply(seq) => Some(seq),
            Self::New | Self::Edit(_) => None,
        }
    }

    pub(super) fn answering(reply_to: Option<Seq>) -> Self {
        reply_to.map_or(Self::New, Self::Reply)
    }
}

impl Writing {
    /// What is written next answers the message at a place.
    pub(in crate::components) fn reply(self, to: Seq) {
        if self.is_editing() {
            self.put_back();
        }
        self.refused.set(None);
        self.mode.set(Mode::Reply(to));
        self.save_later();
    }

    /// Takes up a message to change its words. What stood in the composer is kept apart.
    pub(in crate::components) fn edit(self, target: Seq, words: String) {
        let Some(node) = self.node.get_untracked() else {
            return;
        };
        if self.is_editing() {
            self.put_back();
        }
        self.save_now();
        let apart = Draft {
            text: node.value(),
            caret: caret(&node),
            reply_to: self.mode.get_untracked().reply_to(),
        };
        let end = words.encode_utf16().count();
        let draft = Draft {
            text: words.clone(),
            caret: u32::try_from(end).unwrap_or(u32::MAX),
            reply_to: None,
        };
        self.put(&node, &draft);
        self.apart.set_value(Some((apart, words)));
        self.refused.set(None);
        self.mode.set(Mode::Edit(target));
    }

    /// Puts a message that was not sent yet back, before what stands here.
    pub(in crate::components) fn take_back(self, words: String, reply_to: Option<Seq>) {
        let Some(node) = self.node.get_untracked() else {
            return;
        };
        if self.is_editing() {
            self.put_back();
        }
        let rest = node.value();
        let end = words.encode_utf16().count();
        let text = if rest.trim().is_empty() {
            words
        } else {
            format!("{words}\n{rest}")
        };
        let reply_to = reply_to.or_else(|| self.mode.get_untracked().reply_to());
        let draft = Draft {
            text,
            caret: u32::try_from(end).unwrap_or(u32::MAX),
            reply_to,
        };
        self.put(&node, &draft);
        self.changed.set_value(true);
        self.save_now();
    }

    /// Leaves the reply or the edit. Whether there was one.
    pub(in crate::components) fn cancel(self) -> bool {
        match self.mode.get_untracked() {
            Mode::New => return false,
            Mode::Reply(_) => {
                self.mode.set(Mode::New);
                self.save_later();
            }
            Mode::Edit(_) => self.put_back(),
        }
        self.refused.set(None);
        true
    }

    /// The message that is being edited was deleted by somebody else: the words stay, as those
    /// of a new message, unless there is another.
    pub(in crate::components::composer) fn lose_target(self) {
        let kept = self.apart.try_update_value(Option::take).flatten();
        let other = kept.filter(|(draft, _)| !draft.text.trim().is_empty());
        self.mode.set(Mode::New);
        if let (Some((draft, _)), Some(node)) = (other, self.node.get_untracked()) {
            self.put(&node, &draft);
        }
        self.refused.set(Some(Refusal::Deleted));
        self.save_later();
    }

    pub(super) fn is_editing(self) -> bool {
        matches!(self.mode.get_untracked(), Mode::Edit(_))
    }

    /// Whether the edited words are what they were.
    pub(super) fn is_unchanged(self, body: &str) -> bool {
        self.apart
            .with_value(|apart| apart.as_ref().is_some_and(|(_, before)| before == body))
    }

    /// The words that an edit replaces.
    pub(in crate::components::composer) fn words_before(self) -> Option<String> {
        let apart = |apart: &Option<(Draft, String)>| Some(apart.as_ref()?.1.clone());
        self.apart.with_value(apart)
    }

    /// Ends the edit: what was kept apart stands in the composer again.
    pub(super) fn put_back(self) {
        let kept = self.apart.try_update_value(Option::take).flatten();
        self.mode.set(Mode::New);
        if let (Some((draft, _)), Some(node)) = (kept, self.node.get_untracked()) {
            self.put(&node, &draft);
        }
    }
}
