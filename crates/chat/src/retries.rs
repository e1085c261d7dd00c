//! Recognising a retry whose first copy is no longer in memory.
//!
//! A client keeps the id of a message through every retry, and says the newest place it knew
//! when the message was written. The first copy, if there is one, lies after that place. So a
//! forward scan from there finds it however old it is, reading headers only; it is exact and
//! costs nothing to those who know the newest messages
//! (docs/decisions/0004-seq-owner-and-retries.md). Whether it is said to be a retry does not
//! matter: what was sent first over one connection may arrive after what was sent later over
//! another.
//!
//! While the search runs the send keeps its place among its author's sends; other people's
//! go on. All retries of one author in one conversation share a scan, because an outbox comes
//! back as a whole.
//!
//! A scan may be as long as the conversation, and nobody can be kept from asking for another.
//! So the turns go from page to page, one page of each author at a time: who searches much
//! waits for who searches little, not the other way round. A drain lets each scan end with the
//! page it reads.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use parking_lot::Mutex;
use protocol::{ErrorCode, SendId, Seq, Timestamp, UserId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use crate::ChatError;
use crate::conversation_state::Conversation;
use crate::delivery::{ack, reject};
use crate::engine::{Engine, guarded};
use crate::envelope::Header;

/// Rows that one read of a search returns.
const PAGE: u64 = 256;

/// Pages that are read at the same time.
const AT_ONCE: usize = 4;

/// Whose turn it is to read a page.
pub(crate) struct Turns {
    all: Semaphore,
    authors: Mutex<HashMap<UserId, Arc<Semaphore>>>,
}

/// Somebody's turn, until it is dropped.
struct Turn<'a> {
    turns: &'a Turns,
    author: UserId,
    /// Given back in this order, before the author is forgotten.
    permits: Option<(SemaphorePermit<'a>, OwnedSemaphorePermit)>,
}

impl Turns {
    pub(crate) fn new() -> Self {
        Self {
            all: Semaphore::new(AT_ONCE),
            authors: Mutex::default(),
        }
    }

    /// Waits in line behind the author's own pages first, then behind everybody's.
    async fn turn(&self, author: UserId) -> Turn<'_> {
        let mut turn = Turn {
            turns: self,
            author,
            permits: None,
        };
        let own = {
            let mut authors = self.authors.lock();
            let own = authors.entry(author);
            Arc::clone(own.or_insert_with(|| Arc::new(Semaphore::new(1))))
        };
        // Neither is ever closed.
        if let Ok(own) = own.acquire_owned().await
            && let Ok(all) = self.all.acquire().await
        {
            turn.permits = Some((all, own));
        }
        turn
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.permits = None;
        let mut authors = self.turns.authors.lock();
        if authors
            .get(&self.author)
            .is_some_and(|own| Arc::strong_count(own) == 1)
        {
            authors.remove(&self.author);
        }
    }
}

type Found = HashMap<SendId, (Seq, Timestamp)>;

/// Looks for the first copies of an author's retries, in the background.
pub(crate) fn search(engine: Arc<Engine>, conversation: Arc<Conversation>, author: UserId) {
    tokio::spawn(async move {
        loop {
            // More may have come while the last round ran.
            let round = conversation.log.lock().searches(author);
            let Some((ids, from, to)) = round else {
                break;
            };
            let scan = scan(&engine, &conversation, author, &ids, (from, to));
            let result = guarded(scan).await;
            settle(&engine, &conversation, author, &ids, &result);
        }
    });
}

async fn scan(
    engine: &Engine,
    conversation: &Conversation,
    author: UserId,
    ids: &[SendId],
    (from, to): (Seq, Seq),
) -> Result<Found, ChatError> {
    let mut found = Found::new();
    let mut first = from;
    while first <= to && found.len() < ids.len() {
        if first > from && engine.is_draining() {
            return Err(ErrorCode::Draining.into());
        }
        let last = Seq(first.0 + PAGE - 1).min(to);
        let turn = engine.searches.turn(author).await;
        let rows = engine.store.messages(conversation.id, first, last).await?;
        drop(turn);
        for row in rows {
            let header = Header::read(&row.bytes);
            let ours = header.filter(|h| h.author == author && ids.contains(&h.send_id));
            if let Some(header) = ours {
                found
                    .entry(header.send_id)
                    .or_insert((row.seq, header.sent_at));
            }
        }
        first = last.next();
    }
    Ok(found)
}

fn settle(
    engine: &Engine,
    conversation: &Arc<Conversation>,
    author: UserId,
    ids: &[SendId],
    result: &Result<Found, ChatError>,
) {
    let mut log = conversation.log.lock();
    // After a failure the first copy may be there or not: none of them may go on.
    let ended = log.searched(author, ids, |id| match result {
        Ok(found) => found.contains_key(&id),
        Err(_) => true,
    });
    let start = log.fixed().is_some() && !log.busy && log.has_work();
    log.busy |= start;
    drop(log);
    if start {
        engine.committer.push(Arc::clone(conversation));
    }
    if let Err(error) = result
        && !engine.is_draining()
    {
        tracing::error!(%error, conversation = %conversation.id, "a search for retries failed");
    }
    for send in ended {
        for line in send.waiter.lines() {
            match result {
                Ok(found) => {
                    engine.counters.duplicates.fetch_add(1, Ordering::Relaxed);
                    if let Some(place) = found.get(&send.send_id) {
                        ack(engine, line, conversation, send.send_id, *place);
                    }
                }
                Err(error) => reject(engine, line, send.send_id, error.code()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn author(n: u8) -> UserId {
        UserId::from_bytes([n; 16])
    }

    #[tokio::test]
    async fn an_author_with_many_searches_takes_one_turn_at_a_time() {
        let turns = Turns::new();
        let first = turns.turn(author(1)).await;
        let mut more: Vec<_> = (0..10).map(|_| Box::pin(turns.turn(author(1)))).collect();
        for turn in &mut more {
            assert!(turn.now_or_never().is_none());
        }
        // Nobody else waits for what the first author asks for.
        let others: Vec<_> = (2..=AT_ONCE as u8)
            .map(|other| turns.turn(author(other)).now_or_never().unwrap())
            .collect();
        let mut late = Box::pin(turns.turn(author(9)));
        assert!((&mut late).now_or_never().is_none(), "all are taken");
        drop(first);
        assert!((&mut more[0]).now_or_never().is_none(), "it came later");
        drop(late.await);
        let second = more.remove(0).await;
        drop(more);
        drop((second, others));
        assert!(turns.authors.lock().is_empty());
    }

    #[tokio::test]
    async fn nothing_is_kept_of_authors_who_have_finished() {
        let turns = Turns::new();
        for n in 0..100 {
            drop(turns.turn(author(n)).await);
        }
        let held = turns.turn(author(1)).await;
        // One that gives up while it waits.
        assert!(turns.turn(author(1)).now_or_never().is_none());
        assert_eq!(turns.authors.lock().len(), 1);
        drop(held);
        assert!(turns.authors.lock().is_empty());
    }
}
