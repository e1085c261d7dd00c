//! People want to be reminded of messages, and are.

use client::Input;
use protocol::{ConversationId, SavedPlace};

use crate::world::World;

/// Later than any schedule ends.
const LATER_MS: u64 = 7 * 24 * 60 * 60 * 1_000;

impl World {
    /// Sets a reminder of a message on screen, moves it, or puts one aside.
    pub(crate) fn remind(&mut self, device: usize, conversation: ConversationId) {
        let reminders = self.devices[device].client.reminders();
        let at = self.below(reminders.len());
        let again = reminders.get(at).map(|it| it.place);
        let place = match again.filter(|_| self.chance(50)) {
            Some(place) => place,
            None => {
                let Some(seq) = self.place_on_screen(device, conversation, false) else {
                    return;
                };
                SavedPlace { conversation, seq }
            }
        };
        let delay = [0, 300, 3_000, LATER_MS][self.below(4)];
        let at = self.now.plus_millis(delay);
        let at = (!self.chance(25)).then_some(at);
        self.tally.reminders += 1;
        self.say(|| {
            let name = &self.devices[device].name;
            format!("{name} is to be reminded of {place:?} at {at:?}")
        });
        self.step(device, Input::Remind { place, at });
    }
}
