//! Whoever comes is counted as there, and is told who of their peers is and what those say.

use std::sync::Arc;

use protocol::{Availability, PrivacyField, ServerFrame, UserId};

use super::{Hub, Line, Room, Showing, encode};

impl Hub {
    /// Somebody said `Hello` on a connection, is in these rooms and wants to be there for others
    /// like this. Returns those of their peers of whom there is something to say, for
    /// [`Self::show_peers`].
    pub(crate) fn arrive(
        &self,
        line: &Line,
        mut rooms: Vec<Arc<Room>>,
        availability: Availability,
    ) -> Vec<UserId> {
        let mut state = self.state.write();
        // Those that have changed since they were looked at are looked at again.
        rooms.retain(|room| !line.is_overtaken_in(room.id));
        // It may have closed meanwhile; who is not connected must not be shown as online.
        if state.registry.line(line.id).is_none() {
            return Vec::new();
        }
        let now = self.steady.now();
        state.people.arrive(line.user, rooms);
        state.people.choose(line.user, availability, now);
        state.note_activity(line.user);
        let mut peers = state.people.peers(line.user);
        peers.retain(|peer| state.people.shown(*peer).is_some() || self.status_of(*peer).is_some());
        peers
    }

    /// Tells a connection who of its peers is there, and what they say of themselves. As it is
    /// done under the lock, whatever a later tick announces comes after it.
    pub(crate) fn show_peers(&self, line: &Line, peers: &[UserId]) {
        let state = self.state.read();
        let mut count = 0;
        for user in peers.iter().copied() {
            let showing = self.showing(PrivacyField::Presence, line.user, user);
            let presence = state.people.shown(user);
            let presence = presence.filter(|_| showing == Showing::Shown);
            let presence = presence.map(|presence| ServerFrame::Presence { user, presence });
            let status = self.status_of(user);
            let status = status.filter(|_| !self.apart.keeps(line.user, user));
            for frame in presence.into_iter().chain(status) {
                count += u64::from(line.notice(encode(line.codec, &frame)));
            }
        }
        self.count_delivered(count);
    }

    /// Tells connections of a room whom they have just come to know who is online: those who
    /// are new to it of everybody, everybody of those who are new.
    pub(crate) fn introduce(
        &self,
        room: &Room,
        lines: &[Arc<Line>],
        is_new: impl Fn(UserId) -> bool,
    ) {
        if !room.shows_presence() {
            return;
        }
        for line in lines {
            let all = is_new(line.user);
            let mut others = room.members.to_vec();
            others.retain(|member| *member != line.user && (all || is_new(*member)));
            self.show_peers(line, &others);
        }
    }
}
