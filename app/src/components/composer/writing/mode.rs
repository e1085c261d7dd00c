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

    /// Puts a message that was not sent yet back, before what stands here; where there is no
    /// composer, before the draft.
    pub(in crate::components) fn take_back(self, words: String, reply_to: Option<Seq>) {
        let Some(node) = self.node.get_untracked() else {
            let draft = before(words, reply_to, self.live.draft(self.id));
            return self.live.save_draft(self.id, Some(draft));
        };
        if self.is_editing() {
            self.put_back();
        }
        let rest = Draft {
            text: node.value(),
            caret: 0,
            reply_to: self.mode.get_untracked().reply_to(),
        };
        self.put(&node, &before(words, reply_to, Some(rest)));
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

/// Words, what stands after them, and the caret between both.
fn before(words: String, reply_to: Option<Seq>, rest: Option<Draft>) -> Draft {
    let end = words.encode_utf16().count();
    let reply_to = reply_to.or_else(|| rest.as_ref()?.reply_to);
    let text = match rest {
        Some(rest) if !rest.text.trim().is_empty() => format!("{words}\n{}", rest.text),
        _ => words,
    };
    Draft {
        text,
        caret: u32::try_from(end).unwrap_or(u32::MAX),
        reply_to,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_back_stands_before_what_was_there() {
        let draft = |text: &str, caret, reply_to| Draft {
            text: text.to_owned(),
            caret,
            reply_to,
        };
        let (first, second) = (Some(Seq(1)), Some(Seq(2)));
        for (reply_to, rest, expected) in [
            (None, None, draft("चाय?", 4, None)),
            (first, Some(draft(" \n", 1, None)), draft("चाय?", 4, first)),
            (
                None,
                Some(draft("rest", 2, second)),
                draft("चाय?\nrest", 4, second),
            ),
            (
                first,
                Some(draft("rest", 2, second)),
                draft("चाय?\nrest", 4, first),
            ),
        ] {
            assert_eq!(before("चाय?".to_owned(), reply_to, rest), expected);
        }
    }
}
