//! What is still to be done behind the answers, by one task at a time.

use std::collections::BTreeSet;

use parking_lot::Mutex;

/// Things that wait at the same time; further ones wait for the next start.
pub(crate) const WAITING: usize = 10_000;

/// What waits.
pub(crate) struct Backlog<T>(Mutex<State<T>>);

struct State<T> {
    waiting: BTreeSet<T>,
    /// Whether there is a task that goes on with them.
    is_at_work: bool,
}

impl<T: Ord> Default for Backlog<T> {
    fn default() -> Self {
        Self(Mutex::new(State {
            waiting: BTreeSet::new(),
            is_at_work: false,
        }))
    }
}

impl<T: Ord> Backlog<T> {
    /// One more, if there is room.
    pub(crate) fn push(&self, one: T) {
        let mut state = self.0.lock();
        if state.waiting.len() < WAITING {
            state.waiting.insert(one);
        }
    }

    /// Whether the caller is to begin the task: something waits, and nobody is at it.
    pub(crate) fn begin(&self) -> bool {
        let mut state = self.0.lock();
        !state.waiting.is_empty() && !std::mem::replace(&mut state.is_at_work, true)
    }

    /// The next one, for the task.
    pub(crate) fn pop(&self) -> Option<T> {
        self.0.lock().waiting.pop_first()
    }

    /// The task ends; what failed waits for the next one.
    pub(crate) fn end(&self, failed: BTreeSet<T>) {
        let mut state = self.0.lock();
        state.waiting.extend(failed);
        state.is_at_work = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_task_at_a_time_and_what_failed_waits_for_the_next() {
        let backlog = Backlog::default();
        assert!(!backlog.begin());
        backlog.push(2);
        backlog.push(1);
        assert!(backlog.begin());
        assert!(!backlog.begin());
        assert_eq!(
            (backlog.pop(), backlog.pop(), backlog.pop()),
            (Some(1), Some(2), None)
        );
        backlog.end(BTreeSet::from([1]));
        assert!(backlog.begin());
        assert_eq!(backlog.pop(), Some(1));
        backlog.end(BTreeSet::new());
        assert!(!backlog.begin());
    }
}
