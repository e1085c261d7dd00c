//! How far threads were seen.

use protocol::{ClientFrame, SavedPlace, SeenThread, Seq, ServerFrame};

use super::conversation;

fn thread() -> SeenThread {
    SeenThread {
        root: SavedPlace {
            conversation: conversation(),
            seq: Seq(41),
        },
        seen: Seq(46),
    }
}

pub(super) fn of_client() -> [(&'static str, ClientFrame); 1] {
    let (request, thread) = (9, thread());
    [("see_thread", ClientFrame::SeeThread { request, thread })]
}

pub(super) fn of_server() -> [(&'static str, ServerFrame); 2] {
    [("threads_seen", None), ("threads_seen_as_asked", Some(9))].map(|(name, request)| {
        let threads = vec![thread()];
        (name, ServerFrame::ThreadsSeen { request, threads })
    })
}
