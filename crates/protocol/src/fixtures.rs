//! What the tests of this crate are made of.

use crate::{Content, ConversationId, Marks, Message, SendId, Seq, Timestamp, UserId};

/// An entry that nothing has changed yet.
pub(crate) fn message(seq: u64, author: UserId, content: Content) -> Message {
    Message {
        conversation: ConversationId::from_bytes([7; 16]),
        seq: Seq(seq),
        author,
        send_id: SendId::from_bytes([9; 16]),
        sent_at: Timestamp::from_millis(seq * 10),
        content,
        marks: Marks::default(),
    }
}
