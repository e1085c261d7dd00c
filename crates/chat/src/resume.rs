//! `Hello`: what a connection missed, then live frames, without a gap and without a message
//! twice.
//!
//! A conversation is caught up with under its lock: what was missed goes into the queue, and
//! from that moment its events do. What is long is read before the lock is taken, and the
//! queue is waited for before that, so nobody else waits for a slow connection.

mod own;
mod readers;
mod standing;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use protocol::limits::{RESUME_REPLAY, RESUME_REPLAY_TOTAL};
use protocol::permission::Action;
use protocol::{
    ConversationId, ErrorCode, Message, Person, ResumePoint, Seq, ServerFrame, Timestamp,
};

use crate::ChatError;
use crate::conversation_state::{Fixed, Log};
use crate::cursors::unread;
use crate::delivery::may_restate;
use crate::engine::Engine;
use crate::hub::{Finish, Line, Overtaken, Room, encode};
use crate::loading::Stop;
use crate::page_cache::Span;
use crate::privacy::Viewer;
use crate::summaries::{MEMBERSHIPS, People};
use crate::unread::Membership;

use readers::READERS;

/// Frames beside the missed messages of one conversation.
const BESIDE: usize = 4 + READERS;

/// Presence frames put into the queue at once.
const PRESENCE_CHUNK: usize = 64;

/// Why a resume did not come to its end.
enum Ended {
    Overtaken,
    Failed(ChatError),
}

impl From<Overtaken> for Ended {
    fn from(_: Overtaken) -> Self {
        Self::Overtaken
    }
}

impl From<ChatError> for Ended {
    fn from(error: ChatError) -> Self {
        Self::Failed(error)
    }
}

/// A resume under way.
struct Resume<'a> {
    engine: &'a Arc<Engine>,
    line: &'a Line,
    hello: u32,
    me: Person,
    /// Messages that may still be replayed.
    left: u64,
    rooms: HashMap<ConversationId, Arc<Room>>,
    viewer: Viewer,
    now: Timestamp,
}

/// What was missed of a conversation, found before its lock is taken for good.
struct Missed {
    fixed: Arc<Fixed>,
    /// The first missed place, or one after the newest.
    from: Seq,
    committed: Seq,
    /// What is not held of it.
    earlier: Span,
    /// Others of whom it is said that they hide how far they have read.
    hidden: usize,
}

/// How catching up went on under the lock.
enum Caught {
    Up {
        replayed: u64,
        /// Whether what a list shows of it may be another than the client knows.
        restated: bool,
    },
    /// What was read before no longer reaches what is held.
    Again,
}

/// Answers a `Hello`. A resume that is overtaken, by the end of the connection or by a further
/// `Hello`, has nothing more to say.
pub(crate) async fn resume(
    engine: &Arc<Engine>,
    line: &Line,
    me: Person,
    points: Vec<ResumePoint>,
    now: Timestamp,
) -> Result<(), ChatError> {
    let welcome = ServerFrame::Welcome {
        me: me.clone(),
        session: line.session,
        now,
    };
    let Ok(hello) = line.greet(encode(line.codec, &welcome)) else {
        return Ok(());
    };
    engine.hub.count_delivered(1);
    engine.hub.pass_time(now);
    let viewer = engine.viewer(line.user).await?;
    let resume = Resume {
        engine,
        line,
        hello,
        me,
        left: RESUME_REPLAY_TOTAL,
        rooms: HashMap::new(),
        viewer,
        now,
    };
    match resume.run(points).await {
        Ok(()) | Err(Ended::Overtaken) => Ok(()),
        Err(Ended::Failed(error)) => Err(error),
    }
}

impl Resume<'_> {
    async fn run(mut self, points: Vec<ResumePoint>) -> Result<(), Ended> {
        let (engine, user) = (self.engine, self.line.user);
        self.blocked().await?;
        self.privacy().await?;
        // After the greeting: what begins from now on is kept by the line.
        let listed = engine.memberships(user).await?;
        self.saved().await?;
        self.reminders().await?;
        self.folders().await?;
        self.threads_seen().await?;
        self.drafts().await?;
        let mut named = BTreeMap::new();
        for ResumePoint { conversation, seq } in &points {
            let lowest = named.entry(*conversation).or_insert(*seq);
            *lowest = (*lowest).min(*seq);
        }
        let mut unnamed = listed.clone();
        unnamed.retain(|id| !named.contains_key(id));
        // If they are all there are, what else is named is not looked for.
        let are_all = listed.len() < MEMBERSHIPS;
        let listed: HashSet<_> = listed.into_iter().collect();
        let is_known = |id: &ConversationId| !are_all || listed.contains(id);
        self.load(named.keys().copied().filter(is_known).collect())
            .await?;
        // In the order in which the client named them: what it shows comes first.
        for ResumePoint { conversation, .. } in points {
            match named.remove(&conversation) {
                Some(seq) if is_known(&conversation) => {
                    match self.catch_up(conversation, seq).await {
                        Err(Ended::Failed(error)) if engine.passes_over(&error) => {}
                        outcome => outcome?,
                    }
                }
                Some(_) => self.gone(conversation).await?,
                None => {}
            }
        }
        self.describe(unnamed).await?;
        loop {
            self.arrive().await?;
            match self.line.finish(self.hello)? {
                Finish::Live => break,
                Finish::Begun(begun) => {
                    // What is known of them may be out of date.
                    self.rooms.retain(|id, _| !begun.contains(id));
                    let begun: BTreeSet<_> = begun.into_iter().collect();
                    self.describe(begun.into_iter().collect()).await?;
                }
            }
        }
        engine.hub.count_delivered(1);
        Ok(())
    }

    /// Loads conversations, several at the same time.
    async fn load(&self, ids: Vec<ConversationId>) -> Result<(), ChatError> {
        let load = |id| self.engine.with(id, |_, _| Ok(()));
        self.engine.for_each(&ids, load).await.map(|_| ())
    }

    /// Says that the actor is not in a conversation.
    async fn gone(&self, conversation: ConversationId) -> Result<(), Ended> {
        self.line.room_for(self.hello, 1).await?;
        let frame = self.encode(&ServerFrame::Gone { conversation });
        self.line.say(self.hello, frame)?;
        self.engine.hub.count_delivered(1);
        Ok(())
    }

    /// Replays what follows `seq`, or says how far behind it is.
    async fn catch_up(&mut self, id: ConversationId, seq: Seq) -> Result<(), Ended> {
        loop {
            let Some(missed) = self.missed(id, seq).await? else {
                return self.gone(id).await;
            };
            if seq > missed.committed {
                // It holds what is not here: the database was set back. Say what there is.
                return self.describe(vec![id]).await;
            }
            let mut earlier = Vec::new();
            let mut wanted = BESIDE + missed.hidden;
            let count = missed.committed.next().since(missed.from);
            if count <= RESUME_REPLAY.min(self.left) {
                let (fixed, span) = (&missed.fixed, &missed.earlier);
                earlier = self.engine.stored(id, fixed, span).await?;
                wanted += usize::try_from(count).unwrap_or(usize::MAX);
            }
            self.line.room_for(self.hello, wanted).await?;
            match self.replay(id, missed.from, &earlier).await? {
                Caught::Up { replayed, restated } => {
                    self.left = self.left.saturating_sub(replayed);
                    if restated {
                        self.describe(vec![id]).await?;
                    }
                    return Ok(());
                }
                Caught::Again => {}
            }
        }
    }

    async fn missed(&mut self, id: ConversationId, seq: Seq) -> Result<Option<Missed>, Ended> {
        let user = self.line.user;
        let missed = self.engine.with(id, |log, fixed| {
            let member = log.permit(user, Action::Read)?;
            let from = seq.max(member.joined_after).next();
            let count = log.committed.next().since(from);
            // What is too much to be replayed is not read.
            let until = if count <= RESUME_REPLAY {
                log.ring_from()
            } else {
                from
            };
            let missed = Missed {
                fixed: Arc::clone(fixed),
                from,
                committed: log.committed,
                earlier: log.span(from, until.prev()),
                hidden: 0,
            };
            Ok((missed, Arc::clone(&log.room)))
        });
        match missed.await {
            Ok((mut missed, room)) => {
                self.engine.learn_hiding_in(&room.members).await?;
                missed.hidden = self.hidden(&room);
                self.rooms.insert(id, room);
                Ok(Some(missed))
            }
            Err(ChatError::Refused(ErrorCode::NotFound)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn replay(
        &self,
        id: ConversationId,
        from: Seq,
        earlier: &[Message],
    ) -> Result<Caught, Ended> {
        let (user, line, left) = (self.line.user, self.line, self.left);
        let replayed = self.engine.with(id, |log, _| {
            let member = log.permit(user, Action::Read)?.clone();
            let read = self.encode(&unread(log, id, &self.me)?);
            let count = log.committed.next().since(from);
            let mut frames = Vec::new();
            let (mut replayed, mut restated) = (0, false);
            if count > RESUME_REPLAY.min(left) {
                restated = true;
                frames.push(self.encode(&ServerFrame::Behind {
                    conversation: id,
                    last_seq: log.committed,
                }));
            } else {
                let rest = from.0 + earlier.len() as u64;
                if count > 0 && Seq(rest) < log.ring_from() {
                    return Ok(Ok(Caught::Again));
                }
                replayed = count;
                let rest = log.held(Seq(rest), log.committed);
                for message in earlier.iter().chain(rest) {
                    restated |= may_restate(message);
                    frames.push(self.event(message, &member));
                }
            }
            frames.push(self.dismissed(id, &member));
            frames.push(read);
            frames.extend(self.arranged(log, id));
            frames.extend(self.readers(log, id));
            Ok(line.replay(self.hello, id, frames).map(|frames| {
                self.engine.hub.count_delivered(frames);
                Caught::Up { replayed, restated }
            }))
        });
        Ok(replayed.await??)
    }

    /// How the account has arranged it, perhaps on another device meanwhile.
    fn arranged(&self, log: &Log, conversation: ConversationId) -> Option<Bytes> {
        let member = log.member(self.line.user)?;
        Some(self.encode(&ServerFrame::Arranged {
            request: None,
            conversation,
            preferences: member.preferences,
        }))
    }

    /// Announces conversations by their summaries alone.
    async fn describe(&mut self, ids: Vec<ConversationId>) -> Result<(), Ended> {
        let user = self.line.user;
        let people = self.engine.people_in(user, &ids).await?;
        for id in ids {
            self.line.room_for(self.hello, 2).await?;
            let described = self.engine.with(id, |log, fixed| {
                self.describe_now(log, fixed, id, &people)
                    .map(|sent| (sent, Arc::clone(&log.room)))
            });
            match described.await {
                Ok((sent, room)) => {
                    self.engine.hub.count_delivered(sent?);
                    self.rooms.insert(id, room);
                }
                Err(error) if self.engine.passes_over(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn describe_now(
        &self,
        log: &mut Log,
        fixed: &Fixed,
        id: ConversationId,
        people: &People,
    ) -> Result<Result<u64, Overtaken>, Stop> {
        let viewer = (&self.viewer, people);
        let summary = Box::new(self.engine.summary(log, fixed, id, viewer)?);
        let mut frames = vec![self.encode(&ServerFrame::Conversation { summary })];
        let member = log.permit(viewer.0.user, Action::Read)?;
        if !member.dismissals().is_empty() {
            frames.push(self.dismissed(id, member));
        }
        Ok(self.line.replay(self.hello, id, frames))
    }

    /// Counts the account as there, and tells the connection who else is.
    async fn arrive(&self) -> Result<(), Ended> {
        let rooms = self.rooms.values().cloned().collect();
        let peers = self.standing(rooms).await?;
        for chunk in peers.chunks(PRESENCE_CHUNK) {
            self.line.room_for(self.hello, 2 * chunk.len()).await?;
            self.engine.hub.show_peers(self.line, chunk);
        }
        Ok(())
    }

    fn event(&self, message: &Message, member: &Membership) -> Bytes {
        let dismissals = member.dismissals();
        self.encode(&ServerFrame::Event {
            message: dismissals.told(message.clone(), self.line.user, member.joined_after),
        })
    }

    /// What the account has deleted for itself in a conversation, perhaps on another device
    /// meanwhile.
    fn dismissed(&self, conversation: ConversationId, member: &Membership) -> Bytes {
        self.encode(&ServerFrame::Dismissed {
            request: None,
            conversation,
            dismissed: member.dismissals().places.clone(),
        })
    }

    fn encode(&self, frame: &ServerFrame) -> Bytes {
        encode(self.line.codec, frame)
    }
}
