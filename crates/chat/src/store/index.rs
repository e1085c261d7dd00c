//! What is stored of the search index: opaque rows under exact names, and how far it goes. What
//! is in them is told in `crate::search`.

use bytes::Bytes;
use protocol::{ConversationId, Seq};

/// Which part of a conversation's index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexKey {
    /// Which conversation.
    pub conversation: ConversationId,
    /// How many places its blocks have, as a level.
    pub level: u8,
    /// Which block of that level, from 0.
    pub block: u64,
    /// Which of the words.
    pub shard: u16,
}

/// A part of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexRow {
    /// Which.
    pub key: IndexKey,
    /// What it holds.
    pub bytes: Bytes,
}

/// How far the index of a conversation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IndexCursor {
    /// The version of its words and rows; one of another version is as good as none.
    pub version: u32,
    /// Every place up to this one is in a block.
    pub built_to: Seq,
    /// What entries up to this one have changed is in the blocks. Not before `built_to`.
    pub followed_to: Seq,
    /// Every place up to this one is in a block of the greatest size. Not after `built_to`.
    pub joined_to: Seq,
    /// So many shards of the blocks after `joined_to` are in the next block of the greatest
    /// size too.
    pub joined_shards: u16,
    /// The rows of smaller blocks up to this place were removed. Not after `joined_to`.
    pub swept_to: Seq,
}

/// What one transaction of the index writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexSave {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Rows that are new or replaced; each once.
    pub rows: Vec<IndexRow>,
    /// Rows that are there no longer; those that were not there are no error.
    pub removed: Vec<IndexKey>,
    /// How far it goes from now on.
    pub cursor: IndexCursor,
}
