//! What must hold when everything has settled. Works on plain data, so that it can be shown
//! to find faults.

use std::collections::{BTreeMap, BTreeSet};

use client::{Delivery, ListRow, Row, RowKey};
use markup::Mentioned;
use protocol::poll::NOBODY;
use protocol::{
    ChangeKind, Content, ConversationId, ConversationSummary, Intent, Message, Notice, SendId, Seq,
    Thread, Timestamp, UserId, Vote,
};

use crate::device::{Fate, Written};
use crate::world::AskedGroup;

/// Everything that is compared.
#[derive(Debug, Clone, Default)]
pub(crate) struct Picture {
    pub(crate) asked_groups: Vec<AskedGroup>,
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
    /// What comes after this place is theirs to read.
    pub(crate) after: Seq,
    pub(crate) history: Vec<Message>,
    /// What the reader's list says.
    pub(crate) summary: ConversationSummary,
}

impl Truth {
    /// A row of the reader's list with the cursor moved past what follows it and is never
    /// unread: own messages, changes and notices. So whether that counts as read makes no
    /// difference. How far the others have read, and their devices are, is told as it happens and not to whoever was
    /// away, and whoever came while a device was looking stands at the end there.
    fn settled(&self, summary: &ConversationSummary) -> ConversationSummary {
        let mut summary = summary.clone();
        for member in &mut summary.members {
            member.read_seq = Seq::ZERO;
            member.delivered_seq = Seq::ZERO;
        }
        summary.members.sort_by_key(|member| member.person.id);
        let quiet = |it: &&Message| it.author == self.reader || !it.content.counts();
        summary.read_seq = summary.read_seq.max(self.after);
        while let Some(message) = self.at(summary.read_seq.next()).filter(quiet) {
            summary.read_seq = message.seq;
        }
        summary
    }

    fn at(&self, seq: Seq) -> Option<&Message> {
        self.history.iter().find(|it| it.seq == seq)
    }

    /// What a screen shows: changes are no rows.
    fn shown(&self) -> impl DoubleEndedIterator<Item = &Message> {
        let history = self.history.iter();
        history.filter(|it| !matches!(it.content, Content::Change(_)))
    }

    /// A message as all later changes in this history make it.
    pub(crate) fn brought_up_to_date(&self, message: &Message) -> Message {
        let mut message = message.clone();
        for entry in &self.history {
            if let Content::Change(change) = &entry.content
                && change.target == message.seq
            {
                message.fold(entry.into(), &change.kind);
            }
            if entry.marks.thread == Some(Thread::Under(message.seq)) {
                message.answered(entry.into());
            }
        }
        message
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

/// Dense, nothing twice, nothing that nobody wrote, the same for every member.
fn check_history(truth: &Truth, picture: &Picture, found: &mut Vec<String>) {
    let id = truth.conversation;
    let dense = (truth.after.0 + 1..).map(Seq).zip(&truth.history);
    if let Some((seq, message)) = dense.into_iter().find(|(seq, it)| *seq != it.seq) {
        found.push(format!("{id}: {} where {seq} belongs", message.seq));
    }
    let mut keys = BTreeSet::new();
    for message in &truth.history {
        if !keys.insert(key(message)) {
            found.push(format!("{id}: {} is there twice", message.send_id));
        }
        if !is_written(message, picture) {
            found.push(format!("{id}: nobody wrote {}", message.send_id));
        }
    }
    let of_both = |truth: &Truth, after: Seq| -> Vec<Message> {
        let history = truth.history.iter().filter(|it| it.seq > after);
        let told = |message: Message| to_everybody(message).told_to(NOBODY, after);
        history.cloned().map(told).collect()
    };
    let differs = picture.truths.iter().any(|other| {
        let after = truth.after.max(other.after);
        other.conversation == id && of_both(other, after) != of_both(truth, after)
    });
    if differs {
        found.push(format!("{id}: its members read different histories"));
    }
    if truth.after == Seq::ZERO {
        check_members(truth, picture, found);
    }
}

/// What all members read of an entry. Who has voted is not for everybody.
fn to_everybody(mut message: Message) -> Message {
    match &mut message.content {
        Content::Poll(poll) if poll.anonymous => poll.ballots.clear(),
        Content::Change(change) => {
            if let ChangeKind::Vote(vote) = &mut change.kind {
                *vote = Vote::own(vote.choices);
                message.author = NOBODY;
            }
        }
        _ => {}
    }
    message
}

/// Whether somebody may have written it, as far as its reader is told.
fn is_of(message: &Message, user: UserId, send_id: SendId) -> bool {
    message.send_id == send_id && (message.author == user || message.author == NOBODY)
}

fn is_written(message: &Message, picture: &Picture) -> bool {
    if matches!(message.content, Content::Notice(Notice::Created { .. })) {
        return asked_for(message, picture).is_some();
    }
    picture.views.iter().any(|view| {
        let mut written = view.written.iter();
        written.any(|it| {
            is_of(message, view.user, it.send_id) && it.conversation == message.conversation
        })
    })
}

fn asked_for<'p>(created: &Message, picture: &'p Picture) -> Option<&'p AskedGroup> {
    let mut asked = picture.asked_groups.iter();
    asked.find(|it| (it.founder, it.send_id) == key(created))
}

/// Every author was a member when their entry got its place, and those who are left by the
/// entries are those who are in it.
fn check_members(truth: &Truth, picture: &Picture, found: &mut Vec<String>) {
    let id = truth.conversation;
    let first = truth.history.first();
    let asked = first.and_then(|first| asked_for(first, picture));
    let mut members = asked.map_or(truth.members.clone(), |asked| asked.members.clone());
    for entry in &truth.history {
        if matches!(entry.content, Content::Notice(Notice::Joined { .. })) {
            members.insert(entry.author);
        }
        if entry.author != NOBODY && !members.contains(&entry.author) {
            found.push(format!(
                "{id}: {} is of somebody who was not in it",
                entry.seq
            ));
        }
        match &entry.content {
            Content::Notice(Notice::Added { users }) => members.extend(users),
            Content::Notice(Notice::Removed { user }) => {
                members.remove(user);
            }
            Content::Notice(Notice::Left { .. }) => {
                members.remove(&entry.author);
            }
            _ => {}
        }
    }
    if members != truth.members {
        found.push(format!("{id}: its entries leave other members than it has"));
    }
}

/// The list says what follows from the history and the cursor.
fn check_summary(truth: &Truth, found: &mut Vec<String>) {
    let summary = &truth.summary;
    let read = summary.read_seq;
    let unread = truth
        .history
        .iter()
        .filter(|it| it.seq > read && it.author != truth.reader && it.content.counts());
    let me = summary.members.iter().find(|m| m.person.id == truth.reader);
    let mentions = unread.clone().filter(|it| {
        let whom = Mentioned::of(summary.kind, &it.content);
        me.is_some_and(|me| whom.includes(&me.person.username))
    });
    let mentions = u32::try_from(mentions.count()).unwrap();
    let unread = u32::try_from(unread.count()).unwrap();
    let last = truth.history.last();
    let members: BTreeSet<UserId> = summary.members.iter().map(|m| m.person.id).collect();
    let pinned: BTreeSet<Seq> = summary.pins.iter().copied().collect();
    let marked = truth.history.iter().filter(|it| it.marks.pinned);
    let agrees = summary.unread == unread
        && summary.mentions == mentions
        && summary.last_message.as_ref() == truth.shown().next_back()
        && summary.last_seq == last.map_or(Seq::ZERO, |it| it.seq)
        && summary.read_seq <= summary.last_seq
        && members == truth.members
        && usize::try_from(summary.member_count) == Ok(members.len())
        && pinned == marked.map(|it| it.seq).collect();
    if !agrees {
        found.push(format!(
            "{}: the list of {} says {} unread after {read} of {}, history says {unread} and {mentions} for them \
             of {:?}, or members, pins or preview are others: {}",
            truth.conversation,
            truth.reader,
            summary.unread,
            summary.last_seq,
            last.map(|it| it.seq),
            brief(summary),
        ));
    }
}

/// Each message of a device is stored as often as it should be, as it was written, and those
/// of one conversation in the order of writing.
fn check_written(view: &View, picture: &Picture, found: &mut Vec<String>) {
    let mut places: BTreeMap<ConversationId, Seq> = BTreeMap::new();
    for written in &view.written {
        // Whoever has been in it longest; what nobody who is left may read cannot be looked for.
        let of_it = picture.truths.iter();
        let of_it = of_it.filter(|truth| truth.conversation == written.conversation);
        let Some(truth) = of_it.min_by_key(|truth| truth.after) else {
            continue;
        };
        let mut history = truth.history.iter();
        let copy = history.find(|it| is_of(it, view.user, written.send_id));
        let (device, send_id, fate) = (&view.device, written.send_id, written.fate);
        let expected = match fate {
            // Whoever is gone already need not leave.
            Fate::Saved => {
                copy.is_some() || truth.after > Seq::ZERO || written.intent == Intent::Leave
            }
            Fate::Lost | Fate::Refused => copy.is_none(),
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
        if !says(copy, &written.intent) {
            found.push(format!("{device}: {send_id} says something else"));
        }
        // What was given up may have been overtaken, and what was refused at first.
        if fate == Fate::Saved && !written.tried_again {
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

/// Whether an entry is what was asked for, or what later ones have made of that.
fn says(entry: &Message, intent: &Intent) -> bool {
    let is_changed = entry.marks.edited_at.is_some() || entry.content == Content::Deleted;
    match (intent, &entry.content) {
        (Intent::Text { .. } | Intent::Forward { .. } | Intent::Poll { .. }, Content::Deleted) => {
            true
        }
        (Intent::Poll { question, .. }, Content::Poll(it)) => it.question.as_str() == question,
        (Intent::Forward { text }, Content::Text(it)) => it.forwarded && it.body.as_str() == text,
        (Intent::Text { text, reply_to }, Content::Text(it)) => {
            it.reply_to == *reply_to && (is_changed || it.body.as_str() == text)
        }
        (_, Content::Change(change)) => changes(change, intent),
        (_, Content::Notice(notice)) => tells(notice, intent),
        _ => false,
    }
}

fn changes(change: &protocol::Change, intent: &Intent) -> bool {
    let (target, is_it) = match (intent, &change.kind) {
        (Intent::Edit { target, text }, ChangeKind::Edit(body)) => (target, body.as_str() == text),
        (Intent::Edit { target, .. }, ChangeKind::Withdrawn)
        | (Intent::Delete { target }, ChangeKind::Delete) => (target, true),
        (
            Intent::React { target, emoji, on },
            ChangeKind::React {
                emoji: used,
                on: stands,
            },
        ) => (target, used.as_str() == emoji && on == stands),
        (Intent::Pin { target, on }, ChangeKind::Pin(stands)) => (target, on == stands),
        (Intent::Vote { target, choices }, ChangeKind::Vote(vote)) => {
            (target, *choices == vote.choices)
        }
        (Intent::ClosePoll { target }, ChangeKind::Close) => (target, true),
        _ => return false,
    };
    *target == change.target && is_it
}

fn tells(notice: &Notice, intent: &Intent) -> bool {
    match (intent, notice) {
        (Intent::Rename { title }, Notice::Renamed { title: new }) => new.as_str() == title,
        (Intent::Describe { description }, Notice::Described { description: new }) => {
            new.as_ref().map_or("", |new| new.as_str()) == description
        }
        (Intent::Configure { settings }, Notice::Configured { settings: new }) => settings == new,
        (Intent::SlowMode { slow_mode }, Notice::Slowed { slow_mode: new }) => slow_mode == new,
        (Intent::Add { users }, Notice::Added { users: new }) => {
            new.iter().all(|user| users.contains(user))
        }
        (Intent::Remove { user }, Notice::Removed { user: gone }) => user == gone,
        (Intent::Leave, Notice::Left { .. }) => true,
        (
            Intent::SetRole { user, role },
            Notice::RoleChanged {
                user: whose,
                role: new,
            },
        ) => (user, role) == (whose, new),
        _ => false,
    }
}

/// Whether the server has what is so far.
const fn is_stored(delivery: Delivery) -> bool {
    matches!(
        delivery,
        Delivery::Sent | Delivery::Delivered | Delivery::Read
    )
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
            .map(|row| (row.seq, row.key, &row.content, &row.marks))
            .collect();
        let expected: Vec<_> = truth
            .shown()
            .map(|it| {
                let (author, send_id) = key(it);
                let key = RowKey { author, send_id };
                (Some(it.seq), key, &it.content, &it.marks)
            })
            .collect();
        if shown != expected {
            let at = shown.iter().zip(&expected).take_while(|(a, b)| a == b);
            found.push(format!(
                "{device}: {id} shows {} rows of {}, the same up to number {}: {:?}",
                shown.len(),
                expected.len(),
                at.clone().count(),
                (shown.get(at.clone().count()), expected.get(at.count())),
            ));
        }
        let is_sent = |row: &Row| is_stored(row.delivery);
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
        // What is not held in memory is brought up to date when it is read again.
        let same = truth
            .is_some_and(|truth| truth.at(place.1) == Some(&truth.brought_up_to_date(message)));
        if !same {
            found.push(format!("{device}: stores {place:?} that is something else"));
        }
    }
    let is_own = |id: &ConversationId| {
        picture
            .truths
            .iter()
            .any(|it| own(&it) && it.conversation == *id)
    };
    if let Some(id) = view.stored_list.keys().find(|id| !is_own(id)) {
        found.push(format!(
            "{device}: stores the row of {id}, which is not theirs"
        ));
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
    expected.sort_by_key(place);
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

/// Where a row stands: section by section, the most recently active first. No mute of a schedule
/// ends while it runs.
fn place(summary: &ConversationSummary) -> impl Ord + use<> {
    let active_at = std::cmp::Reverse(summary.active_at());
    (summary.section(Timestamp::default()), active_at, summary.id)
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
        mentions,
        created_at,
        title,
        pins,
        preferences,
        lifespan,
        ..
    } = summary;
    let preview = last_message.as_ref().map(|it| (it.seq, it.send_id));
    let roles: Vec<_> = members.iter().map(|m| (m.person.id, m.role)).collect();
    format!(
        "{id} {kind:?} {title:?} of {roles:?} at {}, last {last_seq} {preview:?}, read {read_seq}, \
         unread {unread}, of them {mentions} for them, pins {pins:?}, {preferences:?}, {lifespan:?}",
        created_at.millis(),
    )
}
