//! What people do beside writing: they change messages and manage groups. Mostly what they may,
//! as far as their device knows.

use protocol::permission::{Action, permit};
use protocol::{
    Content, ConversationId, ConversationKind, ConversationSummary, GroupSettings, Intent, Role,
    Seq, SlowMode, UserId,
};

use crate::device::Fate;
use crate::world::World;

const EMOJI: [&str; 3] = ["👍", "🎉", "❤️"];

/// Of 100, how often somebody asks for what they may not do.
const BOLD: usize = 6;

/// A message that can be changed, as a device shows it.
pub(crate) struct Target {
    pub(crate) seq: Seq,
    own: bool,
}

impl World {
    /// The user changes something, if there is something that they can change.
    pub(crate) fn alter(&mut self, device: usize, id: ConversationId) {
        let Some(summary) = self.devices[device].client.conversation(id).cloned() else {
            return;
        };
        let intent = if summary.kind == ConversationKind::Group && self.chance(45) {
            self.management(device, &summary)
        } else if self.chance(20) {
            self.polling(device, &summary)
        } else if self.chance(25) {
            self.answer(device, &summary)
        } else {
            self.change(device, &summary)
        };
        if let Some(intent) = intent {
            let send_id = self.fresh_send_id();
            self.ask(device, id, send_id, intent);
        }
    }

    pub(crate) fn may(
        &mut self,
        device: usize,
        summary: &ConversationSummary,
        action: Action,
    ) -> bool {
        let me = self.devices[device].me;
        let own = summary.members.iter().find(|m| m.person.id == me);
        let role = own.map(|member| member.role);
        permit(summary.kind, summary.settings, role, action).is_ok() || self.chance(BOLD)
    }

    fn change(&mut self, device: usize, summary: &ConversationSummary) -> Option<Intent> {
        let Target { seq, own } = self.target(device, summary.id)?;
        let (action, intent) = match self.below(10) {
            0..3 => {
                let number = self.devices[device].written.len();
                let text = format!("edited as number {number}{}", self.address(summary));
                (Action::EditOwn, Intent::Edit { target: seq, text })
            }
            3 => {
                let action = if own {
                    Action::DeleteOwn
                } else {
                    Action::DeleteOthers
                };
                (action, Intent::Delete { target: seq })
            }
            4..8 => {
                let emoji = EMOJI[self.below(EMOJI.len())].to_owned();
                let on = self.chance(70);
                let target = seq;
                (Action::React, Intent::React { target, emoji, on })
            }
            8 if self.chance(40) => {
                let text = "handed on, @all".to_owned();
                (Action::Send, Intent::Forward { text })
            }
            8 => {
                let text = "an answer".to_owned();
                let reply_to = Some(seq);
                (Action::Send, Intent::Text { text, reply_to })
            }
            _ => {
                let on = self.chance(60);
                (Action::Pin, Intent::Pin { target: seq, on })
            }
        };
        let fits = own || action != Action::EditOwn || self.chance(BOLD);
        if !fits || !self.may(device, summary, action) {
            return None;
        }
        self.tally.changes += 1;
        Some(intent)
    }

    /// Nobody, somebody who is in the conversation, or all of them.
    pub(crate) fn address(&mut self, summary: &ConversationSummary) -> String {
        let someone = self.below(summary.members.len());
        match (self.below(4), summary.members.get(someone)) {
            (0, Some(member)) => format!(", @{}", member.person.username),
            (1, _) => ", @all".to_owned(),
            _ => String::new(),
        }
    }

    /// A message on screen; now and then a place that is none.
    pub(crate) fn target(&mut self, device: usize, id: ConversationId) -> Option<Target> {
        if self.chance(2) {
            let seq = Seq(self.below(40) as u64);
            return Some(Target { seq, own: false });
        }
        let it = &self.devices[device];
        let texts: Vec<Target> = it
            .client
            .rows(id)
            .filter(|row| matches!(row.content, Content::Text(_)))
            .filter_map(|row| {
                Some(Target {
                    seq: row.seq?,
                    own: row.key.author == it.me,
                })
            })
            .collect();
        // The newest most of all.
        let back = self.below(8).min(self.below(texts.len()));
        texts.into_iter().rev().nth(back)
    }

    fn management(&mut self, device: usize, summary: &ConversationSummary) -> Option<Intent> {
        let me = self.devices[device].me;
        let founder = self.store.first_author(summary.id);
        let user = self.below(self.people.len());
        let user = self.people[user];
        let role_of = |user: UserId| {
            let member = summary.members.iter().find(|m| m.person.id == user);
            member.map_or(Role::Member, |member| member.role)
        };
        let (action, intent) = match self.below(13) {
            12 => {
                let ways = [SlowMode::Off, SlowMode::Off, SlowMode::TenSeconds];
                let slow_mode = ways[self.below(ways.len())];
                self.tally.slowed += u64::from(slow_mode != SlowMode::Off);
                (Action::Configure, Intent::SlowMode { slow_mode })
            }
            0 | 1 => {
                let title = format!("name {}", self.below(1_000));
                (Action::Rename, Intent::Rename { title })
            }
            2 => {
                let description = ["", "about chai"][self.below(2)].to_owned();
                (Action::Rename, Intent::Describe { description })
            }
            3 => {
                let settings = GroupSettings {
                    announcements_only: self.chance(20),
                    history_for_new: self.chance(50),
                };
                (Action::Configure, Intent::Configure { settings })
            }
            4..7 => (Action::Add, Intent::Add { users: vec![user] }),
            7 | 8 => (Action::Remove(role_of(user)), Intent::Remove { user }),
            9 => (Action::Leave, Intent::Leave),
            _ => {
                let role = [Role::Member, Role::Admin, Role::Owner][self.below(3)];
                (
                    Action::SetRole(role_of(user), role),
                    Intent::SetRole { user, role },
                )
            }
        };
        // Whoever made it stays, so that somebody can read everything back.
        let ends_it = match intent {
            Intent::Leave => Some(me) == founder,
            Intent::Remove { user } => Some(user) == founder,
            _ => false,
        };
        if ends_it || !self.may(device, summary, action) {
            return None;
        }
        self.tally.managed += 1;
        Some(intent)
    }

    /// What was refused for good is put aside.
    pub(crate) fn put_aside(&mut self, device: usize) {
        for (send_id, fate) in self.devices[device].refusals() {
            self.say(|| format!("{send_id} is put aside: {fate:?}"));
            self.tally.refused += 1;
            let it = &mut self.devices[device];
            it.decide(send_id, Fate::Saved, fate);
            it.decide(send_id, Fate::Unsaved, fate);
            self.step(device, client::Input::Discard { send_id });
        }
    }
}
