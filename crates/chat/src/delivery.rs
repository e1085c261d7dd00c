//! After a commit: acks to those who sent, events to everybody else, and what follows from the
//! new entries for those in memory. Under the lock of the conversation, in the order of places.

mod answers;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use protocol::{
    ChangeKind, Content, ConversationId, ConversationKind, ErrorCode, Message, Notice, Seq,
    ServerFrame, UserId,
};

use protocol::poll::NOBODY;

pub(crate) use self::answers::{RETRY_AFTER_MS, ack, reject, reject_send};
use self::answers::{reject_all, rejection};
use crate::committer::Part;
use crate::conversation_state::{Log, Waiter};
use crate::engine::{Engine, Uncertain};
use crate::entry::Entry;
use crate::hub::Delivery;
use crate::placing::{Placed, Refused};
use crate::roll::{Refusal, Shift};
use crate::search;

/// A cursor that only moves because its owner writes is saved once in so many places: enough
/// for what is left to be counted at the next load, and nothing on the path of most messages.
const OWN_CURSOR_EVERY: u64 = 256;

/// The entries are durable: ack and deliver.
pub(crate) fn publish(engine: &Arc<Engine>, part: Part) {
    let Part {
        conversation,
        fixed,
        plan,
        ..
    } = part;
    let id = conversation.id;
    let count = plan.placed.len() as u64;
    let concern = search::concern(&plan.placed);
    let is_emptied = plan.emptied;
    let mut log = conversation.log.lock();
    let mut delivery = engine.hub.delivery();
    let mut shift = Shift::default();
    // They hold tickets, which go when everything is delivered, so that a drain waits for the
    // acks.
    let mut waiters = Vec::with_capacity(plan.placed.len());
    for placed in plan.placed {
        let Placed {
            at,
            entry,
            mut waiter,
        } = placed;
        let Entry { message, past } = entry;
        let event = ServerFrame::Event { message };
        tell(&mut delivery, &log, at, &waiter, &event);
        if let ServerFrame::Event { message } = event {
            let (author, seq) = (message.author, message.seq);
            settle(&mut delivery, &mut log, fixed.kind, &message, &mut shift);
            let moved = log.commit(Entry { message, past });
            if moved && seq.0.is_multiple_of(OWN_CURSOR_EVERY) {
                engine.note_cursor(id, author, seq);
            }
            waiter.answer(Ok(seq));
        }
        waiters.push(waiter);
    }
    for mut refused in plan.refused {
        refuse(&mut delivery, &log, &refused);
        refused.waiter.answer(Err(refused.why.code));
        waiters.push(refused.waiter);
    }
    for entry in plan.rewritten {
        let (page, stamp) = log.rewrite(&entry, engine.pages.fresh_stamp());
        engine.pages.forget(id, page, stamp);
    }
    engine.timer.come(plan.expiring.iter().map(|it| it.at));
    for (seq, whom) in plan.rementioned {
        engine.remention(id, seq, whom);
    }
    log.committed_all();
    drop(delivery);
    follow(engine, id, &mut log, &shift);
    log.busy = log.has_work();
    let again = log.busy;
    drop(log);
    if again {
        engine.committer.push(conversation);
    }
    if is_emptied {
        engine.erase_later(id);
    } else {
        engine.note_committed(id, &concern);
    }
    engine
        .counters
        .committed
        .fetch_add(count, Ordering::Relaxed);
}

/// Tells everybody of an entry: an ack where it was sent, an event elsewhere.
fn tell(delivery: &mut Delivery<'_>, log: &Log, at: usize, waiter: &Waiter, event: &ServerFrame) {
    let ServerFrame::Event { message } = event else {
        return;
    };
    let ack = ServerFrame::Ack {
        send_id: message.send_id,
        conversation: message.conversation,
        seq: message.seq,
        sent_at: message.sent_at,
    };
    for line in waiter.lines().chain(log.late(at)) {
        delivery.settled(line, &ack);
    }
    deliver(delivery, log, event, |id| {
        waiter.lines().chain(log.late(at)).any(|line| line.id == id)
    });
}

/// What an entry changes of members and details. Whoever is not in it any more gets nothing
/// after this.
fn settle(
    delivery: &mut Delivery<'_>,
    log: &mut Log,
    kind: ConversationKind,
    entry: &Message,
    sum: &mut Shift,
) {
    if !may_restate(entry) && log.details.request.is_none() {
        return;
    }
    let shift = log.apply(kind, entry);
    let gone = ServerFrame::Gone {
        conversation: entry.conversation,
    };
    delivery.notices(&shift.gone, &gone);
    sum.gone.extend(shift.gone);
    sum.added.extend(shift.added);
    sum.restated |= shift.restated;
    sum.answered |= shift.answered;
}

/// What follows when all entries are delivered.
fn follow(engine: &Arc<Engine>, id: ConversationId, log: &mut Log, shift: &Shift) {
    if !shift.added.is_empty() || !shift.gone.is_empty() {
        let room = log.regroup();
        engine.hub.regroup(&room, &shift.gone);
        engine.forget_drafts(id, &shift.gone);
    }
    if shift.answered {
        // From now on they see each other, as if both were new.
        let room = log.regroup();
        engine.hub.regroup(&room, &[]);
        engine.restated(id, &room.members);
    } else if shift.restated {
        engine.restated(id, &shift.added);
    }
}

fn refuse(delivery: &mut Delivery<'_>, log: &Log, refused: &Refused) {
    let Refusal {
        code,
        retry_after_ms,
    } = refused.why;
    let frame = rejection(refused.send_id, code, retry_after_ms);
    for line in refused.waiter.lines().chain(log.late(refused.at)) {
        delivery.settled(line, &frame);
    }
}

/// Delivers what a commit without a known outcome has stored after all. What is no longer
/// held shows as a gap, which clients fill.
pub(crate) fn publish_late(engine: &Arc<Engine>, id: ConversationId, log: &mut Log) {
    let uncertain = engine.uncertain.lock().remove(&id);
    let Some(Uncertain {
        delivered,
        members,
        asking,
        ..
    }) = uncertain
    else {
        return;
    };
    if delivered >= log.committed {
        return;
    }
    engine.note_index(id);
    let was_there = |user: UserId| members.binary_search(&user).is_ok();
    let added = log.tell_later(|user| !was_there(user));
    let mut gone: Vec<_> = members.clone();
    gone.retain(|user| log.member(*user).is_none());
    let missed: Vec<_> = log.held(delivered.next(), log.committed).cloned().collect();
    let all_held = missed.len() as u64 == log.committed.since(delivered);
    let shift = Shift {
        restated: !all_held || missed.iter().any(|it| may_restate(it) || is_edit(it)),
        answered: asking && log.details.request.is_none(),
        added,
        gone: gone.clone(),
    };
    let mut delivery = engine.hub.delivery();
    engine
        .timer
        .come(missed.iter().filter_map(|it| it.marks.expires_at));
    for message in missed {
        let left = whom_it_ends_for(&message, &gone);
        let event = ServerFrame::Event { message };
        deliver(&mut delivery, log, &event, |_| false);
        let event = without_words(&event).unwrap_or(event);
        spread(&mut delivery, gone.iter().copied(), &event, |_| false);
        gone.retain(|user| Some(*user) != left);
        tell_gone(&mut delivery, id, left.as_slice());
    }
    tell_gone(&mut delivery, id, &gone);
    drop(delivery);
    follow(engine, id, log, &shift);
}

/// Whether an entry may have changed members or details.
pub(crate) fn may_restate(entry: &Message) -> bool {
    match &entry.content {
        Content::Notice(_) => true,
        Content::Change(change) => {
            matches!(
                change.kind,
                ChangeKind::Pin(_) | ChangeKind::Delete | ChangeKind::Expire
            )
        }
        _ => false,
    }
}

/// Whether it may have made an earlier message mention others.
fn is_edit(entry: &Message) -> bool {
    let Content::Change(change) = &entry.content else {
        return false;
    };
    matches!(change.kind, ChangeKind::Edit(_))
}

fn tell_gone(delivery: &mut Delivery<'_>, conversation: ConversationId, users: &[UserId]) {
    delivery.notices(users, &ServerFrame::Gone { conversation });
}

/// Who of those that are gone has this entry as their last.
fn whom_it_ends_for(entry: &Message, gone: &[UserId]) -> Option<UserId> {
    let user = match &entry.content {
        Content::Notice(Notice::Removed { user }) => *user,
        Content::Notice(Notice::Left { .. }) => entry.author,
        _ => return None,
    };
    gone.contains(&user).then_some(user)
}

fn deliver(
    delivery: &mut Delivery<'_>,
    log: &Log,
    event: &ServerFrame,
    acked: impl Fn(crate::ConnectionId) -> bool,
) {
    if let ServerFrame::Event { message } = event {
        let readers = log
            .members
            .iter()
            .filter(|member| member.told && member.joined_after < message.seq);
        let Some(place) = message.rewords() else {
            spread(delivery, readers.map(|member| member.user), event, acked);
            return;
        };
        let (later, since): (Vec<_>, Vec<_>) =
            readers.partition(|member| member.joined_after >= place);
        spread(
            delivery,
            since.iter().map(|member| member.user),
            event,
            &acked,
        );
        if let Some(event) = without_words(event).filter(|_| !later.is_empty()) {
            spread(
                delivery,
                later.iter().map(|member| member.user),
                &event,
                &acked,
            );
        }
    }
}

/// An edit, as it is told to whoever may not read the message.
fn without_words(event: &ServerFrame) -> Option<ServerFrame> {
    let ServerFrame::Event { message } = event else {
        return None;
    };
    let place = message.rewords()?;
    Some(ServerFrame::Event {
        message: message.clone().told_to(NOBODY, place),
    })
}

/// An event to each of the readers, as far as it is theirs to know.
fn spread(
    delivery: &mut Delivery<'_>,
    readers: impl Iterator<Item = UserId>,
    event: &ServerFrame,
    acked: impl Fn(crate::ConnectionId) -> bool,
) {
    let ServerFrame::Event { message } = event else {
        return;
    };
    let id = message.conversation;
    if !message.is_confidential() {
        delivery.event(id, readers, event, acked);
        return;
    }
    let confidants = message.confidants();
    let (more, less): (Vec<_>, Vec<_>) = readers.partition(|user| confidants.contains(user));
    let told = |user| ServerFrame::Event {
        message: message.clone().told_to(user, Seq::ZERO),
    };
    delivery.event(id, less.into_iter(), &told(NOBODY), &acked);
    for user in more {
        delivery.event(id, std::iter::once(user), &told(user), &acked);
    }
}

/// The outcome is not known: rejects everything and has the state read again.
pub(crate) fn give_up(engine: &Engine, part: Part, failure: u64, code: ErrorCode) {
    let Part {
        conversation,
        taken,
        plan,
        ..
    } = part;
    let mut log = conversation.log.lock();
    let told = log.members.iter().filter(|member| member.told);
    let uncertain = Uncertain {
        delivered: log.committed,
        members: told.map(|member| member.user).collect(),
        asking: log.details.request.is_some(),
        failure,
    };
    engine
        .uncertain
        .lock()
        .entry(conversation.id)
        .and_modify(|earlier| earlier.failure = failure)
        .or_insert(uncertain);
    let (waiting, late) = log.abandon();
    drop(log);
    engine.forget(&conversation);
    for send in taken.into_iter().chain(waiting) {
        reject_send(engine, send, code);
    }
    for Placed { entry, waiter, .. } in plan.placed {
        reject_all(engine, waiter, entry.message.send_id, code);
    }
    for refused in plan.refused {
        reject_all(engine, refused.waiter, refused.send_id, code);
    }
    for (send_id, line) in late {
        reject(engine, &line, send_id, code);
    }
}
