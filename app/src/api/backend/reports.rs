//! Reports.

use protocol::{
    ConversationId, ErrorCode, Report, ReportNote, ReportReason, Reported, SavedPlace, Seq,
    TextError, UserId,
};

use super::{actor, chat, go_to, info, refuse};
use crate::api::ApiError;

pub(in crate::api) async fn report_person(
    user: UserId,
    reason: ReportReason,
    note: &str,
) -> Result<(), ApiError> {
    report(Reported::Person(user), reason, note).await
}

pub(in crate::api) async fn report_message(
    conversation: ConversationId,
    seq: Seq,
    reason: ReportReason,
    note: &str,
) -> Result<(), ApiError> {
    let place = SavedPlace { conversation, seq };
    report(Reported::Message(place), reason, note).await
}

async fn report(about: Reported, reason: ReportReason, note: &str) -> Result<(), ApiError> {
    let note = match ReportNote::parse(note) {
        Err(TextError::Empty) => None,
        parsed => Some(parsed.map_err(|error| refuse(ErrorCode::from(error).into()))?),
    };
    let (chat, actor, info) = (chat()?, actor()?, info()?);
    let report = Report {
        about,
        reason,
        note,
    };
    chat.report(&actor, report, info.now)
        .await
        .map_err(refuse)?;
    go_to("/");
    Ok(())
}
