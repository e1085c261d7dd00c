//! Parts that know what a conversation is.

pub mod announcer;
pub mod composer;
pub mod connection_strip;
pub mod conversation_header;
pub mod conversation_list;
pub mod layers;
pub mod message;
pub mod naming;
pub mod paragraphs;
pub mod scroller;
mod span;
pub mod thread;
pub mod trail;
pub mod typing;
pub mod virtual_keyboard;

pub use announcer::{Announcer, OnScreen, Speaker};
pub use composer::{COMPOSER_ID, Composer, focus_composer};
pub use connection_strip::ConnectionStrip;
pub use conversation_header::ConversationHeader;
pub use conversation_list::ConversationList;
pub use layers::{Layers, dialog_is_open};
pub use scroller::Scroller;
pub use thread::Thread;
pub use trail::{Trail, conversation_in};
pub use typing::TypingLine;
pub use virtual_keyboard::make_room_for_keyboard;
