//! Makes blocks of the greatest size out of sixteen, little by little.
//!
//! There are too many rows for one transaction. So a block is written some shards at a time
//! beside its parts, which are searched until it is whole; after that their rows are removed,
//! one part at a time. The cursor says how far both have come, in the transactions of the rows.

use super::blocks::{Block, GREATEST, joined_next, parts, shards_of};
use super::indexer::{ROWS, Work};
use super::segment::Segment;
use crate::ChatError;
use crate::store::{IndexCursor, IndexKey, IndexRow};

/// Shards of the parts that are joined at once.
const SHARDS: u16 = 16;

/// Whether something is to be joined or removed.
pub(super) fn is_untidy(cursor: &IndexCursor) -> bool {
    cursor.swept_to < cursor.joined_to || joined_next(cursor).is_some()
}

impl Work<'_> {
    /// One step. How many rows it took.
    pub(super) async fn tidy(&mut self) -> Result<u64, ChatError> {
        if self.cursor.swept_to < self.cursor.joined_to {
            return self.sweep().await;
        }
        match joined_next(&self.cursor) {
            Some(whole) => self.join(whole).await,
            None => Ok(0),
        }
    }

    /// Words of a block that is being joined have changed: what is joined of it is old.
    pub(super) fn begin_joining_anew<'b>(&mut self, mut changed: impl Iterator<Item = &'b Block>) {
        if let Some(whole) = joined_next(&self.cursor)
            && changed.any(|block| (whole.first()..=whole.last()).contains(&block.first()))
        {
            self.cursor.joined_shards = 0;
        }
    }

    async fn join(&mut self, whole: Block) -> Result<u64, ChatError> {
        let first = self.cursor.joined_shards;
        let (mut rows, mut removed, mut took) = (Vec::new(), Vec::new(), 0);
        let end = (first + SHARDS).min(Block::shards(GREATEST - 1));
        for shard in first..end {
            let keys: Vec<_> = parts(whole)
                .map(|part| part.shard(self.id, shard))
                .collect();
            let made = self.joined(whole, shard, &keys).await?;
            let is_made = |key: &IndexKey| made.iter().any(|row| row.key == *key);
            let all = shards_of(shard).map(|shard| whole.shard(self.id, shard));
            removed.extend(all.filter(|key| !is_made(key)));
            took += (keys.len() + made.len()) as u64;
            rows.extend(made);
        }
        self.cursor.joined_shards = end;
        if end == Block::shards(GREATEST - 1) {
            self.cursor.joined_to = whole.last();
            self.cursor.joined_shards = 0;
        }
        self.save(rows, removed).await?;
        Ok(took)
    }

    /// The rows that come of one shard of the parts.
    async fn joined(
        &self,
        whole: Block,
        shard: u16,
        keys: &[IndexKey],
    ) -> Result<Vec<IndexRow>, ChatError> {
        let mut segment = Segment::EMPTY;
        for (key, words) in self.rows(keys).await? {
            let part = Block {
                level: key.level,
                number: key.block,
            };
            segment.extend(whole, part, &words);
        }
        segment.sort();
        debug_assert!(
            segment
                .by_row(whole, self.id)
                .all(|(key, _)| shards_of(shard).contains(&key.shard))
        );
        segment
            .by_row(whole, self.id)
            .map(|(key, postings)| self.seal(key, segment.times, postings))
            .collect()
    }

    /// Removes the rows of one part of what is joined.
    async fn sweep(&mut self) -> Result<u64, ChatError> {
        let part = Block::of(GREATEST - 1, self.cursor.swept_to.next());
        self.cursor.swept_to = part.last();
        self.save(Vec::new(), part.keys(self.id).collect()).await?;
        Ok(ROWS as u64)
    }
}
