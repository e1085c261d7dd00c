//! What stands in composers: kept on this device, and alike on all devices of the account.

use protocol::{
    ClientFrame, ConversationId, DraftBody, DraftText, Seq, ServerFrame, TextError, Timestamp,
};

use super::Client;
use crate::{Change, Draft, Effect, SavedDraft};

/// Longest draft that is kept on this device, in bytes. A message is at most half as long.
const LONGEST: usize = 2 * protocol::limits::MESSAGE_BYTES;

/// What of a draft is the same on all devices.
fn said(draft: Option<&Draft>) -> Option<(&str, Option<Seq>)> {
    draft.map(|draft| (draft.text.as_str(), draft.reply_to))
}

/// The same of what the server tells. The caret stands at its end.
fn told(draft: DraftText) -> Draft {
    let text = String::from(draft.text);
    let end = text.encode_utf16().count();
    Draft {
        caret: u32::try_from(end).unwrap_or(u32::MAX),
        text,
        reply_to: draft.reply_to,
    }
}

impl Client {
    /// The user has written something else.
    pub(super) fn draft(&mut self, id: ConversationId, draft: Option<Draft>, now: Timestamp) {
        let draft = draft.filter(|it| !it.text.is_empty() && it.text.len() <= LONGEST);
        let at_once = !self.is_open(id);
        let Some(it) = self.known(id) else {
            return;
        };
        if it.draft == draft {
            return;
        }
        let is_same = said(it.draft.as_ref()) == said(draft.as_ref());
        let is_some = draft.is_some();
        it.draft = draft;
        match (is_same, is_some) {
            (true, _) => {}
            (false, true) => self.drafts.written(id, at_once, now),
            (false, false) => self.drafts.cleared(id),
        }
        self.keep_draft(id);
    }

    /// Another tab of this device has changed a draft; it stores and sends it.
    pub(super) fn draft_in_other_tab(&mut self, id: ConversationId, draft: Option<Draft>) {
        if let Some(it) = self.known(id) {
            let is_same = said(it.draft.as_ref()) == said(draft.as_ref());
            let is_some = draft.is_some();
            it.draft = draft;
            if !is_same {
                self.drafts.elsewhere(id, is_some);
            }
            self.change(Change::List(id));
        }
    }

    /// The server has taken a draft, or says what another device has written.
    pub(super) fn drafts_there(&mut self, frame: ServerFrame) {
        match frame {
            ServerFrame::DraftKept { request } => self.draft_kept(request),
            ServerFrame::Draft {
                conversation,
                draft,
            } => self.draft_there(conversation, draft),
            ServerFrame::DraftUnavailable { conversation } => {
                self.drafts.unavailable(conversation);
            }
            _ => {}
        }
    }

    fn draft_there(&mut self, id: ConversationId, draft: Option<DraftText>) {
        let draft = draft.map(told);
        let Some(it) = self.known(id) else {
            return;
        };
        let is_same = said(it.draft.as_ref()) == said(draft.as_ref());
        let is_over = self.drafts.tell(id, draft.is_some(), is_same);
        if is_same {
            self.keep_draft(id);
        } else if is_over {
            self.take_draft(id, draft);
        }
    }

    /// What another device has written stands here too.
    fn take_draft(&mut self, id: ConversationId, draft: Option<Draft>) {
        let is_open = self.is_open(id);
        let Some(it) = self.conversations.get_mut(&id) else {
            return;
        };
        let before = std::mem::replace(&mut it.draft, draft);
        it.draft_before = before.map(|draft| draft.text).unwrap_or_default();
        if is_open {
            self.change(Change::Redrafted(id));
        }
        self.keep_draft(id);
    }

    /// A resume has named all there are.
    pub(super) fn drafts_resumed(&mut self) {
        // What is under way still wins; it is known before the others are adopted.
        let is_clean = |id: &ConversationId| !self.drafts.is_own(*id);
        let with_one = self.conversations.values().filter(|it| it.draft.is_some());
        let clean: Vec<_> = with_one.map(|it| it.id).filter(is_clean).collect();
        let Some(named) = self.drafts.resumed() else {
            return;
        };
        for id in clean.into_iter().filter(|id| !named.contains(id)) {
            self.take_draft(id, None);
        }
    }

    fn draft_kept(&mut self, request: u32) {
        if let Some(id) = self.drafts.wishes.answered(request) {
            self.keep_draft(id);
        }
    }

    /// The server does not take one.
    pub(super) fn draft_refused(&mut self, id: ConversationId) {
        self.drafts.keep_apart(id);
    }

    /// Stores a draft as it is.
    fn keep_draft(&mut self, id: ConversationId) {
        let draft = self.draft_of(id).cloned();
        self.effect(Effect::SaveDraft(SavedDraft {
            conversation: id,
            draft,
            told: !self.drafts.is_own(id),
        }));
        self.change(Change::List(id));
    }

    /// Takes over what an earlier page stored.
    pub(super) fn restore_draft(&mut self, saved: SavedDraft) {
        let SavedDraft {
            conversation,
            draft,
            told,
        } = saved;
        let Some(it) = self.known(conversation) else {
            return;
        };
        if it.draft.is_none() && !self.drafts.is_own(conversation) {
            if let Some(it) = self.conversations.get_mut(&conversation) {
                it.draft = draft;
            }
            self.drafts.restore(conversation, told);
        }
        self.change(Change::List(conversation));
    }

    /// Sends what is written and was not sent. After the messages: they do not wait for it.
    pub(super) fn tell_drafts(&mut self, now: Timestamp) {
        for (request, conversation) in self.drafts.transmit(now, || self.fetches.number()) {
            let draft = self.draft_of(conversation);
            let reply_to = draft.and_then(|draft| draft.reply_to);
            let text = draft.map(|draft| draft.text.clone()).unwrap_or_default();
            match DraftBody::parse(&text) {
                Ok(_) | Err(TextError::Empty) => {
                    self.drafts.sent(conversation);
                    self.transmit(ClientFrame::Draft {
                        request,
                        conversation,
                        text,
                        reply_to,
                    });
                }
                Err(_) => self.drafts.keep_apart(conversation),
            }
        }
    }

    /// What stands in a composer.
    #[must_use]
    pub fn draft_of(&self, id: ConversationId) -> Option<&Draft> {
        self.conversations.get(&id)?.draft.as_ref()
    }

    /// What stood in it before another device changed it.
    #[must_use]
    pub fn draft_before(&self, id: ConversationId) -> &str {
        let it = self.conversations.get(&id);
        it.map_or("", |it| it.draft_before.as_str())
    }
}
