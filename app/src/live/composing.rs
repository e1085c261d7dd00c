//! What stands in composers. All tabs of an account share it.

use client::{Client, Draft, Input};
use leptos::prelude::*;
use protocol::ConversationId;

use super::Live;
use super::tabs::Word;

/// Another tab or device has changed a draft.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Redrafted {
    /// Where.
    pub conversation: ConversationId,
    /// The text before, which is what stands in a composer that nobody has touched since.
    pub before: String,
    /// What it is now; `None` if it was sent or taken back.
    pub now: Option<Draft>,
}

impl Redrafted {
    /// As another device has made it.
    pub(super) fn of(client: &Client, conversation: ConversationId) -> Self {
        Self {
            conversation,
            before: client.draft_before(conversation).to_owned(),
            now: client.draft_of(conversation).cloned(),
        }
    }
}

impl Live {
    /// A key was pressed in the composer, or it was emptied or left.
    pub fn composing(&self, conversation: ConversationId, active: bool) {
        self.post(Input::Composing {
            conversation,
            active,
        });
    }

    /// What stood in the composer of a conversation.
    #[must_use]
    pub fn draft(&self, conversation: ConversationId) -> Option<Draft> {
        self.core
            .try_with_value(|core| core.client().draft_of(conversation).cloned())
            .flatten()
    }

    /// Keeps what stands in the composer; `None` when it is empty. Debounce it, and call it at
    /// once when the composer goes away.
    pub fn save_draft(&self, conversation: ConversationId, draft: Option<Draft>) {
        if let Some(browser) = self.browser().filter(|_| self.draft(conversation) != draft) {
            browser.tell(&Word::Drafted(conversation, draft.clone()));
        }
        self.post(Input::Drafted {
            conversation,
            draft,
        });
    }

    /// What another tab or device has last made of a draft.
    #[must_use]
    pub fn redrafted(&self) -> Signal<Option<Redrafted>> {
        self.signals.redrafted.into()
    }

    /// Another tab has changed a draft.
    pub(super) fn redraft(&self, conversation: ConversationId, now: Option<Draft>) {
        let before = self.draft(conversation).map(|draft| draft.text);
        self.post(Input::DraftedElsewhere {
            conversation,
            draft: now.clone(),
        });
        self.signals.redrafted.set(Some(Redrafted {
            conversation,
            before: before.unwrap_or_default(),
            now,
        }));
    }
}
