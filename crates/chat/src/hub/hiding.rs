//! Who hides what from others, and what follows from it for two of them: the one rule by which
//! anything that somebody can hide leaves the server.

use std::sync::atomic::Ordering;

use protocol::{Presence, Privacy, PrivacyField, ServerFrame, UserId};

use super::Hub;
use super::learned::Learned;

/// What becomes of something of one account when another looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Showing {
    /// It is shown.
    Shown,
    /// It is hidden, and what was shown of it before is to go.
    Hidden,
    /// Nothing is said of it.
    Nothing,
}

/// Decides that, for whoever looks and whom they look at. Of whom it is not known what they hide
/// counts as one who hides it.
pub(crate) fn showing(
    what: PrivacyField,
    (viewer, other): (Option<Privacy>, Option<Privacy>),
    apart: bool,
) -> Showing {
    let hides = |privacy: Option<Privacy>| privacy.is_none_or(|it| it.hides(what));
    if apart || hides(viewer) {
        Showing::Nothing
    } else if hides(other) {
        Showing::Hidden
    } else {
        Showing::Shown
    }
}

/// What accounts hide.
pub(crate) type Hiding = Learned<Privacy>;

impl Hiding {
    /// Leaves those to whom something of somebody is shown, as something of theirs is to them.
    fn keep(&self, what: PrivacyField, user: UserId, others: &mut Vec<UserId>) {
        self.retain(user, others, |other, own| {
            showing(what, (other.copied(), own.copied()), false) == Showing::Shown
        });
    }
}

impl Hub {
    /// What becomes of something of `other` when `viewer` looks.
    pub(crate) fn showing(&self, what: PrivacyField, viewer: UserId, other: UserId) -> Showing {
        let privacies = (self.hiding.of(viewer), self.hiding.of(other));
        showing(what, privacies, self.apart.keeps(viewer, other))
    }

    /// Leaves those to whom something of somebody is shown, as something of theirs is to them.
    pub(crate) fn keep(&self, what: PrivacyField, user: UserId, others: &mut Vec<UserId>) {
        self.apart.hide(user, others);
        self.hiding.keep(what, user, others);
    }

    /// Somebody hides this from now on; `None` if that is to be read again. Nothing that was
    /// decided before is sent after it.
    pub(crate) fn set_hiding(&self, user: UserId, privacy: Option<Privacy>) {
        let _no_delivery = self.state.write();
        self.hiding.put(user, privacy);
    }

    /// Somebody hides their presence from now on, or no longer: their peers are told.
    pub(crate) fn retell_presence(&self, user: UserId, hides: bool) {
        let mut delivery = self.delivery();
        let (wanted, presence) = if hides {
            (Showing::Hidden, Presence::Offline { since: None })
        } else if let Some(presence) = delivery.people().shown(user) {
            (Showing::Shown, presence)
        } else {
            return;
        };
        let frame = ServerFrame::Presence { user, presence };
        let mut peers = delivery.people().peers(user);
        peers.retain(|peer| self.showing(PrivacyField::Presence, *peer, user) == wanted);
        delivery.notices(&peers, &frame);
    }

    /// All connections of an account are to say `Hello` again.
    pub(crate) fn resync(&self, user: UserId) {
        let state = self.state.read();
        let told = state.registry.lines(user).filter(|line| line.resync());
        let told = told.count() as u64;
        drop(state);
        self.resyncs.fetch_add(told, Ordering::Relaxed);
    }

    /// Forgets what those hide and say who are not connected, if that is too much.
    pub(crate) fn forget_hiding(&self) {
        let state = self.state.read();
        let is_there = |user| {
            state.people.shown(user).is_some() || state.registry.lines(user).next().is_some()
        };
        self.hiding.forget(is_there);
        self.statuses.forget(is_there);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(n: u8) -> UserId {
        UserId::from_bytes([n; 16])
    }

    #[test]
    fn whoever_hides_something_sees_it_of_nobody() {
        let open = Some(Privacy::default());
        let (reading, presence) = (PrivacyField::Reading, PrivacyField::Presence);
        for (what, another) in [(reading, presence), (presence, reading)] {
            let hidden = Some(Privacy::default().with(what, true));
            let elsewhere = Some(Privacy::default().with(another, true));
            for (viewer, other, apart, expected) in [
                (open, open, false, Showing::Shown),
                (open, elsewhere, false, Showing::Shown),
                (elsewhere, open, false, Showing::Shown),
                (open, hidden, false, Showing::Hidden),
                (open, None, false, Showing::Hidden),
                (hidden, open, false, Showing::Nothing),
                (hidden, hidden, false, Showing::Nothing),
                (None, open, false, Showing::Nothing),
                (None, None, false, Showing::Nothing),
                (open, open, true, Showing::Nothing),
                (open, hidden, true, Showing::Nothing),
                (hidden, open, true, Showing::Nothing),
            ] {
                let decided = showing(what, (viewer, other), apart);
                assert_eq!(decided, expected, "{what:?} {viewer:?} {other:?} {apart}");
            }
        }
    }

    #[test]
    fn what_was_read_before_a_change_is_not_taken_after_it() {
        let hiding = Hiding::default();
        let hides = Privacy::default().with(PrivacyField::Reading, true);
        let (unknown, as_of) = hiding.unknown(&[user(2), user(1), user(2)]);
        assert_eq!(unknown, [user(1), user(2)]);
        hiding.put(user(1), Some(hides));
        let read = || [(user(1), Privacy::default())].into_iter();
        assert!(!hiding.learn(read(), as_of));
        assert_eq!(hiding.of(user(1)), Some(hides));
        hiding.put(user(1), None);
        let (unknown, as_of) = hiding.unknown(&[user(1)]);
        assert_eq!(unknown, [user(1)]);
        assert!(hiding.learn(read(), as_of));
        assert_eq!(hiding.of(user(1)), Some(Privacy::default()));
    }

    #[test]
    fn those_are_kept_who_hide_nothing_from_each_other() {
        let hiding = Hiding::default();
        let hides = Privacy::default().with(PrivacyField::Reading, true);
        for (n, privacy) in [(1, Privacy::default()), (2, hides), (3, Privacy::default())] {
            hiding.put(user(n), Some(privacy));
        }
        let kept = |what, n| {
            let mut others = vec![user(1), user(2), user(3), user(4)];
            others.retain(|other| *other != user(n));
            hiding.keep(what, user(n), &mut others);
            others
        };
        assert_eq!(kept(PrivacyField::Reading, 1), [user(3)]);
        assert_eq!(kept(PrivacyField::Reading, 2), []);
        assert_eq!(kept(PrivacyField::Presence, 2), [user(1), user(3)]);
        assert_eq!(
            kept(PrivacyField::Presence, 4),
            [],
            "nothing is known of it"
        );
    }
}
