//! Follows the logs of conversations behind the commits and keeps their indexes.
//!
//! One step follows a part of one log: it makes the next block of what is full, and writes the
//! blocks anew in which an edit or a deletion has changed something. What is in a block is what
//! the rows of its messages say when it is made, so a step may be repeated: one that was
//! interrupted is done again from the cursor, which is written in the transaction of the rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use protocol::{ChangeKind, Content, ConversationId, Message, Seq};

use super::blocks::{Block, block_of, completed, next_block};
use super::joining::is_untidy;
use super::segment::{self, Posting, Segment, Times};
use super::tokens::{Tokens, VERSION};
use crate::ChatError;
use crate::conversation_state::Fixed;
use crate::engine::{Engine, guarded};
use crate::placing::Placed;
use crate::store::{IndexCursor, IndexKey, IndexRow, IndexSave, StoreError};

/// Entries read at once.
const READ: u64 = 512;

/// Rows of the index read at once.
pub(super) const ROWS: usize = 256;

/// What there is for the indexer in what was committed.
pub(crate) struct Concern {
    /// A block is full.
    is_full: bool,
    /// Messages that have other words, and where that is said.
    changed: Vec<(Seq, Seq)>,
}

/// Looks for it.
pub(crate) fn concern(placed: &[Placed]) -> Concern {
    let messages = || placed.iter().map(|placed| &placed.entry.message);
    Concern {
        is_full: messages().any(|message| message.seq.0.is_multiple_of(Block::size(0))),
        changed: messages()
            .filter_map(|message| Some((changed(message)?, message.seq)))
            .collect(),
    }
}

impl Engine {
    /// Something was committed in a conversation.
    pub(crate) fn note_committed(&self, id: ConversationId, concern: &Concern) {
        let queue = &self.index.queue;
        if !self.index.enabled {
            return;
        }
        for change in &concern.changed {
            queue.note_changed(id, *change);
        }
        if concern.is_full || !concern.changed.is_empty() {
            queue.note_committed(id);
        }
    }
}

/// The place of the message whose words an entry has changed.
pub(super) fn changed(entry: &Message) -> Option<Seq> {
    match &entry.content {
        Content::Change(change) => match change.kind {
            ChangeKind::Edit(_)
            | ChangeKind::Delete
            | ChangeKind::Withdrawn
            | ChangeKind::Expire => Some(change.target),
            ChangeKind::React { .. }
            | ChangeKind::Pin(_)
            | ChangeKind::Vote(_)
            | ChangeKind::Close => None,
        },
        _ => None,
    }
}

/// What one step has done.
pub(super) struct Step {
    pub(super) entries: u64,
    /// Rows of the index that were read or removed instead.
    pub(super) rows: u64,
    /// How far the log was followed.
    pub(super) followed_to: Seq,
    pub(super) more: bool,
}

/// A conversation of which a part is indexed.
pub(super) struct Work<'a> {
    pub(super) engine: &'a Arc<Engine>,
    pub(super) id: ConversationId,
    pub(super) fixed: Arc<Fixed>,
    pub(super) cursor: IndexCursor,
}

pub(super) async fn step(engine: &Arc<Engine>, id: ConversationId) -> Result<Step, ChatError> {
    let view = engine.with(id, |log, fixed| Ok((Arc::clone(fixed), log.committed)));
    let (fixed, committed) = view.await?;
    if engine.is_of_another_version(id).await? {
        let rest = guarded(engine.store.erase_index(id, ROWS)).await?;
        return Ok(Step {
            entries: 0,
            rows: if rest { 1 } else { ROWS as u64 },
            followed_to: Seq::ZERO,
            more: true,
        });
    }
    let cursor = engine.index_cursor(id).await?;
    let mut work = Work {
        engine,
        id,
        fixed,
        cursor,
    };
    let block = next_block(cursor.built_to, committed);
    let end = block.map_or(committed, Block::last);
    let from = match block {
        Some(block) => block.first(),
        None => cursor.followed_to.next(),
    };
    let entries = work.entries(from, end).await?;
    let touched = entries
        .iter()
        .filter(|entry| entry.seq > cursor.followed_to);
    let touched = touched.filter_map(|entry| Some((changed(entry)?, entry.seq)));
    let queue = &engine.index.queue;
    let touched =
        touched.filter(|change| change.0 <= cursor.built_to && !queue.is_mended(id, *change));
    let touched: BTreeSet<Seq> = touched.map(|(place, _)| place).collect();
    work.mend(&touched).await?;
    work.cursor.followed_to = cursor.followed_to.max(end);
    let count = entries.len() as u64;
    let mut rows = 0;
    match block {
        Some(block) => work.build(block, entries).await?,
        None if count > 0 => work.save(Vec::new(), Vec::new()).await?,
        // Nothing is to be found later: there is time to tidy up.
        None => rows = work.tidy().await?,
    }
    Ok(Step {
        entries: count,
        rows,
        followed_to: work.cursor.followed_to,
        more: next_block(work.cursor.built_to, committed).is_some()
            || work.cursor.followed_to < committed
            || is_untidy(&work.cursor),
    })
}

impl Work<'_> {
    async fn entries(&self, mut from: Seq, to: Seq) -> Result<Vec<Message>, ChatError> {
        let mut entries = Vec::new();
        while from <= to {
            let last = Seq(from.0 + READ - 1).min(to);
            let read = self.engine.read_range(self.id, &self.fixed, from, last);
            entries.extend(read.await?);
            from = last.next();
        }
        Ok(entries)
    }

    /// Makes a block, and with it those that it completes.
    async fn build(&mut self, block: Block, entries: Vec<Message>) -> Result<(), ChatError> {
        let mut segment = self.words_of(block, entries).await?;
        let (mut made, mut removed) = (block, Vec::new());
        while let Some((whole, parts)) = completed(made) {
            let mut merged = Segment::EMPTY;
            merged.extend(whole, made, &segment);
            for part in parts {
                for (key, words) in self.read(part).await? {
                    merged.extend(whole, part, &words);
                    removed.push(key);
                }
            }
            merged.sort();
            (made, segment) = (whole, merged);
        }
        let rows = segment
            .by_row(made, self.id)
            .map(|(key, postings)| self.seal(key, segment.times, postings));
        let rows = rows.collect::<Result<_, _>>()?;
        self.cursor.built_to = block.last();
        self.save(rows, removed).await
    }

    /// Folding words is work for a processor, and there may be thousands of messages.
    async fn words_of(&self, block: Block, entries: Vec<Message>) -> Result<Segment, ChatError> {
        let (lexicon, fixed) = (
            Arc::clone(&self.engine.index.lexicon),
            Arc::clone(&self.fixed),
        );
        let folded = tokio::task::spawn_blocking(move || {
            let mut tokens = Tokens::new(&lexicon, fixed.key.search_key());
            let mut segment = Segment::EMPTY;
            for entry in entries {
                let at = place_in(block, entry.seq);
                let words = tokens.of(&entry);
                if !words.is_empty() {
                    segment.times.add(Times::of(&entry));
                }
                segment
                    .postings
                    .extend(words.iter().map(|token| (*token, at)));
            }
            segment.sort();
            segment
        });
        let failed = |error| StoreError::Unavailable(format!("words were not folded: {error}"));
        Ok(folded.await.map_err(failed)?)
    }

    /// The rows of a block that there are.
    async fn read(&self, block: Block) -> Result<BTreeMap<IndexKey, Segment>, ChatError> {
        let keys: Vec<_> = block.keys(self.id).collect();
        self.rows(&keys).await
    }

    /// The rows that there are under some names.
    pub(super) async fn rows(
        &self,
        keys: &[IndexKey],
    ) -> Result<BTreeMap<IndexKey, Segment>, ChatError> {
        let rows = guarded(self.engine.store.index_rows(keys)).await?;
        let opened = rows.iter().filter_map(|row| {
            let segment = segment::open(&self.fixed.key, row, VERSION)?;
            Some((row.key, segment))
        });
        Ok(opened.collect())
    }

    /// Writes those parts of blocks anew in which messages have other words now, or none.
    pub(super) async fn mend(&mut self, touched: &BTreeSet<Seq>) -> Result<(), ChatError> {
        let mut by_block: BTreeMap<Block, Vec<Seq>> = BTreeMap::new();
        for seq in touched {
            if let Some(block) = block_of(*seq, &self.cursor) {
                by_block.entry(block).or_default().push(*seq);
            }
        }
        self.begin_joining_anew(by_block.keys());
        for (block, places) in by_block {
            self.mend_block(block, &places).await?;
        }
        Ok(())
    }

    /// The greatest blocks have thousands of rows: they are looked at so many at a time.
    async fn mend_block(&mut self, block: Block, places: &[Seq]) -> Result<(), ChatError> {
        let present = self
            .engine
            .read_places(self.id, &self.fixed, places)
            .await?;
        let present = present.into_iter().map(|entry| entry.message).collect();
        let words = self.words_of(block, present).await?;
        let gone: BTreeSet<u16> = places.iter().map(|seq| place_in(block, *seq)).collect();
        let keys: Vec<_> = block.keys(self.id).collect();
        for keys in keys.chunks(ROWS) {
            self.mend_rows(block, keys, &words, &gone).await?;
        }
        Ok(())
    }

    /// Writes some rows of a block anew, in which messages have these words now and no others.
    async fn mend_rows(
        &mut self,
        block: Block,
        keys: &[IndexKey],
        words: &Segment,
        gone: &BTreeSet<u16>,
    ) -> Result<(), ChatError> {
        let before = self.rows(keys).await?;
        let mut after = Segment {
            times: words.times,
            postings: Vec::new(),
        };
        for (key, postings) in words.by_row(block, self.id) {
            if keys.binary_search(&key).is_ok() {
                after.postings.extend(postings);
            }
        }
        for words in before.values() {
            let kept = words.postings.iter().filter(|(_, at)| !gone.contains(at));
            after.postings.extend(kept);
            after.times.add(words.times);
        }
        after.sort();
        let mut removed: BTreeSet<_> = before.keys().copied().collect();
        let mut rows: Vec<IndexRow> = Vec::new();
        for (key, postings) in after.by_row(block, self.id) {
            removed.remove(&key);
            let known = before.get(&key);
            if known.is_none_or(|known| known.postings != postings) {
                rows.push(self.seal(key, after.times, postings)?);
            }
        }
        if rows.is_empty() && removed.is_empty() {
            return Ok(());
        }
        self.save(rows, removed.into_iter().collect()).await
    }

    pub(super) fn seal(
        &self,
        key: IndexKey,
        times: Times,
        postings: &[Posting],
    ) -> Result<IndexRow, ChatError> {
        segment::seal(&self.fixed.key, key, VERSION, times, postings)
    }

    /// While rows go, nobody may have read the cursor and not yet the rows.
    pub(super) async fn save(
        &self,
        rows: Vec<IndexRow>,
        removed: Vec<IndexKey>,
    ) -> Result<(), ChatError> {
        let index = &self.engine.index;
        let save = IndexSave {
            conversation: self.id,
            rows,
            removed,
            cursor: self.cursor,
        };
        let alone = if save.removed.is_empty() {
            None
        } else {
            Some(index.shape.write().await)
        };
        guarded(self.engine.store.save_index(&save)).await?;
        index.cursors.insert(self.id, self.cursor);
        drop(alone);
        Ok(())
    }
}

/// A place within a block, from 0.
fn place_in(block: Block, seq: Seq) -> u16 {
    u16::try_from(seq.since(block.first())).unwrap_or(u16::MAX)
}

impl Engine {
    /// How far the index of a conversation goes; nowhere if it is of another version.
    pub(super) async fn index_cursor(&self, id: ConversationId) -> Result<IndexCursor, ChatError> {
        if let Some(cursor) = self.index.cursors.get(&id) {
            return Ok(cursor);
        }
        let found = guarded(self.store.index_cursors(&[id])).await?;
        let found = found.first().map(|(_, cursor)| *cursor);
        let none = IndexCursor {
            version: VERSION,
            ..IndexCursor::default()
        };
        match found {
            // Not held: the worker has to see that there is something to be erased.
            Some(cursor) if cursor.version != VERSION => Ok(none),
            found => {
                let cursor = found.unwrap_or(none);
                self.index.cursors.insert(id, cursor);
                Ok(cursor)
            }
        }
    }

    async fn is_of_another_version(&self, id: ConversationId) -> Result<bool, ChatError> {
        if self.index.cursors.get(&id).is_some() {
            return Ok(false);
        }
        let found = guarded(self.store.index_cursors(&[id])).await?;
        Ok(found.iter().any(|(_, cursor)| cursor.version != VERSION))
    }
}
