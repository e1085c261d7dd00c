//! Delivery: from a committed message, or a change of somebody's presence, to the queues of
//! the connections that may have it.
//!
//! Who gets a message is decided from the conversation's own member list at the moment of
//! delivery, never from a subscription that could outlive a membership. Nobody is waited for.
//!
//! Locks, in this order: a conversation's log, the hub's state, a line's gate. None is held
//! across an await. The typists have one of their own, which is held with no other, so that
//! somebody who types stops no deliveries.

mod apart;
mod arriving;
mod backlog;
mod hiding;
mod learned;
mod line;
mod presence;
mod registry;
mod round;
mod shared;
mod standing;
mod steady;
mod typing;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Mutex, RwLock};
use protocol::{
    CloseCode, Codec, ConversationId, Presence, PrivacyField, ServerFrame, SessionId, Timestamp,
    UserId,
};

pub(crate) use apart::Others;
pub(crate) use hiding::{Hiding, Showing, showing};
pub(crate) use line::{Finish, Line, Overtaken};
pub(crate) use presence::{PRESENCE_ROOM, Room};
pub(crate) use round::Delivery;
pub(crate) use shared::{Shared, encode};

use crate::{Actor, Connection, ConnectionId};
use apart::Apart;
use presence::{Change, People};
use registry::Registry;
use standing::Statuses;
use steady::Steady;
use typing::Typists;

/// Presence frames that one tick sends.
const PRESENCE_BUDGET: usize = 20_000;

const NEVER: Timestamp = Timestamp::from_millis(u64::MAX);

/// All connections.
pub(crate) struct Hub {
    state: RwLock<State>,
    typists: Mutex<Typists>,
    /// Who sees nothing of whom.
    pub(crate) apart: Apart,
    /// What each hides from all others.
    pub(crate) hiding: Hiding,
    /// What people say of themselves for a while.
    pub(crate) statuses: Statuses,
    /// A late moment of the server's clock.
    now: AtomicU64,
    /// What absences and typing are measured by.
    steady: Steady,
    next_id: AtomicU64,
    delivered: AtomicU64,
    resyncs: AtomicU64,
}

struct State {
    registry: Registry<Arc<Line>>,
    people: People,
    /// Sessions that ended lately, so that a connection that was authenticated before and is
    /// registered after cannot slip through. In two ages: the elder is dropped now and then.
    ended: HashSet<SessionId>,
    ended_before: HashSet<SessionId>,
    /// Before this no connection's session expires.
    next_expiry: Timestamp,
}

/// The session ended before the connection was registered.
#[derive(Debug)]
pub(crate) struct SessionOver;

impl Hub {
    pub(crate) fn new() -> Self {
        Self {
            state: RwLock::new(State {
                registry: Registry::new(),
                people: People::default(),
                ended: HashSet::new(),
                ended_before: HashSet::new(),
                next_expiry: NEVER,
            }),
            typists: Mutex::default(),
            apart: Apart::default(),
            hiding: Hiding::default(),
            statuses: Statuses::default(),
            now: AtomicU64::new(0),
            steady: Steady::default(),
            next_id: AtomicU64::new(1),
            delivered: AtomicU64::new(0),
            resyncs: AtomicU64::new(0),
        }
    }

    pub(crate) fn connect(&self, actor: &Actor, codec: Codec) -> Result<Connection, SessionOver> {
        let (user, session) = (actor.user(), actor.session());
        let mut state = self.state.write();
        if state.ended.contains(&session) || state.ended_before.contains(&session) {
            return Err(SessionOver);
        }
        // Drawn under the lock, so that the order of the ids is the order of registration.
        let id = ConnectionId(self.next_id.fetch_add(1, Ordering::Relaxed));
        let (line, connection) = Line::new(id, user, session, codec);
        line.extend(actor.expires_at());
        state.next_expiry = state.next_expiry.min(actor.expires_at());
        let replaced = state.registry.insert(id, user, session, Arc::new(line));
        drop(state);
        if let Some(oldest) = replaced {
            oldest.line.close(CloseCode::Replaced);
        }
        Ok(connection)
    }

    pub(crate) fn disconnect(&self, id: ConnectionId, now: Timestamp) {
        let mut state = self.state.write();
        if let Some(removed) = state.registry.remove(id) {
            self.left(&mut state, removed.user, removed.last, now);
            drop(state);
            removed.line.close(CloseCode::Normal);
        }
    }

    fn left(&self, state: &mut State, user: UserId, last: bool, now: Timestamp) {
        if last {
            state.people.leave(user, self.steady.time(now));
        } else {
            state.note_activity(user);
        }
    }

    /// Closes every connection of a session and refuses further ones.
    pub(crate) fn close_session(&self, session: SessionId, now: Timestamp) {
        let mut state = self.state.write();
        state.ended.insert(session);
        let removed = state.registry.remove_session(session);
        for connection in &removed {
            self.left(&mut state, connection.user, connection.last, now);
        }
        drop(state);
        for connection in removed {
            connection.line.close(CloseCode::SessionEnded);
        }
    }

    /// The sessions of connections whose time has come, as far as it is known here. They are to
    /// be closed or extended; until then they come again.
    pub(crate) fn expired(&self, now: Timestamp) -> HashSet<SessionId> {
        let mut expired = HashSet::new();
        if now < self.state.read().next_expiry {
            return expired;
        }
        let mut state = self.state.write();
        let mut next = NEVER;
        for line in state.registry.all() {
            let expires_at = line.expires_at();
            next = next.min(expires_at);
            if expires_at <= now {
                expired.insert(line.session);
            }
        }
        state.next_expiry = next;
        expired
    }

    /// A session ends later than its connections were told.
    pub(crate) fn extend(&self, session: SessionId, expires_at: Timestamp) {
        for line in self.state.read().registry.of_session(session) {
            line.extend(expires_at);
        }
    }

    /// Forgets sessions that ended before the last call of this; called at intervals longer
    /// than an access token lives.
    pub(crate) fn forget_ended_sessions(&self) {
        let mut state = self.state.write();
        state.ended_before = std::mem::take(&mut state.ended);
    }

    pub(crate) fn line(&self, id: ConnectionId) -> Option<Arc<Line>> {
        self.state.read().registry.line(id).cloned()
    }

    /// The members of a conversation are others than before.
    pub(crate) fn regroup(&self, room: &Arc<Room>, gone: &[UserId]) {
        let mut state = self.state.write();
        for member in &room.members {
            state.people.join(*member, room);
        }
        let is_back = |user: &UserId| room.members.binary_search(user).is_ok();
        for user in gone.iter().filter(|user| !is_back(user)) {
            state.people.part(*user, room.id);
        }
        for line in gone.iter().flat_map(|user| state.registry.lines(*user)) {
            line.parted(room.id);
        }
    }

    /// The members of a conversation are peers from now on. Returns the connections that are
    /// to be told now.
    pub(crate) fn begin(&self, room: &Arc<Room>) -> Vec<Arc<Line>> {
        let mut state = self.state.write();
        for member in &room.members {
            state.people.join(*member, room);
        }
        let lines = room.members.iter().flat_map(|m| state.registry.lines(*m));
        lines.filter(|line| line.begun(room.id)).cloned().collect()
    }

    pub(crate) fn delivery(&self) -> Delivery<'_> {
        Delivery::new(self)
    }

    /// To all connections of one account.
    pub(crate) fn tell(&self, user: UserId, frame: &ServerFrame) {
        self.delivery().notices(&[user], frame);
    }

    pub(crate) fn typing(
        &self,
        user: UserId,
        conversation: ConversationId,
        active: bool,
        now: Timestamp,
    ) {
        let state = self.state.read();
        let room = state.people.room(user, conversation).cloned();
        let is_veiled = state.people.is_veiled(user);
        drop(state);
        let Some(room) = room.filter(|room| !is_veiled && !room.blind) else {
            return;
        };
        let shown = self.typists.lock().note(user, conversation, active, now);
        if shown {
            self.show_typing(user, &room, active);
        }
    }

    pub(crate) fn drained(&self, id: ConnectionId) {
        let Some(line) = self.line(id) else {
            return;
        };
        if line.drained() {
            self.resyncs.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Announces presence and ends typing.
    pub(crate) fn tick(&self, now: Timestamp) {
        let steady = self.steady.time(now);
        self.pass_time(now);
        let ended = self.typists.lock().expire(steady);
        let mut state = self.state.write();
        let ended: Vec<_> = ended
            .into_iter()
            .filter_map(|(user, c)| Some((user, state.people.room(user, c).cloned()?)))
            .collect();
        state.people.end(now);
        let changes = state.people.tick(steady, PRESENCE_BUDGET);
        drop(state);
        for (user, room) in ended {
            self.show_typing(user, &room, false);
        }
        for Change {
            user,
            presence,
            mut peers,
        } in changes
        {
            let mut delivery = self.delivery();
            self.keep(PrivacyField::Presence, user, &mut peers);
            if !peers.is_empty() {
                let presence = shown(presence, steady, now);
                let frame = ServerFrame::Presence { user, presence };
                delivery.notices(&peers, &frame);
            }
        }
    }

    fn show_typing(&self, user: UserId, room: &Room, active: bool) {
        let frame = ServerFrame::Typing {
            conversation: room.id,
            user,
            active,
        };
        let mut others = room.members.to_vec();
        others.retain(|member| *member != user);
        let mut delivery = self.delivery();
        self.keep(PrivacyField::Presence, user, &mut others);
        delivery.notices(&others, &frame);
    }

    /// Every connection, oldest first.
    pub(crate) fn all(&self) -> Vec<Arc<Line>> {
        let mut lines: Vec<_> = self.state.read().registry.all().cloned().collect();
        lines.sort_unstable_by_key(|line| line.id);
        lines
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.read().registry.len()
    }

    pub(crate) fn frames_delivered(&self) -> u64 {
        self.delivered.load(Ordering::Relaxed)
    }

    pub(crate) fn count_delivered(&self, frames: u64) {
        self.delivered.fetch_add(frames, Ordering::Relaxed);
    }

    pub(crate) fn resyncs(&self) -> u64 {
        self.resyncs.load(Ordering::Relaxed)
    }
}

/// A state with its time as the wall clock shows it now.
fn shown(presence: Presence, steady: Timestamp, now: Timestamp) -> Presence {
    match presence {
        Presence::Offline { since: Some(since) } => {
            let ago = steady.millis_since(since);
            Presence::Offline {
                since: Some(Timestamp::from_millis(now.millis().saturating_sub(ago))),
            }
        }
        Presence::Online | Presence::Away | Presence::Busy | Presence::Offline { since: None } => {
            presence
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_types_does_not_stop_deliveries() {
        let (asha, bilal) = (UserId::from_bytes([1; 16]), UserId::from_bytes([2; 16]));
        let conversation = ConversationId::from_bytes([3; 16]);
        let room = Arc::new(Room {
            id: conversation,
            members: [asha, bilal].into(),
            blind: false,
        });
        let hub = Hub::new();
        hub.state.write().people.arrive(asha, vec![room]);
        let now = Timestamp::from_millis(1);
        let delivery = hub.delivery();
        // On a thread of its own, as if this one were in the middle of its deliveries.
        std::thread::scope(|scope| {
            let typing = scope.spawn(|| hub.typing(asha, conversation, true, now));
            typing.join().unwrap();
        });
        drop(delivery);
        let expired = hub.typists.lock().expire(now.plus_millis(60_000));
        assert_eq!(expired, [(asha, conversation)]);
    }
}
