//! How much waits to be committed or is under way: bounded, and its end can be awaited.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// Sends, and bytes of their texts, that may wait or be under way in all.
const SENDS: usize = 20_000;
const SEND_BYTES: usize = 64 * 1024 * 1024;

/// Everything that waits or is under way, so that it is bounded and its end can be awaited.
#[derive(Default)]
pub(crate) struct Load {
    sends: AtomicUsize,
    bytes: AtomicUsize,
    idle: Notify,
}

/// One send's part of the [`Load`].
pub(crate) struct Ticket {
    load: Arc<Load>,
    bytes: usize,
}

impl Load {
    /// A ticket, unless too much is under way.
    pub(crate) fn enter(self: &Arc<Self>, bytes: usize) -> Option<Ticket> {
        // In one order with the flag of a drain, see `Engine::is_draining`.
        let sends = self.sends.fetch_add(1, Ordering::SeqCst);
        let total = self.bytes.fetch_add(bytes, Ordering::Relaxed);
        let ticket = Ticket {
            load: Arc::clone(self),
            bytes,
        };
        (sends < SENDS && total < SEND_BYTES).then_some(ticket)
    }

    /// Waits until nothing is under way.
    pub(crate) async fn idle(&self) {
        loop {
            let idle = self.idle.notified();
            if self.sends.load(Ordering::SeqCst) == 0 {
                return;
            }
            idle.await;
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.load.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
        if self.load.sends.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.load.idle.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn the_load_is_bounded_and_its_end_awaited() {
        let load = Arc::new(Load::default());
        let tickets: Vec<_> = (0..SENDS).filter_map(|_| load.enter(10)).collect();
        assert_eq!(tickets.len(), SENDS);
        assert!(load.enter(10).is_none());
        let idle = load.idle();
        tokio::pin!(idle);
        assert!(idle.as_mut().now_or_never().is_none());
        drop(tickets);
        idle.await;
        assert!(load.enter(SEND_BYTES).is_some());
        assert_eq!(load.bytes.load(Ordering::Relaxed), 0);
    }
}
