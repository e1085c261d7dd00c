//! People arrange conversations for themselves.

use client::Input;
use protocol::{Arrangement, ConversationId, FolderId, Mute, Seq};

use crate::world::World;

/// Longer than a schedule takes.
const LONG_MS: u64 = 30 * 24 * 60 * 60 * 1_000;

impl World {
    /// Mutes, archives, favours or marks a conversation or puts it into a folder, or no longer.
    pub(crate) fn arrange(&mut self, device: usize, conversation: ConversationId) {
        let on = self.chance(60);
        let change = match self.below(5) {
            0 => Arrangement::Favourite(on),
            1 => Arrangement::MarkUnread(on),
            2 => {
                let client = &self.devices[device].client;
                let last = client.conversation(conversation).map(|it| it.last_seq);
                Arrangement::Archive(on.then_some(last.unwrap_or(Seq::ZERO)))
            }
            3 => {
                let folder = u8::from(self.chance(50));
                Arrangement::Folder(on.then_some(FolderId::from_bytes([folder; 16])))
            }
            _ => {
                let long = Mute::Until(self.now.plus_millis(LONG_MS));
                let ways = [Mute::Off, Mute::Always, Mute::ExceptMentions, long];
                Arrangement::Mute(ways[self.below(ways.len())])
            }
        };
        self.tally.arranged += 1;
        self.say(|| {
            let name = &self.devices[device].name;
            format!("{name} arranges {conversation}: {change:?}")
        });
        let input = Input::Arrange {
            conversation,
            change,
        };
        self.step(device, input);
    }
}
