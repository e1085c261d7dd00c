//! Everybody scrolls through everything, and what they see is compared with what the server has.

use std::collections::{BTreeMap, BTreeSet};

use chat::{Chat, MemberRecord, Store as _};
use client::{Input, Newer, Older, Row};
use protocol::{
    ConversationId, ConversationSummary, Dismissed, Message, OwnProfile, Reminder, Seq, Timestamp,
    UserId,
};

use crate::checker::{Picture, Truth, View, complaints};
use crate::device::Device;
use crate::threading::ShownThread;
use crate::world::World;

/// What was on screen.
#[derive(Default)]
struct Shown {
    /// The rows of each conversation.
    rows: BTreeMap<ConversationId, Vec<Row>>,
    threads: Vec<ShownThread>,
}

impl World {
    pub(crate) fn compare(&mut self) -> Result<(), String> {
        let mut shown = Vec::new();
        for device in 0..self.devices.len() {
            shown.push(self.scroll(device)?);
        }
        let truths = self.truths();
        let views = self.devices.iter().zip(shown);
        let picture = Picture {
            asked_groups: self.asked_groups.clone(),
            truths,
            views: views.map(|(device, shown)| view(device, shown)).collect(),
            reminders: self.reminders(),
            profiles: self.profiles(),
        };
        self.compare_saved()?;
        self.compare_folders()?;
        let found = complaints(&picture);
        if found.is_empty() {
            Ok(())
        } else {
            Err(found.join("\n"))
        }
    }

    /// Opens every conversation and loads it up to its first message.
    fn scroll(&mut self, device: usize) -> Result<Shown, String> {
        let mut shown = Shown {
            threads: self.followed_threads(device),
            ..Shown::default()
        };
        for id in self.devices[device].client.list() {
            self.step(device, Input::Open(id));
            self.wait(0)?;
            // Of a long conversation the beginning is seen apart from the end, where it is not
            // seen already.
            if self.devices[device].client.newer(id) == Newer::AtNewest {
                let seq = Seq(4);
                let conversation = id;
                self.step(device, Input::GoTo { conversation, seq });
                self.wait(0)?;
            }
            let newer = self.devices[device].client.newer(id);
            self.tally.windows += u64::from(newer != Newer::AtNewest);
            let before: Vec<Row> = self.devices[device].client.shown(id).cloned().collect();
            self.step(device, Input::GoToNewest(id));
            self.wait(0)?;
            while self.devices[device].client.older(id) != Older::AtStart {
                let before = self.devices[device].client.rows(id).count();
                self.step(device, Input::LoadOlder(id));
                self.wait(0)?;
                let it = &self.devices[device];
                let stuck = it.client.rows(id).count() <= before;
                if stuck && it.client.older(id) != Older::AtStart {
                    return Err(format!("{} loads nothing older of {id}", it.name));
                }
            }
            let rows: Vec<Row> = self.devices[device].client.rows(id).cloned().collect();
            // What is further back has changed as everything else.
            if let Some(other) = before.iter().find(|row| !rows.contains(row)) {
                let name = &self.devices[device].name;
                return Err(format!("{name} has shown another row in {id}: {other:?}"));
            }
            shown.rows.insert(id, rows);
            shown.threads.extend(self.look_at_threads(device, id)?);
        }
        Ok(shown)
    }

    /// What each member of each conversation reads back.
    fn truths(&mut self) -> Vec<Truth> {
        for device in 0..self.devices.len() {
            self.renew(device).unwrap();
        }
        let mut drafts = self.drafts();
        let mut truths = Vec::new();
        for id in self.all_conversations() {
            let members = self.call(async |_, _| self.store.members(id).await);
            let records = members.unwrap().unwrap();
            let members: BTreeSet<UserId> = records.iter().map(|member| member.user).collect();
            for record in records {
                let reader = record.user;
                let device = self.devices.iter().find(|device| device.me == reader);
                let token = &device.unwrap().signed_in.access_token;
                let read = self.call(async |chat, now| read_back(chat, token, id, now).await);
                let (history, summary) = read.unwrap();
                let mut devices = self.devices.iter().filter(|device| device.me == reader);
                truths.push(Truth {
                    conversation: id,
                    members: members.clone(),
                    reader,
                    after: record.joined_after,
                    history,
                    summary,
                    dismissed: dismissed(&record),
                    has_dismissed: devices.any(|device| device.dismissed_in.contains(&id)),
                    draft: drafts.remove(&(reader, id)),
                });
            }
        }
        truths
    }

    /// The reminders of everybody.
    fn reminders(&self) -> BTreeMap<UserId, Vec<Reminder>> {
        let reminders = self.devices.iter().map(|device| {
            let token = &device.signed_in.access_token;
            let read = self.call(async |chat, now| {
                let actor = chat.authenticate(token, now).await.unwrap();
                chat.reminders(&actor).await.unwrap()
            });
            let reminders = read.unwrap().into_iter().map(|it| it.reminder);
            (device.me, reminders.collect())
        });
        reminders.collect()
    }

    /// What everybody says of themselves.
    fn profiles(&self) -> BTreeMap<UserId, OwnProfile> {
        let profiles = self.devices.iter().map(|device| {
            let token = &device.signed_in.access_token;
            let read = self.call(async |chat, now| {
                let actor = chat.authenticate(token, now).await.unwrap();
                chat.own_profile(&actor, now).await.unwrap()
            });
            (device.me, read.unwrap())
        });
        profiles.collect()
    }

    /// What everybody has begun to write.
    fn drafts(&self) -> BTreeMap<(UserId, ConversationId), String> {
        let mut drafts = BTreeMap::new();
        for device in &self.devices {
            let token = &device.signed_in.access_token;
            let read = self.call(async |chat, now| {
                let actor = chat.authenticate(token, now).await.unwrap();
                chat.drafts(&actor).await.unwrap()
            });
            drafts.extend(read.unwrap().into_iter().map(|kept| {
                let text = String::from(kept.draft.text);
                ((device.me, kept.conversation), text)
            }));
        }
        drafts
    }

    /// Every conversation that is stored, known to anybody or not.
    fn all_conversations(&self) -> BTreeSet<ConversationId> {
        let mut all = self.conversations.clone();
        for user in &self.people {
            let of_user = self.call(async |_, _| self.store.conversations_of(*user, 1_000).await);
            all.extend(of_user.unwrap().unwrap());
        }
        all
    }
}

async fn read_back(
    chat: &Chat,
    token: &str,
    id: ConversationId,
    now: Timestamp,
) -> (Vec<Message>, ConversationSummary) {
    let actor = chat.authenticate(token, now).await.unwrap();
    let summary = chat.conversation(&actor, id).await.unwrap();
    let mut history: Vec<Message> = Vec::new();
    let mut to = summary.last_seq;
    while to > Seq::ZERO {
        let page = chat.history(&actor, id, Seq(1), to).await.unwrap();
        let Some(first) = page.messages.first().map(|first| first.seq) else {
            break;
        };
        history.splice(0..0, page.messages);
        to = first.prev();
    }
    (history, summary)
}

fn dismissed(record: &MemberRecord) -> Dismissed {
    let dismissals = record.dismissals.as_ref();
    dismissals.map_or(Dismissed::NONE, |it| it.places.clone())
}

fn view(device: &Device, shown: Shown) -> View {
    let client = &device.client;
    let list = client.list();
    // What is in no list is known all the same.
    let known = device.disk.conversations.keys();
    View {
        device: device.name.clone(),
        user: device.me,
        rows: shown.rows,
        threads: shown.threads,
        dismissed: known
            .clone()
            .map(|id| (*id, device.dismissed_places(*id)))
            .collect(),
        reminders: client.reminders(),
        statuses: list
            .iter()
            .filter_map(|id| client.conversation(*id))
            .flat_map(|summary| summary.members.iter().map(|member| member.person.id))
            .chain([device.me])
            .filter_map(|user| Some((user, client.custom_status(user)?.clone())))
            .collect(),
        availability: client.availability(),
        drafts: known
            .filter_map(|id| Some((*id, client.draft_of(*id)?.text.clone())))
            .collect(),
        stored_drafts: device
            .disk
            .drafts
            .iter()
            .filter_map(|(id, saved)| Some((*id, saved.draft.as_ref()?.text.clone())))
            .collect(),
        list: list
            .iter()
            .map(|id| client.list_row(*id).unwrap())
            .collect(),
        unsent: client.unsent(),
        stored_outbox: device.disk.outbox.len() + device.disk.wishes(),
        stored: device.disk.messages.clone(),
        stored_list: device
            .disk
            .conversations
            .iter()
            .map(|(id, saved)| (*id, saved.summary.clone()))
            .collect(),
        written: device.written.clone(),
    }
}
