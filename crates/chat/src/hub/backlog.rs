//! How many bytes wait in a connection's queue. The queue itself only knows how many frames.

use std::collections::VecDeque;

/// Where a frame comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It happened just now.
    Live,
    /// A resume brings it.
    Replayed,
}

/// The frames in the queue, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    frames: VecDeque<(usize, Kind)>,
    live: usize,
    replayed: usize,
}

impl Backlog {
    /// Forgets what was taken out: so many are left.
    pub(super) fn keep(&mut self, left: usize) {
        while self.frames.len() > left {
            if let Some((bytes, kind)) = self.frames.pop_front() {
                *self.of_mut(kind) -= bytes;
            }
        }
        if self.frames.is_empty() {
            // An idle connection holds nothing for the worst moment it had.
            self.frames = VecDeque::new();
        }
    }

    pub(super) fn push(&mut self, bytes: usize, kind: Kind) {
        self.frames.push_back((bytes, kind));
        *self.of_mut(kind) += bytes;
    }

    /// Bytes of one kind.
    pub(super) const fn of(&self, kind: Kind) -> usize {
        match kind {
            Kind::Live => self.live,
            Kind::Replayed => self.replayed,
        }
    }

    fn of_mut(&mut self, kind: Kind) -> &mut usize {
        match kind {
            Kind::Live => &mut self.live,
            Kind::Replayed => &mut self.replayed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_out_counts_no_more() {
        let mut backlog = Backlog::default();
        for (bytes, kind) in [
            (100, Kind::Live),
            (20, Kind::Replayed),
            (3, Kind::Live),
            (7, Kind::Replayed),
        ] {
            backlog.push(bytes, kind);
        }
        let of = |backlog: &Backlog| (backlog.of(Kind::Live), backlog.of(Kind::Replayed));
        assert_eq!(of(&backlog), (103, 27));
        backlog.keep(4);
        assert_eq!(of(&backlog), (103, 27));
        backlog.keep(2);
        assert_eq!(of(&backlog), (3, 7));
        backlog.keep(0);
        assert_eq!(of(&backlog), (0, 0));
        assert_eq!(backlog.frames.capacity(), 0);
    }
}
