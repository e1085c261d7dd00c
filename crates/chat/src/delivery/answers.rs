//! What those who wait for a send are told about it.

use protocol::{ErrorCode, SendId, Seq, ServerFrame, Timestamp};

use crate::conversation_state::{Conversation, Queued, Waiter};
use crate::engine::Engine;
use crate::hub::Line;

/// What a client is told to wait after a failure that may pass.
pub(crate) const RETRY_AFTER_MS: u32 = 1_000;

pub(super) fn reject_all(engine: &Engine, mut waiter: Waiter, send_id: SendId, code: ErrorCode) {
    for line in waiter.lines() {
        reject(engine, line, send_id, code);
    }
    waiter.answer(Err(code));
}

/// Tells everybody who waits for a send that it was not stored.
pub(crate) fn reject_send(engine: &Engine, send: Queued, code: ErrorCode) {
    reject_all(engine, send.waiter, send.send_id, code);
}

pub(super) fn rejection(
    send_id: SendId,
    code: ErrorCode,
    retry_after_ms: Option<u32>,
) -> ServerFrame {
    let usual = code.is_transient().then_some(RETRY_AFTER_MS);
    ServerFrame::Reject {
        send_id,
        code,
        retry_after_ms: retry_after_ms.or(usual),
    }
}

/// Tells a connection that its send was not stored.
pub(crate) fn reject(engine: &Engine, line: &Line, send_id: SendId, code: ErrorCode) {
    let frame = rejection(send_id, code, None);
    engine.hub.delivery().settled(line, &frame);
}

/// Tells a connection where its send is stored.
pub(crate) fn ack(
    engine: &Engine,
    line: &Line,
    conversation: &Conversation,
    send_id: SendId,
    (seq, sent_at): (Seq, Timestamp),
) {
    let frame = ServerFrame::Ack {
        send_id,
        conversation: conversation.id,
        seq,
        sent_at,
    };
    engine.hub.delivery().settled(line, &frame);
}
