//! People save messages to look at them again.

use chat::Store as _;
use client::Input;
use protocol::{ConversationId, SavedPlace, Seq};

use crate::world::World;

/// Places that are looked at; no conversation of a schedule is longer.
const PLACES: u64 = 300;

impl World {
    /// Saves one of the newest messages, or no longer. It may be none, or not theirs to read.
    pub(crate) fn save_message(&mut self, device: usize, conversation: ConversationId) {
        let on = self.chance(60);
        let back = self.below(4) as u64;
        let newest = self.devices[device].client.newest(conversation);
        let seq = Seq(newest.0.saturating_sub(back));
        let place = SavedPlace { conversation, seq };
        self.tally.saved += 1;
        self.say(|| {
            let name = &self.devices[device].name;
            format!("{name} saves {place:?}: {on}")
        });
        self.step(device, Input::Save { place, on });
    }

    /// All devices show as saved what is stored.
    pub(crate) fn compare_saved(&self) -> Result<(), String> {
        for device in &self.devices {
            let all = self.call(async |_, _| self.store.saved().of(device.me).await);
            let all = all.unwrap().unwrap();
            for conversation in &self.conversations {
                for seq in (0..PLACES).map(Seq) {
                    let conversation = *conversation;
                    let place = SavedPlace { conversation, seq };
                    let stored = all.iter().any(|saved| saved.place == place);
                    if device.client.is_saved(conversation, seq) != stored {
                        let name = &device.name;
                        return Err(format!("{name}: {place:?} is saved: {stored}"));
                    }
                }
            }
        }
        Ok(())
    }
}
