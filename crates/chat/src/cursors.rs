//! Read cursors on their way to the store. They are saved some time later and many at once:
//! one that is lost shows something as unread that was read, which harms nobody.

use std::collections::HashMap;
use std::sync::Arc;

use markup::Mentioned;
use protocol::permission::Action;
use protocol::{
    ConversationId, ConversationKind, ErrorCode, Person, PrivacyField, Seq, ServerFrame, Timestamp,
    UserId,
};

use crate::ChatError;
use crate::conversation_state::Log;
use crate::engine::{Engine, guarded};
use crate::loading::Stop;
use crate::store::{CursorMove, ReadCursor};
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

/// That a device of somebody has everything up to a place.
pub(crate) const fn delivered(conversation: ConversationId, user: UserId, seq: Seq) -> ServerFrame {
    ServerFrame::Delivered {
        conversation,
        user,
        seq,
    }
}

/// A cursor that is not saved yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Noted {
    pub(crate) seq: Seq,
    /// How far a device of its member is, where that is kept.
    pub(crate) delivered: Seq,
    /// All its moves as one, where their time is kept.
    pub(crate) moved: Option<CursorMove>,
}

impl Noted {
    /// It has gone with what its member wrote.
    fn wrote(&mut self, seq: Seq) {
        self.seq = self.seq.max(seq);
    }

    /// A device of its member has more.
    fn received(&mut self, seq: Seq) {
        self.delivered = self.delivered.max(seq);
    }

    /// Its member has read on. Without a time, what they did just before has none either.
    fn read(&mut self, seq: Seq, moved: Option<CursorMove>) {
        self.seq = self.seq.max(seq);
        self.moved = moved.map(|moved| CursorMove {
            after: self.moved.map_or(moved.after, |before| before.after),
            ..moved
        });
    }
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
        now: Timestamp,
    ) -> Result<(), ChatError> {
        self.learn_hiding(&[user]).await?;
        let me = self.persons([user]).await?.remove(&user);
        let me = me.ok_or(ErrorCode::NotFound)?;
        let mut moved = false;
        let told = self.with(conversation, |log, fixed| {
            let after = log.permit(user, Action::MarkRead)?.read_seq;
            if log.read(user, seq) {
                moved = true;
                let to = log.member(user).map_or(seq, |member| member.read_seq);
                let step = CursorMove { after, to, at: now };
                let kept = self.keeps_moves(fixed.kind, user).then_some(step);
                self.note((conversation, user), |noted| noted.read(to, kept));
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

    /// A device of somebody has everything up to a place: the other one of two is told. Of other
    /// conversations it is not kept.
    pub(crate) async fn mark_received(
        self: &Arc<Self>,
        user: UserId,
        conversation: ConversationId,
        seq: Seq,
    ) -> Result<(), ChatError> {
        self.learn_hiding(&[user]).await?;
        self.with(conversation, |log, fixed| {
            log.permit(user, Action::MarkRead)?;
            if fixed.kind == ConversationKind::Direct && log.received(user, seq) {
                let to = log.member(user).map_or(seq, |member| member.delivered_seq);
                self.note((conversation, user), |noted| noted.received(to));
                self.show_delivered(log, (conversation, user));
            }
            Ok(())
        })
        .await
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
    pub(crate) fn show_reading(&self, log: &Log, whose: (ConversationId, UserId), seq: Seq) {
        let told = |conversation, user, seq| ServerFrame::Seen {
            conversation,
            user,
            seq,
        };
        self.show_cursor(log, whose, seq, told);
    }

    /// Tells the other one of two how far somebody's devices are, where that is further than they
    /// have read: by the same rule.
    pub(crate) fn show_delivered(&self, log: &Log, whose: (ConversationId, UserId)) {
        let member = log.member(whose.1);
        if let Some(seq) = member.and_then(Membership::shown_delivered) {
            self.show_cursor(log, whose, seq, delivered);
        }
    }

    fn show_cursor(
        &self,
        log: &Log,
        (conversation, user): (ConversationId, UserId),
        seq: Seq,
        told: impl FnOnce(ConversationId, UserId, Seq) -> ServerFrame,
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
        delivery.notices(&others, &told(conversation, user, seq));
    }

    /// Whether it is kept when somebody reads: for those who may ask, in groups, and only while
    /// they let them know.
    fn keeps_moves(&self, kind: ConversationKind, user: UserId) -> bool {
        let privacy = self.hub.hiding.of(user);
        let shows = privacy.is_some_and(|it| !it.hides(PrivacyField::Reading));
        kind == ConversationKind::Group && shows
    }

    /// Somebody's cursor has gone with what they wrote.
    pub(crate) fn note_cursor(&self, conversation: ConversationId, user: UserId, seq: Seq) {
        self.note((conversation, user), |noted| noted.wrote(seq));
    }

    fn note(&self, at: (ConversationId, UserId), change: impl FnOnce(&mut Noted)) {
        change(self.cursors.lock().entry(at).or_default());
    }

    /// When members have read a place, as far as that is kept.
    pub(crate) async fn read_at(
        &self,
        conversation: ConversationId,
        users: &[UserId],
        seq: Seq,
    ) -> Result<HashMap<UserId, Timestamp>, ChatError> {
        // Before the others: what is saved and dropped from this list in between is among them.
        let unsaved: Vec<_> = {
            let cursors = self.cursors.lock();
            let moved = |user: &UserId| Some((*user, cursors.get(&(conversation, *user))?.moved?));
            users.iter().filter_map(moved).collect()
        };
        let saved = guarded(self.store.cursor_moves(conversation, users)).await?;
        let saved = saved.into_iter();
        let saved = saved.flat_map(|(user, moves)| moves.into_iter().map(move |it| (user, it)));
        let mut read = HashMap::new();
        // What was kept first counts.
        for (user, moved) in saved.chain(unsaved) {
            if moved.passed(seq) {
                read.entry(user).or_insert(moved.at);
            }
        }
        Ok(read)
    }

    /// Saves what was noted up to now. What cannot be saved stays noted.
    pub(crate) async fn save_cursors(&self) {
        let noted: Vec<_> = self
            .cursors
            .lock()
            .iter()
            .map(|(at, cursor)| (*at, *cursor))
            .collect();
        for batch in noted.chunks(BATCH) {
            let cursors: Vec<_> = batch
                .iter()
                .map(|&((conversation, user), noted)| ReadCursor {
                    conversation,
                    user,
                    seq: noted.seq,
                    delivered: noted.delivered,
                    moved: noted.moved,
                })
                .collect();
            if let Err(error) = guarded(self.store.save_read_cursors(&cursors)).await {
                tracing::warn!(%error, cursors = noted.len(), "read cursors are saved later");
                return;
            }
            let mut unsaved = self.cursors.lock();
            for (at, saved) in batch {
                if unsaved.get(at) == Some(saved) {
                    unsaved.remove(at);
                }
            }
        }
    }
}
