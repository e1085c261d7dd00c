//! How the account wants to be there, and who of its peers is, with what they say of themselves.

use std::collections::BTreeSet;
use std::sync::Arc;

use protocol::{Availability, ServerFrame, UserId};

use super::{Ended, Resume};
use crate::hub::{PRESENCE_ROOM, Room};

impl Resume<'_> {
    /// Counts the account as there in its rooms, and says to it how it wants to be there and what
    /// it says of itself. Returns of which peers there is something to say.
    pub(super) async fn standing(&self, rooms: Vec<Arc<Room>>) -> Result<Vec<UserId>, Ended> {
        let (engine, user) = (self.engine, self.line.user);
        let small = rooms
            .iter()
            .filter(|room| room.members.len() <= PRESENCE_ROOM);
        let members: BTreeSet<UserId> = small.flat_map(|room| room.members.to_vec()).collect();
        let members: Vec<UserId> = members.into_iter().collect();
        engine.learn_statuses(&members).await?;
        self.line.room_for(self.hello, 2).await?;
        // Whoever changes it meanwhile does so after it is known that they are there.
        let _turn = engine.arranging.turn(user).await;
        let own = engine.stored_profile(user).await?.at(self.now);
        let peers = engine.hub.arrive(self.line, rooms, own.availability);
        let mut frames = Vec::new();
        if own.availability != Availability::Automatic {
            let availability = own.availability;
            frames.push(ServerFrame::Availability { availability });
        }
        if let status @ Some(_) = own.status {
            frames.push(ServerFrame::Status { user, status });
        }
        for frame in frames {
            self.line.say(self.hello, self.encode(&frame))?;
            engine.hub.count_delivered(1);
        }
        Ok(peers)
    }
}
