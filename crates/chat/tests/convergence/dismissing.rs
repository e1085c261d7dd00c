//! People delete for themselves alone, and show again what they have deleted.

use client::Input;
use protocol::{ConversationId, Dismissal, SavedPlace, Seq, Thread};

use crate::world::World;

impl World {
    /// Deletes a message on screen for the user alone, or everything up to it, or shows one
    /// again. It may be none, or not theirs to read.
    pub(crate) fn dismiss(&mut self, device: usize, conversation: ConversationId) {
        let dismissal = match self.below(20) {
            0 | 1 => Dismissal::ThisAndBefore,
            2..8 => Dismissal::Show,
            _ => Dismissal::This,
        };
        let seq = match dismissal {
            Dismissal::This | Dismissal::Show if self.chance(3) => Some(Seq(self.below(40) as u64)),
            Dismissal::Show => self.dismissed_place(device, conversation),
            _ => {
                let answers = self.chance(40);
                self.place_on_screen(device, conversation, answers)
            }
        };
        let Some(seq) = seq else {
            return;
        };
        match dismissal {
            Dismissal::This => self.tally.dismissed += 1,
            Dismissal::ThisAndBefore => self.tally.cleared += 1,
            Dismissal::Show => self.tally.shown_again += 1,
        }
        let place = SavedPlace { conversation, seq };
        self.say(|| {
            let name = &self.devices[device].name;
            format!("{name} dismisses {place:?}: {dismissal:?}")
        });
        self.devices[device].dismissed_in.insert(conversation);
        self.step(device, Input::Dismiss { place, dismissal });
    }

    /// A message or notice on screen, the newest most of all, or an answer in a thread.
    pub(crate) fn place_on_screen(
        &mut self,
        device: usize,
        id: ConversationId,
        answers: bool,
    ) -> Option<Seq> {
        let rows = self.devices[device].client.rows(id);
        let fits =
            rows.filter(|row| !answers || matches!(row.marks.thread, Some(Thread::Under(_))));
        let places: Vec<Seq> = fits.filter_map(|row| row.seq).collect();
        let back = self.below(6).min(self.below(places.len()));
        places.into_iter().rev().nth(back)
    }

    fn dismissed_place(&mut self, device: usize, conversation: ConversationId) -> Option<Seq> {
        let all = self.devices[device].dismissed_places(conversation);
        let at = self.below(all.len());
        all.into_iter().nth(at)
    }
}
