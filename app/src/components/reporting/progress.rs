//! How far the report on screen is. One dialog is there for all reports of a page: an answer that
//! comes late says nothing of the next one.

/// How far a report is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Stage {
    /// There is none.
    #[default]
    Closed,
    Writing,
    Sending,
    Sent,
}

/// The report on screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Progress {
    /// Which of the reports of this page it is.
    number: u32,
    stage: Stage,
}

impl Progress {
    pub(super) const fn stage(&self) -> Stage {
        self.stage
    }

    /// Another one is written.
    pub(super) const fn begin(&mut self) {
        self.number = self.number.wrapping_add(1);
        self.stage = Stage::Writing;
    }

    /// It is put away, sent or not.
    pub(super) const fn close(&mut self) {
        self.stage = Stage::Closed;
    }

    /// It is sent as it is written. Its number; `None` where nothing is to be sent.
    pub(super) fn send(&mut self) -> Option<u32> {
        let is_written = self.stage == Stage::Writing;
        is_written.then(|| {
            self.stage = Stage::Sending;
            self.number
        })
    }

    /// One was sent, or was not and can be again. Whether it is the one on screen.
    pub(super) fn answered(&mut self, number: u32, is_sent: bool) -> bool {
        let is_it = self.stage == Stage::Sending && self.number == number;
        if is_it {
            self.stage = if is_sent { Stage::Sent } else { Stage::Writing };
        }
        is_it
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sending() -> (Progress, u32) {
        let mut it = Progress::default();
        it.begin();
        let number = it.send().unwrap();
        (it, number)
    }

    #[test]
    fn it_is_sent_once_and_again_only_where_that_failed() {
        assert_eq!(Progress::default().send(), None, "nothing is written");
        let (mut it, number) = sending();
        assert_eq!(it.send(), None, "it is on its way");
        assert!(it.answered(number, false));
        assert_eq!(it.stage(), Stage::Writing);
        assert_eq!(it.send(), Some(number));
        assert!(it.answered(number, true));
        assert_eq!((it.stage(), it.send()), (Stage::Sent, None));
    }

    #[test]
    fn an_answer_that_comes_late_says_nothing_of_another() {
        for is_sent in [true, false] {
            let (mut it, late) = sending();
            it.close();
            assert!(!it.answered(late, is_sent));
            assert_eq!(it.stage(), Stage::Closed);
            it.begin();
            assert!(!it.answered(late, is_sent));
            assert_eq!(it.stage(), Stage::Writing);
            let next = it.send().unwrap();
            assert!(!it.answered(late, is_sent));
            assert_eq!(it.stage(), Stage::Sending);
            assert!(it.answered(next, true));
        }
    }
}
