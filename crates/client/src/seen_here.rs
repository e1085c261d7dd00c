//! How far the threads of one conversation were seen, and what of that the server has.
//!
//! It only moves forward, whoever says it: this device, another one, or an earlier page.

use std::collections::BTreeMap;

use protocol::Seq;
use protocol::limits::THREADS_SEEN;

use crate::SavedThread;

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    here: Seq,
    told: Seq,
}

/// The newest places seen, by the roots of the threads.
#[derive(Debug, Default)]
pub(crate) struct SeenHere(BTreeMap<Seq, Seen>);

impl SeenHere {
    /// How far a thread was seen.
    pub(crate) fn get(&self, root: Seq) -> Seq {
        self.0.get(&root).map_or(Seq::ZERO, |seen| seen.here)
    }

    /// A thread was seen up to a place. Whether that is further than before.
    pub(crate) fn see(&mut self, root: Seq, place: Seq) -> bool {
        if place <= self.get(root) {
            return false;
        }
        self.0.entry(root).or_default().here = place;
        if self.0.len() > THREADS_SEEN {
            let oldest = self.0.iter().min_by_key(|(_, seen)| seen.here);
            if let Some(oldest) = oldest.map(|(root, _)| *root) {
                self.0.remove(&oldest);
            }
        }
        true
    }

    /// The server has it up to a place. Whether that is further than was seen here.
    pub(crate) fn tell(&mut self, root: Seq, place: Seq) -> bool {
        let is_news = self.see(root, place);
        if let Some(seen) = self.0.get_mut(&root) {
            seen.told = seen.told.max(place);
        }
        is_news
    }

    /// What the server is to be told of a thread, if it was seen beyond what was read.
    pub(crate) fn untold(&self, root: Seq, read: Seq) -> Option<Seq> {
        let seen = self.0.get(&root)?;
        (seen.here > seen.told.max(read)).then_some(seen.here)
    }

    /// All threads of which the server is to be told.
    pub(crate) fn all_untold(&self, read: Seq) -> Vec<Seq> {
        let roots = self.0.keys().copied();
        roots
            .filter(|root| self.untold(*root, read).is_some())
            .collect()
    }

    /// What to store: what was seen beyond what was read.
    pub(crate) fn saved(&self, read: Seq) -> Vec<SavedThread> {
        let beyond = self.0.iter().filter(|(_, seen)| seen.here > read);
        let saved = beyond.map(|(root, seen)| SavedThread {
            root: *root,
            seen: seen.here,
            told: seen.told >= seen.here,
        });
        saved.collect()
    }

    /// Takes over what an earlier page stored.
    pub(crate) fn restore(&mut self, threads: &[SavedThread]) {
        for SavedThread { root, seen, told } in threads {
            if *told {
                self.tell(*root, *seen);
            } else {
                self.see(*root, *seen);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: Seq = Seq(3);

    #[test]
    fn it_moves_forward_only_and_what_the_server_has_is_not_told() {
        let mut it = SeenHere::default();
        assert!(it.see(ROOT, Seq(5)));
        assert!(!it.see(ROOT, Seq(4)));
        assert_eq!(it.untold(ROOT, Seq(4)), Some(Seq(5)));
        assert_eq!(it.untold(ROOT, Seq(5)), None, "it was read");
        assert!(!it.tell(ROOT, Seq(4)));
        assert_eq!(it.all_untold(Seq(1)), [ROOT]);
        assert!(it.tell(ROOT, Seq(7)));
        assert_eq!((it.get(ROOT), it.untold(ROOT, Seq(1))), (Seq(7), None));
        assert!(it.see(ROOT, Seq(8)));
        assert_eq!(it.untold(ROOT, Seq(1)), Some(Seq(8)));
    }

    #[test]
    fn what_is_beyond_the_cursor_outlives_the_page() {
        let mut it = SeenHere::default();
        it.see(ROOT, Seq(5));
        it.tell(Seq(4), Seq(9));
        it.see(Seq(6), Seq(9));
        let saved = it.saved(Seq(6));
        let thread = |root, seen, told| SavedThread {
            root: Seq(root),
            seen: Seq(seen),
            told,
        };
        assert_eq!(saved, [thread(4, 9, true), thread(6, 9, false)]);
        let mut again = SeenHere::default();
        again.see(Seq(4), Seq(12));
        again.restore(&saved);
        assert_eq!((again.get(Seq(4)), again.get(Seq(6))), (Seq(12), Seq(9)));
        assert_eq!(again.all_untold(Seq(6)), [Seq(4), Seq(6)]);
    }

    #[test]
    fn so_many_are_kept() {
        let mut it = SeenHere::default();
        for root in (1..).take(THREADS_SEEN + 1) {
            assert!(it.see(Seq(root), Seq(2_000 - root)));
        }
        assert_eq!(it.saved(Seq::ZERO).len(), THREADS_SEEN);
        assert_eq!(it.get(Seq(THREADS_SEEN as u64 + 1)), Seq::ZERO);
        assert_eq!(it.get(Seq(1)), Seq(1_999));
    }
}
