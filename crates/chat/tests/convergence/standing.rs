//! People say something of themselves for a while, and how they want to be there.

use protocol::{Availability, CustomStatus, StatusText};

use crate::world::World;

impl World {
    /// The user says something else of themselves, or wants to be there in another way, as a
    /// page does it: outside the socket. They may have to be told that it failed.
    pub(crate) fn stand(&mut self, device: usize) {
        let text = StatusText::parse(&format!("busy with {}", self.below(100))).unwrap();
        let status = CustomStatus::new(None, Some(text), None).ok();
        let status = status.filter(|_| self.chance(70));
        let busy = Availability::Busy { until: None };
        let ways = [Availability::Automatic, busy, Availability::Invisible];
        let availability = ways[self.below(ways.len())];
        let says = self.chance(60);
        // Who has no connection is told to nobody: the others hear of it when they come anew.
        if !self.is_there(device) {
            return;
        }
        self.tally.statuses += 1;
        let token = self.devices[device].signed_in.access_token.clone();
        let call = self.call(async |chat, now| {
            let actor = chat.authenticate(&token, now).await?;
            if says {
                chat.set_status(&actor, status, now).await
            } else {
                chat.set_availability(&actor, availability, now).await
            }
        });
        self.say(|| format!("{} stands otherwise: {call:?}", self.devices[device].name));
    }

    /// Whether the server and the device know of each other.
    fn is_there(&self, device: usize) -> bool {
        let it = &self.devices[device];
        let is_registered = it.link.as_ref().is_some_and(|link| link.registered);
        it.client.is_live() && is_registered && self.server.is_some()
    }
}
