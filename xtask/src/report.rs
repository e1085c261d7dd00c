//! How long each step took.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::Result;

/// Collects the steps of one command; clones share the collection.
#[derive(Clone)]
pub(crate) struct Report {
    started: Instant,
    steps: Arc<Mutex<Vec<(String, Duration)>>>,
}

impl Report {
    /// Starts the clock.
    pub(crate) fn new() -> Self {
        Self {
            started: Instant::now(),
            steps: Arc::default(),
        }
    }

    /// Runs one step and notes its time, also when it fails.
    pub(crate) fn step<T>(&self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        eprintln!("[{:>6.1} s] {name}", self.started.elapsed().as_secs_f64());
        let began = Instant::now();
        let result = work();
        self.note(name, began.elapsed());
        result
    }

    /// Prints a line under the running clock.
    pub(crate) fn say(&self, line: &str) {
        eprintln!("[{:>6.1} s] {line}", self.started.elapsed().as_secs_f64());
    }

    fn note(&self, name: &str, took: Duration) {
        let mut steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        steps.push((name.to_owned(), took));
    }

    /// Prints what took a tenth of a second or more, and the whole.
    pub(crate) fn print(&self) {
        let steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        eprintln!();
        for (name, took) in steps.iter().filter(|(_, took)| took.as_millis() >= 100) {
            eprintln!("  {:>8.1} s  {name}", took.as_secs_f64());
        }
        eprintln!("  {:>8.1} s  in all", self.started.elapsed().as_secs_f64());
    }
}
