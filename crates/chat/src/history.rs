//! Messages by place: from memory where they are held, otherwise by exact range from the page
//! cache or the store. Nothing is ever searched or sorted.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use protocol::limits::PAGE_MESSAGES;
use protocol::permission::Action;
use protocol::{
    Change, ChangeKind, Content, ConversationId, Earlier, ErrorCode, HistoryPage, Message, Seq,
    UserId,
};

use crate::ChatError;
use crate::conversation_state::Fixed;
use crate::engine::{Engine, guarded};
use crate::entry::Entry;
use crate::envelope;
use crate::page_cache::Span;
use crate::page_cache::{page_of, places};
use crate::store::MessageRow;
use crate::unread::Membership;

/// What is held of a page, and what is to be read before it.
struct Plan {
    fixed: Arc<Fixed>,
    committed: Seq,
    held: Vec<Message>,
    earlier: Span,
    member: Membership,
}

impl Engine {
    /// A page that somebody may read: the newest of the range that `range` makes of the newest
    /// place.
    pub(crate) async fn page(
        self: &Arc<Self>,
        user: UserId,
        conversation: ConversationId,
        range: impl Fn(Seq) -> (Seq, Seq),
    ) -> Result<HistoryPage, ChatError> {
        let plan = self
            .with(conversation, |log, fixed| {
                let member = log.permit(user, Action::Read)?;
                let committed = log.committed;
                let (from, to) = range(committed);
                let to = to.min(committed);
                let oldest = Seq((to.0 + 1).saturating_sub(PAGE_MESSAGES));
                let from = from.max(member.joined_after.next()).max(oldest);
                let held = if from <= to {
                    log.held(from, to).cloned().collect()
                } else {
                    Vec::new()
                };
                let held_from = log.ring_from().min(to.next());
                Ok(Plan {
                    member: member.clone(),
                    fixed: Arc::clone(fixed),
                    committed,
                    held,
                    earlier: log.span(from, held_from.prev()),
                })
            })
            .await?;
        let mut messages = self
            .stored(conversation, &plan.fixed, &plan.earlier)
            .await?;
        messages.extend(plan.held);
        let dismissals = plan.member.dismissals();
        let told = |message| dismissals.told(message, user, plan.member.joined_after);
        let told = messages.into_iter().map(told);
        Ok(HistoryPage {
            conversation,
            messages: told.collect(),
            last_seq: plan.committed,
        })
    }

    /// The messages of a range, which are all committed; none if it is empty.
    pub(crate) async fn stored(
        &self,
        conversation: ConversationId,
        fixed: &Fixed,
        span: &Span,
    ) -> Result<Vec<Message>, ChatError> {
        let mut messages = Vec::new();
        let (mut next, to) = (span.from, span.to);
        while next <= to {
            let number = page_of(next);
            let (first, last) = places(number);
            if last <= span.committed {
                let read = self.read_range(conversation, fixed, first, last);
                let key = (conversation, number, span.stamp(number));
                let page = self.pages.get(key, read).await?;
                let wanted = page
                    .messages
                    .iter()
                    .filter(|m| m.seq >= next && m.seq <= to);
                messages.extend(wanted.cloned());
            } else {
                let read = self.read_range(conversation, fixed, next, to).await?;
                messages.extend(read);
            }
            next = last.next();
        }
        Ok(messages)
    }

    /// What a message said before it was edited.
    pub(crate) async fn edits(
        self: &Arc<Self>,
        user: UserId,
        conversation: ConversationId,
        seq: Seq,
    ) -> Result<Vec<Earlier>, ChatError> {
        let readable = self.with(conversation, |log, fixed| {
            let member = log.permit(user, Action::Read)?;
            let is_dismissed = member.dismissals().places.contains(seq);
            if seq <= member.joined_after || seq > log.committed || is_dismissed {
                return Err(ErrorCode::NotFound.into());
            }
            Ok(Arc::clone(fixed))
        });
        let fixed = readable.await?;
        let [message] = &self.read_places(conversation, &fixed, &[seq]).await?[..] else {
            return Err(ErrorCode::NotFound.into());
        };
        if message.message.content.body().is_none() {
            return Err(ErrorCode::NotFound.into());
        }
        let Some(past) = &message.past else {
            return Ok(Vec::new());
        };
        let mut earlier = vec![Earlier {
            at: message.message.sent_at,
            body: past.original.clone(),
        }];
        // The last edit wrote what it says now.
        let (_, edits) = past.edits.split_last().unwrap_or((&seq, &[]));
        let mut edits = self.read_places(conversation, &fixed, edits).await?;
        edits.sort_unstable_by_key(|edit| edit.message.seq);
        earlier.extend(edits.into_iter().filter_map(written_by));
        Ok(earlier)
    }

    pub(crate) async fn read_places(
        &self,
        conversation: ConversationId,
        fixed: &Fixed,
        places: &[Seq],
    ) -> Result<Vec<Entry>, ChatError> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let _permit = self.loads.acquire().await;
        let places: Vec<_> = places.iter().map(|seq| (conversation, *seq)).collect();
        let rows = guarded(self.store.rows(&places)).await?;
        let opened = rows.iter().map(|row| self.opened_row(&fixed.key, row));
        Ok(opened.collect())
    }

    pub(crate) async fn read_range(
        &self,
        conversation: ConversationId,
        fixed: &Fixed,
        from: Seq,
        to: Seq,
    ) -> Result<Vec<Message>, ChatError> {
        let _permit = self.loads.acquire().await;
        let rows = guarded(self.store.messages(conversation, from, to)).await?;
        let entries = self.opened(&fixed.key, conversation, from, to, &rows);
        Ok(entries.into_iter().map(|entry| entry.message).collect())
    }

    /// The entries of `from..=to` out of rows in that range or around it. A place without a
    /// row, or with one that cannot be opened, holds [`protocol::Content::Unavailable`].
    pub(crate) fn opened(
        &self,
        key: &security::DataKey,
        conversation: ConversationId,
        from: Seq,
        to: Seq,
        rows: &[MessageRow],
    ) -> Vec<Entry> {
        let mut rows = rows.iter().skip_while(|row| row.seq < from).peekable();
        (from.0..=to.0)
            .map(|place| {
                let seq = Seq(place);
                let Some(row) = rows.next_if(|row| row.seq == seq) else {
                    tracing::error!(%conversation, %seq, "a message is missing");
                    self.counters.unavailable.fetch_add(1, Ordering::Relaxed);
                    return envelope::missing(conversation, seq).into();
                };
                self.opened_row(key, row)
            })
            .collect()
    }

    pub(crate) fn opened_row(&self, key: &security::DataKey, row: &MessageRow) -> Entry {
        let (entry, damaged) = envelope::open(key, row.conversation, row.seq, &row.bytes);
        if damaged {
            self.counters.unavailable.fetch_add(1, Ordering::Relaxed);
        }
        entry
    }
}

/// The text that an edit wrote, unless its message was deleted since.
fn written_by(edit: Entry) -> Option<Earlier> {
    let message = edit.message;
    match message.content {
        Content::Change(Change {
            kind: ChangeKind::Edit(body),
            ..
        }) => Some(Earlier {
            at: message.sent_at,
            body,
        }),
        _ => None,
    }
}
