//! A row of the index: which words of its shard are in which places of its block.
//!
//! ```text
//! version (4) | sealed: oldest (8) | newest (8) | words
//! word: difference to the last token | 2 * count | places, count times
//!       difference to the last token | 2 * count + 1 | runs, count times
//! place: difference to the last place
//! run: difference to the end of the last run | places in it, less one
//! ```
//!
//! Numbers of words are of variable length, seven bits to a byte. Tokens rise, and so do the
//! places of a word, which count from the beginning of the block. What is in most messages of a
//! block, as an author often is, is kept as runs of places, which are much shorter. `oldest` and
//! `newest` are the times of all messages that the row names, and maybe of others of its block.
//! What is sealed is bound to its name, as messages are.

use bytes::Bytes;
use protocol::Timestamp;
use security::DataKey;

use super::blocks::Block;
use crate::ChatError;
use crate::store::{IndexKey, IndexRow};

/// A word in a message: its token, and the place within the block, from 0.
pub(super) type Posting = (u64, u16);

/// When the messages of a block were written, or at least those that a row names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Times {
    pub(super) oldest: Timestamp,
    pub(super) newest: Timestamp,
}

impl Times {
    pub(super) const NONE: Self = Self {
        oldest: Timestamp::from_millis(u64::MAX),
        newest: Timestamp::from_millis(0),
    };

    pub(super) const fn of(message: &protocol::Message) -> Self {
        Self {
            oldest: message.sent_at,
            newest: message.sent_at,
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.oldest = self.oldest.min(other.oldest);
        self.newest = self.newest.max(other.newest);
    }
}

/// The words of a block, of one shard or of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) times: Times,
    /// In order, without repetition.
    pub(super) postings: Vec<Posting>,
}

impl Segment {
    pub(super) const EMPTY: Self = Self {
        times: Times::NONE,
        postings: Vec::new(),
    };

    /// Its postings by the row they go into.
    pub(super) fn by_row(
        &self,
        block: Block,
        conversation: protocol::ConversationId,
    ) -> impl Iterator<Item = (IndexKey, &[Posting])> {
        let key = move |(token, _): &Posting| block.key(conversation, *token);
        self.postings
            .chunk_by(move |a, b| key(a) == key(b))
            .filter_map(move |part| Some((key(part.first()?), part)))
    }

    /// Takes the words of a block that is a part of this one; [`Self::sort`] follows.
    pub(super) fn extend(&mut self, whole: Block, part: Block, other: &Self) {
        let shift = u16::try_from(part.before().since(whole.before())).unwrap_or(u16::MAX);
        let moved = other
            .postings
            .iter()
            .map(|(token, at)| (*token, at + shift));
        self.postings.extend(moved);
        self.times.add(other.times);
    }

    pub(super) fn sort(&mut self) {
        self.postings.sort_unstable();
        self.postings.dedup();
    }
}

fn aad(key: &IndexKey, version: u32) -> Vec<u8> {
    let mut aad = b"search index".to_vec();
    aad.extend_from_slice(&key.conversation.to_bytes());
    aad.extend_from_slice(&version.to_be_bytes());
    aad.push(key.level);
    aad.extend_from_slice(&key.block.to_be_bytes());
    aad.extend_from_slice(&key.shard.to_be_bytes());
    aad
}

/// Seals the postings of one row.
pub(super) fn seal(
    data_key: &DataKey,
    key: IndexKey,
    version: u32,
    times: Times,
    postings: &[Posting],
) -> Result<IndexRow, ChatError> {
    let mut plain = Vec::with_capacity(16 + 3 * postings.len());
    plain.extend_from_slice(&times.oldest.millis().to_be_bytes());
    plain.extend_from_slice(&times.newest.millis().to_be_bytes());
    let mut last = 0;
    for word in postings.chunk_by(|a, b| a.0 == b.0) {
        let token = word.first().map_or(0, |(token, _)| *token);
        write(&mut plain, token - last);
        last = token;
        write_places(&mut plain, word);
    }
    let sealed = data_key
        .seal(&aad(&key, version), &plain)
        .map_err(ChatError::security)?;
    let bytes = [&version.to_be_bytes()[..], &sealed].concat();
    let bytes = Bytes::from(bytes);
    Ok(IndexRow { key, bytes })
}

/// The places of a word, in the shorter of the two ways.
fn write_places(plain: &mut Vec<u8>, word: &[Posting]) {
    let runs = || word.chunk_by(|a, b| a.1 + 1 == b.1);
    let count = runs().count();
    if 2 * count >= word.len() {
        write(plain, 2 * word.len() as u64);
        let mut before = 0;
        for (_, at) in word {
            write(plain, u64::from(at - before));
            before = *at;
        }
        return;
    }
    write(plain, 2 * count as u64 + 1);
    let mut end = 0;
    for run in runs() {
        if let (Some((_, first)), Some((_, last))) = (run.first(), run.last()) {
            write(plain, u64::from(*first - end));
            write(plain, u64::from(last - first));
            end = *last;
        }
    }
}

/// Opens a row. `None` if it is of another version, or damaged, which is logged.
pub(super) fn open(data_key: &DataKey, row: &IndexRow, version: u32) -> Option<Segment> {
    read(data_key, row, version, read_all)
}

/// Where some words are, in order, and the times of the row; otherwise as [`open`].
pub(super) fn find(
    data_key: &DataKey,
    row: &IndexRow,
    version: u32,
    tokens: &[u64],
) -> Option<(Times, Vec<u16>)> {
    read(data_key, row, version, |plain| read_some(plain, tokens))
}

fn read<T>(
    data_key: &DataKey,
    row: &IndexRow,
    version: u32,
    parse: impl FnOnce(&[u8]) -> Option<T>,
) -> Option<T> {
    let (written, sealed) = row.bytes.split_first_chunk::<4>()?;
    if u32::from_be_bytes(*written) != version {
        return None;
    }
    let plain = data_key.open(&aad(&row.key, version), sealed).ok();
    let opened = plain.and_then(|plain| parse(&plain));
    if opened.is_none() {
        let IndexKey {
            conversation,
            level,
            block,
            shard,
        } = row.key;
        tracing::error!(%conversation, level, block, shard, "a row of the index cannot be opened");
    }
    opened
}

fn read_all(plain: &[u8]) -> Option<Segment> {
    let (times, mut rest) = read_times(plain)?;
    let mut postings = Vec::with_capacity(rest.len() / 2);
    let mut token = 0_u64;
    while !rest.is_empty() {
        token = token.checked_add(read_number(&mut rest)?)?;
        read_places(&mut rest, |at| postings.push((token, at)))?;
    }
    Some(Segment { times, postings })
}

/// Passes over the words that are not asked for, which are most of a row.
fn read_some(plain: &[u8], tokens: &[u64]) -> Option<(Times, Vec<u16>)> {
    let (times, mut rest) = read_times(plain)?;
    let mut places = Vec::new();
    let last = tokens.iter().copied().max().unwrap_or_default();
    let mut token = 0_u64;
    while !rest.is_empty() {
        token = token.checked_add(read_number(&mut rest)?)?;
        if token > last {
            break;
        }
        if tokens.contains(&token) {
            read_places(&mut rest, |at| places.push(at))?;
        } else {
            skip_places(&mut rest)?;
        }
    }
    places.sort_unstable();
    places.dedup();
    Some((times, places))
}

fn read_times(plain: &[u8]) -> Option<(Times, &[u8])> {
    let (oldest, rest) = plain.split_first_chunk::<8>()?;
    let (newest, rest) = rest.split_first_chunk::<8>()?;
    let time = |bytes: &[u8; 8]| Timestamp::from_millis(u64::from_be_bytes(*bytes));
    let times = Times {
        oldest: time(oldest),
        newest: time(newest),
    };
    Some((times, rest))
}

fn read_places(rest: &mut &[u8], mut take: impl FnMut(u16)) -> Option<()> {
    let (count, is_runs) = read_count(rest)?;
    let mut at = 0_u16;
    for _ in 0..count {
        at = at.checked_add(u16::try_from(read_number(rest)?).ok()?)?;
        let first = at;
        if is_runs {
            at = at.checked_add(u16::try_from(read_number(rest)?).ok()?)?;
        }
        (first..=at).for_each(&mut take);
    }
    Some(())
}

/// How many places follow, or runs of them.
fn read_count(rest: &mut &[u8]) -> Option<(usize, bool)> {
    let written = read_number(rest)?;
    let is_runs = written % 2 == 1;
    Some((usize::try_from(written / 2).ok()?, is_runs))
}

/// The last byte of a number has no upper bit.
fn skip_places(rest: &mut &[u8]) -> Option<()> {
    let (count, is_runs) = read_count(rest)?;
    let numbers = if is_runs {
        count.checked_mul(2)?
    } else {
        count
    };
    if numbers > 0 {
        let mut ends = rest.iter().enumerate().filter(|(_, byte)| **byte < 0x80);
        let (last, _) = ends.nth(numbers - 1)?;
        *rest = rest.get(last + 1..)?;
    }
    Some(())
}

fn write(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

fn read_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use protocol::ConversationId;

    use super::*;
    use crate::fixtures::{each_byte_changed, new_data_key};

    fn key(shard: u16) -> IndexKey {
        IndexKey {
            conversation: ConversationId::from_bytes([7; 16]),
            level: 1,
            block: 3,
            shard,
        }
    }

    fn segment() -> Segment {
        Segment {
            times: Times {
                oldest: Timestamp::from_millis(5),
                newest: Timestamp::from_millis(1 << 41),
            },
            postings: vec![
                (0, 0),
                (0, 255),
                (5, 3),
                (5, 4),
                (5, 5),
                (5, 6),
                (5, 8),
                (1 << 39, 4),
                ((1 << 40) - 1, 4_095),
            ],
        }
    }

    #[test]
    fn comes_back_as_it_went_in() {
        let (data_key, segment) = (new_data_key(), segment());
        let row = seal(&data_key, key(2), 9, segment.times, &segment.postings).unwrap();
        assert_eq!(open(&data_key, &row, 9), Some(segment));
        assert_eq!(open(&data_key, &row, 8), None);
    }

    #[test]
    fn what_is_nearly_everywhere_takes_little_room() {
        let data_key = new_data_key();
        let everywhere = (0..=u16::MAX).map(|at| (3, at));
        let often = (0..=u16::MAX).filter(|at| at % 100 > 7).map(|at| (4, at));
        let seldom = (0..=u16::MAX).step_by(3).map(|at| (5, at));
        for (postings, most) in [
            (everywhere.collect::<Vec<_>>(), 100),
            (often.collect(), 3_000),
            (seldom.collect(), 23_000),
        ] {
            let times = segment().times;
            let row = seal(&data_key, key(2), 9, times, &postings).unwrap();
            assert!(row.bytes.len() < most, "{}", row.bytes.len());
            let tokens = [postings[0].0];
            let places: Vec<_> = postings.iter().map(|(_, at)| *at).collect();
            assert_eq!(find(&data_key, &row, 9, &tokens), Some((times, places)));
            assert_eq!(open(&data_key, &row, 9), Some(Segment { times, postings }));
        }
    }

    #[test]
    fn a_row_opens_under_its_own_name_only() {
        let (data_key, segment) = (new_data_key(), segment());
        let row = seal(&data_key, key(2), 9, segment.times, &segment.postings).unwrap();
        let moved = IndexRow {
            key: key(3),
            ..row.clone()
        };
        assert_eq!(open(&data_key, &moved, 9), None);
        for at in 0..row.bytes.len() {
            let cut = IndexRow {
                bytes: row.bytes.slice(..at),
                ..row.clone()
            };
            assert_eq!(open(&data_key, &cut, 9), None);
        }
        for bytes in each_byte_changed(&row.bytes) {
            let changed = IndexRow {
                bytes: bytes.into(),
                ..row.clone()
            };
            assert_eq!(open(&data_key, &changed, 9), None);
        }
    }

    #[test]
    fn some_words_are_found_as_if_all_were_read() {
        let (data_key, segment) = (new_data_key(), segment());
        let row = seal(&data_key, key(2), 9, segment.times, &segment.postings).unwrap();
        for tokens in [
            &[][..],
            &[0],
            &[1],
            &[5, 0],
            &[1 << 39, (1 << 40) - 1, 7],
            &[u64::MAX],
        ] {
            let wanted = |(token, _): &&Posting| tokens.contains(token);
            let places = segment.postings.iter().filter(wanted).map(|(_, at)| *at);
            let mut places: Vec<_> = places.collect();
            places.sort_unstable();
            let found = find(&data_key, &row, 9, tokens);
            assert_eq!(found, Some((segment.times, places)), "{tokens:?}");
        }
        assert_eq!(find(&data_key, &row, 8, &[0]), None);
    }

    #[test]
    fn rubbish_is_no_segment() {
        assert_eq!(read_all(&[0; 15]), None);
        assert_eq!(read_all(&[0; 17]), None, "a token without a count");
        let mut endless = vec![0; 16];
        endless.extend([0x80; 12]);
        assert_eq!(read_all(&endless), None);
        let mut far = vec![0; 16];
        far.extend([1, 4, 0xFF, 0xFF, 3, 1]);
        assert_eq!(read_all(&far), None, "a place beyond any block");
        let mut long = vec![0; 16];
        long.extend([1, 3, 1, 0xFF, 0xFF, 3]);
        assert_eq!(read_all(&long), None, "a run beyond any block");
        let mut many = vec![0; 16];
        many.extend([1, 0xFF, 0xFF, 0xFF, 0x7F]);
        assert_eq!(read_all(&many), None, "more places than there are bytes");
        assert_eq!(read_some(&many, &[2]), None, "and if they are passed over");
    }

    #[test]
    fn parts_become_a_whole() {
        let (first, second) = (Block::of(0, Seq(257)), Block::of(0, Seq(273)));
        let whole = Block::of(1, Seq(257));
        let part = |postings: &[Posting]| Segment {
            postings: postings.to_vec(),
            ..segment()
        };
        let mut merged = Segment::EMPTY;
        merged.extend(whole, second, &part(&[(7, 0), (9, 1)]));
        merged.extend(whole, first, &part(&[(7, 15), (8, 2)]));
        merged.sort();
        assert_eq!(merged, part(&[(7, 15), (7, 16), (8, 2), (9, 17)]));
    }

    use protocol::Seq;
}
