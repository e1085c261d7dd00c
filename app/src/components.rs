//! Parts that know what a conversation is.

pub mod actions;
pub mod announcer;
pub mod answers;
pub mod asked;
pub mod blocking;
pub mod closed;
pub mod composer;
pub mod connection_strip;
pub mod conversation_header;
pub mod conversation_list;
pub mod foldering;
pub mod later;
pub mod layers;
pub mod message;
pub mod naming;
pub mod notice;
pub mod organising;
pub mod paragraphs;
pub mod permalink;
pub mod pins;
pub mod polls;
pub mod refused;
pub mod reminding;
pub mod reporting;
pub mod requests;
mod returning;
pub mod scroller;
pub mod selecting;
mod span;
pub mod spoken;
pub mod standing;
pub mod thread;
pub mod trail;
pub mod typing;
pub mod unsendable;
pub mod virtual_keyboard;

pub use actions::Actions;
pub use announcer::{Announcer, OnScreen, Speaker};
pub use blocking::{BlockQuestion, BlockedHere, Blocking};
pub use composer::{COMPOSER_ID, Composer, Pace, focus_composer};
pub use connection_strip::ConnectionStrip;
pub use conversation_header::ConversationHeader;
pub use conversation_list::ConversationList;
pub use foldering::{FolderDialog, Foldering};
pub use later::{Later, SCHEDULED, UnsentLine, WaitingLine};
pub use layers::{Layers, dialog_is_open};
pub use organising::{
    ConversationMenu, Filters, From, MenuButton, NothingHere, Organising, UndoLine, UndoStrip,
};
pub use pins::PinnedLine;
pub use refused::{RefusedChanges, tell_not_dismissed, tell_not_saved, tell_trifles};
pub use reminding::{DueReminders, RemindDialog, Reminding};
pub use reporting::{ReportDialog, Reporting};
pub use requests::RequestBar;
pub use scroller::Scroller;
pub use selecting::SelectionBar;
pub use spoken::{Spoken, SpokenLine};
pub use standing::{PresenceLine, StatusLine};
pub use thread::Thread;
pub use trail::{
    DETAILS, SEARCH, Trail, conversation_in, details_path, is_beside, thread_in, thread_of,
};
pub use typing::TypingLine;
pub use unsendable::Unsendable;
pub use virtual_keyboard::make_room_for_keyboard;
