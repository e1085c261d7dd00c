//! Reports of people and messages, to those who run the server.

use leptos::prelude::*;
use protocol::{ConversationId, ReportReason, Seq, UserId};

use super::ApiError;
use super::caller::PageClient;

/// Reports somebody.
#[server(endpoint = "report_person", client = PageClient)]
pub async fn report_person(
    /// Whom.
    user: UserId,
    /// Why.
    reason: ReportReason,
    /// What else there is to say, see [`protocol::ReportNote::parse`]; nothing if it is empty.
    #[server(default)]
    note: String,
) -> Result<(), ApiError> {
    super::backend::reports::report_person(user, reason, &note).await
}

/// Reports a message, with what it says now.
#[server(endpoint = "report_message", client = PageClient)]
pub async fn report_message(
    /// In which conversation.
    conversation: ConversationId,
    /// Its place.
    seq: Seq,
    /// Why.
    reason: ReportReason,
    /// As of a person.
    #[server(default)]
    note: String,
) -> Result<(), ApiError> {
    super::backend::reports::report_message(conversation, seq, reason, &note).await
}
