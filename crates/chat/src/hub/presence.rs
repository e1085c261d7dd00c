//! Who is there, and who is told: pure bookkeeping of rooms and comings and goings.
//!
//! A *room* is the member list of one conversation. Somebody's *peers* are those who share a
//! room with them. Changes are collected and announced on the next tick, at most one state
//! for each account, and going offline only after [`GONE_AFTER_MS`], so that a reload or a
//! short loss of the network is not shown.
//!
//! The work is bounded: rooms of more than [`PRESENCE_ROOM`] people carry no presence, for
//! both sides alike, so that nobody is shown as online for ever; and one tick announces at
//! most a given number of frames, the rest waits for the next.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use protocol::{ConversationId, Presence, Timestamp, UserId};

use crate::unread::Membership;

/// Milliseconds that somebody must be away before the others are told.
pub(crate) const GONE_AFTER_MS: u64 = 10_000;

/// The largest room whose members see each other's presence.
pub(crate) const PRESENCE_ROOM: usize = 128;

/// The members of a conversation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Room {
    pub(crate) id: ConversationId,
    pub(crate) members: Box<[UserId]>,
    /// Whether they see nothing of each other by it.
    pub(crate) blind: bool,
}

impl Room {
    pub(crate) fn new(id: ConversationId, members: &[Membership], blind: bool) -> Self {
        Self {
            id,
            members: members.iter().map(|member| member.user).collect(),
            blind,
        }
    }

    /// Whether its members see who of them is there.
    pub(crate) const fn shows_presence(&self) -> bool {
        !self.blind && self.members.len() <= PRESENCE_ROOM
    }
}

/// A state to be announced.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) user: UserId,
    pub(crate) presence: Presence,
    /// Whom to tell, each once.
    pub(crate) peers: Vec<UserId>,
}

/// Everybody who is there or has just left.
#[derive(Default)]
pub(crate) struct People {
    known: HashMap<UserId, Known>,
    // In the order of the changes; an account stands here at most once.
    changed: VecDeque<UserId>,
}

struct Known {
    // By conversation id.
    rooms: Vec<Arc<Room>>,
    left_at: Option<Timestamp>,
    announced_online: bool,
    queued: bool,
}

impl People {
    /// Somebody is there, and is in these rooms.
    pub(crate) fn arrive(&mut self, user: UserId, mut rooms: Vec<Arc<Room>>) {
        rooms.sort_unstable_by_key(|room| room.id);
        rooms.dedup_by_key(|room| room.id);
        rooms.shrink_to_fit();
        let known = self.known.entry(user).or_insert_with(|| Known {
            rooms: Vec::new(),
            left_at: None,
            announced_online: false,
            queued: false,
        });
        known.rooms = rooms;
        known.left_at = None;
        if !known.announced_online {
            self.changed(user);
        }
    }

    /// The last connection of somebody closed.
    pub(crate) fn leave(&mut self, user: UserId, now: Timestamp) {
        if let Some(known) = self.known.get_mut(&user) {
            known.left_at = Some(now);
            self.changed(user);
        }
    }

    /// Somebody who is there has joined a room.
    pub(crate) fn join(&mut self, user: UserId, room: &Arc<Room>) {
        let Some(known) = self.known.get_mut(&user) else {
            return;
        };
        match known.rooms.binary_search_by_key(&room.id, |r| r.id) {
            Ok(at) => {
                if let Some(slot) = known.rooms.get_mut(at) {
                    *slot = Arc::clone(room);
                }
            }
            Err(at) => known.rooms.insert(at, Arc::clone(room)),
        }
    }

    /// Somebody is in a room no longer.
    pub(crate) fn part(&mut self, user: UserId, conversation: ConversationId) {
        if let Some(known) = self.known.get_mut(&user) {
            known.rooms.retain(|room| room.id != conversation);
        }
    }

    /// The room of a conversation if somebody who is there is in it.
    pub(crate) fn room(&self, user: UserId, conversation: ConversationId) -> Option<&Arc<Room>> {
        let rooms = &self.known.get(&user)?.rooms;
        let at = rooms.binary_search_by_key(&conversation, |r| r.id).ok()?;
        rooms.get(at)
    }

    /// Whether the others see somebody as online. Whoever learns the state from here and not
    /// from an announcement must not be ahead of the announcements: one who has just come is
    /// announced on the next tick, and one who is away for a moment is not announced again.
    pub(crate) fn is_shown(&self, user: UserId) -> bool {
        self.known
            .get(&user)
            .is_some_and(|known| known.announced_online)
    }

    /// The peers of somebody who are shown as online.
    pub(crate) fn shown_peers(&self, user: UserId) -> Vec<UserId> {
        let mut peers = self.peers(user);
        peers.retain(|peer| self.is_shown(*peer));
        peers
    }

    /// What is to be announced now. Stops when `budget` announcements are reached; at least
    /// one account is always taken, so that work goes on.
    pub(crate) fn tick(&mut self, now: Timestamp, budget: usize) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut spent = 0;
        for _ in 0..self.changed.len() {
            if spent >= budget {
                break;
            }
            let Some(user) = self.changed.pop_front() else {
                break;
            };
            let Some(known) = self.known.get_mut(&user) else {
                continue;
            };
            let presence = match known.left_at {
                None if known.announced_online => {
                    known.queued = false;
                    continue;
                }
                None => {
                    known.queued = false;
                    known.announced_online = true;
                    Presence::Online
                }
                Some(since) if now.millis_since(since) < GONE_AFTER_MS => {
                    self.changed.push_back(user);
                    continue;
                }
                Some(since) if known.announced_online => Presence::Offline { since: Some(since) },
                Some(_) => {
                    self.known.remove(&user);
                    continue;
                }
            };
            let peers = self.peers(user);
            if matches!(presence, Presence::Offline { .. }) {
                self.known.remove(&user);
            }
            spent += peers.len();
            changes.push(Change {
                user,
                presence,
                peers,
            });
        }
        changes
    }

    fn changed(&mut self, user: UserId) {
        if let Some(known) = self.known.get_mut(&user)
            && !known.queued
        {
            known.queued = true;
            self.changed.push_back(user);
        }
    }

    /// Everybody who shares a room with somebody who is there.
    pub(crate) fn peers(&self, user: UserId) -> Vec<UserId> {
        let Some(known) = self.known.get(&user) else {
            return Vec::new();
        };
        let shown = known.rooms.iter().filter(|room| room.shows_presence());
        let mut seen = HashSet::new();
        shown
            .flat_map(|room| room.members.iter().copied())
            .filter(|peer| *peer != user && seen.insert(*peer))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(n: u8) -> UserId {
        UserId::from_bytes([n; 16])
    }

    fn room(n: u8, members: &[u8]) -> Arc<Room> {
        Arc::new(Room {
            id: ConversationId::from_bytes([n; 16]),
            members: members.iter().map(|m| user(*m)).collect(),
            blind: false,
        })
    }

    fn blind(room: &Arc<Room>) -> Arc<Room> {
        Arc::new(Room {
            id: room.id,
            members: room.members.clone(),
            blind: true,
        })
    }

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn online(n: u8, peers: &[u8]) -> Change {
        Change {
            user: user(n),
            presence: Presence::Online,
            peers: peers.iter().map(|p| user(*p)).collect(),
        }
    }

    #[test]
    fn only_those_who_share_a_room_are_told_and_once() {
        let mut people = People::default();
        people.arrive(user(1), vec![room(1, &[1, 2]), room(2, &[1, 2, 3])]);
        people.arrive(user(9), vec![room(3, &[9, 8])]);
        let changes = people.tick(at(1), 100);
        assert_eq!(changes, vec![online(1, &[2, 3]), online(9, &[8])]);
        assert_eq!(people.tick(at(2), 100), vec![]);
        people.arrive(user(2), vec![room(1, &[1, 2])]);
        assert_eq!(people.shown_peers(user(2)), vec![user(1)]);
        assert_eq!(people.shown_peers(user(9)), vec![]);
    }

    #[test]
    fn a_short_absence_is_not_shown() {
        let mut people = People::default();
        people.arrive(user(1), vec![room(1, &[1, 2])]);
        assert_eq!(people.tick(at(1), 100).len(), 1);
        people.leave(user(1), at(2));
        assert_eq!(people.tick(at(3), 100), vec![]);
        assert!(people.is_shown(user(1)), "to whoever asks in between, too");
        people.arrive(user(1), vec![room(1, &[1, 2])]);
        assert_eq!(people.tick(at(20), 100), vec![]);
        assert_eq!(people.tick(at(40), 100), vec![]);
        assert!(people.is_shown(user(1)));
    }

    #[test]
    fn a_long_absence_is_announced_once_with_its_beginning() {
        let mut people = People::default();
        people.arrive(user(1), vec![room(1, &[1, 2])]);
        people.tick(at(1), 100);
        people.leave(user(1), at(2));
        assert_eq!(people.tick(at(11), 100), vec![]);
        let offline = Change {
            user: user(1),
            presence: Presence::Offline { since: Some(at(2)) },
            peers: vec![user(2)],
        };
        assert_eq!(people.tick(at(12), 100), vec![offline]);
        assert_eq!(people.tick(at(60), 100), vec![]);
        assert!(people.known.is_empty(), "whoever is gone is forgotten");
    }

    #[test]
    fn somebody_never_announced_leaves_silently() {
        let mut people = People::default();
        people.arrive(user(1), vec![room(1, &[1, 2])]);
        assert!(!people.is_shown(user(1)), "nobody would take it back");
        people.leave(user(1), at(0));
        assert_eq!(people.tick(at(30), 100), vec![]);
        assert!(people.known.is_empty());
    }

    #[test]
    fn the_work_of_a_tick_is_bounded_and_nothing_is_forgotten() {
        let mut people = People::default();
        for n in 1..=10 {
            people.arrive(user(n), vec![room(n, &[n, 100, 101])]);
        }
        assert_eq!(people.tick(at(1), 4).len(), 2);
        assert_eq!(people.tick(at(2), 4).len(), 2);
        assert_eq!(people.tick(at(3), 100).len(), 6);
    }

    #[test]
    fn large_rooms_carry_no_presence_in_either_direction() {
        let everybody: Vec<u8> = (0..=PRESENCE_ROOM as u8).collect();
        let large = room(1, &everybody);
        let mut people = People::default();
        people.arrive(user(1), vec![Arc::clone(&large)]);
        people.arrive(user(2), vec![large]);
        assert!(
            people
                .tick(at(1), 10_000)
                .iter()
                .all(|c| c.peers.is_empty())
        );
        assert_eq!(people.shown_peers(user(1)), vec![]);
    }

    #[test]
    fn in_a_blind_room_nobody_sees_who_is_there_until_it_is_none_any_more() {
        let between = room(1, &[1, 2]);
        let mut people = People::default();
        for n in [1, 2] {
            people.arrive(user(n), vec![blind(&between)]);
        }
        assert_eq!(
            people.tick(at(1), 100),
            vec![online(1, &[]), online(2, &[])]
        );
        assert_eq!(people.shown_peers(user(1)), vec![]);
        people.join(user(1), &between);
        assert_eq!(people.shown_peers(user(1)), vec![user(2)]);
    }

    #[test]
    fn a_room_joined_later_counts() {
        let mut people = People::default();
        people.arrive(user(1), vec![]);
        assert!(people.room(user(1), room(5, &[]).id).is_none());
        people.join(user(1), &room(5, &[1, 2]));
        people.join(user(2), &room(5, &[1, 2]));
        assert!(people.room(user(1), room(5, &[]).id).is_some());
        assert!(people.room(user(2), room(5, &[]).id).is_none(), "not there");
        assert_eq!(people.tick(at(1), 10), vec![online(1, &[2])]);
    }

    #[test]
    fn a_room_that_was_left_counts_no_longer() {
        let mut people = People::default();
        people.arrive(user(1), vec![room(1, &[1, 2]), room(2, &[1, 3])]);
        people.part(user(1), room(1, &[]).id);
        people.part(user(9), room(1, &[]).id);
        assert!(people.room(user(1), room(1, &[]).id).is_none());
        assert_eq!(people.tick(at(1), 10), vec![online(1, &[3])]);
    }
}
