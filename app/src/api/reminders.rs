//! Reminders of messages.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use protocol::{ConversationId, ConversationSummary, Person, Reminder, Seq};
use serde::{Deserialize, Serialize};

use super::ApiError;
use super::caller::PageClient;
use super::saved::Said;

/// A reminder with its message.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReminderItem {
    /// Of which message, and when.
    pub reminder: Reminder,
    /// What is said there; `None` if it cannot be read.
    pub said: Option<Said>,
}

/// All reminders of an account.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ReminderItems {
    /// At most [`protocol::limits::REMINDERS`], the earliest first.
    pub items: Vec<ReminderItem>,
    /// Their conversations, as far as they are needed to be named.
    pub conversations: Vec<ConversationSummary>,
    /// Their authors.
    pub people: Vec<Person>,
}

/// The caller's reminders.
#[server(endpoint = "reminders", client = PageClient, input = GetUrl)]
pub async fn list_reminders() -> Result<ReminderItems, ApiError> {
    super::backend::reminders::list().await
}

/// Puts a reminder aside, for browsers without script. With script the socket says so, see
/// [`crate::live::Live::remind`].
#[server(endpoint = "put_reminder_aside")]
pub async fn put_reminder_aside(
    /// In which conversation.
    conversation: ConversationId,
    /// Of which message.
    seq: Seq,
) -> Result<(), ApiError> {
    super::backend::reminders::put_aside(protocol::SavedPlace { conversation, seq }).await
}
