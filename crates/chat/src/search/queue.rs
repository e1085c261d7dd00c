//! Which conversations have something to be indexed, and when it may be done.
//!
//! Indexing must not slow down the writing of messages: while messages wait to be committed, or
//! are, each commit brings it a small allowance, otherwise it goes on at once. An allowance for
//! each second would be used up at its beginning, and whoever writes in that moment would wait.
//! What was just committed waits for the next second: one step then takes what would be a dozen
//! small ones, each with a commit of its own that the next message has to wait for. Messages
//! whose words have changed are mended whatever else waits. What is lost of this list by a crash
//! is noticed by the next search or commit in the conversation.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use protocol::{ConversationId, Seq};
use tokio::sync::Notify;

use super::changed::Changed;
use super::indexer::Step;

/// Of so many entries that are committed one may be indexed meanwhile.
const SHARE: u64 = 32;

/// The most that is saved up: one step, and a little.
const SAVED_UP: i64 = 512;

/// Conversations on the list; of further ones the next search or commit reminds again.
const WAITING: usize = 100_000;

#[derive(Default)]
pub(crate) struct Queue {
    list: Mutex<List>,
    wake: Notify,
    /// A step has ended.
    ended: Notify,
    entries: AtomicU64,
    failures: AtomicU64,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Task {
    /// A part of a log is followed.
    Follow(ConversationId),
    /// These messages, with the places of their changes, have other words.
    Mend(ConversationId, Vec<(Seq, Seq)>),
}

impl Task {
    pub(super) const fn conversation(&self) -> ConversationId {
        match self {
            Self::Follow(id) | Self::Mend(id, _) => *id,
        }
    }
}

#[derive(Default)]
struct List {
    order: VecDeque<ConversationId>,
    known: HashSet<ConversationId>,
    /// In which something was committed since the last tick.
    committed: HashSet<ConversationId>,
    /// What failed waits for the next tick.
    failed: Vec<ConversationId>,
    changed: Changed,
    /// Being erased: nothing may be written of them.
    barred: HashSet<ConversationId>,
    busy: Option<ConversationId>,
    stopped: bool,
    /// In entries; below nothing where a step was longer than what was left.
    allowance: i64,
    /// Committed entries that do not make a whole one yet.
    rest: u64,
}

impl List {
    fn push(&mut self, id: ConversationId) {
        if self.known.len() < WAITING && !self.barred.contains(&id) && self.known.insert(id) {
            self.order.push_back(id);
        }
    }

    fn push_committed(&mut self) {
        for id in std::mem::take(&mut self.committed) {
            self.push(id);
        }
    }

    fn next(&mut self, is_quiet: impl Fn() -> bool) -> Option<Task> {
        // Following mends as well, and is cheaper where it may go on.
        if (self.allowance > 0 || is_quiet())
            && let Some(id) = self.order.pop_front()
        {
            self.known.remove(&id);
            return Some(Task::Follow(id));
        }
        let (id, places) = self.changed.next()?;
        Some(Task::Mend(id, places))
    }

    fn is_idle(&self) -> bool {
        self.order.is_empty() && self.busy.is_none()
    }
}

impl Queue {
    /// Something of a conversation is to be indexed at once.
    pub(crate) fn note(&self, id: ConversationId) {
        self.list.lock().push(id);
        self.wake.notify_one();
    }

    /// Something of a conversation is to be indexed from the next tick on.
    pub(crate) fn note_committed(&self, id: ConversationId) {
        let mut list = self.list.lock();
        if list.committed.len() < WAITING && !list.barred.contains(&id) {
            list.committed.insert(id);
        }
    }

    /// The entry at the second place changes the words of the message at the first.
    pub(crate) fn note_changed(&self, id: ConversationId, (place, at): (Seq, Seq)) {
        let mut list = self.list.lock();
        if !list.barred.contains(&id) {
            list.changed.note(id, place, at);
        }
    }

    /// Messages whose words have changed since they were indexed.
    pub(super) fn changed(&self, id: ConversationId) -> Vec<Seq> {
        self.list.lock().changed.left(id)
    }

    /// Whether a change is in the index already, though the log was not followed so far.
    pub(super) fn is_mended(&self, id: ConversationId, (place, at): (Seq, Seq)) -> bool {
        self.list.lock().changed.is_mended(id, place, at)
    }

    /// Nothing of a conversation is indexed from now on, until [`Self::forget`].
    pub(crate) async fn bar(&self, id: ConversationId) {
        self.list.lock().barred.insert(id);
        loop {
            let ended = self.ended.notified();
            if self.list.lock().busy != Some(id) {
                return;
            }
            ended.await;
        }
    }

    /// The conversation is no more.
    pub(crate) fn forget(&self, id: ConversationId) {
        let mut list = self.list.lock();
        list.barred.remove(&id);
        list.order.retain(|other| *other != id);
        list.known.remove(&id);
        list.committed.remove(&id);
        list.failed.retain(|other| *other != id);
        list.changed.forget(id);
        self.tell_idle(&list);
    }

    /// So many entries were committed, which allows a few to be indexed.
    pub(crate) fn allow(&self, entries: u64) {
        let mut list = self.list.lock();
        let entries = list.rest.saturating_add(entries);
        list.rest = entries % SHARE;
        let more = i64::try_from(entries / SHARE).unwrap_or(SAVED_UP);
        let before = list.allowance;
        list.allowance = before.saturating_add(more).min(SAVED_UP);
        let may_go_on = before <= 0 && list.allowance > 0;
        drop(list);
        if may_go_on {
            self.wake.notify_one();
        }
    }

    /// Nothing is committed any more.
    pub(crate) fn quiet(&self) {
        self.wake.notify_one();
    }

    /// A second has passed.
    pub(crate) fn tick(&self) {
        let mut list = self.list.lock();
        list.push_committed();
        for id in std::mem::take(&mut list.failed) {
            list.push(id);
        }
        list.changed.wait();
        drop(list);
        self.wake.notify_one();
    }

    pub(crate) fn stop(&self) {
        self.list.lock().stopped = true;
        self.wake.notify_one();
    }

    /// The next task, as soon as there is one and it may be done; `None` when the work is over.
    pub(super) async fn next(&self, is_quiet: impl Fn() -> bool) -> Option<Task> {
        loop {
            let woken = self.wake.notified();
            {
                let mut list = self.list.lock();
                if list.stopped {
                    return None;
                }
                if let Some(task) = list.next(&is_quiet) {
                    let id = task.conversation();
                    if list.barred.contains(&id) {
                        continue;
                    }
                    list.busy = Some(id);
                    return Some(task);
                }
            }
            woken.await;
        }
    }

    /// A part of a conversation was indexed.
    pub(super) fn done(&self, id: ConversationId, step: &Step) {
        self.entries.fetch_add(step.entries, Ordering::Relaxed);
        let mut list = self.list.lock();
        let cost = step.entries.saturating_add(step.rows).max(1);
        let cost = i64::try_from(cost).unwrap_or(i64::MAX);
        // What was done while it was quiet is not owed.
        list.allowance = list.allowance.saturating_sub(cost).max(-SAVED_UP);
        list.changed.followed(id, step.followed_to);
        if step.more {
            list.push(id);
        }
        self.end(&mut list);
    }

    /// These messages have their new words in the index.
    pub(super) fn mended(&self, id: ConversationId, places: &[(Seq, Seq)]) {
        let mut list = self.list.lock();
        list.changed.mended(id, places);
        self.end(&mut list);
    }

    /// What was begun cannot be done now.
    pub(super) fn failed(&self, id: ConversationId) {
        self.failures.fetch_add(1, Ordering::Relaxed);
        let mut list = self.list.lock();
        if list.failed.len() < WAITING && !list.barred.contains(&id) {
            list.failed.push(id);
        }
        self.end(&mut list);
    }

    /// There is nothing to be indexed of it.
    pub(super) fn gone(&self, id: ConversationId) {
        let mut list = self.list.lock();
        list.changed.forget(id);
        self.end(&mut list);
    }

    fn end(&self, list: &mut List) {
        list.busy = None;
        self.ended.notify_waiters();
    }

    fn tell_idle(&self, list: &List) {
        if list.is_idle() {
            self.ended.notify_waiters();
        }
    }

    /// Waits until everything that was noted is indexed or has failed.
    pub(crate) async fn idle(&self) {
        loop {
            let ended = self.ended.notified();
            {
                let mut list = self.list.lock();
                if !list.committed.is_empty() {
                    list.push_committed();
                    self.wake.notify_one();
                }
                if list.stopped || list.is_idle() {
                    return;
                }
            }
            ended.await;
        }
    }

    /// Conversations that wait.
    pub(crate) fn waiting(&self) -> u64 {
        let list = self.list.lock();
        (list.order.len() + list.committed.len() + list.failed.len()) as u64
            + u64::from(list.busy.is_some())
    }

    pub(crate) fn entries(&self) -> u64 {
        self.entries.load(Ordering::Relaxed)
    }

    pub(crate) fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    const fn id(number: u8) -> ConversationId {
        ConversationId::from_bytes([number; 16])
    }

    const fn step(entries: u64, more: bool) -> Step {
        Step {
            entries,
            rows: 0,
            followed_to: Seq::ZERO,
            more,
        }
    }

    const fn follow(number: u8) -> Option<Task> {
        Some(Task::Follow(id(number)))
    }

    #[tokio::test]
    async fn each_waits_once_and_in_order() {
        let queue = Queue::default();
        for number in [1, 2, 1] {
            queue.note(id(number));
        }
        assert_eq!(queue.waiting(), 2);
        assert_eq!(queue.next(|| true).await, follow(1));
        queue.note(id(1));
        queue.done(id(1), &step(16, false));
        assert_eq!(queue.next(|| true).await, follow(2));
        queue.done(id(2), &step(16, true));
        for number in [1, 2] {
            assert_eq!(queue.next(|| true).await, follow(number));
            assert!(queue.idle().now_or_never().is_none());
            queue.done(id(number), &step(0, false));
        }
        assert!(queue.idle().now_or_never().is_some());
        assert_eq!(queue.entries(), 32);
    }

    #[tokio::test]
    async fn while_messages_are_committed_there_is_an_allowance() {
        let queue = Queue::default();
        queue.note(id(1));
        assert_eq!(queue.next(|| false).now_or_never(), None);
        queue.allow(SHARE - 1);
        assert_eq!(queue.next(|| false).now_or_never(), None);
        queue.allow(1);
        assert_eq!(queue.next(|| false).await, follow(1));
        queue.done(id(1), &step(16, true));
        queue.allow(15 * SHARE);
        assert_eq!(queue.next(|| false).now_or_never(), None);
        assert_eq!(queue.next(|| true).await, follow(1));
        let tidied = Step {
            rows: 1,
            ..step(0, true)
        };
        queue.done(id(1), &tidied);
        queue.allow(2 * SHARE);
        assert_eq!(queue.next(|| false).await, follow(1));
        queue.done(id(1), &step(16, true));
        assert_eq!(queue.entries(), 32);
    }

    #[tokio::test]
    async fn what_was_committed_waits_for_a_tick_or_for_who_wants_all_of_it() {
        let queue = Queue::default();
        queue.note_committed(id(1));
        queue.note_committed(id(1));
        assert_eq!(queue.next(|| true).now_or_never(), None);
        assert_eq!(queue.waiting(), 1);
        queue.tick();
        assert_eq!(queue.next(|| true).await, follow(1));
        queue.note_committed(id(1));
        queue.done(id(1), &step(16, false));
        assert_eq!(queue.next(|| true).now_or_never(), None);
        assert!(queue.idle().now_or_never().is_none());
        assert_eq!(queue.next(|| true).await, follow(1));
        queue.done(id(1), &step(16, false));
        assert!(queue.idle().now_or_never().is_some());
    }

    #[tokio::test]
    async fn neither_much_is_saved_up_nor_owed() {
        let queue = Queue::default();
        queue.allow(SHARE * 100_000);
        queue.note(id(1));
        assert_eq!(queue.next(|| false).await, follow(1));
        queue.done(id(1), &step(512, true));
        assert_eq!(queue.next(|| false).now_or_never(), None);
        assert_eq!(queue.next(|| true).await, follow(1));
        queue.done(id(1), &step(1_000_000, true));
        queue.allow(SHARE * 513);
        assert_eq!(queue.next(|| false).await, follow(1));
    }

    #[tokio::test]
    async fn what_failed_waits_for_a_tick() {
        let queue = Queue::default();
        queue.note(id(1));
        assert_eq!(queue.next(|| true).await, follow(1));
        queue.failed(id(1));
        queue.idle().await;
        assert_eq!(queue.next(|| true).now_or_never(), None);
        queue.tick();
        assert_eq!(queue.next(|| true).await, follow(1));
        queue.stop();
        assert_eq!(queue.next(|| true).await, None);
        assert_eq!(queue.failures(), 1);
    }

    #[tokio::test]
    async fn what_has_other_words_is_mended_whatever_waits() {
        let queue = Queue::default();
        queue.note(id(1));
        queue.note_changed(id(1), (Seq(3), Seq(9)));
        assert_eq!(queue.next(|| false).now_or_never(), None);
        assert_eq!(queue.changed(id(1)), [Seq(3)]);
        queue.tick();
        let places = vec![(Seq(3), Seq(9))];
        let mend = Task::Mend(id(1), places.clone());
        assert_eq!(queue.next(|| false).await, Some(mend));
        queue.mended(id(1), &places);
        assert_eq!(queue.changed(id(1)), []);
        assert!(queue.is_mended(id(1), (Seq(3), Seq(9))));
        queue.tick();
        assert_eq!(queue.next(|| false).now_or_never(), None);
        assert_eq!(queue.next(|| true).await, follow(1));
    }

    #[tokio::test]
    async fn nothing_is_indexed_of_what_is_erased() {
        let queue = Queue::default();
        queue.note(id(1));
        queue.note_committed(id(2));
        assert_eq!(queue.next(|| true).await, follow(1));
        assert!(queue.bar(id(1)).now_or_never().is_none(), "it is at work");
        queue.failed(id(1));
        queue.bar(id(1)).await;
        for number in [1, 2] {
            queue.note(id(number));
            queue.note_committed(id(number));
            queue.note_changed(id(number), (Seq(1), Seq(2)));
        }
        queue.bar(id(2)).await;
        queue.tick();
        assert_eq!(queue.next(|| true).now_or_never(), None);
        for number in [1, 2] {
            queue.forget(id(number));
        }
        queue.tick();
        assert_eq!(queue.next(|| true).now_or_never(), None);
        assert_eq!((queue.waiting(), queue.changed(id(2))), (0, vec![]));
    }
}
