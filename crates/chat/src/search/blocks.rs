//! Which places of a conversation are in which block.
//!
//! A block is so many consecutive places, aligned. Small ones are made first, and sixteen of a
//! level become one of the next. So a conversation of a million messages has few blocks, and
//! one of twenty has one. A block of a level is cut into as many shards as keep a row small; the
//! shard of a word is the beginning of its token. To find a word, one row of each block is
//! read, and its name is known beforehand.

use protocol::{ConversationId, Seq};

use crate::store::IndexKey;

/// Blocks of a level that become one of the next, as a power of two.
const FAN_BITS: u32 = 4;

/// Places in the smallest block, as a power of two.
const LEAST_BITS: u32 = 4;

/// Levels: blocks of 16, 256 and 4,096 places, in 1, 16 and 256 shards.
pub(super) const LEVELS: u8 = 3;

/// Bits of a token. A collision lets in a message that is then looked at and refused.
pub(super) const TOKEN_BITS: u32 = 40;

/// Consecutive places that are indexed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Block {
    pub(super) level: u8,
    pub(super) number: u64,
}

impl Block {
    /// Places in a block of a level.
    pub(super) const fn size(level: u8) -> u64 {
        1 << (LEAST_BITS + FAN_BITS * level as u32)
    }

    pub(super) const fn shards(level: u8) -> u16 {
        1 << (FAN_BITS * level as u32)
    }

    /// The place before its first one.
    pub(super) const fn before(self) -> Seq {
        Seq(self.number * Self::size(self.level))
    }

    pub(super) const fn first(self) -> Seq {
        self.before().next()
    }

    pub(super) const fn last(self) -> Seq {
        Seq((self.number + 1) * Self::size(self.level))
    }

    /// The block of a level that a place is in.
    pub(super) const fn of(level: u8, seq: Seq) -> Self {
        Self {
            level,
            number: seq.prev().0 / Self::size(level),
        }
    }

    /// The row that a token is in.
    pub(super) const fn key(self, conversation: ConversationId, token: u64) -> IndexKey {
        let shard = token >> (TOKEN_BITS - FAN_BITS * self.level as u32);
        self.shard(conversation, shard as u16)
    }

    const fn shard(self, conversation: ConversationId, shard: u16) -> IndexKey {
        IndexKey {
            conversation,
            level: self.level,
            block: self.number,
            shard,
        }
    }

    /// All its rows.
    pub(super) fn keys(self, conversation: ConversationId) -> impl Iterator<Item = IndexKey> {
        (0..Self::shards(self.level)).map(move |shard| self.shard(conversation, shard))
    }
}

/// The blocks of an index that goes up to a place, the newest first.
pub(super) fn blocks(built_to: Seq) -> impl Iterator<Item = Block> {
    (0..LEVELS).flat_map(move |level| {
        let (from, to) = covered(level, built_to);
        (from..to).rev().map(move |number| Block { level, number })
    })
}

/// The block that a place is in, of an index that goes at least so far.
pub(super) fn block_of(seq: Seq, built_to: Seq) -> Option<Block> {
    (0..LEVELS)
        .map(|level| Block::of(level, seq))
        .find(|block| {
            let (from, to) = covered(block.level, built_to);
            (from..to).contains(&block.number)
        })
}

/// Which blocks of a level there are: those that are not in one of the next.
fn covered(level: u8, built_to: Seq) -> (u64, u64) {
    let to = built_to.0 / Block::size(level);
    let from = if level + 1 < LEVELS {
        (built_to.0 / Block::size(level + 1)) << FAN_BITS
    } else {
        0
    };
    (from, to)
}

/// What is built next of an index that goes up to a place, in a conversation that goes up to
/// another: the largest block there is enough for.
pub(super) fn next_block(built_to: Seq, committed: Seq) -> Option<Block> {
    let left = committed.since(built_to);
    let fits =
        |level: &u8| built_to.0.is_multiple_of(Block::size(*level)) && left >= Block::size(*level);
    let level = (0..LEVELS).rev().find(fits)?;
    Some(Block::of(level, built_to.next()))
}

/// The blocks that become one, if this one is the last of them.
pub(super) fn completed(block: Block) -> Option<(Block, impl Iterator<Item = Block>)> {
    let level = block.level;
    let whole = Block::of(level + 1, block.last());
    let is_last = level + 1 < LEVELS && whole.last() == block.last();
    let parts = (block.number >> FAN_BITS) << FAN_BITS..block.number;
    let parts = parts.map(move |number| Block { level, number });
    is_last.then_some((whole, parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(level: u8, number: u64) -> Block {
        Block { level, number }
    }

    #[test]
    fn every_place_is_in_one_block() {
        for built_to in [0, 16, 240, 256, 272, 4_080, 4_096, 4_112, 9_000 / 16 * 16] {
            let all: Vec<_> = blocks(Seq(built_to)).collect();
            let mut expected = built_to;
            for block in &all {
                assert_eq!(block.last(), Seq(expected), "{built_to}");
                expected = block.before().0;
            }
            assert_eq!(expected, 0);
            for seq in (1..=built_to).map(Seq) {
                let found = block_of(seq, Seq(built_to)).unwrap();
                assert!(all.contains(&found));
                assert!((found.first()..=found.last()).contains(&seq));
            }
            assert_eq!(block_of(Seq(built_to + 1), Seq(built_to)), None);
        }
    }

    #[test]
    fn building_one_by_one_comes_to_the_same_blocks() {
        let (mut built, mut there) = (Seq::ZERO, Vec::new());
        while built < Seq(4_400) {
            let mut next = next_block(built, Seq(built.0 + 20)).unwrap();
            assert_eq!(next, Block::of(0, built.next()));
            built = next.last();
            while let Some((whole, parts)) = completed(next) {
                for part in parts {
                    let at = there.iter().position(|b| *b == part).unwrap();
                    there.swap_remove(at);
                }
                next = whole;
            }
            there.push(next);
            there.sort_unstable();
            let mut expected: Vec<_> = blocks(built).collect();
            expected.sort_unstable();
            assert_eq!(there, expected);
        }
    }

    #[test]
    fn the_largest_block_that_is_full_is_next() {
        assert_eq!(next_block(Seq(0), Seq(15)), None);
        assert_eq!(next_block(Seq(0), Seq(16)), Some(block(0, 0)));
        assert_eq!(next_block(Seq(0), Seq(300)), Some(block(1, 0)));
        assert_eq!(next_block(Seq(256), Seq(9_000)), Some(block(1, 1)));
        assert_eq!(next_block(Seq(4_096), Seq(9_000)), Some(block(2, 1)));
        assert_eq!(next_block(Seq(16), Seq(9_000)), Some(block(0, 1)));
    }

    #[test]
    fn the_shard_is_the_beginning_of_the_token() {
        let id = ConversationId::from_bytes([1; 16]);
        let token = 0xAB_0000_0001;
        let shards = [0, 1, 2].map(|level| block(level, 5).key(id, token).shard);
        assert_eq!(shards, [0, 0xA, 0xAB]);
        assert_eq!(block(1, 3).keys(id).count(), 16);
        let largest = block(2, 0).key(id, (1 << TOKEN_BITS) - 1);
        assert_eq!(block(2, 0).keys(id).last(), Some(largest));
    }
}
