//! Older messages that are read again and again: whole pages at fixed places, decrypted,
//! bounded in bytes. Only pages that can no longer grow are kept, and one in which something was
//! changed has another name from then on ([`Stamps`]), so none is ever stale: whoever read it
//! before the change and puts it in after puts it under the name that nobody asks for any more.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use protocol::{ConversationId, Message, Seq};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::ChatError;
use crate::entry::weight;

/// Places in a page; the pages begin at 1, 65, 129, ...
pub(crate) const PAGE: u64 = 64;

/// Changed pages that are told apart by conversation; beyond that all of it counts as changed.
const CHANGED_PAGES: usize = 4_096;

/// Conversation, number and stamp of a page.
type Key = (ConversationId, u64, u64);

/// The messages of a page.
pub(crate) struct Page {
    pub(crate) messages: Box<[Message]>,
    weight: u64,
}

pub(crate) struct PageCache {
    cache: Cache<Key, Arc<Page>, Bytes>,
    hits: AtomicU64,
    misses: AtomicU64,
    stamps: AtomicU64,
}

/// The names under which the pages of a conversation are cached. A stamp is never used twice,
/// whatever is loaded, unloaded and loaded again.
pub(crate) struct Stamps {
    unchanged: u64,
    changed: HashMap<u64, u64>,
}

/// A range that is to be read, as of `committed`.
pub(crate) struct Span {
    pub(crate) from: Seq,
    pub(crate) to: Seq,
    pub(crate) committed: Seq,
    first_page: u64,
    stamps: Vec<u64>,
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
            stamps: AtomicU64::new(1),
        }
    }

    /// One that was never used.
    pub(crate) fn fresh_stamp(&self) -> u64 {
        self.stamps.fetch_add(1, Ordering::Relaxed)
    }

    /// Forgets a page that nobody asks for any more.
    pub(crate) fn forget(&self, conversation: ConversationId, page: u64, stamp: u64) {
        self.cache.remove(&(conversation, page, stamp));
    }

    /// The page, read by `read` if it is not held; several at once read it once.
    pub(crate) async fn get(
        &self,
        key: (ConversationId, u64, u64),
        read: impl Future<Output = Result<Vec<Message>, ChatError>>,
    ) -> Result<Arc<Page>, ChatError> {
        let mut missed = false;
        let read = async {
            missed = true;
            read.await.map(|messages| Arc::new(Page::from(messages)))
        };
        let page = self.cache.get_or_insert_async(&key, read).await?;
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

impl Stamps {
    pub(crate) fn new(stamp: u64) -> Self {
        Self {
            unchanged: stamp,
            changed: HashMap::new(),
        }
    }

    fn of(&self, page: u64) -> u64 {
        self.changed.get(&page).copied().unwrap_or(self.unchanged)
    }

    /// Something in the page of a place was changed. Returns the page and its stamp until now.
    pub(crate) fn change(&mut self, seq: Seq, fresh: u64) -> (u64, u64) {
        let page = page_of(seq);
        let before = self.of(page);
        if self.changed.len() < CHANGED_PAGES {
            self.changed.insert(page, fresh);
        } else {
            *self = Self::new(fresh);
        }
        (page, before)
    }

    pub(crate) fn span(&self, from: Seq, to: Seq, committed: Seq) -> Span {
        let first_page = page_of(from);
        let pages = if from <= to {
            first_page..page_of(to) + 1
        } else {
            0..0
        };
        Span {
            from,
            to,
            committed,
            first_page,
            stamps: pages.map(|page| self.of(page)).collect(),
        }
    }
}

impl Span {
    pub(crate) fn stamp(&self, page: u64) -> u64 {
        let at = usize::try_from(page.saturating_sub(self.first_page)).unwrap_or(usize::MAX);
        self.stamps.get(at).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_renames_its_page_and_no_other() {
        let mut stamps = Stamps::new(1);
        let names = |stamps: &Stamps| {
            let span = stamps.span(Seq(60), Seq(200), Seq(500));
            [0, 1, 2, 3].map(|page| span.stamp(page))
        };
        assert_eq!(names(&stamps), [1; 4]);
        assert_eq!(stamps.change(Seq(65), 2), (1, 1));
        assert_eq!(stamps.change(Seq(128), 3), (1, 2));
        assert_eq!(names(&stamps), [1, 3, 1, 1]);
        let empty = stamps.span(Seq(9), Seq(8), Seq(500));
        assert!(empty.stamps.is_empty());
    }

    #[test]
    fn what_is_remembered_of_changes_is_bounded() {
        let mut stamps = Stamps::new(0);
        let places = (0..=CHANGED_PAGES as u64).map(|page| page * PAGE + 1);
        for (stamp, place) in (1..).zip(places) {
            stamps.change(Seq(place), stamp);
        }
        assert!(stamps.changed.is_empty());
        assert_eq!(
            stamps.of(7),
            CHANGED_PAGES as u64 + 1,
            "all count as changed"
        );
    }

    #[tokio::test]
    async fn whoever_read_before_a_change_puts_it_where_nobody_looks() {
        let cache = PageCache::new(1_000_000);
        let id = ConversationId::from_bytes([1; 16]);
        let mut stamps = Stamps::new(cache.fresh_stamp());
        let before = stamps.span(Seq(1), Seq(64), Seq(64));
        // Planned before the change, read and put in after.
        let (page, old) = stamps.change(Seq(3), cache.fresh_stamp());
        cache.forget(id, page, old);
        let stale = async { Ok(vec![crate::envelope::missing(id, Seq(3))]) };
        let late = cache
            .get((id, page, before.stamp(page)), stale)
            .await
            .unwrap();
        assert_eq!(late.messages.len(), 1);
        let after = stamps.span(Seq(1), Seq(64), Seq(65));
        let fresh = async { Ok(Vec::new()) };
        let read = cache
            .get((id, page, after.stamp(page)), fresh)
            .await
            .unwrap();
        assert!(read.messages.is_empty(), "read anew");
    }

    #[test]
    fn pages_begin_at_fixed_places() {
        for (seq, page) in [(1, 0), (64, 0), (65, 1), (128, 1), (129, 2)] {
            assert_eq!(page_of(Seq(seq)), page, "place {seq}");
            let (first, last) = places(page);
            assert!(first <= Seq(seq) && Seq(seq) <= last, "place {seq}");
        }
    }
}
