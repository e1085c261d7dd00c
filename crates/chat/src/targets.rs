//! What a commit reads before it gives places: messages that are changed or answered, the roots of
//! those that are, edits whose texts go with a deleted message, accounts that are added, and links
//! by which somebody comes. Sends that need none of it never come here. A conversation is in one
//! commit at a time, so nothing of this changes in between.

use std::borrow::Cow;
use std::collections::BTreeSet;

use protocol::{Change, ChangeKind, Content, ConversationId, ConversationKind, Seq, UserId};

use crate::ChatError;
use crate::command::{Command, Manage};
use crate::committer::Part;
use crate::conversation_state::{Log, Queued};
use crate::engine::Engine;
use crate::entry::Entry;
use crate::placing::Known;

/// Rows that one read returns.
const READ: usize = 256;

/// Whether something has to be read before this can be decided about.
pub(crate) const fn needs_reading(command: &Command) -> bool {
    target(command).is_some()
        || matches!(command, Command::Manage(Manage::Add(_)) | Command::Join(_))
}

/// Whether somebody comes by a link with these.
pub(crate) fn follows_link(taken: &[Queued]) -> bool {
    let mut commands = taken.iter().map(|send| &send.command);
    commands.any(|command| matches!(command, Command::Join(_)))
}

/// The place of the message that is changed or answered.
const fn target(command: &Command) -> Option<Seq> {
    match command {
        Command::Change(change) => Some(change.target),
        Command::Expire(expiry) => Some(expiry.seq),
        Command::Text(text) | Command::Due(text, _) => text.reply_to,
        _ => None,
    }
}

/// Reads what is needed and gives the places.
pub(crate) async fn read(engine: &Engine, parts: &mut [Part]) -> Result<(), ChatError> {
    let targets = collect(parts, missing);
    read_rows(engine, parts, &targets, |_| {}).await?;
    let roots = collect(parts, roots_of_answered);
    read_rows(engine, parts, &roots, |_| {}).await?;
    let edits = collect(parts, edits_of_deleted);
    // There may be thousands, and of none the text is needed any more.
    read_rows(engine, parts, &edits, withdraw).await?;
    read_links(engine, parts).await?;
    read_apart(engine, parts).await?;
    let named: BTreeSet<UserId> = parts.iter().flat_map(|part| added(&part.taken)).collect();
    let accounts = engine.persons(named).await?;
    for part in parts.iter_mut().filter(|part| !part.taken.is_empty()) {
        let living = accounts.values().filter(|person| !person.is_gone());
        part.known.accounts.extend(living.map(|person| person.id));
        let mut log = part.conversation.log.lock();
        let taken = std::mem::take(&mut part.taken);
        let known = std::mem::take(&mut part.known);
        part.plan = log.place(part.conversation.id, part.fixed.kind, taken, known);
    }
    Ok(())
}

impl Log {
    /// What is in memory of what these sends change.
    pub(crate) fn known(&self, taken: &[Queued]) -> Known {
        let mut known = Known::default();
        for target in taken.iter().filter_map(|send| target(&send.command)) {
            let Some(entry) = self.newest.entry(target) else {
                continue;
            };
            known.entries.insert(target, entry.clone());
            let root = entry
                .message
                .root()
                .and_then(|root| self.newest.entry(root));
            if let Some(root) = root {
                known.entries.insert(root.message.seq, root.clone());
            }
        }
        known
    }
}

/// The change that a send makes of an earlier message.
fn change(send: &Queued) -> Option<Cow<'_, Change>> {
    match &send.command {
        Command::Change(change) => Some(Cow::Borrowed(change)),
        Command::Expire(expiry) => Some(Cow::Owned(expiry.change())),
        _ => None,
    }
}

fn added(taken: &[Queued]) -> impl Iterator<Item = UserId> {
    let users = taken.iter().filter_map(|send| match &send.command {
        Command::Manage(Manage::Add(users)) => Some(users),
        _ => None,
    });
    users.flatten().copied()
}

fn collect(parts: &[Part], wanted: fn(&Part) -> BTreeSet<Seq>) -> Vec<(ConversationId, Seq)> {
    let of_part = |part: &Part| {
        let id = part.conversation.id;
        wanted(part).into_iter().map(move |seq| (id, seq))
    };
    parts.iter().flat_map(of_part).collect()
}

/// Targets of members that are not known. What others ask for is refused without a look.
fn missing(part: &Part) -> BTreeSet<Seq> {
    if part.taken.is_empty() {
        return BTreeSet::new();
    }
    let log = part.conversation.log.lock();
    let is_of_member = |send: &&Queued| {
        log.member(send.author).is_some() || matches!(send.command, Command::Expire(_))
    };
    let is_place = |seq: &Seq| *seq > Seq::ZERO && *seq <= log.committed;
    let of_members = part.taken.iter().filter(is_of_member);
    of_members
        .filter_map(|send| target(&send.command))
        .filter(|seq| is_place(seq) && !part.known.entries.contains_key(seq))
        .collect()
}

/// Roots of the threads in which something is answered, as far as they are not known.
fn roots_of_answered(part: &Part) -> BTreeSet<Seq> {
    let answered = part.taken.iter().filter_map(|send| match send.command {
        Command::Change(_) => None,
        ref command => target(command),
    });
    answered
        .filter_map(|seq| part.known.entries.get(&seq)?.message.root())
        .filter(|seq| !part.known.entries.contains_key(seq))
        .collect()
}

fn edits_of_deleted(part: &Part) -> BTreeSet<Seq> {
    let changes = part.taken.iter().filter_map(change);
    changes
        .filter(|change| matches!(change.kind, ChangeKind::Delete | ChangeKind::Expire))
        .filter_map(|change| part.known.entries.get(&change.target))
        .flat_map(|entry| entry.edits().iter().copied())
        .filter(|seq| !part.known.entries.contains_key(seq))
        .collect()
}

fn withdraw(edit: &mut Entry) {
    if let Content::Change(Change { target, .. }) = edit.message.content {
        edit.withdraw(target);
    }
}

/// Links by which somebody would come, and who of them may not. A link of another conversation
/// is as good as none.
async fn read_links(engine: &Engine, parts: &mut [Part]) -> Result<(), ChatError> {
    let store = engine.store.invites();
    for part in parts {
        let id = part.conversation.id;
        for send in &part.taken {
            let Command::Join(hash) = send.command else {
                continue;
            };
            if !part.known.invites.contains_key(&hash)
                && let Some(link) = store.by_hash(&hash).await?
                && link.conversation == id
            {
                part.known.invites.insert(hash, link);
            }
            if store.is_barred(id, send.author).await? {
                part.known.barred.insert(send.author);
            }
        }
    }
    Ok(())
}

/// From whom those are kept apart who write to one other or bring people in.
async fn read_apart(engine: &Engine, parts: &mut [Part]) -> Result<(), ChatError> {
    for part in parts {
        let is_direct = part.fixed.kind == ConversationKind::Direct;
        for send in &part.taken {
            let adds = matches!(send.command, Command::Manage(Manage::Add(_)));
            if (is_direct || adds) && !part.known.apart.contains_key(&send.author) {
                let others = engine.apart(send.author).await?;
                part.known.apart.insert(send.author, others);
            }
        }
    }
    Ok(())
}

async fn read_rows(
    engine: &Engine,
    parts: &mut [Part],
    places: &[(ConversationId, Seq)],
    keep: fn(&mut Entry),
) -> Result<(), ChatError> {
    for places in places.chunks(READ) {
        for row in engine.store.rows(places).await? {
            let part = parts
                .iter_mut()
                .find(|part| part.conversation.id == row.conversation);
            if let Some(part) = part {
                let mut entry = engine.opened_row(&part.fixed.key, &row);
                keep(&mut entry);
                part.known.entries.insert(row.seq, entry);
            }
        }
    }
    Ok(())
}
