//! The row of the conversation list, brought up to date by what happens and by what the server
//! says of it.
//!
//! A summary holds everything up to its `last_seq`. What an entry after that does to the
//! conversation (its name, its members, its pins) is done here too, for the server describes a
//! conversation anew only where it cannot be worked out like this.

use std::collections::BTreeMap;

use protocol::limits::SUMMARY_MEMBERS;
use protocol::{
    ChangeKind, Content, ConversationSummary, Member, Message, Notice, Request, Role, Seq, UserId,
};

use crate::names::Names;
use crate::unread;

/// An entry took its place; whether the summary did not know it yet.
pub(crate) fn arrived(
    summary: &mut ConversationSummary,
    entry: &Message,
    me: UserId,
    names: &Names,
) -> bool {
    preview(summary, entry);
    if entry.seq <= summary.last_seq {
        return false;
    }
    summary.last_seq = entry.seq;
    match &entry.content {
        Content::Change(change) => pin(summary, change),
        Content::Notice(notice) => notice_of(summary, entry.author, notice, names),
        Content::Text(_)
        | Content::Unavailable
        | Content::Deleted
        | Content::Poll(_)
        | Content::Dismissed => {}
    }
    let left = |request: Request| request.after(entry.author, &entry.content);
    summary.request = summary.request.and_then(left);
    unread::arrived(summary, entry, me);
    wrote(summary, entry);
    true
}

/// Whoever has seen everything before has seen their own entry too. The server counts like this
/// and tells nobody.
fn wrote(summary: &mut ConversationSummary, entry: &Message) {
    let author = |it: &&mut Member| it.person.id == entry.author;
    if let Some(member) = summary.members.iter_mut().find(author)
        && member.read_seq == entry.seq.prev()
        && entry.content.shows_reading()
    {
        member.read_seq = entry.seq;
    }
}

/// The preview is the newest entry that is shown, as it is now.
fn preview(summary: &mut ConversationSummary, entry: &Message) {
    if let Content::Change(change) = &entry.content {
        if let Some(last) = &mut summary.last_message
            && last.seq == change.target
        {
            last.fold(entry.into(), &change.kind);
        }
        return;
    }
    if entry.content == Content::Dismissed {
        return;
    }
    let is_newer = summary
        .last_message
        .as_ref()
        .is_none_or(|last| (last.seq, last.marks.version) <= (entry.seq, entry.marks.version));
    if is_newer {
        summary.last_message = Some(entry.clone());
    }
}

fn pin(summary: &mut ConversationSummary, change: &protocol::Change) {
    repin(&mut summary.pins, change.target, &change.kind);
}

/// Brings pinned places up to a change; the one pinned last is the first.
pub(crate) fn repin(pins: &mut Vec<Seq>, target: Seq, change: &ChangeKind) {
    match change {
        ChangeKind::Pin(true) => {
            if !pins.contains(&target) {
                pins.insert(0, target);
            }
        }
        ChangeKind::Pin(false) | ChangeKind::Delete | ChangeKind::Expire => {
            pins.retain(|pinned| *pinned != target)
        }
        ChangeKind::Edit(_)
        | ChangeKind::React { .. }
        | ChangeKind::Withdrawn
        | ChangeKind::Vote(_)
        | ChangeKind::Close => {}
    }
}

fn notice_of(summary: &mut ConversationSummary, by: UserId, notice: &Notice, names: &Names) {
    match notice {
        Notice::Created { title } | Notice::Renamed { title } => {
            summary.title = Some(title.clone());
        }
        Notice::Described { description } => summary.description.clone_from(description),
        Notice::Configured { settings } => summary.settings = *settings,
        Notice::Slowed { slow_mode } => summary.slow_mode = *slow_mode,
        Notice::Lifespan { lifespan } => summary.lifespan = *lifespan,
        Notice::Added { users } => {
            for user in users {
                add(summary, *user, names);
            }
        }
        Notice::Joined { .. } => add(summary, by, names),
        Notice::Removed { user } => remove(summary, *user),
        // Who is in it is told to be out of it, and what was asked is answered by any entry.
        Notice::Dissolved | Notice::Accepted => {}
        Notice::Left { successor } => {
            remove(summary, by);
            if let Some(successor) = successor {
                set_role(summary, *successor, Role::Owner);
            }
        }
        Notice::RoleChanged { user, role } => {
            if *role == Role::Owner {
                set_role(summary, by, Role::Admin);
            }
            set_role(summary, *user, *role);
        }
    }
}

/// Puts in the members whose names were not known when they came: what is left of them after
/// all that happened since. `notices` are the held ones with their authors, the oldest first.
/// Whether that was anybody.
pub(crate) fn complete<'n>(
    summary: &mut ConversationSummary,
    notices: impl Iterator<Item = (UserId, &'n Notice)>,
    names: &Names,
) -> bool {
    let mut missing: BTreeMap<UserId, Role> = BTreeMap::new();
    for (by, notice) in notices {
        match notice {
            Notice::Added { users } => {
                let unnamed = users.iter().filter(|user| !is_named(summary, **user));
                missing.extend(unnamed.map(|user| (*user, Role::Member)));
            }
            Notice::Joined { .. } if !is_named(summary, by) => {
                missing.insert(by, Role::Member);
            }
            Notice::Removed { user } => {
                missing.remove(user);
            }
            Notice::Left { successor } => {
                missing.remove(&by);
                if let Some(heir) = successor.and_then(|user| missing.get_mut(&user)) {
                    *heir = Role::Owner;
                }
            }
            Notice::RoleChanged { user, role } => {
                if *role == Role::Owner
                    && let Some(before) = missing.get_mut(&by)
                {
                    *before = Role::Admin;
                }
                if let Some(it) = missing.get_mut(user) {
                    *it = *role;
                }
            }
            Notice::Created { .. }
            | Notice::Renamed { .. }
            | Notice::Described { .. }
            | Notice::Configured { .. }
            | Notice::Slowed { .. }
            | Notice::Joined { .. }
            | Notice::Lifespan { .. }
            | Notice::Accepted
            | Notice::Dissolved => {}
        }
    }
    let before = summary.members.len();
    let named = missing.into_iter().filter_map(|(user, role)| {
        Some(Member {
            person: names.get(user)?.clone(),
            role,
            read_seq: Seq::ZERO,
            delivered_seq: Seq::ZERO,
        })
    });
    let room = SUMMARY_MEMBERS.saturating_sub(before);
    summary.members.extend(named.take(room));
    summary.members.len() > before
}

/// Whether there are members that could be named and are not.
pub(crate) fn is_incomplete(summary: &ConversationSummary) -> bool {
    let count = usize::try_from(summary.member_count).unwrap_or(usize::MAX);
    summary.members.len() < count.min(SUMMARY_MEMBERS)
}

fn is_named(summary: &ConversationSummary, user: UserId) -> bool {
    summary.members.iter().any(|it| it.person.id == user)
}

fn add(summary: &mut ConversationSummary, user: UserId, names: &Names) {
    if is_named(summary, user) {
        return;
    }
    summary.member_count = summary.member_count.saturating_add(1);
    if let Some(person) = names.get(user)
        && summary.members.len() < SUMMARY_MEMBERS
    {
        summary.members.push(Member {
            person: person.clone(),
            role: Role::Member,
            read_seq: Seq::ZERO,
            delivered_seq: Seq::ZERO,
        });
    }
}

fn remove(summary: &mut ConversationSummary, user: UserId) {
    summary.members.retain(|it| it.person.id != user);
    summary.member_count = summary.member_count.saturating_sub(1);
}

fn set_role(summary: &mut ConversationSummary, user: UserId, role: Role) {
    let member = summary.members.iter_mut().find(|it| it.person.id == user);
    if let Some(member) = member {
        member.role = role;
    }
}

/// Somebody else has seen everything up to a place; whether that is news.
pub(crate) fn seen(summary: &mut ConversationSummary, user: UserId, seq: Seq) -> bool {
    let member = summary.members.iter_mut().find(|it| it.person.id == user);
    member.is_some_and(|member| {
        let is_new = seq > member.read_seq;
        member.read_seq = member.read_seq.max(seq);
        is_new
    })
}

/// A device of the other one of two has everything up to a place; whether that is news.
pub(crate) fn delivered(summary: &mut ConversationSummary, user: UserId, seq: Seq) -> bool {
    let member = summary.members.iter_mut().find(|it| it.person.id == user);
    member.is_some_and(|member| {
        let is_new = seq > member.delivered_seq.max(member.read_seq);
        member.delivered_seq = member.delivered_seq.max(seq);
        is_new
    })
}

/// How far somebody else is is not shown any more; whether it was.
pub(crate) fn unseen(summary: &mut ConversationSummary, user: UserId) -> bool {
    let member = summary.members.iter_mut().find(|it| it.person.id == user);
    member.is_some_and(|member| {
        let read = std::mem::take(&mut member.read_seq);
        let delivered = std::mem::take(&mut member.delivered_seq);
        read.max(delivered) > Seq::ZERO
    })
}

/// The server describes the conversation anew; what is further here stays. An older description
/// than what is known brings cursors only.
pub(crate) fn merge(ours: &mut ConversationSummary, theirs: ConversationSummary) {
    let (older, read) = if theirs.last_seq >= ours.last_seq {
        let before = std::mem::replace(ours, theirs);
        let read = before.read_seq;
        (before, read)
    } else {
        let read = theirs.read_seq;
        (theirs, read)
    };
    for member in older.members {
        seen(ours, member.person.id, member.read_seq);
        delivered(ours, member.person.id, member.delivered_seq);
    }
    unread::mark(ours, read);
}

#[cfg(test)]
#[path = "summary_tests.rs"]
mod tests;
