//! People whom somebody asks with whom they share nothing accept that.

use client::Input;
use protocol::{ConversationId, Intent};

use crate::world::World;

impl World {
    /// The user accepts what the other one asks, or answers nothing for now and looks at it.
    pub(crate) fn accept(&mut self, device: usize, id: ConversationId) {
        let it = &self.devices[device];
        let request = it.client.request(id);
        if !request.is_some_and(|request| request.is_to(it.me)) {
            return;
        }
        if self.chance(30) {
            return self.step(device, Input::Open(id));
        }
        self.tally.accepted += 1;
        let send_id = self.fresh_send_id();
        self.ask(device, id, send_id, Intent::Accept);
    }
}
