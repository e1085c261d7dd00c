//! How somebody wants to be there for others. One rule for browser and server.

use serde::{Deserialize, Serialize};

use crate::{Presence, Timestamp};

/// What an account has chosen, for all its devices alike.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Availability {
    /// Shown as it is.
    #[default]
    Automatic,
    /// Not to be disturbed.
    Busy {
        /// When that ends; `None` if it stays until it is changed.
        until: Option<Timestamp>,
    },
    /// Seen by nobody. Unlike somebody who hides their presence, they see that of others.
    Invisible,
}

impl Availability {
    /// What is in force of it at a moment of the server's clock.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        match self {
            Self::Busy { until: Some(until) } if until <= now => Self::Automatic,
            it => it,
        }
    }

    /// When it is another by itself.
    #[must_use]
    pub const fn until(self) -> Option<Timestamp> {
        match self {
            Self::Busy { until } => until,
            Self::Automatic | Self::Invisible => None,
        }
    }

    /// Whether the account's own devices are to be quiet.
    #[must_use]
    pub fn is_quiet(self, now: Timestamp) -> bool {
        matches!(self.at(now), Self::Busy { .. })
    }

    /// What is shown of an account with these connections, for each whether somebody is active
    /// there. It is away when nobody is anywhere.
    #[must_use]
    pub fn presence(self, connections: impl IntoIterator<Item = bool>, now: Timestamp) -> Presence {
        let mut connections = connections.into_iter().peekable();
        if self == Self::Invisible || connections.peek().is_none() {
            return Presence::Offline { since: None };
        }
        if self.is_quiet(now) {
            Presence::Busy
        } else if connections.any(|is_active| is_active) {
            Presence::Online
        } else {
            Presence::Away
        }
    }
}

/// The kinds of it, as a form names them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AvailabilityKind {
    /// [`Availability::Automatic`].
    Automatic,
    /// [`Availability::Busy`].
    Busy,
    /// [`Availability::Invisible`].
    Invisible,
}

impl AvailabilityKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Automatic, Self::Busy, Self::Invisible];

    /// Its name in a form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Busy => "busy",
            Self::Invisible => "invisible",
        }
    }

    /// The choice, with its end where it has one.
    #[must_use]
    pub const fn until(self, until: Option<Timestamp>) -> Availability {
        match self {
            Self::Automatic => Availability::Automatic,
            Self::Busy => Availability::Busy { until },
            Self::Invisible => Availability::Invisible,
        }
    }
}

impl From<Availability> for AvailabilityKind {
    fn from(availability: Availability) -> Self {
        match availability {
            Availability::Automatic => Self::Automatic,
            Availability::Busy { .. } => Self::Busy,
            Availability::Invisible => Self::Invisible,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000);
    const LATER: Timestamp = Timestamp::from_millis(1_001);
    const AUTOMATIC: Availability = Availability::Automatic;
    const BUSY: Availability = Availability::Busy { until: None };
    const SOON: Availability = Availability::Busy { until: Some(LATER) };
    const OVER: Availability = Availability::Busy { until: Some(NOW) };

    #[test]
    fn one_active_connection_makes_an_account_active() {
        let offline = Presence::Offline { since: None };
        for (chosen, connections, shown) in [
            (AUTOMATIC, &[true][..], Presence::Online),
            (AUTOMATIC, &[false, true], Presence::Online),
            (AUTOMATIC, &[true, false], Presence::Online),
            (AUTOMATIC, &[false, false], Presence::Away),
            (AUTOMATIC, &[], offline),
            (BUSY, &[false], Presence::Busy),
            (BUSY, &[true], Presence::Busy),
            (BUSY, &[], offline),
            (SOON, &[true], Presence::Busy),
            (OVER, &[true], Presence::Online),
            (OVER, &[false], Presence::Away),
            (Availability::Invisible, &[true, true], offline),
        ] {
            let presence = chosen.presence(connections.iter().copied(), NOW);
            assert_eq!(presence, shown, "{chosen:?} {connections:?}");
        }
    }

    #[test]
    fn not_to_be_disturbed_ends_at_its_time() {
        assert!(SOON.is_quiet(NOW) && !SOON.is_quiet(LATER));
        assert_eq!(SOON.at(LATER), AUTOMATIC);
        assert_eq!(SOON.until(), Some(LATER));
        assert!(BUSY.is_quiet(Timestamp::from_millis(u64::MAX)));
        assert!(!Availability::Invisible.is_quiet(NOW));
        assert_eq!(Availability::Invisible.until(), None);
    }

    #[test]
    fn each_kind_has_a_name_and_comes_back() {
        for kind in AvailabilityKind::ALL {
            let wire = serde_json::to_string(&kind).unwrap();
            assert_eq!(wire, format!("\"{}\"", kind.name()));
            assert_eq!(AvailabilityKind::from(kind.until(Some(LATER))), kind);
        }
        assert_eq!(AvailabilityKind::Busy.until(Some(LATER)), SOON);
    }
}
