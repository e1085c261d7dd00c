//! What must hold when everything has settled. Works on plain data, so that it can be shown
//! to find faults.

use std::collections::{BTreeMap, BTreeSet};

use client::{Delivery, ListRow, Row};
use protocol::{Content, ConversationId, ConversationSummary, Message, SendId, Seq, UserId};

use crate::device::{Fate, Written};

/// Everything that is compared.
#[derive(Debug, Clone, Default)]
pub(crate) struct Picture {
    pub(crate) truths: Vec<Truth>,
    pub(crate) views: Vec<View>,
}

/// A conversation as the server has it.
#[derive(Debug, Clone)]
pub(crate) struct Truth {
    pub(crate) conversation: ConversationId,
    pub(crate) members: BTreeSet<UserId>,
    /// Read back by one member; [`Picture`] holds one truth for each.
    pub(crate) reader: UserId,
    pub(crate) history: Vec<Message>,
    /// What the reader's list says.
    pub(crate) summary: ConversationSummary,
}

impl Truth {
    /// A row of the reader's list with the cursor moved past own messages that follow it:
    /// they are never unread, so whether they count as read makes no difference. How far the
    /// others have read is told as it happens and not to whoever was away.
    fn settled(&self, summary: &ConversationSummary) -> ConversationSummary {
        let mut summary = summary.clone();
        for member in &mut summary.members {
            member.read_seq = Seq::ZERO;
        }
        while let Some(message) = self
            .history
            .iter()
            .find(|it| it.seq == summary.read_seq.next())
            && message.author == self.reader
        {
            summary.read_seq = message.seq;
        }
        summary
    }
}

/// What one device shows, stores and has written.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) device: String,
    pub(crate) user: UserId,
    pub(crate) rows: BTreeMap<ConversationId, Vec<Row>>,
    /// In the order of the list.
    pub(crate) list: Vec<ListRow>,
    pub(crate) unsent: usize,
    pub(crate) stored_outbox: usize,
    pub(crate) stored: BTreeMap<(ConversationId, Seq), Message>,
    pub(crate) stored_list: BTreeMap<ConversationId, ConversationSummary>,
    pub(crate) written: Vec<Written>,
}

/// What does not hold.
pub(crate) fn complaints(picture: &Picture) -> Vec<String> {
    let mut found = Vec::new();
    for truth in &picture.truths {
        check_history(truth, picture, &mut found);
        check_summary(truth, &mut found);
    }
    for view in &picture.views {
        check_written(view, picture, &mut found);
        check_view(view, picture, &mut found);
    }
    found
}

fn key(message: &Message) -> (UserId, SendId) {
    (message.author, message.send_id)
}

fn text(content: &Content) -> &str {
    content.body().map_or("", |body| body.as_str())
}

/// Dense, nothing twice, nothing that nobody wrote, the same for every member.
fn check_history(truth: &Truth, picture: &Picture, found: &mut Vec<String>) {
    let id = truth.conversation;
    let dense = (1..).map(Seq).zip(&truth.history);
    if let Some((seq, message)) = dense.into_iter().find(|(seq, it)| *seq != it.seq) {
        found.push(format!("{id}: {} where {seq} belongs", message.seq));
    }
    let mut keys = BTreeSet::new();
    for message in &truth.history {
        if !keys.insert(key(message)) {
            found.push(format!("{id}: {} is there twice", message.send_id));
        }
        let author = picture.views.iter().find(|view| {
            let mut written = view.written.iter();
            view.user == message.author
                && written.any(|it| it.send_id == message.send_id && it.conversation == id)
        });
        if author.is_none() || !truth.members.contains(&message.author) {
            found.push(format!("{id}: nobody wrote {}", message.send_id));
        }
    }
    let differs = picture
        .truths
        .iter()
        .any(|other| other.conversation == id && other.history != truth.history);
    if differs {
        found.push(format!("{id}: its members read different histories"));
    }
}

/// The list says what follows from the history and the cursor.
fn check_summary(truth: &Truth, found: &mut Vec<String>) {
    let summary = &truth.summary;
    let read = summary.read_seq;
    let unread = truth
        .history
        .iter()
        .filter(|it| it.seq > read && it.author != truth.reader);
    let unread = u32::try_from(unread.count()).unwrap();
    let last = truth.history.last();
    let agrees = summary.unread == unread
        && summary.last_message.as_ref() == last
        && summary.last_seq == last.map_or(Seq::ZERO, |it| it.seq)
        && summary.read_seq <= summary.last_seq;
    if !agrees {
        found.push(format!(
            "{}: the list of {} says {} unread after {read} of {}, history says {unread} of {:?}",
            truth.conversation,
            truth.reader,
            summary.unread,
            summary.last_seq,
            last.map(|it| it.seq),
        ));
    }
}

/// Each message of a device is stored as often as it should be, as it was written, and those
/// of one conversation in the order of writing.
fn check_written(view: &View, picture: &Picture, found: &mut Vec<String>) {
    let mut places: BTreeMap<ConversationId, Seq> = BTreeMap::new();
    for written in &view.written {
        let truth = picture
            .truths
            .iter()
            .find(|truth| truth.conversation == written.conversation);
        let copy = truth.and_then(|truth| {
            let mut history = truth.history.iter();
            history.find(|it| key(it) == (view.user, written.send_id))
        });
        let (device, send_id, fate) = (&view.device, written.send_id, written.fate);
        let expected = match fate {
            Fate::Saved => copy.is_some(),
            Fate::Lost => copy.is_none(),
            Fate::Discarded => true,
            Fate::Unsaved => false,
        };
        if !expected {
            found.push(format!(
                "{device}: {send_id} is {fate:?}, stored: {}",
                copy.is_some()
            ));
        }
        let Some(copy) = copy else {
            continue;
        };
        if text(&copy.content) != written.text {
            found.push(format!("{device}: {send_id} says something else"));
        }
        // What was given up may have been overtaken.
        if fate == Fate::Saved {
            let before = places.insert(written.conversation, copy.seq);
            if before.is_some_and(|before| before > copy.seq) {
                found.push(format!(
                    "{device}: {send_id} at {} was overtaken by what was written later",
                    copy.seq
                ));
            }
        }
    }
}

/// A device shows what the server has.
fn check_view(view: &View, picture: &Picture, found: &mut Vec<String>) {
    let device = &view.device;
    if view.unsent > 0 || view.stored_outbox > 0 {
        found.push(format!(
            "{device}: {} unsent, {} in the stored outbox",
            view.unsent, view.stored_outbox
        ));
    }
    let own = |truth: &&Truth| truth.reader == view.user;
    for truth in picture.truths.iter().filter(own) {
        let id = truth.conversation;
        let rows = view.rows.get(&id).map_or(&[][..], Vec::as_slice);
        let shown: Vec<_> = rows
            .iter()
            .map(|row| (row.seq, row.key.author, row.key.send_id, text(&row.content)))
            .collect();
        let expected: Vec<_> = truth
            .history
            .iter()
            .map(|it| (Some(it.seq), it.author, it.send_id, text(&it.content)))
            .collect();
        if shown != expected {
            let at = shown.iter().zip(&expected).take_while(|(a, b)| a == b);
            found.push(format!(
                "{device}: {id} shows {} rows of {}, the same up to number {}",
                shown.len(),
                expected.len(),
                at.count()
            ));
        }
        let is_sent = |row: &Row| matches!(row.delivery, Delivery::Sent | Delivery::Read);
        if !rows.iter().all(is_sent) {
            found.push(format!("{device}: {id} has rows that are not sent"));
        }
        let stored = view.stored_list.get(&id).map(|it| truth.settled(it));
        if stored.as_ref() != Some(&truth.settled(&truth.summary)) {
            let stored = stored.as_ref().map(brief);
            let expected = brief(&truth.summary);
            found.push(format!("{device}: stores {stored:?}, is {expected}"));
        }
    }
    check_list(view, picture, found);
    for (place, message) in &view.stored {
        let truth = picture
            .truths
            .iter()
            .find(|truth| own(truth) && truth.conversation == place.0);
        let stored = truth.and_then(|truth| truth.history.iter().find(|it| it.seq == place.1));
        if stored != Some(message) {
            found.push(format!("{device}: stores {place:?} that is something else"));
        }
    }
}

fn check_list(view: &View, picture: &Picture, found: &mut Vec<String>) {
    let own: Vec<&Truth> = picture
        .truths
        .iter()
        .filter(|truth| truth.reader == view.user)
        .collect();
    let mut expected: Vec<ConversationSummary> = own
        .iter()
        .map(|truth| truth.settled(&truth.summary))
        .collect();
    expected.sort_by_key(|summary| (std::cmp::Reverse(summary.active_at()), summary.id));
    let shown: Vec<ConversationSummary> = view
        .list
        .iter()
        .map(|row| {
            let truth = own.iter().find(|it| it.conversation == row.summary.id);
            truth.map_or(row.summary.clone(), |it| it.settled(&row.summary))
        })
        .collect();
    if shown != expected {
        let device = &view.device;
        let [shown, expected] = [shown, expected].map(|list| {
            let list: Vec<String> = list.iter().map(brief).collect();
            list
        });
        found.push(format!(
            "{device}: the list shows {shown:#?}, is {expected:#?}"
        ));
    }
    let busy = |row: &&ListRow| row.unsent.is_some() || row.delivery == Some(Delivery::Sending);
    if let Some(row) = view.list.iter().find(busy) {
        let (device, id) = (&view.device, row.summary.id);
        found.push(format!(
            "{device}: {id} has a row in the list that is not sent"
        ));
    }
}

/// What matters of a row of the list, short enough to be read.
fn brief(summary: &ConversationSummary) -> String {
    let ConversationSummary {
        id,
        kind,
        members,
        last_seq,
        last_message,
        read_seq,
        unread,
        created_at,
        ..
    } = summary;
    let preview = last_message.as_ref().map(|it| (it.seq, it.send_id));
    format!(
        "{id} {kind:?} of {} at {}, last {last_seq} {preview:?}, read {read_seq}, unread {unread}",
        members.len(),
        created_at.millis(),
    )
}
