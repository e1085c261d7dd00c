//! Recognising a retry whose first copy is no longer in memory.
//!
//! A client keeps the id of a message through every retry, says that it is one, and says the
//! newest place it knew when the message was written. The first copy, if there is one, lies
//! after that place. So a forward scan from there finds it however old it is, reading headers
//! only; it is exact and costs nothing to those who do not retry
//! (docs/decisions/0004-seq-owner-and-retries.md).
//!
//! While the search runs the send keeps its place among its author's sends; other people's
//! go on. All retries of one author in one conversation share a scan, because an outbox comes
//! back as a whole.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use protocol::{SendId, Seq, Timestamp, UserId};

use crate::ChatError;
use crate::conversation_state::Conversation;
use crate::delivery::{ack, reject};
use crate::engine::{Engine, guarded};
use crate::envelope::Header;

/// Rows that one read of a search returns.
const PAGE: u64 = 256;

type Found = HashMap<SendId, (Seq, Timestamp)>;

/// Looks for the first copies of an author's retries, in the background.
pub(crate) fn search(engine: Arc<Engine>, conversation: Arc<Conversation>, author: UserId) {
    tokio::spawn(async move {
        let _permit = engine.searches.acquire().await;
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
        let last = Seq(first.0 + PAGE - 1).min(to);
        for row in engine.store.messages(conversation.id, first, last).await? {
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
    if let Err(error) = result {
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
