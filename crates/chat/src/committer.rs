//! From waiting sends to durable rows: the one place that appends.
//!
//! Conversations with waiting sends stand on a list. A fixed number of workers each take what
//! is there, of many conversations at once, give it places (`placing.rs`), seal it, append it
//! in one transaction and deliver it (`delivery.rs`). While no commit is under way the next one starts at once with whatever there is;
//! beside others a further one starts only when enough conversations wait to be worth it, so
//! that commits grow under load instead of multiplying (docs/decisions/0004-*.md).
//!
//! Nothing is acked or published before `append` has returned `Ok`. When it has not, every
//! send of the conversations concerned is rejected and their state is read again from the
//! store, because the outcome is not known. What is found there beyond what was delivered
//! counts only after `sync` has returned `Ok`. Until a commit succeeds again only one is tried
//! at a time, with one conversation.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use parking_lot::Mutex;
use protocol::Seq;
use tokio::sync::Notify;

use crate::ChatError;
use crate::conversation_state::{Conversation, Fixed, Queued};
use crate::delivery::{give_up, publish};
use crate::engine::{Engine, guarded};
use crate::envelope;
use crate::placing::{Known, Placed, Plan};
use crate::store::{
    APPEND_PER_CONVERSATION, AnswerRecord, Append, Bar, CHECKPOINT_EVERY, Checkpoint, Redeemed,
};
use crate::targets::{self, follows_link, needs_reading};

/// Conversations that must wait for each commit under way before a further one starts.
const SPREAD: usize = 8;

/// The list of conversations with waiting sends.
pub(crate) struct Committer {
    list: Mutex<List>,
    wake: Notify,
}

#[derive(Default)]
struct List {
    ready: VecDeque<Arc<Conversation>>,
    under_way: usize,
    /// The last commit failed.
    suspect: bool,
    stopped: bool,
}

impl List {
    fn may_start(&self) -> bool {
        let enough =
            self.under_way == 0 || (!self.suspect && self.ready.len() >= self.under_way * SPREAD);
        !self.ready.is_empty() && enough
    }
}

/// One conversation's part of a commit.
pub(crate) struct Part {
    pub(crate) conversation: Arc<Conversation>,
    pub(crate) fixed: Arc<Fixed>,
    /// Sends that cannot be decided about before something is read, and what is known of that.
    pub(crate) taken: Vec<Queued>,
    pub(crate) known: Known,
    pub(crate) plan: Plan,
}

impl Committer {
    pub(crate) fn new() -> Self {
        Self {
            list: Mutex::new(List::default()),
            wake: Notify::new(),
        }
    }

    /// Puts a conversation on the list. Its log is marked busy already, so it is there once.
    pub(crate) fn push(&self, conversation: Arc<Conversation>) {
        let mut list = self.list.lock();
        list.ready.push_back(conversation);
        let wake = list.may_start();
        drop(list);
        if wake {
            self.wake.notify_one();
        }
    }

    /// Ends the workers when the list is empty.
    pub(crate) fn stop(&self) {
        self.list.lock().stopped = true;
        self.wake.notify_waiters();
        self.wake.notify_one();
    }

    /// Waits for permission to start a commit; `false` when there will be none.
    async fn start(&self) -> bool {
        loop {
            let woken = self.wake.notified();
            {
                let mut list = self.list.lock();
                if list.may_start() {
                    list.under_way += 1;
                    return true;
                }
                if list.stopped && list.ready.is_empty() {
                    drop(list);
                    self.wake.notify_one();
                    return false;
                }
            }
            woken.await;
        }
    }

    fn pop(&self) -> Option<Arc<Conversation>> {
        self.list.lock().ready.pop_front()
    }

    fn finish(&self, succeeded: Option<bool>) {
        let mut list = self.list.lock();
        list.under_way -= 1;
        if let Some(succeeded) = succeeded {
            list.suspect = !succeeded;
        }
        let wake = list.may_start();
        drop(list);
        if wake {
            self.wake.notify_one();
        }
    }

    /// Whether nothing is committed or waits for it.
    pub(crate) fn is_quiet(&self) -> bool {
        let list = self.list.lock();
        list.under_way == 0 && list.ready.is_empty()
    }

    fn is_suspect(&self) -> bool {
        self.list.lock().suspect
    }

    /// Wakes a further worker if enough is left for it.
    fn hand_on(&self) {
        if self.list.lock().may_start() {
            self.wake.notify_one();
        }
    }
}

/// A worker; ends when the committer is stopped and nothing is left.
pub(crate) async fn work(engine: Arc<Engine>) {
    while engine.committer.start().await {
        let parts = collect(&engine);
        engine.committer.hand_on();
        let outcome = if parts.is_empty() {
            None
        } else {
            commit(&engine, parts).await
        };
        engine.committer.finish(outcome);
        if engine.committer.is_quiet() {
            engine.index.queue.quiet();
        }
    }
}

/// Takes waiting sends from the list, at most one batch.
fn collect(engine: &Engine) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut weight = 0;
    let conversations = if engine.committer.is_suspect() {
        1
    } else {
        usize::MAX
    };
    while weight < engine.commit_batch && parts.len() < conversations {
        let Some(conversation) = engine.committer.pop() else {
            break;
        };
        let most = (engine.commit_batch - weight).min(APPEND_PER_CONVERSATION);
        let mut log = conversation.log.lock();
        let fixed = log.fixed().cloned();
        let taken = log.take(most);
        let Some(fixed) = fixed.filter(|_| !taken.is_empty()) else {
            log.busy = false;
            continue;
        };
        weight += taken.iter().map(|s| s.command.weight()).sum::<usize>();
        let mut part = Part {
            conversation: Arc::clone(&conversation),
            fixed,
            taken: Vec::new(),
            known: Known::default(),
            plan: Plan::default(),
        };
        let apart = engine.known_apart(part.fixed.kind, &taken);
        if apart.is_none() || taken.iter().any(|send| needs_reading(&send.command)) {
            part.known = log.known(&taken);
            part.taken = taken;
        } else {
            let (id, kind) = (conversation.id, part.fixed.kind);
            let known = Known {
                apart: apart.unwrap_or_default(),
                ..Known::default()
            };
            part.plan = log.place(id, kind, taken, known);
        }
        drop(log);
        parts.push(part);
    }
    parts
}

/// Whether the store took it; `None` if there was nothing to store.
async fn commit(engine: &Arc<Engine>, mut parts: Vec<Part>) -> Option<bool> {
    let written = match write(engine, &mut parts).await {
        Ok(written) => written,
        Err(error) => {
            let failure = 1 + engine
                .counters
                .commits_failed
                .fetch_add(1, Ordering::SeqCst);
            tracing::error!(%error, conversations = parts.len(), "entries could not be committed");
            for part in parts {
                give_up(engine, part, failure, error.code());
            }
            return Some(false);
        }
    };
    if written {
        engine.counters.commits.fetch_add(1, Ordering::Relaxed);
        let placed = parts.iter().map(|part| part.plan.placed.len() as u64);
        engine.index.queue.allow(placed.sum());
    }
    for part in parts {
        publish(engine, part);
    }
    written.then_some(true)
}

/// Whether there was something to be written.
async fn write(engine: &Engine, parts: &mut [Part]) -> Result<bool, ChatError> {
    // Held until it is written that somebody came: a link goes before it is read, or after that.
    let _links = if parts.iter().any(|part| follows_link(&part.taken)) {
        Some(engine.following_links.read().await)
    } else {
        None
    };
    if parts.iter().any(|part| !part.taken.is_empty()) {
        guarded(Box::pin(targets::read(engine, parts))).await?;
    }
    let append = seal(parts)?;
    if append.is_empty() {
        return Ok(false);
    }
    guarded(engine.store.append(&append)).await?;
    Ok(true)
}

fn seal(parts: &[Part]) -> Result<Append, ChatError> {
    let mut append = Append::default();
    append
        .rows
        .reserve_exact(parts.iter().map(|part| part.plan.placed.len()).sum());
    for part in parts {
        let conversation = part.conversation.id;
        let (key, plan) = (&part.fixed.key, &part.plan);
        for placed in &plan.placed {
            append.rows.push(envelope::seal(key, &placed.entry)?);
        }
        for entry in &plan.rewritten {
            append.rewritten.push(envelope::seal(key, entry)?);
        }
        let members = plan.members.iter().cloned();
        append
            .members
            .extend(members.map(|change| (conversation, change)));
        let details = plan.details.iter().cloned();
        append
            .details
            .extend(details.map(|details| (conversation, details)));
        let redeemed = plan.redeemed.iter();
        append.sent.extend(&plan.sent);
        let answers = plan.answers.iter();
        append
            .answers
            .extend(answers.map(|&(root, seq)| AnswerRecord {
                conversation,
                root,
                seq,
            }));
        append.expiring.extend(&plan.expiring);
        append.expired.extend(&plan.expired);
        append
            .redeemed
            .extend(redeemed.map(|(&hash, &used)| Redeemed { hash, used }));
        append
            .bars
            .extend(plan.bars.iter().map(|(&user, &barred)| Bar {
                conversation,
                user,
                barred,
            }));
        append.emptied.extend(plan.emptied.then_some(conversation));
        let place = |placed: &Placed| placed.entry.message.seq;
        if let (Some(first), Some(last)) = (plan.placed.first(), plan.placed.last())
            && passes_checkpoint(place(first), place(last))
        {
            let seq = place(last);
            append.checkpoints.push(Checkpoint { conversation, seq });
        }
    }
    Ok(append)
}

/// Whether places from `first` to `last` take or pass a multiple of [`CHECKPOINT_EVERY`].
const fn passes_checkpoint(first: Seq, last: Seq) -> bool {
    last.0 / CHECKPOINT_EVERY > first.prev().0 / CHECKPOINT_EVERY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_when_a_multiple_is_taken_or_passed() {
        let cases = [
            (1, 255, false),
            (1, 256, true),
            (256, 256, true),
            (257, 257, false),
            (257, 511, false),
            (250, 505, true),
            (512, 700, true),
        ];
        for (first, last, expected) in cases {
            assert_eq!(
                passes_checkpoint(Seq(first), Seq(last)),
                expected,
                "{first}..={last}"
            );
        }
    }
}
