//! What people have written is there, once, and says what they wrote.

use std::collections::BTreeMap;

use protocol::{ChangeKind, Content, ConversationId, Intent, Message, Notice, Seq};

use super::{Picture, View, is_of};
use crate::device::Fate;

/// Each message of a device is stored as often as it should be, as it was written, and those
/// of one conversation in the order of writing.
pub(super) fn check_written(view: &View, picture: &Picture, found: &mut Vec<String>) {
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
            // Whoever is gone already need not leave, nor is what is answered accepted again.
            Fate::Saved => {
                copy.is_some() || truth.after > Seq::ZERO || leaves_no_trace(&written.intent)
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

const fn leaves_no_trace(intent: &Intent) -> bool {
    matches!(intent, Intent::Leave | Intent::Accept)
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
        // Changes are not dismissed.
        (intent, Content::Dismissed) => !is_change(intent),
        (_, Content::Notice(notice)) => tells(notice, intent),
        _ => false,
    }
}

const fn is_change(intent: &Intent) -> bool {
    matches!(
        intent,
        Intent::Edit { .. }
            | Intent::Delete { .. }
            | Intent::React { .. }
            | Intent::Pin { .. }
            | Intent::Vote { .. }
            | Intent::ClosePoll { .. }
    )
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
        (Intent::Leave, Notice::Left { .. }) | (Intent::Accept, Notice::Accepted) => true,
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
