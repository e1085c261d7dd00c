//! What happens at a time: one task that waits until the product has something to do.

use std::future::pending;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use protocol::Timestamp;

use crate::clock::{Clock, pause};
use crate::state::AppState;

/// How long to wait after a pass that ended in a panic.
const AFTER_PANIC: Duration = Duration::from_secs(30);

/// Never ends; the time is looked for in the clock, not by asking the database.
pub(crate) async fn work(state: AppState) {
    loop {
        // One pass that fails must not be the last.
        let pass = AssertUnwindSafe(state.chat.run_timers(state.clock.now()));
        let Ok(next) = pass.catch_unwind().await else {
            state.counters.panics.add_one();
            pause(AFTER_PANIC).await;
            continue;
        };
        tokio::select! {
            () = reach(&state.clock, next) => {}
            () = state.chat.earlier_timer() => {}
        }
    }
}

async fn reach(clock: &Clock, next: Option<Timestamp>) {
    match next {
        Some(next) => clock.reach(next).await,
        None => pending().await,
    }
}
