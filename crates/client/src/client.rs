//! [`Client`]: the whole core behind one function.

use protocol::{ConversationId, ConversationSummary, Presence, Seq, Timestamp, UserId};

use crate::{Config, Divider, Draft, Effect, Input, ListRow, Older, Row, Status};

/// One tab's client.
#[derive(Debug)]
pub struct Client {
    config: Config,
}

impl Client {
    /// A client that knows nothing yet.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self { config }
    }

    /// Takes what happened and returns what to do, in that order.
    pub fn step(&mut self, _input: Input, _now: Timestamp) -> Vec<Effect> {
        unimplemented!()
    }

    /// Whose client it is.
    #[must_use]
    pub fn me(&self) -> UserId {
        self.config.me
    }

    /// What to say about the connection.
    #[must_use]
    pub fn status(&self, _now: Timestamp) -> Status {
        unimplemented!()
    }

    /// Whether frames flow in both directions right now.
    #[must_use]
    pub fn is_live(&self) -> bool {
        unimplemented!()
    }

    /// The conversation list, the most recently active first.
    #[must_use]
    pub fn list(&self) -> Vec<ListRow> {
        unimplemented!()
    }

    /// A conversation as this client knows it.
    #[must_use]
    pub fn conversation(&self, _id: ConversationId) -> Option<&ConversationSummary> {
        unimplemented!()
    }

    /// The rows of a conversation, oldest first, echoes at the end.
    #[must_use]
    pub fn rows(&self, _id: ConversationId) -> Vec<Row> {
        unimplemented!()
    }

    /// The state of the older end of a conversation.
    #[must_use]
    pub fn older(&self, _id: ConversationId) -> Older {
        unimplemented!()
    }

    /// The newest place of which this client misses nothing before.
    #[must_use]
    pub fn newest(&self, _id: ConversationId) -> Seq {
        unimplemented!()
    }

    /// Where the unread divider of the open conversation stands.
    #[must_use]
    pub fn divider(&self, _id: ConversationId) -> Option<Divider> {
        unimplemented!()
    }

    /// Who types in a conversation, the longest first.
    #[must_use]
    pub fn typing(&self, _id: ConversationId) -> Vec<UserId> {
        unimplemented!()
    }

    /// Whether somebody is there, where known.
    #[must_use]
    pub fn presence(&self, _user: UserId) -> Option<Presence> {
        unimplemented!()
    }

    /// What stands in a composer.
    #[must_use]
    pub fn draft(&self, _id: ConversationId) -> Option<&Draft> {
        unimplemented!()
    }

    /// Messages that the server has not answered for.
    #[must_use]
    pub fn unsent(&self) -> usize {
        unimplemented!()
    }
}
