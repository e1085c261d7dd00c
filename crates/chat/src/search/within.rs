//! Searching one conversation, from a place on downwards.
//!
//! First what is not in the index yet, message by message; then the blocks, the newest first:
//! which places may answer, and whether the messages there do, as they are now. So the index
//! may lag behind or hold too much and nobody sees it. Messages whose change the index has not
//! followed yet are looked at whatever it says.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use folding::Match;
use protocol::permission::Action;
use protocol::{ConversationId, Message, Seq, UserId};

use super::blocks::{Block, blocks, joined_next};
use super::indexer::changed;
use super::matcher::Matcher;
use super::segment;
use super::tokens::VERSION;
use crate::ChatError;
use crate::conversation_state::Fixed;
use crate::engine::{Engine, guarded};
use crate::store::{IndexCursor, IndexKey};
use crate::unread::Membership;

/// Messages that are looked at at once: a page, and a few that do not answer.
const LOOK: usize = 32;

/// Messages that are not in the index and read at once.
const SCAN: u64 = 256;

/// Blocks of which the rows are read at once.
const BLOCKS: usize = 48;

/// Places in the blocks that are searched first. Each further time it may be so many times as
/// many: who looks for a frequent word ends soon, and for a seldom one it takes few steps.
const REACH: u64 = 4_096;
const FURTHER: u64 = 4;

/// So few places are looked at themselves: that is less than to ask for the next word.
const FEW: usize = 64;

/// Entries after what the index has followed that are looked through for changes.
const FOLLOW: u64 = 4_096;

/// How much one search may still read, in rows of the index and messages.
pub(super) struct Budget(AtomicI64);

impl Budget {
    pub(super) const fn new(rows: i64) -> Self {
        Self(AtomicI64::new(rows))
    }

    /// Whether something is left.
    pub(super) fn is_left(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }

    /// Takes so much. Whether something is left then. Whoever finds nothing left ends after the
    /// step that it was for, so that every search gets on.
    fn take(&self, rows: usize) -> bool {
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        self.0.fetch_sub(rows, Ordering::Relaxed) > rows
    }
}

/// What was found in a conversation, the newest first.
pub(super) struct Found {
    pub(super) hits: Vec<(Match, Message)>,
    /// Where it goes on; `None` if all was searched.
    pub(super) below: Option<Seq>,
}

/// A search in one conversation.
struct Search<'a> {
    engine: &'a Arc<Engine>,
    matcher: &'a Matcher,
    budget: &'a Budget,
    id: ConversationId,
    limit: usize,
    fixed: Arc<Fixed>,
    cursor: IndexCursor,
    committed: Seq,
    /// What is readable and not searched yet.
    from: Seq,
    to: Seq,
    /// The newest entries.
    held: Vec<Message>,
    /// Of whoever searches.
    member: Membership,
    hits: Vec<(Match, Message)>,
}

/// Searches what somebody may read of a conversation, of what lies before a place.
pub(super) async fn search(
    engine: &Arc<Engine>,
    (user, id): (UserId, ConversationId),
    (matcher, budget): (&Matcher, &Budget),
    below: Seq,
    limit: usize,
) -> Result<Found, ChatError> {
    // The rows that the cursor promises stay until they are read.
    let _shape = engine.index.shape.read().await;
    let cursor = engine.index_cursor(id).await?;
    let view = engine.with(id, |log, fixed| {
        let member = log.permit(user, Action::Read)?.clone();
        let held = log.held(log.ring_from(), log.committed).cloned().collect();
        Ok((Arc::clone(fixed), log.committed, member, held))
    });
    let (fixed, committed, member, held) = view.await?;
    let lag = committed.since(cursor.built_to);
    let is_behind = lag >= Block::size(0) || joined_next(&cursor).is_some();
    if is_behind || cursor.followed_to.0.saturating_add(FOLLOW) < committed.0 {
        engine.note_index(id);
    }
    let mut search = Search {
        engine,
        matcher,
        budget,
        id,
        limit,
        fixed,
        cursor,
        committed,
        from: member.joined_after.next(),
        to: below.prev().min(committed),
        held,
        member,
        hits: Vec::new(),
    };
    let whole = search.run().await?;
    Ok(search.found(whole))
}

impl Search<'_> {
    /// Whether all was searched.
    async fn run(&mut self) -> Result<bool, ChatError> {
        let touched = self.touched().await?;
        if !self.scan().await? {
            return Ok(false);
        }
        let needs = self.matcher.needs(&self.fixed.key.search_key());
        let wanted = |block: &Block| block.first() <= self.to && block.last() >= self.from;
        let blocks: Vec<Block> = blocks(&self.cursor).filter(wanted).collect();
        for (some, oldest) in stretches(&blocks) {
            let mut places = self.candidates(some, &needs).await?;
            places.extend(touched.range(oldest..=self.to));
            places.retain(|seq| (self.from..=self.to).contains(seq));
            places.sort_unstable_by_key(|seq| std::cmp::Reverse(*seq));
            places.dedup();
            for places in places.chunks(LOOK) {
                if self.is_full() {
                    return Ok(false);
                }
                self.look(places).await?;
                if !self.budget.take(places.len()) {
                    return Ok(false);
                }
            }
            self.to = oldest.prev();
            if self.is_full() || !self.budget.is_left() {
                return Ok(self.to < self.from);
            }
        }
        Ok(true)
    }

    fn is_full(&self) -> bool {
        self.hits.len() >= self.limit
    }

    fn found(mut self, whole: bool) -> Found {
        let cut = self.hits.len() > self.limit;
        self.hits.truncate(self.limit);
        let last = self.hits.last().map(|(_, message)| message.seq);
        let below = match last {
            Some(last) if cut || (self.is_full() && !whole) => Some(last),
            _ if whole => None,
            _ => Some(self.to.next()),
        };
        Found {
            hits: self.hits,
            below: below.filter(|below| *below > self.from),
        }
    }

    /// Messages that were changed since the index has followed.
    async fn touched(&self) -> Result<BTreeSet<Seq>, ChatError> {
        let from = Seq(self.committed.0.saturating_sub(FOLLOW)).max(self.cursor.followed_to);
        let mut touched = BTreeSet::from_iter(self.engine.index.queue.changed(self.id));
        let mut next = from.next();
        while next <= self.committed {
            let last = Seq(next.0 + SCAN - 1).min(self.committed);
            touched.extend(self.entries(next, last).await?.iter().filter_map(changed));
            next = last.next();
        }
        Ok(touched)
    }

    /// Looks at everything that is not in the index. Whether all of it was.
    async fn scan(&mut self) -> Result<bool, ChatError> {
        while self.to > self.cursor.built_to && self.to >= self.from {
            let first = Seq(self.to.0.saturating_sub(SCAN)).max(self.cursor.built_to);
            let first = first.next().max(self.from);
            let entries = self.entries(first, self.to).await?;
            let left = self.budget.take(entries.len());
            for entry in entries.into_iter().rev() {
                self.take(entry);
            }
            self.to = first.prev();
            if self.is_full() || !left {
                return Ok(self.to < self.from);
            }
        }
        Ok(true)
    }

    async fn entries(&self, from: Seq, to: Seq) -> Result<Vec<Message>, ChatError> {
        if self.held.first().is_some_and(|oldest| oldest.seq <= from) {
            let held = self.held.iter().filter(|m| (from..=to).contains(&m.seq));
            return Ok(held.cloned().collect());
        }
        self.engine.read_range(self.id, &self.fixed, from, to).await
    }

    /// Looks at messages as they are now, of places from the newest on, between which no other
    /// may answer.
    async fn look(&mut self, places: &[Seq]) -> Result<(), ChatError> {
        let read = self.engine.read_places(self.id, &self.fixed, places);
        let mut entries = read.await?;
        entries.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.message.seq));
        for entry in entries {
            self.take(entry.message);
        }
        if let Some(last) = places.last() {
            self.to = last.prev();
        }
        Ok(())
    }

    fn take(&mut self, message: Message) {
        if self.member.dismissals().places.contains(message.seq) {
            return;
        }
        if let Some(rank) = self.matcher.rank(&self.engine.index.lexicon, &message) {
            self.hits.push((rank, message));
        }
    }

    /// The places in some blocks that have, as far as the index knows, all that is needed.
    async fn candidates(
        &self,
        blocks: &[Block],
        needs: &[Vec<u64>],
    ) -> Result<Vec<Seq>, ChatError> {
        let mut alive: HashMap<Block, Option<Vec<u16>>> =
            blocks.iter().map(|block| (*block, None)).collect();
        for need in needs {
            let mut keys: Vec<IndexKey> = Vec::new();
            for block in alive.keys() {
                keys.extend(need.iter().map(|token| block.key(self.id, *token)));
            }
            keys.sort_unstable();
            keys.dedup();
            self.budget.take(keys.len());
            let found = self.places_of(&keys, need).await?;
            alive = intersect(alive, found);
            if alive.values().flatten().map(Vec::len).sum::<usize>() <= FEW {
                break;
            }
        }
        let places = alive.into_iter().flat_map(|(block, places)| {
            let before = block.first().0;
            let places = places.unwrap_or_default().into_iter();
            places.map(move |at| Seq(before + u64::from(at)))
        });
        Ok(places.collect())
    }

    /// Where one of some tokens is, by block.
    async fn places_of(
        &self,
        keys: &[IndexKey],
        tokens: &[u64],
    ) -> Result<HashMap<Block, Vec<u16>>, ChatError> {
        let mut places: HashMap<Block, Vec<u16>> = HashMap::new();
        for row in guarded(self.engine.store.index_rows(keys)).await? {
            let found = segment::find(&self.fixed.key, &row, VERSION, tokens);
            let Some((_, found)) = found.filter(|(times, _)| self.matcher.meets(*times)) else {
                continue;
            };
            let block = Block {
                level: row.key.level,
                number: row.key.block,
            };
            places.entry(block).or_default().extend(found);
        }
        for places in places.values_mut() {
            places.sort_unstable();
            places.dedup();
        }
        Ok(places)
    }
}

/// The blocks that are searched together, and the first place in them.
fn stretches(mut blocks: &[Block]) -> impl Iterator<Item = (&[Block], Seq)> {
    let mut reach = REACH;
    std::iter::from_fn(move || {
        let mut places = 0;
        let fits = |block: &&Block| {
            places += Block::size(block.level);
            places <= reach
        };
        let count = blocks.iter().take(BLOCKS).take_while(fits).count().max(1);
        let (some, rest) = blocks.split_at_checked(count)?;
        let oldest = some.last()?.first();
        blocks = rest;
        reach = reach.saturating_mul(FURTHER);
        Some((some, oldest))
    })
}

/// What is left of blocks after one more need; those without a place left are not asked again.
fn intersect(
    alive: HashMap<Block, Option<Vec<u16>>>,
    mut found: HashMap<Block, Vec<u16>>,
) -> HashMap<Block, Option<Vec<u16>>> {
    let left = alive.into_iter().filter_map(|(block, before)| {
        let mut places = found.remove(&block)?;
        if let Some(before) = before {
            places.retain(|at| before.binary_search(at).is_ok());
        }
        (!places.is_empty()).then_some((block, Some(places)))
    });
    left.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_reaches_further_each_time_and_leaves_no_block_out() {
        let cursor = IndexCursor {
            built_to: Seq(1_000_000 / 16 * 16),
            joined_to: Seq(15 * 65_536),
            ..IndexCursor::default()
        };
        let blocks: Vec<Block> = blocks(&cursor).collect();
        let stretches: Vec<_> = stretches(&blocks).collect();
        let together: Vec<Block> = stretches
            .iter()
            .flat_map(|(some, _)| *some)
            .copied()
            .collect();
        assert_eq!(together, blocks);
        for (some, oldest) in &stretches {
            assert_eq!(some.last().unwrap().first(), *oldest);
        }
        let places = |(some, _): &(&[Block], Seq)| -> u64 {
            some.iter().map(|block| Block::size(block.level)).sum()
        };
        let places: Vec<u64> = stretches.iter().map(places).collect();
        assert_eq!(places, [576, 16_384, 65_536, 4 * 65_536, 10 * 65_536]);
        assert!(super::stretches(&[]).next().is_none());
    }

    #[test]
    fn what_is_left_has_all_that_was_asked_for() {
        let block = |number| Block { level: 1, number };
        let alive = [
            (1, None),
            (2, Some(vec![1, 5, 9])),
            (3, Some(vec![7])),
            (4, None),
        ];
        let found = [(1, vec![3]), (2, vec![0, 5, 9]), (3, vec![8])];
        let left = intersect(
            alive.map(|(number, places)| (block(number), places)).into(),
            found.map(|(number, places)| (block(number), places)).into(),
        );
        let expected = [(1, Some(vec![3])), (2, Some(vec![5, 9]))];
        assert_eq!(
            left,
            expected
                .map(|(number, places)| (block(number), places))
                .into()
        );
    }
}
