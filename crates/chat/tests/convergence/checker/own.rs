//! What belongs to one account alone, and threads.

use std::collections::BTreeSet;

use client::RowKey;
use protocol::{Availability, Content, Message, Reminder, Seq, Thread, UserId};

use super::{Picture, Truth, View, key};

fn of(picture: &Picture, user: UserId) -> impl Iterator<Item = &Truth> {
    let truths = picture.truths.iter();
    truths.filter(move |truth| truth.reader == user)
}

/// The root of a message that answers in a thread.
fn under(message: &Message) -> Option<Seq> {
    match message.marks.thread {
        Some(Thread::Under(root)) => Some(root),
        _ => None,
    }
}

/// A root says how many answers its reader sees, and no other message says that it has any.
pub(super) fn check_answers(truth: &Truth, found: &mut Vec<String>) {
    for message in truth.shown() {
        let answers = truth.history.iter();
        let answers: Vec<_> = answers
            .filter(|it| under(it) == Some(message.seq))
            .collect();
        let (count, last) = match &message.marks.thread {
            Some(Thread::Root(said)) => (said.count, Some(said.last)),
            _ => (0, None),
        };
        // What is newest of those that were dismissed may be said.
        let newest = answers
            .last()
            .map(|it| it.seq)
            .filter(|_| !truth.has_dismissed);
        let is_last = newest.is_none() || newest == last;
        if usize::try_from(count) != Ok(answers.len()) || !is_last {
            let (id, seq) = (truth.conversation, message.seq);
            found.push(format!(
                "{id}: {seq} has {} answers: {message:?}",
                answers.len()
            ));
        }
    }
}

/// A device shows as dismissed what is stored as such, and the server reads nothing of it out.
pub(super) fn check_dismissals(view: &View, picture: &Picture, found: &mut Vec<String>) {
    for truth in of(picture, view.user) {
        let (device, id) = (&view.device, truth.conversation);
        let stored: Vec<Seq> = (1..=truth.summary.last_seq.0)
            .map(Seq)
            .filter(|seq| truth.dismissed.contains(*seq))
            .collect();
        let shown = view.dismissed.get(&id).map_or(&[][..], Vec::as_slice);
        if shown != stored {
            found.push(format!(
                "{device}: {id} has dismissed {shown:?}, is {stored:?}"
            ));
        }
        let is_wrong = |it: &&Message| {
            let is_change = matches!(it.content, Content::Change(_));
            let is_silent = it.content == Content::Dismissed;
            !is_change && is_silent != truth.dismissed.contains(it.seq)
        };
        if let Some(entry) = truth.history.iter().find(is_wrong) {
            let reader = truth.reader;
            found.push(format!(
                "{id}: {reader} reads {entry:?} and has dismissed {stored:?}"
            ));
        }
    }
}

/// A thread shows its root and its answers, all of them.
pub(super) fn check_threads(view: &View, picture: &Picture, found: &mut Vec<String>) {
    for thread in &view.threads {
        let mut own = of(picture, view.user);
        let Some(truth) = own.find(|truth| truth.conversation == thread.conversation) else {
            continue;
        };
        let rows = thread.rows.iter();
        let shown: Vec<_> = rows
            .filter(|row| row.content != Content::Dismissed)
            .map(|row| {
                (
                    row.seq,
                    row.key,
                    &row.content,
                    truth.marks_as_told(&row.marks),
                )
            })
            .collect();
        let of_it = |it: &&Message| it.seq == thread.root || under(it) == Some(thread.root);
        let expected: Vec<_> = truth
            .shown()
            .filter(of_it)
            .map(|it| {
                let (author, send_id) = key(it);
                let key = RowKey { author, send_id };
                let marks = truth.marks_as_told(&it.marks);
                (Some(it.seq), key, &it.content, marks)
            })
            .collect();
        if shown != expected {
            let (device, id, root) = (&view.device, thread.conversation, thread.root);
            found.push(format!(
                "{device}: {id} shows under {root} {shown:?}, is {expected:?}"
            ));
        }
    }
}

/// A device knows of the reminders that are stored, and of those that have come.
pub(super) fn check_reminders(view: &View, picture: &Picture, found: &mut Vec<String>) {
    let stored = picture.reminders.get(&view.user);
    let stored = sorted(stored.map_or(&[][..], Vec::as_slice));
    let shown = sorted(&view.reminders);
    if shown != stored {
        let device = &view.device;
        found.push(format!(
            "{device}: reminders are {shown:?}, stored {stored:?}"
        ));
    }
}

fn sorted(reminders: &[Reminder]) -> Vec<Reminder> {
    let mut reminders = reminders.to_vec();
    reminders.sort_unstable();
    reminders
}

/// A device shows the drafts that the server has, and stores them so.
pub(super) fn check_drafts(view: &View, picture: &Picture, found: &mut Vec<String>) {
    for truth in of(picture, view.user) {
        let id = truth.conversation;
        let (shown, stored) = (view.drafts.get(&id), view.stored_drafts.get(&id));
        let kept = truth.draft.as_ref();
        if shown != kept || stored != kept {
            let device = &view.device;
            found.push(format!(
                "{device}: {id} has the draft {shown:?}, stores {stored:?}, is {kept:?}"
            ));
        }
    }
}

/// A device knows what its user has said of themselves and chosen, and what those say with whom
/// they share a conversation.
pub(super) fn check_standing(view: &View, picture: &Picture, found: &mut Vec<String>) {
    let device = &view.device;
    let own = picture.profiles.get(&view.user);
    let chosen = own.map_or_else(Availability::default, |own| own.availability);
    if view.availability != chosen {
        let shown = view.availability;
        found.push(format!("{device}: is there as {shown:?}, is {chosen:?}"));
    }
    // Who asks and who is asked see nothing of each other yet.
    let peers: BTreeSet<UserId> = of(picture, view.user)
        .filter(|truth| truth.summary.request.is_none())
        .flat_map(|truth| truth.members.iter().copied())
        .chain([view.user])
        .collect();
    for peer in peers {
        let said = picture.profiles.get(&peer);
        let said = said.and_then(|profile| profile.status.as_ref());
        let shown = view.statuses.get(&peer);
        if shown != said {
            found.push(format!("{device}: {peer} says {shown:?}, is {said:?}"));
        }
    }
}
