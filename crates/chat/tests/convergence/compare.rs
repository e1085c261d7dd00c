//! Everybody scrolls through everything, and what they see is compared with what the server has.

use std::collections::{BTreeMap, BTreeSet};

use chat::{Chat, Store as _};
use client::{Input, Newer, Older, Row};
use protocol::{ConversationId, ConversationSummary, Message, Seq, Timestamp, UserId};

use crate::checker::{Picture, Truth, View, complaints};
use crate::device::Device;
use crate::world::World;

/// The rows of each conversation when it was on screen.
type Shown = BTreeMap<ConversationId, Vec<Row>>;

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
            views: views.map(|(device, rows)| view(device, rows)).collect(),
        };
        self.compare_saved()?;
        self.compare_drafts()?;
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
        let mut shown = Shown::new();
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
            shown.insert(id, rows);
        }
        Ok(shown)
    }

    /// What each member of each conversation reads back.
    fn truths(&mut self) -> Vec<Truth> {
        for device in 0..self.devices.len() {
            self.renew(device).unwrap();
        }
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
                truths.push(Truth {
                    conversation: id,
                    members: members.clone(),
                    reader,
                    after: record.joined_after,
                    history,
                    summary,
                });
            }
        }
        truths
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

fn view(device: &Device, rows: Shown) -> View {
    let client = &device.client;
    let list = client.list();
    View {
        device: device.name.clone(),
        user: device.me,
        rows,
        list: list
            .iter()
            .map(|id| client.list_row(*id).unwrap())
            .collect(),
        unsent: client.unsent(),
        stored_outbox: device.disk.outbox.len()
            + device.disk.arrangements.len()
            + device.disk.folder_wishes.len()
            + device.disk.saved.len(),
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
