//! What people say of themselves, and how the account wants to be there for others.

use protocol::{Availability, ClientFrame, CustomStatus, Presence, Timestamp, UserId};

use super::Client;
use crate::Change;

impl Client {
    /// What somebody says of themselves now, where known.
    #[must_use]
    pub fn custom_status(&self, user: UserId) -> Option<&CustomStatus> {
        self.standing.status(user, self.server_now())
    }

    /// How the account wants to be there for others, as far as the server has said.
    #[must_use]
    pub fn availability(&self) -> Availability {
        self.standing.availability().at(self.server_now())
    }

    /// Whether somebody is there.
    pub(super) fn is_there(&mut self, user: UserId, presence: Presence) {
        if self.people.tell(user, presence) {
            self.change(Change::Presence(user));
        }
    }

    /// What somebody says of themselves.
    pub(super) fn says(&mut self, user: UserId, status: Option<CustomStatus>) {
        if self.standing.tell(user, status) {
            self.change(Change::Status(user));
        }
    }

    /// How the account wants to be there.
    pub(super) fn chosen(&mut self, availability: Availability) {
        if self.standing.choose(availability) {
            self.change(Change::Availability);
        }
    }

    pub(super) fn standing_resumed(&mut self) {
        let news = self.standing.resumed();
        self.standing_changed(news);
    }

    /// What is over goes.
    pub(super) fn expire_standing(&mut self) {
        let news = self.standing.expire(self.server_now());
        self.standing_changed(news);
    }

    fn standing_changed(&mut self, (users, chosen): (Vec<UserId>, bool)) {
        for user in users {
            self.change(Change::Status(user));
        }
        if chosen {
            self.change(Change::Availability);
        }
    }

    /// When this device has to look again.
    pub(super) fn standing_deadline(&self, now: Timestamp) -> Option<Timestamp> {
        let ends = self.standing.ends()?;
        Some(self.server_clock.reaches(ends, now))
    }

    /// Tells the server whether anybody is at this device, if it believes otherwise.
    pub(super) fn tell_activity(&mut self, now: Timestamp) {
        if let Some(active) = self.activity.tell(now) {
            self.transmit(ClientFrame::Active { active });
        }
    }
}
