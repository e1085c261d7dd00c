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
//!
//! Whoever is invisible is to the others as if they had left at that moment: announced as late,
//! and with nothing that moves afterwards ([decision 31](../../../../docs/decisions/0031-profiles.md)).

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use protocol::{Availability, ConversationId, Presence, Timestamp, UserId};

use crate::unread::Membership;

/// Milliseconds that somebody must be away before the others are told.
pub(crate) const GONE_AFTER_MS: u64 = 10_000;

/// Milliseconds between two announcements that somebody is away, or no longer.
const RESTLESS_MS: u64 = 5_000;

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
    // By the server's clock, unlike all other times here.
    ends: BTreeSet<(Timestamp, UserId)>,
}

struct Known {
    // By conversation id.
    rooms: Vec<Arc<Room>>,
    left_at: Option<Timestamp>,
    /// Since when they want to be seen by nobody.
    veiled_at: Option<Timestamp>,
    availability: Availability,
    /// Whether somebody is active on one of their connections.
    active: bool,
    /// What the others were told last, unless that was that they are gone.
    announced: Option<Presence>,
    announced_at: Timestamp,
    queued: bool,
}

impl Known {
    fn new() -> Self {
        Self {
            rooms: Vec::new(),
            left_at: None,
            veiled_at: None,
            availability: Availability::Automatic,
            active: true,
            announced: None,
            announced_at: Timestamp::from_millis(0),
            queued: false,
        }
    }

    /// Since when they are not there for others.
    fn gone_since(&self) -> Option<Timestamp> {
        [self.left_at, self.veiled_at].into_iter().flatten().min()
    }

    /// What the others are to see while they are there. What was over is taken back already.
    fn look(&self) -> Presence {
        let no_time = Timestamp::from_millis(0);
        self.availability.presence([self.active], no_time)
    }

    /// Whether it is too early to say that somebody is away, or no longer.
    fn is_restless(&self, look: Presence, now: Timestamp) -> bool {
        let is_of_activity = |shown: Presence| shown == Presence::Away;
        self.announced
            .is_some_and(|shown| is_of_activity(shown) || is_of_activity(look))
            && now.millis_since(self.announced_at) < RESTLESS_MS
    }
}

impl People {
    /// Somebody is there, and is in these rooms.
    pub(crate) fn arrive(&mut self, user: UserId, mut rooms: Vec<Arc<Room>>) {
        rooms.sort_unstable_by_key(|room| room.id);
        rooms.dedup_by_key(|room| room.id);
        rooms.shrink_to_fit();
        let known = self.known.entry(user).or_insert_with(Known::new);
        known.rooms = rooms;
        known.left_at = None;
        if known.announced != Some(known.look()) {
            self.changed(user);
        }
    }

    /// Somebody who is there wants to be there for others like this from now on.
    pub(crate) fn choose(&mut self, user: UserId, availability: Availability, now: Timestamp) {
        let Some(known) = self.known.get_mut(&user) else {
            return;
        };
        let before = std::mem::replace(&mut known.availability, availability);
        known.veiled_at = match availability {
            Availability::Invisible => known.veiled_at.or(Some(now)),
            Availability::Automatic | Availability::Busy { .. } => None,
        };
        if let Some(until) = before.until() {
            self.ends.remove(&(until, user));
        }
        self.ends
            .extend(availability.until().map(|until| (until, user)));
        self.changed(user);
    }

    /// Takes back what is over at a moment of the server's clock.
    pub(crate) fn end(&mut self, now: Timestamp) {
        while let Some((until, user)) = self.ends.first().copied() {
            if until > now {
                return;
            }
            self.ends.remove(&(until, user));
            if let Some(known) = self.known.get_mut(&user) {
                known.availability = known.availability.at(now);
            }
            self.changed(user);
        }
    }

    /// Whether somebody is active on one of their connections.
    pub(crate) fn note(&mut self, user: UserId, active: bool) {
        if let Some(known) = self.known.get_mut(&user)
            && std::mem::replace(&mut known.active, active) != active
        {
            self.changed(user);
        }
    }

    /// Whether somebody who is there wants to be seen by nobody.
    pub(crate) fn is_veiled(&self, user: UserId) -> bool {
        let known = self.known.get(&user);
        known.is_some_and(|known| known.veiled_at.is_some())
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

    /// What the others see of somebody who is there for them. Whoever learns the state from here
    /// and not from an announcement must not be ahead of the announcements: one who has just come
    /// is announced on the next tick, and one who is away for a moment is not announced again.
    pub(crate) fn shown(&self, user: UserId) -> Option<Presence> {
        self.known.get(&user)?.announced
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
            let presence = match known.gone_since() {
                None => {
                    let look = known.look();
                    if known.announced == Some(look) {
                        known.queued = false;
                        continue;
                    }
                    if known.is_restless(look, now) {
                        self.changed.push_back(user);
                        continue;
                    }
                    known.queued = false;
                    known.announced = Some(look);
                    known.announced_at = now;
                    look
                }
                Some(since) if now.millis_since(since) < GONE_AFTER_MS => {
                    self.changed.push_back(user);
                    continue;
                }
                Some(since) if known.announced.take().is_some() => {
                    Presence::Offline { since: Some(since) }
                }
                Some(_) => {
                    self.settle(user);
                    continue;
                }
            };
            let peers = self.peers(user);
            if matches!(presence, Presence::Offline { .. }) {
                self.settle(user);
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

    /// Everything was said of somebody who is not there for others.
    fn settle(&mut self, user: UserId) {
        if let Entry::Occupied(mut known) = self.known.entry(user) {
            if known.get().left_at.is_some() {
                // What is chosen is read again when they come back.
                if let Some(until) = known.remove().availability.until() {
                    self.ends.remove(&(until, user));
                }
            } else {
                known.get_mut().queued = false;
            }
        }
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
mod tests;
