//! Parts that know what a conversation is.

mod announcer;
mod composer;
mod connection_strip;
mod conversation_header;
mod conversation_list;
mod message;
pub mod naming;
mod scroller;
mod thread;

pub use announcer::Announcer;
pub use composer::{COMPOSER_ID, Composer};
pub use connection_strip::ConnectionStrip;
pub use conversation_header::ConversationHeader;
pub use conversation_list::ConversationList;
pub use thread::Thread;
