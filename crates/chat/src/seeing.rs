//! How far people have seen threads beyond what they have read of their conversations: stored
//! durably, then told to all connections of the account. Nobody else learns of it
//! (docs/decisions/0026-threads.md).

use std::collections::BTreeMap;
use std::sync::Arc;

use protocol::limits::THREADS_SEEN;
use protocol::permission::Action;
use protocol::{
    ConversationId, ErrorCode, SavedPlace, SeenThread, Seq, ServerFrame, Timestamp, UserId,
};

use crate::engine::{Engine, guarded};
use crate::store::SeenRecord;
use crate::{Actor, Chat, ChatError, ConnectionId};

/// That the answers of a thread were seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeeThreadCommand {
    /// The number of its answer.
    pub request: u32,
    /// Which, and how far.
    pub thread: SeenThread,
}

impl Chat {
    /// Remembers how far the actor has seen a thread; it only moves forward. When it is stored,
    /// every connection of theirs is told; the one that asked gets the answer in the same place
    /// of its queue.
    ///
    /// # Errors
    /// `Refused(NotFound)` if the actor is not in the conversation, `Refused(Malformed)` for
    /// what is no place after a root; `RateLimited`; `Store`.
    pub async fn see_thread(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        command: SeeThreadCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        self.accounts.check_arrange(actor.user(), now)?;
        let (engine, user) = (Arc::clone(&self.engine), actor.user());
        // In a task of its own: what is stored is told also if the caller is gone by then.
        let seeing =
            tokio::spawn(async move { engine.see_thread(user, connection, command, now).await });
        seeing.await.unwrap_or_else(|error| {
            tracing::error!(%error, "remembering what was seen of a thread ended early");
            Err(ErrorCode::Internal.into())
        })
    }
}

impl Engine {
    async fn see_thread(
        self: &Arc<Self>,
        user: UserId,
        connection: ConnectionId,
        command: SeeThreadCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let SeeThreadCommand { request, thread } = command;
        let SavedPlace { conversation, seq } = thread.root;
        let cursor = self.with(conversation, |log, _| {
            let member = log.permit(user, Action::Read)?;
            Ok((member.seen(), log.committed))
        });
        let (read, newest) = cursor.await?;
        let seen = thread.seen.min(newest);
        if seq == Seq::ZERO || seen <= seq {
            return Err(ErrorCode::Malformed.into());
        }
        let _turn = self.own_turn(user).await?;
        let own = guarded(self.store.threads().seen(user)).await?;
        let asked = SeenRecord {
            user,
            thread: SeenThread { seen, ..thread },
            seen_at: now,
        };
        let step = decide(&own, asked, read);
        if let Some(record) = &step.put {
            self.written(user, self.store.threads().put_seen(record))
                .await?;
        }
        for root in step.forget {
            guarded(self.store.threads().forget_seen(user, root)).await?;
        }
        let frame = |request| ServerFrame::ThreadsSeen {
            request,
            threads: vec![step.told],
        };
        let answer = (connection, &frame(Some(request)));
        self.hub.delivery().answer(user, &frame(None), answer);
        Ok(())
    }

    /// How far an account has read the conversations in whose threads it has seen something;
    /// nothing of those that it is not in any more. What cannot be read today is left out.
    pub(crate) async fn read_where_seen(
        self: &Arc<Self>,
        user: UserId,
    ) -> Result<BTreeMap<ConversationId, Option<Seq>>, ChatError> {
        let mut read = BTreeMap::new();
        for record in guarded(self.store.threads().seen(user)).await? {
            let conversation = record.thread.root.conversation;
            if read.contains_key(&conversation) {
                continue;
            }
            let cursor = self.with(conversation, |log, _| {
                Ok(log.permit(user, Action::Read)?.seen())
            });
            match cursor.await {
                Ok(seq) => read.insert(conversation, Some(seq)),
                Err(ChatError::Refused(ErrorCode::NotFound)) => read.insert(conversation, None),
                Err(error) if self.passes_over(&error) => continue,
                Err(error) => return Err(error),
            };
        }
        Ok(read)
    }

    /// How far an account whose turn is held has seen threads, given how far it has read. What it
    /// has read beyond, or cannot read any more, is forgotten on the way.
    pub(crate) async fn seen_in_turn(
        &self,
        user: UserId,
        read: &BTreeMap<ConversationId, Option<Seq>>,
    ) -> Result<Vec<SeenThread>, ChatError> {
        let mut all = Vec::new();
        for record in guarded(self.store.threads().seen(user)).await? {
            let root = record.thread.root;
            let is_passed = |read| record.thread.seen <= read;
            let cursor = read.get(&root.conversation);
            if cursor.is_some_and(|read| read.is_none_or(is_passed)) {
                guarded(self.store.threads().forget_seen(user, root)).await?;
            } else {
                all.push(record.thread);
            }
        }
        all.truncate(THREADS_SEEN);
        Ok(all)
    }
}

/// What is to be written, and told.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    put: Option<SeenRecord>,
    forget: Vec<SavedPlace>,
    told: SeenThread,
}

/// Decides what is written when a thread was seen, given all that is stored of the account and
/// how far it has read the conversation. What is not beyond that is not stored.
fn decide(own: &[SeenRecord], asked: SeenRecord, read: Seq) -> Step {
    let root = asked.thread.root;
    let was = own.iter().find(|it| it.thread.root == root);
    let was = was.map_or(Seq::ZERO, |it| it.thread.seen);
    let told = SeenThread {
        root,
        seen: was.max(asked.thread.seen),
    };
    let is_over = |it: &&SeenRecord| {
        let is_here = it.thread.root.conversation == root.conversation;
        is_here && it.thread.seen <= read && (it.thread.root != root || told.seen <= read)
    };
    let over = own.iter().filter(is_over);
    let mut forget: Vec<_> = over.map(|it| it.thread.root).collect();
    let put = (told.seen > was.max(read)).then_some(asked);
    let others = || {
        let is_left = |it: &&SeenRecord| it.thread.root != root && !is_over(it);
        own.iter().filter(is_left)
    };
    if put.is_some() && others().count() >= THREADS_SEEN {
        let oldest = others().min_by_key(|it| (it.seen_at, it.thread.root));
        forget.extend(oldest.map(|it| it.thread.root));
    }
    Step { put, forget, told }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn record(conversation: u8, root: u64, seen: u64) -> SeenRecord {
        SeenRecord {
            user: UserId::from_bytes([1; 16]),
            thread: SeenThread {
                root: SavedPlace {
                    conversation: ConversationId::from_bytes([conversation; 16]),
                    seq: Seq(root),
                },
                seen: Seq(seen),
            },
            seen_at: NOW.plus_millis(root),
        }
    }

    #[test]
    fn it_moves_forward_only_and_a_repetition_writes_nothing() {
        let step = decide(&[], record(7, 1, 5), Seq(4));
        assert_eq!(step.put, Some(record(7, 1, 5)));
        let own = [record(7, 1, 5)];
        for seen in [2, 5] {
            let step = decide(&own, record(7, 1, seen), Seq(1));
            let told = record(7, 1, 5).thread;
            let (put, forget) = (None, vec![]);
            assert_eq!(step, Step { put, forget, told });
        }
        let step = decide(&own, record(7, 1, 6), Seq(1));
        assert_eq!(step.put, Some(record(7, 1, 6)));
        assert_eq!((step.forget, step.told.seen), (vec![], Seq(6)));
    }

    #[test]
    fn what_was_read_is_not_stored_and_what_was_stored_of_it_is_forgotten() {
        let own = [record(7, 1, 5), record(7, 2, 9), record(8, 1, 5)];
        let step = decide(&own, record(7, 3, 6), Seq(6));
        assert_eq!(step.put, None);
        assert_eq!(step.forget, [own[0].thread.root]);
        assert_eq!(step.told, record(7, 3, 6).thread);
        // Also of the thread itself, unless it is seen further by now.
        let step = decide(&own, record(7, 1, 6), Seq(6));
        assert_eq!((step.put, step.forget), (None, vec![own[0].thread.root]));
        let step = decide(&own, record(7, 1, 7), Seq(6));
        assert_eq!((step.put, step.forget), (Some(record(7, 1, 7)), vec![]));
    }

    #[test]
    fn of_too_many_those_seen_last_are_kept() {
        let own: Vec<_> = (2..)
            .take(THREADS_SEEN)
            .map(|n| record(7, n, 90_000))
            .collect();
        let step = decide(&own, record(8, 1, 5), Seq(0));
        assert!(step.put.is_some());
        assert_eq!(step.forget, [own[0].thread.root]);
        let again = decide(&own, record(7, 2, 90_001), Seq(0));
        assert_eq!((again.put.is_some(), again.forget), (true, vec![]));
        assert_eq!(decide(&own[1..], record(8, 1, 5), Seq(0)).forget, []);
        // There is room where the cursor has passed one.
        let mut own = own;
        own[7] = record(8, 3, 4);
        assert_eq!(
            decide(&own, record(8, 1, 5), Seq(4)).forget,
            [own[7].thread.root]
        );
    }
}
