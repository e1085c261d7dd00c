//! What goes into the state machine of the connection, and what comes out.

use super::EndReason;

/// What happened to the connection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    Start,
    NetworkOnline,
    NetworkOffline,
    BecameVisible,
    ConnectNow,
    Opened,
    Closed(Option<u16>),
    Heard,
    Welcome,
    Resumed,
    Resync,
    Draining { reconnect_after_ms: u32 },
    Refreshed,
    RefreshFailed,
    Gone(EndReason),
    Tick,
}

/// What to do about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Action {
    Connect,
    Close,
    Refresh,
    /// Say `Hello` with what is held.
    Hello,
    Ping(u32),
    /// What was under way on the connection gets no answer any more.
    Reset,
    /// Send what waits.
    Live,
}
