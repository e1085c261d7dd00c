//! Rows that are read when a conversation is loaded, or counted.

use protocol::{ConversationId, ConversationSummary, Seq};

use crate::ChatError;
use crate::conversation_state::{Fixed, RECENT, is_shown};
use crate::engine::{Engine, guarded};
use crate::entry::Entry;
use crate::envelope::Header;
use crate::mentions::{Mentioning, ToLook};
use crate::store::{APPEND_PER_CONVERSATION, CHECKPOINT_EVERY, MessageRow};
use crate::unread::ToCount;

/// Rows that one read for a count returns.
const COUNT_PAGE: u64 = 256;

/// Reads for the entry that a list shows, if none of the newest is that.
const PREVIEW_PAGES: usize = 4;

impl Engine {
    /// Counts what is quiet for somebody in a range; `None` if the others reach the cap.
    pub(crate) async fn count(
        &self,
        id: ConversationId,
        asked: &ToCount,
    ) -> Result<Option<u64>, ChatError> {
        let _permit = self.loads.acquire().await;
        let (mut quiet, mut others) = (0, 0);
        let mut from = asked.from;
        while from <= asked.to {
            let to = Seq(from.0 + COUNT_PAGE - 1).min(asked.to);
            let rows = guarded(self.store.messages(id, from, to)).await?;
            let is_quiet = |row: &&MessageRow| {
                let header = Header::read(&row.bytes);
                let is_quiet = header.is_some_and(|it| it.author == asked.user || !it.counts);
                is_quiet || asked.is_dismissed(row.seq)
            };
            let counted = rows.iter().filter(is_quiet).count() as u64;
            quiet += counted;
            others += to.next().since(from) - counted;
            if others >= u64::from(ConversationSummary::UNREAD_CAP) {
                return Ok(None);
            }
            from = to.next();
        }
        Ok(Some(quiet))
    }

    /// Who is mentioned in places, the oldest first.
    pub(crate) async fn look(
        &self,
        id: ConversationId,
        fixed: &Fixed,
        asked: &ToLook,
    ) -> Result<Vec<(Seq, Mentioning)>, ChatError> {
        let _permit = self.loads.acquire().await;
        let mut found = Vec::new();
        let mut from = asked.from;
        while from <= asked.to {
            let to = Seq(from.0 + COUNT_PAGE - 1).min(asked.to);
            for row in guarded(self.store.messages(id, from, to)).await? {
                let entry = self.opened_row(&fixed.key, &row);
                let mentioning = Mentioning::of(fixed.kind, &entry.message);
                found.extend(mentioning.map(|mentioning| (row.seq, mentioning)));
            }
            from = to.next();
        }
        Ok(found)
    }

    /// The newest entry up to a place that a list shows, if it is not too far back.
    pub(crate) async fn shown_before(
        &self,
        key: &security::DataKey,
        id: ConversationId,
        mut last: Seq,
    ) -> Result<Option<Entry>, ChatError> {
        for _ in 0..PREVIEW_PAGES {
            if last == Seq::ZERO {
                break;
            }
            let first = Seq(last.0.saturating_sub(COUNT_PAGE)).next();
            let rows = self.store.messages(id, first, last).await?;
            for row in rows.iter().rev() {
                let entry = self.opened_row(key, row);
                if is_shown(&entry.message) {
                    return Ok(Some(entry));
                }
            }
            last = first.prev();
        }
        Ok(None)
    }

    /// The newest rows, enough to recognise recent sends, up to the last one, and the
    /// checkpoint: what lies after it is found by reading on from there.
    pub(crate) async fn newest_rows(
        &self,
        id: ConversationId,
    ) -> Result<(Vec<MessageRow>, Seq), ChatError> {
        let checkpoint = self.store.checkpoint(id).await?;
        let tail = CHECKPOINT_EVERY + APPEND_PER_CONVERSATION as u64;
        let mut from = Seq(checkpoint.0.saturating_sub(RECENT as u64 - 1).max(1));
        let mut to = Seq(checkpoint.0 + tail);
        let mut rows = Vec::new();
        loop {
            let read = self.store.messages(id, from, to).await?;
            let reached_end = read.last().is_none_or(|row| row.seq < to);
            rows.extend(read);
            if reached_end {
                return Ok((rows, checkpoint));
            }
            // More than a checkpoint leaves: only if somebody else has written. Read on.
            from = to.next();
            to = Seq(to.0 + tail);
        }
    }
}
