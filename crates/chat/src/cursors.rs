//! Read cursors on their way to the store. They are saved some time later and many at once:
//! one that is lost shows something as unread that was read, which harms nobody.

use std::sync::Arc;

use markup::Mentioned;
use protocol::permission::Action;
use protocol::{ConversationId, ErrorCode, Person, PrivacyField, Seq, ServerFrame, UserId};

use crate::ChatError;
use crate::conversation_state::Log;
use crate::engine::{Engine, guarded};
use crate::loading::Stop;
use crate::store::ReadCursor;
use crate::unread::Membership;

/// What is unread for a member.
pub(crate) fn unread(
    log: &mut Log,
    conversation: ConversationId,
    me: &Person,
) -> Result<ServerFrame, Stop> {
    Ok(ServerFrame::Read {
        conversation,
        seq: log.member(me.id).map_or(Seq::ZERO, Membership::seen),
        unread: log.unread(me.id)?,
        mentions: log.mentions(me.id, &me.username)?,
    })
}

/// Cursors saved in one transaction.
const BATCH: usize = 1_000;

impl Engine {
    /// Moves somebody's cursor forward and tells their connections, under the conversation's
    /// lock, so that the count they are told fits the messages they were given.
    pub(crate) async fn mark_read(
        self: &Arc<Self>,
        user: UserId,
        conversation: ConversationId,
        seq: Seq,
    ) -> Result<(), ChatError> {
        self.learn_hiding(&[user]).await?;
        let me = self.persons([user]).await?.remove(&user);
        let me = me.ok_or(ErrorCode::NotFound)?;
        let mut moved = false;
        let told = self.with(conversation, |log, _| {
            log.permit(user, Action::MarkRead)?;
            if log.read(user, seq) {
                moved = true;
                let to = log.member(user).map_or(seq, |member| member.read_seq);
                self.note_cursor(conversation, user, to);
            }
            if moved {
                self.tell_unread(log, conversation, &me)?;
                let seq = log.member(user).map_or(seq, Membership::shown_read);
                self.show_reading(log, (conversation, user), seq);
            }
            Ok(())
        });
        let told = told.await;
        if moved && told.is_err() {
            // It stands, and what it leaves unread could not be counted: the summary says so.
            self.restated(conversation, &[]);
        }
        told
    }

    /// Tells somebody's connections what is unread.
    fn tell_unread(
        &self,
        log: &mut Log,
        conversation: ConversationId,
        me: &Person,
    ) -> Result<(), Stop> {
        let frame = unread(log, conversation, me)?;
        self.hub.tell(me.id, &frame);
        Ok(())
    }

    /// An earlier message mentions these now or no longer: they are told what is unread, where
    /// it is.
    pub(crate) fn remention(self: &Arc<Self>, id: ConversationId, seq: Seq, whom: Mentioned) {
        let engine = Arc::clone(self);
        tokio::spawn(async move {
            if let Err(error) = engine.tell_mentioned(id, seq, &whom).await {
                tracing::warn!(%error, conversation = %id, "mentions are told with the summary");
                engine.restated(id, &[]);
            }
        });
    }

    async fn tell_mentioned(
        self: &Arc<Self>,
        id: ConversationId,
        seq: Seq,
        whom: &Mentioned,
    ) -> Result<(), ChatError> {
        let room = self.with(id, |log, _| Ok(Arc::clone(&log.room))).await?;
        let people = self.persons(room.members.iter().copied()).await?;
        for person in people.values().filter(|it| whom.includes(&it.username)) {
            self.with(id, |log, _| {
                let member = log.member(person.id);
                if member.is_some_and(|member| member.told && member.seen() < seq) {
                    self.tell_unread(log, id, person)?;
                }
                Ok(())
            })
            .await?;
        }
        Ok(())
    }

    /// Tells the others how far somebody has read, as far as they may know.
    pub(crate) fn show_reading(
        &self,
        log: &Log,
        (conversation, user): (ConversationId, UserId),
        seq: Seq,
    ) {
        if !log.shows_reading() {
            return;
        }
        let others = log.members.iter().filter(|other| {
            let may_see = other.told && other.joined_after < seq;
            other.user != user && may_see
        });
        let mut others: Vec<_> = others.map(|other| other.user).collect();
        // Before it is decided: whoever hides their reading now is not shown after that.
        let mut delivery = self.hub.delivery();
        self.hub.keep(PrivacyField::Reading, user, &mut others);
        let frame = ServerFrame::Seen {
            conversation,
            user,
            seq,
        };
        delivery.notices(&others, &frame);
    }

    pub(crate) fn note_cursor(&self, conversation: ConversationId, user: UserId, seq: Seq) {
        let mut cursors = self.cursors.lock();
        let noted = cursors.entry((conversation, user)).or_default();
        *noted = (*noted).max(seq);
    }

    /// Saves what was noted up to now. What cannot be saved stays noted.
    pub(crate) async fn save_cursors(&self) {
        let noted: Vec<_> = self
            .cursors
            .lock()
            .iter()
            .map(|(at, seq)| (*at, *seq))
            .collect();
        for batch in noted.chunks(BATCH) {
            let cursors: Vec<_> = batch
                .iter()
                .map(|&((conversation, user), seq)| ReadCursor {
                    conversation,
                    user,
                    seq,
                })
                .collect();
            if let Err(error) = guarded(self.store.save_read_cursors(&cursors)).await {
                tracing::warn!(%error, cursors = noted.len(), "read cursors are saved later");
                return;
            }
            let mut unsaved = self.cursors.lock();
            for (at, seq) in batch {
                if unsaved.get(at).is_some_and(|noted| noted <= seq) {
                    unsaved.remove(at);
                }
            }
        }
    }
}
