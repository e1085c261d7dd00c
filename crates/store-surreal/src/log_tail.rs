//! Cuts off what a crash left unfinished at the end of the engine's write-ahead log, before the
//! engine opens it.
//!
//! The engine (surrealkv 0.21) writes a record of more than one block with several writes, so
//! that a process may end between two of them. It then takes a first fragment at the end of a
//! block for a clean end, and appends behind it. At the start after that, the fragment without
//! its last one is corruption, and everything behind it is dropped, although it was synced and
//! acknowledged. The same goes for fewer bytes than a header has, and for zeros, which a file
//! system may leave after a power failure. What is cut here was never synced.
//!
//! The format is that of `LevelDB`'s log: blocks of 32 KiB, in them fragments of a checksum
//! (4 bytes), a length (2 bytes, big-endian), a kind (1 byte) and the data; at a block's end
//! fewer than 7 bytes of padding. Checksums are left to the engine, which repairs by itself what
//! does not match.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

const BLOCK: usize = 32 * 1024;
const HEADER: usize = 7;

const EMPTY: u8 = 0;
const FULL: u8 = 1;
const FIRST: u8 = 2;
const MIDDLE: u8 = 3;
const LAST: u8 = 4;
const COMPRESSION: u8 = 9;

/// What was cut off a log.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// The log's newest file, the only one that the engine appends to.
    pub(crate) file: PathBuf,
    /// Its length now, in bytes.
    pub(crate) kept: u64,
    /// Bytes that are gone.
    pub(crate) removed: u64,
}

/// Makes the newest file of the log in `directory` end with a whole record; nothing where it
/// does, and where there is no log. `directory` is the one of the engine's files.
///
/// # Errors
/// Those of the file system.
pub(crate) fn cut_unfinished(directory: &Path) -> io::Result<Option<Cut>> {
    let log = directory.join("wal");
    // The engine would append to what a repair that was broken off left here.
    match std::fs::remove_dir_all(log.join("repair_temp")) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let Some(path) = newest_segment(&log)? else {
        return Ok(None);
    };
    let mut file = File::options().read(true).write(true).open(&path)?;
    let length = file.metadata()?.len();
    let Ending::Unfinished { whole } = ending(&mut file)? else {
        return Ok(None);
    };
    file.set_len(whole)?;
    file.sync_all()?;
    Ok(Some(Cut {
        file: path,
        kept: whole,
        removed: length.saturating_sub(whole),
    }))
}

fn newest_segment(log: &Path) -> io::Result<Option<PathBuf>> {
    let entries = match std::fs::read_dir(log) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        entries => entries?,
    };
    let mut newest: Option<(u64, PathBuf)> = None;
    for entry in entries {
        let path = entry?.path();
        let number = path
            .file_name()
            .and_then(|name| name.to_str()?.strip_suffix(".wal")?.parse::<u64>().ok());
        if let Some(number) = number
            && newest.as_ref().is_none_or(|(found, _)| *found < number)
        {
            newest = Some((number, path));
        }
    }
    Ok(newest.map(|(_, path)| path))
}

/// How a log ends.
#[derive(Debug, PartialEq, Eq)]
enum Ending {
    /// With a whole record.
    Whole,
    /// In the middle of a record, or with zeros; the whole records end at this byte.
    Unfinished { whole: u64 },
    /// It holds what no writer leaves behind, broken off or not: the engine must judge that.
    Damaged,
}

/// Follows the fragments from the first one to the end, one block at a time.
fn ending(log: &mut impl Read) -> io::Result<Ending> {
    let mut block = Vec::with_capacity(BLOCK);
    let mut before = 0;
    let mut whole = 0;
    let mut within = false;
    let mut zeros = false;
    loop {
        block.clear();
        log.by_ref().take(BLOCK as u64).read_to_end(&mut block)?;
        let mut rest = block.as_slice();
        loop {
            match Part::first_of(rest, block.len()) {
                Part::Fragment { kind, behind } if !zeros && follows(kind, within) => {
                    rest = behind;
                    within = matches!(kind, FIRST | MIDDLE);
                    if !within {
                        whole = before + (block.len() - rest.len()) as u64;
                    }
                }
                Part::Fragment { .. } | Part::Unknown => return Ok(Ending::Damaged),
                Part::BrokenOff => return Ok(Ending::Unfinished { whole }),
                Part::Zeros => {
                    zeros = true;
                    break;
                }
                Part::Padding => break,
            }
        }
        before += block.len() as u64;
        if block.len() < BLOCK {
            return Ok(if within || zeros {
                Ending::Unfinished { whole }
            } else {
                Ending::Whole
            });
        }
    }
}

/// Whether a fragment of this kind may come next, in the middle of a record or not.
const fn follows(kind: u8, within: bool) -> bool {
    match kind {
        FULL | FIRST | COMPRESSION => !within,
        MIDDLE | LAST => within,
        _ => false,
    }
}

/// What comes next in a block.
enum Part<'a> {
    Fragment {
        kind: u8,
        behind: &'a [u8],
    },
    /// Nothing more in this block.
    Padding,
    /// The rest is zeros, and more of them than padding has.
    Zeros,
    /// The log ends before the fragment does.
    BrokenOff,
    Unknown,
}

impl<'a> Part<'a> {
    /// The first part of the rest of a block, of which this many bytes are in the log.
    fn first_of(rest: &'a [u8], block: usize) -> Self {
        // Where a block is cut short, the log ends.
        let last = block < BLOCK;
        let Some((&[_, _, _, _, high, low, kind], data)) = rest.split_first_chunk::<HEADER>()
        else {
            return if rest.is_empty() || !last {
                Self::Padding
            } else {
                Self::BrokenOff
            };
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        match data.get(length..) {
            _ if kind == EMPTY && rest.iter().all(|byte| *byte == 0) => Self::Zeros,
            Some(behind) => Self::Fragment { kind, behind },
            // A fragment never crosses the end of its block.
            None if last && block - data.len() + length <= BLOCK => Self::BrokenOff,
            None => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log as the engine writes one.
    #[derive(Default)]
    struct Log {
        bytes: Vec<u8>,
        /// Where each record ends.
        ends: Vec<usize>,
    }

    impl Log {
        fn of(records: &[usize]) -> Self {
            let mut log = Self::default();
            for (number, length) in records.iter().enumerate() {
                log.record(&vec![number as u8 + 1; *length]);
            }
            log
        }

        fn record(&mut self, mut data: &[u8]) {
            let mut first = true;
            while first || !data.is_empty() {
                let room = BLOCK - self.bytes.len() % BLOCK;
                if room < HEADER {
                    self.bytes.extend(vec![0; room]);
                    continue;
                }
                let (fragment, rest) = data.split_at(data.len().min(room - HEADER));
                let kind = match (first, rest.is_empty()) {
                    (true, true) => FULL,
                    (true, false) => FIRST,
                    (false, false) => MIDDLE,
                    (false, true) => LAST,
                };
                self.bytes.extend([9; 4]);
                self.bytes.extend((fragment.len() as u16).to_be_bytes());
                self.bytes.push(kind);
                self.bytes.extend(fragment);
                data = rest;
                first = false;
            }
            self.ends.push(self.bytes.len());
        }

        /// What to make of the log when it is this long.
        fn cut_at(&self, length: usize) -> Ending {
            ending(&mut &self.bytes[..length]).unwrap()
        }

        /// Where the last record that is whole at this length ends.
        fn whole(&self, length: usize) -> u64 {
            let whole = self.ends.iter().rfind(|end| **end <= length);
            whole.copied().unwrap_or_default() as u64
        }
    }

    #[test]
    fn wherever_a_log_is_broken_off_its_whole_records_are_kept() {
        // Small ones, one of several blocks, one that ends 3 bytes before a block's end, and
        // one of which only the header fits into its block.
        let mut log = Log::of(&[10, 3 * BLOCK, 0, 500]);
        let room = BLOCK - log.bytes.len() % BLOCK;
        log.record(&vec![7; room - HEADER - 3]);
        log.record(&vec![8; BLOCK - 3 * HEADER]);
        log.record(&[9; 40]);
        for length in 0..=log.bytes.len() {
            let whole = log.whole(length);
            match log.cut_at(length) {
                Ending::Whole => {
                    // Nothing but padding may be behind the last whole record.
                    let behind = &log.bytes[whole as usize..length];
                    let padding = behind.len() < HEADER && length % BLOCK == 0;
                    assert!(behind.is_empty() || padding, "at {length}");
                }
                ending => assert_eq!(ending, Ending::Unfinished { whole }, "at {length}"),
            }
        }
    }

    #[test]
    fn a_first_fragment_that_ends_with_its_block_is_unfinished() {
        let log = Log::of(&[100, 2 * BLOCK]);
        let whole = log.whole(BLOCK);
        assert_eq!(whole, 107);
        assert_eq!(log.cut_at(BLOCK), Ending::Unfinished { whole });
        assert_eq!(log.cut_at(2 * BLOCK), Ending::Unfinished { whole });
    }

    #[test]
    fn zeros_at_the_end_are_no_record() {
        for zeros in [1, 6, 7, 100, BLOCK, 3 * BLOCK] {
            let mut log = Log::of(&[100, 200]);
            let whole = log.bytes.len() as u64;
            log.bytes.extend(vec![0; zeros]);
            let length = log.bytes.len();
            assert_eq!(log.cut_at(length), Ending::Unfinished { whole }, "{zeros}");
        }
    }

    #[test]
    fn a_record_behind_what_was_broken_off_is_left_to_the_engine() {
        let mut log = Log::of(&[100, 2 * BLOCK]);
        log.bytes.truncate(BLOCK);
        log.record(&[1; 20]);
        assert_eq!(log.cut_at(log.bytes.len()), Ending::Damaged);
        let mut log = Log::of(&[100]);
        log.bytes.extend(vec![0; BLOCK - 107]);
        log.record(&[1; 20]);
        assert_eq!(log.cut_at(log.bytes.len()), Ending::Damaged);
        let mut log = Log::of(&[100, 200, 300]);
        log.bytes[4] = 0xff;
        assert_eq!(log.cut_at(log.bytes.len()), Ending::Damaged);
        log.bytes[4] = 0;
        log.bytes[6] = 77;
        assert_eq!(log.cut_at(log.bytes.len()), Ending::Damaged);
    }

    #[test]
    fn only_the_newest_segment_is_touched_and_a_repair_that_was_broken_off_is_gone() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(cut_unfinished(directory.path()).unwrap(), None);
        let log = directory.path().join("wal");
        std::fs::create_dir_all(log.join("repair_temp")).unwrap();
        assert_eq!(cut_unfinished(directory.path()).unwrap(), None);
        assert!(!log.join("repair_temp").exists());
        let whole = Log::of(&[100, BLOCK]);
        let broken = &whole.bytes[..BLOCK];
        let segment = |number: u64| log.join(format!("{number:020}.wal"));
        std::fs::write(segment(9), broken).unwrap();
        std::fs::write(segment(10), broken).unwrap();
        std::fs::write(log.join("notes.txt"), broken).unwrap();
        let cut = cut_unfinished(directory.path()).unwrap();
        let expected = Cut {
            file: segment(10),
            kept: 107,
            removed: BLOCK as u64 - 107,
        };
        assert_eq!(cut, Some(expected));
        assert_eq!(std::fs::read(segment(9)).unwrap(), broken);
        assert_eq!(std::fs::read(segment(10)).unwrap(), &broken[..107]);
        assert_eq!(cut_unfinished(directory.path()).unwrap(), None);
    }
}
