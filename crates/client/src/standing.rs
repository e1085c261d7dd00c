//! What people say of themselves for a while, how the account wants to be there for others, and
//! whether anybody is at this device.

use protocol::limits::AWAY_MS;
use protocol::{Availability, CustomStatus, Timestamp, UserId};

use crate::told::Told;

/// People of whom it is remembered.
const MOST: usize = 5_000;

/// What the server has told.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    statuses: Told<UserId, CustomStatus>,
    availability: Availability,
    /// Whether the present connection has said how the account wants to be there.
    is_told: bool,
}

impl Standing {
    /// What somebody says of themselves, unless that is over.
    pub(crate) fn status(&self, user: UserId, now: Timestamp) -> Option<&CustomStatus> {
        let status = self.statuses.get(user);
        status.filter(|status| !status.is_over(now))
    }

    pub(crate) const fn availability(&self) -> Availability {
        self.availability
    }

    /// A connection begins. What was known stays until it has said what it has to say.
    pub(crate) fn greeted(&mut self) {
        self.statuses.welcomed();
        self.is_told = false;
    }

    /// Somebody says this of themselves. Whether that is news.
    pub(crate) fn tell(&mut self, user: UserId, status: Option<CustomStatus>) -> bool {
        let is_further = status.is_some() && self.statuses.get(user).is_none();
        if is_further && self.statuses.len() >= MOST {
            return false;
        }
        self.statuses.tell(user, status)
    }

    /// This is chosen. Whether that is news.
    pub(crate) fn choose(&mut self, availability: Availability) -> bool {
        self.is_told = true;
        std::mem::replace(&mut self.availability, availability) != availability
    }

    /// The connection has said everything: whoever was not named says nothing, and what was not
    /// chosen is automatic. Returns of whom that is news, and whether the choice is.
    pub(crate) fn resumed(&mut self) -> (Vec<UserId>, bool) {
        let gone = self.statuses.resumed().into_iter().collect();
        let is_news = !self.is_told && self.choose(Availability::Automatic);
        (gone, is_news)
    }

    /// Forgets what is over. Returns of whom, and whether the choice is another by that.
    pub(crate) fn expire(&mut self, now: Timestamp) -> (Vec<UserId>, bool) {
        let over = self.statuses.forget(|_, status| status.is_over(now));
        let chosen = self.availability.at(now);
        let is_news = std::mem::replace(&mut self.availability, chosen) != chosen;
        (over, is_news)
    }

    /// When something is over next, by the server's clock.
    pub(crate) fn ends(&self) -> Option<Timestamp> {
        let statuses = self.statuses.iter();
        let ends = statuses.filter_map(|(_, status)| status.until());
        ends.chain(self.availability.until()).min()
    }
}

/// Whether anybody is at this device, and what the server believes of that.
#[derive(Debug)]
pub(crate) struct Activity {
    alive_at: Timestamp,
    told: bool,
}

impl Default for Activity {
    fn default() -> Self {
        Self {
            alive_at: Timestamp::from_millis(0),
            told: true,
        }
    }
}

impl Activity {
    /// Whoever is there gave a sign of life.
    pub(crate) const fn alive(&mut self, now: Timestamp) {
        self.alive_at = now;
    }

    /// A connection begins, of which the server believes that somebody is there.
    pub(crate) const fn greeted(&mut self) {
        self.told = true;
    }

    /// What is to be told now.
    pub(crate) fn tell(&mut self, now: Timestamp) -> Option<bool> {
        let active = now.millis_since(self.alive_at) < AWAY_MS;
        (std::mem::replace(&mut self.told, active) != active).then_some(active)
    }

    /// When that may be another.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        self.told.then(|| self.alive_at.plus_millis(AWAY_MS))
    }
}

#[cfg(test)]
mod tests {
    use protocol::Emoji;

    use super::*;

    fn user(n: u8) -> UserId {
        UserId::from_bytes([n; 16])
    }

    fn at(millis: u64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn until(end: Option<u64>) -> CustomStatus {
        let emoji = Emoji::parse("🌙").unwrap();
        CustomStatus::new(Some(emoji), None, end.map(at)).unwrap()
    }

    #[test]
    fn what_a_connection_does_not_name_is_gone_when_it_has_said_everything() {
        let mut standing = Standing::default();
        let busy = Availability::Busy { until: None };
        standing.greeted();
        assert!(standing.tell(user(1), Some(until(None))));
        assert!(standing.tell(user(2), Some(until(None))));
        assert!(standing.choose(busy));
        assert_eq!(standing.resumed(), (vec![], false));
        standing.greeted();
        assert!(!standing.tell(user(2), Some(until(None))));
        assert!(standing.status(user(1), at(0)).is_some(), "for the moment");
        assert!(!standing.choose(busy));
        assert_eq!(standing.resumed(), (vec![user(1)], false));
        standing.greeted();
        assert!(standing.tell(user(2), None));
        assert_eq!(standing.resumed(), (vec![], true));
        assert_eq!(standing.availability(), Availability::Automatic);
    }

    #[test]
    fn what_is_over_goes_at_its_time() {
        let mut standing = Standing::default();
        standing.tell(user(1), Some(until(Some(20))));
        standing.tell(user(2), Some(until(None)));
        standing.choose(Availability::Busy {
            until: Some(at(30)),
        });
        assert_eq!(standing.ends(), Some(at(20)));
        assert_eq!(standing.expire(at(19)), (vec![], false));
        assert!(standing.status(user(1), at(20)).is_none());
        assert_eq!(standing.expire(at(20)), (vec![user(1)], false));
        assert_eq!(standing.ends(), Some(at(30)));
        assert_eq!(standing.expire(at(30)), (vec![], true));
        assert_eq!(standing.ends(), None);
        assert!(standing.status(user(2), at(u64::MAX)).is_some());
    }

    #[test]
    fn that_nobody_is_there_is_told_once_and_again_on_another_connection() {
        let mut activity = Activity::default();
        activity.alive(at(1));
        assert_eq!(activity.tell(at(AWAY_MS)), None);
        let end = at(AWAY_MS + 1);
        assert_eq!(activity.deadline(), Some(end));
        assert_eq!(activity.tell(end), Some(false));
        assert_eq!((activity.tell(end), activity.deadline()), (None, None));
        activity.greeted();
        assert_eq!(activity.tell(end), Some(false));
        activity.alive(end);
        assert_eq!(activity.tell(end), Some(true));
        assert_eq!(activity.tell(end), None);
    }
}
