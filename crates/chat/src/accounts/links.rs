//! What an account may do with links to groups, and how often.

use std::net::IpAddr;

use protocol::{Timestamp, UserId};

use super::Accounts;
use crate::ChatError;

impl Accounts {
    /// Counts the making of a link against the account's limit.
    pub(crate) fn check_link(&self, user: UserId, now: Timestamp) -> Result<(), ChatError> {
        self.limits.link(user, now)
    }

    /// Counts a link against the limits of guesses until [`Self::link_leads`].
    pub(crate) fn check_guess(
        &self,
        user: UserId,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        self.limits.follow_link(user, address, now)
    }

    /// The link was no guess.
    pub(crate) fn link_leads(&self, user: UserId, address: IpAddr) {
        self.limits.leads(user, address);
    }
}
