//! Polls are asked, voted in and closed from all sides.

use protocol::permission::Action;
use protocol::{Choices, Content, ConversationSummary, Intent, Lifetime, Seq};

use crate::world::World;

const ANSWERS: usize = 3;

impl World {
    /// Something about a poll that the device shows, or a new one.
    pub(crate) fn polling(
        &mut self,
        device: usize,
        summary: &ConversationSummary,
    ) -> Option<Intent> {
        let (action, intent) = match self.asked(device, summary) {
            Some((target, _)) if self.chance(80) => {
                let all = 1_usize << ANSWERS;
                let choices = Choices(u16::try_from(self.below(all)).unwrap());
                self.tally.votes += 1;
                (Action::Vote, Intent::Vote { target, choices })
            }
            Some((target, own)) if self.chance(40) => {
                let action = if own {
                    Action::CloseOwn
                } else {
                    Action::CloseOthers
                };
                (action, Intent::ClosePoll { target })
            }
            _ => (Action::Send, self.poll(device)),
        };
        self.may(device, summary, action).then_some(intent)
    }

    fn poll(&mut self, device: usize) -> Intent {
        let number = self.devices[device].written.len();
        Intent::Poll {
            question: format!("question {number} of {}", self.devices[device].name),
            answers: (0..ANSWERS).map(|n| format!("answer {n}")).collect(),
            several: self.chance(70),
            anonymous: self.chance(50),
            lifetime: [Lifetime::Hour, Lifetime::Forever][self.below(2)],
        }
    }

    /// A poll on screen, the newest most of all, and whether it is the user's own.
    fn asked(&mut self, device: usize, summary: &ConversationSummary) -> Option<(Seq, bool)> {
        let it = &self.devices[device];
        let rows = it.client.rows(summary.id);
        let polls = rows.filter(|row| matches!(row.content, Content::Poll(_)));
        let polls: Vec<_> = polls
            .filter_map(|row| Some((row.seq?, row.key.author == it.me)))
            .collect();
        let back = self.below(3).min(self.below(polls.len()));
        polls.into_iter().rev().nth(back)
    }
}
