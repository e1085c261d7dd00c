//! What people say of themselves for a while, and how they want to be there for others.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use protocol::{Availability, CustomStatus, ServerFrame, Timestamp, UserId};

use super::learned::Learned;
use super::{Hub, Line, State};

/// What each says of themselves, which may be over.
pub(crate) type Statuses = Learned<Option<Arc<CustomStatus>>>;

impl State {
    /// Looks again whether somebody is active on one of an account's connections.
    pub(super) fn note_activity(&mut self, user: UserId) {
        let active = self.registry.lines(user).any(|line| line.is_active());
        self.people.note(user, active);
    }
}

impl Hub {
    /// What is over by this moment of the server's clock is not said any more.
    pub(crate) fn pass_time(&self, now: Timestamp) {
        self.now.store(now.millis(), Ordering::Relaxed);
    }

    /// The frame that says what somebody says of themselves, if they do.
    pub(super) fn status_of(&self, user: UserId) -> Option<ServerFrame> {
        let now = Timestamp::from_millis(self.now.load(Ordering::Relaxed));
        let status = self.statuses.of(user)??;
        (!status.is_over(now)).then(|| ServerFrame::Status {
            user,
            status: Some((*status).clone()),
        })
    }

    /// Somebody says this from now on; `None` if that is to be read again. Nothing that was
    /// decided before is sent after it.
    pub(crate) fn set_status(&self, user: UserId, status: Option<Option<Arc<CustomStatus>>>) {
        let _no_delivery = self.state.write();
        self.statuses.put(user, status);
    }

    /// Tells all of an account's own connections, and its peers, what it says of itself.
    pub(crate) fn tell_status(&self, user: UserId, status: Option<CustomStatus>) {
        let mut delivery = self.delivery();
        let mut others = delivery.people().peers(user);
        self.apart.hide(user, &mut others);
        others.push(user);
        delivery.notices(&others, &ServerFrame::Status { user, status });
    }

    /// An account wants to be there for others like this from now on.
    pub(crate) fn set_availability(
        &self,
        user: UserId,
        availability: Availability,
        now: Timestamp,
    ) {
        let steady = self.steady.time(now);
        let mut state = self.state.write();
        state.people.choose(user, availability, steady);
        drop(state);
        self.tell(user, &ServerFrame::Availability { availability });
    }

    /// Whether somebody is active at a device, as it says.
    pub(crate) fn set_active(&self, line: &Line, active: bool) {
        let mut state = self.state.write();
        line.set_active(active);
        state.note_activity(line.user);
    }
}
