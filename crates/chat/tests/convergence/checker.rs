//! What must hold when everything has settled. Works on plain data, so that it can be shown
//! to find faults.

mod own;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use client::{Delivery, ListRow, Row, RowKey};
use markup::Mentioned;
use protocol::poll::NOBODY;
use protocol::{
    Availability, ChangeKind, Content, ConversationId, ConversationKind, ConversationSummary,
    CustomStatus, Dismissed, Marks, Message, Notice, OwnProfile, Reminder, Section, SendId, Seq,
    Thread, Timestamp, UserId, Vote,
};

use crate::device::Written;
use crate::threading::ShownThread;
use crate::world::AskedGroup;

use own::{
    check_answers, check_dismissals, check_drafts, check_reminders, check_standing, check_threads,
};
use written::check_written;

/// Everything that is compared.
#[derive(Debug, Clone, Default)]
pub(crate) struct Picture {
    pub(crate) asked_groups: Vec<AskedGroup>,
    pub(crate) truths: Vec<Truth>,
    pub(crate) views: Vec<View>,
    /// All reminders of everybody.
    pub(crate) reminders: BTreeMap<UserId, Vec<Reminder>>,
    /// What everybody says of themselves.
    pub(crate) profiles: BTreeMap<UserId, OwnProfile>,
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
    /// What the reader has deleted for themselves, as it is stored.
    pub(crate) dismissed: Dismissed,
    /// Whether they have ever deleted anything of it: a device that was away then has not heard
    /// who wrote that, so that it may name other authors of newest answers.
    pub(crate) has_dismissed: bool,
    /// What they have begun to write.
    pub(crate) draft: Option<String>,
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
        // What a device has heard of as dismissed it does not count among what was asked.
        if let Some(request) = summary.request.as_mut().filter(|_| self.has_dismissed) {
            request.written = 0;
        }
        // What was dismissed is out of sight.
        summary.pins.retain(|seq| !self.dismissed.contains(*seq));
        let last = summary.last_message.filter(|it| !it.is_out_of_sight());
        summary.last_message = last.map(|it| self.as_told(it));
        summary
    }

    /// Whether it is in no list of the reader's: a request in which there is nothing, or that they
    /// have put away.
    fn is_hidden(&self) -> bool {
        self.summary.section(Timestamp::default()) == Section::Hidden
    }

    /// A message as far as all devices of its reader agree on it.
    fn as_told(&self, mut message: Message) -> Message {
        message.marks = self.marks_as_told(&message.marks);
        match &mut message.content {
            Content::Dismissed => message.marks = Marks::default(),
            // What an edit wrote is nowhere shown by itself, and not read again with what it
            // has changed.
            Content::Change(change) if self.has_dismissed => {
                if matches!(change.kind, ChangeKind::Edit(_)) {
                    change.kind = ChangeKind::Withdrawn;
                }
            }
            _ => {}
        }
        message
    }

    /// Its marks likewise. Whoever was away when an answer was dismissed has not heard of it.
    fn marks_as_told(&self, marks: &Marks) -> Marks {
        let mut marks = marks.clone();
        if self.has_dismissed {
            marks.version = Seq::ZERO;
            if let Some(Thread::Root(answers)) = &mut marks.thread {
                answers.authors.clear();
                (answers.last, answers.last_at) = (Seq::ZERO, Timestamp::default());
            }
        }
        marks
    }

    fn at(&self, seq: Seq) -> Option<&Message> {
        self.history.iter().find(|it| it.seq == seq)
    }

    /// What a screen shows: changes are no rows, nor is what was dismissed.
    fn shown(&self) -> impl DoubleEndedIterator<Item = &Message> {
        let history = self.history.iter();
        history.filter(|it| !matches!(it.content, Content::Change(_) | Content::Dismissed))
    }

    /// What the list shows: where all was dismissed, that there was something.
    fn last(&self) -> Option<&Message> {
        let mut said = self.history.iter().rev();
        let newest = || said.find(|it| !matches!(it.content, Content::Change(_)));
        self.shown().next_back().or_else(newest)
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
        // What was cleared and is not held in memory is not read again.
        if message.seq <= self.dismissed.up_to() {
            message.dismiss(&self.dismissed);
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
    /// What its user has deleted for themselves.
    pub(crate) dismissed: BTreeMap<ConversationId, Vec<Seq>>,
    pub(crate) threads: Vec<ShownThread>,
    pub(crate) reminders: Vec<Reminder>,
    pub(crate) statuses: BTreeMap<UserId, CustomStatus>,
    pub(crate) availability: Availability,
    pub(crate) drafts: BTreeMap<ConversationId, String>,
    pub(crate) stored_drafts: BTreeMap<ConversationId, String>,
}

/// What does not hold.
pub(crate) fn complaints(picture: &Picture) -> Vec<String> {
    let mut found = Vec::new();
    for truth in &picture.truths {
        check_history(truth, picture, &mut found);
        check_summary(truth, &mut found);
        check_answers(truth, &mut found);
    }
    for view in &picture.views {
        check_written(view, picture, &mut found);
        check_view(view, picture, &mut found);
        check_dismissals(view, picture, &mut found);
        check_threads(view, picture, &mut found);
        check_reminders(view, picture, &mut found);
        check_standing(view, picture, &mut found);
        check_drafts(view, picture, &mut found);
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
    let differs = picture
        .truths
        .iter()
        .any(|other| other.conversation == id && of_both(other, truth) != of_both(truth, other));
    if differs {
        found.push(format!("{id}: its members read different histories"));
    }
    if truth.after == Seq::ZERO {
        check_members(truth, picture, found);
    }
}

/// What of a history two members read alike.
fn of_both(truth: &Truth, other: &Truth) -> Vec<Message> {
    let after = truth.after.max(other.after);
    let has_dismissed = truth.has_dismissed || other.has_dismissed;
    let history = truth.history.iter().filter(|it| it.seq > after);
    let told = history.map(|it| {
        let mut message = to_everybody(it.clone()).told_to(NOBODY, after);
        message.dismiss(&truth.dismissed);
        message.dismiss(&other.dismissed);
        // Each counts the answers that they see.
        if has_dismissed && matches!(message.marks.thread, Some(Thread::Root(_))) {
            message.marks.thread = None;
        }
        message
    });
    told.collect()
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
    let made_it = matches!(message.content, Content::Notice(Notice::Created { .. }));
    let may_have = message.content == Content::Dismissed;
    if (made_it || may_have) && asked_for(message, picture).is_some() {
        return true;
    }
    !made_it
        && picture.views.iter().any(|view| {
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

/// A history with what others read in the places that its reader has dismissed. None for a group
/// of which nobody is left who reads all: it may have been a notice.
fn whole(truth: &Truth, picture: &Picture) -> Option<Vec<Message>> {
    let of_it = picture.truths.iter();
    let of_it: Vec<&Truth> = of_it
        .filter(|other| other.conversation == truth.conversation)
        .collect();
    let is_group = truth.summary.kind == ConversationKind::Group;
    let history = truth.history.iter().map(|entry| {
        let mut copies = of_it.iter().filter_map(|other| other.at(entry.seq));
        let read = copies.find(|copy| copy.content != Content::Dismissed);
        let read = read.filter(|_| entry.content == Content::Dismissed);
        let is_lost = entry.content == Content::Dismissed && read.is_none() && is_group;
        (!is_lost).then(|| read.unwrap_or(entry).clone())
    });
    history.collect()
}

/// Every author was a member when their entry got its place, and those who are left by the
/// entries are those who are in it.
fn check_members(truth: &Truth, picture: &Picture, found: &mut Vec<String>) {
    let id = truth.conversation;
    let Some(history) = whole(truth, picture) else {
        return;
    };
    let first = history.first();
    let asked = first.and_then(|first| asked_for(first, picture));
    let mut members = asked.map_or(truth.members.clone(), |asked| asked.members.clone());
    for entry in &history {
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
        && summary.last_message.as_ref() == truth.last()
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
        check_rows(device, truth, rows, found);
        if !rows.iter().all(|row| is_stored(row.delivery)) {
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
        let same = truth.is_some_and(|truth| {
            let now = truth.as_told(truth.brought_up_to_date(message));
            truth.at(place.1).map(|it| truth.as_told(it.clone())) == Some(now)
        });
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

fn check_rows(device: &str, truth: &Truth, rows: &[Row], found: &mut Vec<String>) {
    let id = truth.conversation;
    let shown: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row.seq,
                row.key,
                &row.content,
                truth.marks_as_told(&row.marks),
            )
        })
        .collect();
    let expected: Vec<_> = truth
        .shown()
        .map(|it| {
            let (author, send_id) = key(it);
            let key = RowKey { author, send_id };
            let marks = truth.marks_as_told(&it.marks);
            (Some(it.seq), key, &it.content, marks)
        })
        .collect();
    if shown != expected && !truth.is_hidden() {
        let at = shown.iter().zip(&expected).take_while(|(a, b)| a == b);
        found.push(format!(
            "{device}: {id} shows {} rows of {}, the same up to number {}: {:?}",
            shown.len(),
            expected.len(),
            at.clone().count(),
            (shown.get(at.clone().count()), expected.get(at.count())),
        ));
    }
}

fn check_list(view: &View, picture: &Picture, found: &mut Vec<String>) {
    let mut own: Vec<&Truth> = picture
        .truths
        .iter()
        .filter(|truth| truth.reader == view.user && !truth.is_hidden())
        .collect();
    own.sort_by_key(|truth| place(&truth.summary));
    let expected: Vec<ConversationSummary> = own
        .iter()
        .map(|truth| truth.settled(&truth.summary))
        .collect();
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
