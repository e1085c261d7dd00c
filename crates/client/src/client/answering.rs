//! What stands in the fields of threads: kept on this device.

use protocol::{ConversationId, SavedPlace};
use serde::{Deserialize, Serialize};

use super::Client;
use crate::{Effect, OutboxEntry};

/// Threads in whose fields something is kept. What is written in further ones is kept until the
/// page is loaded anew.
const MOST: usize = 100;
/// Longest text that is kept, in bytes. A message is at most half as long.
const LONGEST: usize = 2 * protocol::limits::MESSAGE_BYTES;

/// What stands in the field of a thread, as it is stored on this device.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedAnswer {
    /// Where the root of the thread is.
    pub root: SavedPlace,
    /// The text as typed; empty where nothing is left to be stored.
    pub answer: String,
}

impl Client {
    /// Something else stands in the field of a thread.
    pub(super) fn answering(&mut self, root: SavedPlace, text: String) {
        let is_kept = !text.trim().is_empty() && text.len() <= LONGEST;
        let answer = if is_kept { text } else { String::new() };
        if self.answer(root) == answer {
            return;
        }
        if is_kept {
            self.answers.insert(root, answer.clone());
        } else {
            self.answers.remove(&root);
        }
        if !is_kept || self.answers.len() <= MOST {
            self.effect(Effect::SaveAnswer(SavedAnswer { root, answer }));
        }
    }

    /// What stands in the field of a thread.
    #[must_use]
    pub fn answer(&self, root: SavedPlace) -> &str {
        self.answers.get(&root).map_or("", String::as_str)
    }

    /// Takes over what an earlier page stored, unless something was written since or it waits to
    /// be sent: the page has ended between the two.
    pub(super) fn restore_answers(&mut self, answers: Vec<SavedAnswer>, outbox: &[OutboxEntry]) {
        for SavedAnswer { root, answer } in answers {
            let is_it = |entry: &OutboxEntry| {
                let is_here = entry.conversation == root.conversation;
                is_here && entry.text().map(str::trim) == Some(answer.trim())
            };
            if outbox.iter().any(is_it) {
                self.forget_answer(root);
            } else {
                self.answers.entry(root).or_insert(answer);
            }
        }
    }

    fn forget_answer(&mut self, root: SavedPlace) {
        let answer = String::new();
        self.effect(Effect::SaveAnswer(SavedAnswer { root, answer }));
    }

    /// The account is not in a conversation any more.
    pub(super) fn answers_gone(&mut self, id: ConversationId) {
        let roots = self.answers.keys().copied();
        let gone: Vec<_> = roots.filter(|root| root.conversation == id).collect();
        for root in gone {
            self.answers.remove(&root);
            self.forget_answer(root);
        }
    }
}
