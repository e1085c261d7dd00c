//! The rules of the product. Knows neither HTTP nor SurrealDB: time, peers and the store come
//! in from outside, decisions and frames go out.
//!
//! [`Chat`] is the whole API of the product. Server functions and the socket call the same
//! methods; whoever calls has an [`Actor`], which only [`Chat::authenticate`] makes.
//!
//! The order that everything here keeps: check, seal, **commit**, and only then ack and
//! publish. A message that was acked is in the database.

mod accounts;
mod chat;
mod conversations;
mod error;
mod live;
mod messages;
mod rate_limit;
mod store;

pub use accounts::{Actor, Device, SessionInfo, SignIn, SignUp, SignedIn};
pub use chat::{Chat, Config, Deps, Metrics};
pub use error::ChatError;
pub use live::{Connection, ConnectionId, Outgoing};
pub use messages::SendCommand;
pub use store::{
    APPEND_PER_CONVERSATION, CHECKPOINT_EVERY, Checkpoint, ConversationRecord, Created,
    MemberRecord, MemoryStore, MessageRow, ReadCursor, SessionRecord, Singleton, Store, StoreError,
    Unique, UserRecord,
};
