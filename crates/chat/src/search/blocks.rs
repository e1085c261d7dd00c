//! Which places of a conversation are in which block.
//!
//! A block is so many consecutive places, aligned. Small ones are made first, and sixteen of a
//! level become one of the next: at once, but for the greatest, which are made little by little
//! (`joining.rs`). So a conversation of a million messages has few blocks, and one of twenty
//! has one. A block of a level is cut into as many shards as keep a row small; the
//! shard of a word is the beginning of its token. To find a word, one row of each block is
//! read, and its name is known beforehand.

use protocol::{ConversationId, Seq};

use crate::store::{IndexCursor, IndexKey};

/// Blocks of a level that become one of the next, as a power of two.
const FAN_BITS: u32 = 4;

/// Places in the smallest block, as a power of two.
const LEAST_BITS: u32 = 4;

/// Levels that are built: blocks of 16, 256 and 4,096 places, in 1, 16 and 256 shards.
const BUILT: u8 = 3;

/// The level whose blocks are joined: of 65,536 places, in 4,096 shards.
pub(super) const GREATEST: u8 = BUILT;

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

    pub(super) const fn shard(self, conversation: ConversationId, shard: u16) -> IndexKey {
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

/// The blocks of an index, the newest first.
pub(super) fn blocks(cursor: &IndexCursor) -> impl Iterator<Item = Block> + use<> {
    let cursor = *cursor;
    (0..=GREATEST).flat_map(move |level| {
        let (from, to) = covered(level, &cursor);
        (from..to).rev().map(move |number| Block { level, number })
    })
}

/// The block that a place is in, if it is indexed.
pub(super) fn block_of(seq: Seq, cursor: &IndexCursor) -> Option<Block> {
    (0..=GREATEST)
        .map(|level| Block::of(level, seq))
        .find(|block| {
            let (from, to) = covered(block.level, cursor);
            (from..to).contains(&block.number)
        })
}

/// Which blocks of a level there are: those that are not in one of the next.
fn covered(level: u8, cursor: &IndexCursor) -> (u64, u64) {
    let whole = |level| match level {
        GREATEST => cursor.joined_to.0 / Block::size(GREATEST),
        level => cursor.built_to.0 / Block::size(level),
    };
    let from = if level < GREATEST {
        whole(level + 1) << FAN_BITS
    } else {
        0
    };
    (from, whole(level))
}

/// The block of the greatest size that can be made next: all that becomes it is there.
pub(super) fn joined_next(cursor: &IndexCursor) -> Option<Block> {
    let block = Block::of(GREATEST, cursor.joined_to.next());
    (block.last() <= cursor.built_to).then_some(block)
}

/// The blocks that become one of the greatest size.
pub(super) fn parts(whole: Block) -> impl Iterator<Item = Block> {
    let first = whole.number << FAN_BITS;
    (first..first + (1 << FAN_BITS)).map(move |number| Block {
        level: whole.level - 1,
        number,
    })
}

/// The shards of a block that come of one shard of its parts.
pub(super) const fn shards_of(shard: u16) -> std::ops::Range<u16> {
    shard << FAN_BITS..(shard + 1) << FAN_BITS
}

/// What is built next of an index that goes up to a place, in a conversation that goes up to
/// another: the largest block there is enough for.
pub(super) fn next_block(built_to: Seq, committed: Seq) -> Option<Block> {
    let left = committed.since(built_to);
    let fits =
        |level: &u8| built_to.0.is_multiple_of(Block::size(*level)) && left >= Block::size(*level);
    let level = (0..BUILT).rev().find(fits)?;
    Some(Block::of(level, built_to.next()))
}

/// The blocks that become one at once, if this one is the last of them.
pub(super) fn completed(block: Block) -> Option<(Block, impl Iterator<Item = Block>)> {
    let level = block.level;
    let whole = Block::of(level + 1, block.last());
    let is_last = level + 1 < BUILT && whole.last() == block.last();
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

    fn cursor(built_to: u64, joined: u64) -> IndexCursor {
        IndexCursor {
            built_to: Seq(built_to),
            joined_to: Seq(joined * Block::size(GREATEST)),
            ..IndexCursor::default()
        }
    }

    #[test]
    fn every_place_is_in_one_block() {
        const GREAT: u64 = Block::size(GREATEST);
        for (built_to, joined) in [
            (0, 0),
            (16, 0),
            (240, 0),
            (256, 0),
            (272, 0),
            (4_080, 0),
            (4_096, 0),
            (4_112, 0),
            (9_008, 0),
            (GREAT, 0),
            (GREAT, 1),
            (2 * GREAT + 4_096 + 256 + 16, 0),
            (2 * GREAT + 4_096 + 256 + 16, 1),
            (2 * GREAT + 4_096 + 256 + 16, 2),
        ] {
            let cursor = cursor(built_to, joined);
            let all: Vec<_> = blocks(&cursor).collect();
            let mut expected = built_to;
            for block in &all {
                assert_eq!(block.last(), Seq(expected), "{built_to}");
                expected = block.before().0;
            }
            assert_eq!(expected, 0);
            for block in &all {
                for seq in [block.first(), block.last()] {
                    assert_eq!(block_of(seq, &cursor), Some(*block));
                }
            }
            assert_eq!(block_of(Seq(built_to + 1), &cursor), None);
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
            let mut expected: Vec<_> = blocks(&cursor(built.0, 0)).collect();
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
    fn the_greatest_are_joined_when_all_their_parts_are_there() {
        const GREAT: u64 = Block::size(GREATEST);
        assert_eq!(joined_next(&cursor(GREAT - 16, 0)), None);
        assert_eq!(joined_next(&cursor(GREAT, 0)), Some(block(GREATEST, 0)));
        assert_eq!(joined_next(&cursor(GREAT, 1)), None);
        assert_eq!(joined_next(&cursor(3 * GREAT, 2)), Some(block(GREATEST, 2)));
        let parts: Vec<_> = parts(block(GREATEST, 2)).collect();
        assert_eq!(parts.len(), 16);
        assert_eq!(parts.first().unwrap().first(), Seq(2 * GREAT + 1));
        assert_eq!(parts.last().unwrap().last(), Seq(3 * GREAT));
        let token = 0xAB_C000_0000;
        let id = ConversationId::from_bytes([1; 16]);
        let small = block(GREATEST - 1, 0).key(id, token).shard;
        let great = block(GREATEST, 0).key(id, token).shard;
        assert!(shards_of(small).contains(&great));
        assert_eq!(shards_of(0), 0..16);
        assert_eq!(shards_of(255).end, Block::shards(GREATEST));
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
