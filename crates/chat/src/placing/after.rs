//! What goes with an entry, beside the log.

use protocol::{SendId, UserId};

use crate::command::Command;
use crate::store::{Expiry, ScheduledKey};

/// What is done beside the log when a send has its place.
pub(super) struct After {
    pub(super) link: Option<[u8; 32]>,
    pub(super) waited: Option<ScheduledKey>,
    pub(super) expired: Option<Expiry>,
}

impl After {
    pub(super) const fn of(author: UserId, id: SendId, command: &Command) -> Self {
        let (mut link, mut waited, mut expired) = (None, None, None);
        match command {
            Command::Join(hash) => link = Some(*hash),
            Command::Due(_, wake) => {
                let wake = *wake;
                waited = Some(ScheduledKey { author, id, wake });
            }
            Command::Expire(expiry) => expired = Some(*expiry),
            _ => {}
        }
        Self {
            link,
            waited,
            expired,
        }
    }
}
