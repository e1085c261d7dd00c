//! Older messages that are read again and again: whole pages at fixed places, decrypted,
//! bounded in bytes. Only pages that can no longer grow are kept, so none is ever stale.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use protocol::{ConversationId, Message, Seq};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::ChatError;
use crate::entry::weight;

/// Places in a page; the pages begin at 1, 65, 129, ...
pub(crate) const PAGE: u64 = 64;

type Key = (ConversationId, u64);

/// The messages of a page.
pub(crate) struct Page {
    pub(crate) messages: Box<[Message]>,
    weight: u64,
}

pub(crate) struct PageCache {
    cache: Cache<Key, Arc<Page>, Bytes>,
    hits: AtomicU64,
    misses: AtomicU64,
}

#[derive(Clone)]
struct Bytes;

impl Weighter<Key, Arc<Page>> for Bytes {
    fn weight(&self, _: &Key, page: &Arc<Page>) -> u64 {
        page.weight
    }
}

impl From<Vec<Message>> for Page {
    fn from(messages: Vec<Message>) -> Self {
        let texts: usize = messages.iter().map(weight).sum();
        Self {
            messages: messages.into(),
            weight: (texts + size_of::<Key>() + size_of::<Self>()) as u64,
        }
    }
}

/// The page that a place is in.
pub(crate) const fn page_of(seq: Seq) -> u64 {
    seq.prev().0 / PAGE
}

/// The first and the last place of a page.
pub(crate) const fn places(page: u64) -> (Seq, Seq) {
    (Seq(page * PAGE + 1), Seq((page + 1) * PAGE))
}

impl PageCache {
    pub(crate) fn new(bytes: u64) -> Self {
        // Of texts of a usual length; decides the size of the tables only.
        let pages = usize::try_from(bytes / 16_384)
            .unwrap_or(usize::MAX)
            .max(16);
        Self {
            cache: Cache::with_weighter(pages, bytes, Bytes),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// The page, read by `read` if it is not held; several at once read it once.
    pub(crate) async fn get(
        &self,
        conversation: ConversationId,
        page: u64,
        read: impl Future<Output = Result<Vec<Message>, ChatError>>,
    ) -> Result<Arc<Page>, ChatError> {
        let mut missed = false;
        let read = async {
            missed = true;
            read.await.map(|messages| Arc::new(Page::from(messages)))
        };
        let page = self
            .cache
            .get_or_insert_async(&(conversation, page), read)
            .await?;
        let counter = if missed { &self.misses } else { &self.hits };
        counter.fetch_add(1, Ordering::Relaxed);
        Ok(page)
    }

    pub(crate) fn hits(&self) -> u64 {
        self.hits.load(Ordering::Relaxed)
    }

    pub(crate) fn misses(&self) -> u64 {
        self.misses.load(Ordering::Relaxed)
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.cache.weight()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_begin_at_fixed_places() {
        for (seq, page) in [(1, 0), (64, 0), (65, 1), (128, 1), (129, 2)] {
            assert_eq!(page_of(Seq(seq)), page, "place {seq}");
            let (first, last) = places(page);
            assert!(first <= Seq(seq) && Seq(seq) <= last, "place {seq}");
        }
    }
}
