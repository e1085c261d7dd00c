//! Reports of people and messages, to those who run the server
//! (docs/decisions/0032-message-requests.md). Whoever is reported does not learn of it.

mod sealing;

use protocol::limits::REPORTS;
use protocol::{
    ErrorCode, Message, Person, Report, ReportId, ReportNote, ReportReason, Reported, SavedPlace,
    Timestamp, UserId,
};

use crate::engine::guarded;
use crate::store::ReportRecord;
use crate::{Actor, Chat, ChatError};

/// A reported message, as it was then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedMessage {
    /// Where it stands.
    pub place: SavedPlace,
    /// When it was written.
    pub sent_at: Timestamp,
    /// What it said.
    pub text: String,
}

/// A report as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Its id.
    pub id: ReportId,
    /// When it came.
    pub at: Timestamp,
    /// Who reports.
    pub reporter: Person,
    /// Whom.
    pub about: Person,
    /// Which message of theirs, if it is about one.
    pub message: Option<ReportedMessage>,
    /// Why.
    pub reason: ReportReason,
    /// What there is to be said of it.
    pub note: Option<ReportNote>,
}

impl Chat {
    /// Reports somebody, or a message that the actor can read, to those who run the server.
    ///
    /// # Errors
    /// `Refused(NotFound)` for what is not there or not the actor's to read, `Refused(Forbidden)`
    /// for oneself, `Refused(TooMany)`; `RateLimited`; `Store`.
    pub async fn report(
        &self,
        actor: &Actor,
        report: Report,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let me = actor.user();
        self.accounts.check_report(me, now)?;
        let (about, message) = self.reported(me, report.about).await?;
        if about == me {
            return Err(ErrorCode::Forbidden.into());
        }
        let id = ReportId::from_parts(now, rand::random());
        let said = sealing::Said {
            about,
            message,
            reason: report.reason,
            note: report.note,
        };
        let record = sealing::seal(&self.keys, (id, me), &said)?;
        let reports = self.store.reports();
        // One at a time, so that they are counted.
        let _turn = self.engine.arranging.turn(me).await;
        if guarded(reports.count_of(me, REPORTS)).await? >= REPORTS {
            return Err(ErrorCode::TooMany.into());
        }
        guarded(reports.put(&record)).await
    }

    /// Whom a report is about, and what of theirs.
    async fn reported(
        &self,
        me: UserId,
        about: Reported,
    ) -> Result<(UserId, Option<ReportedMessage>), ChatError> {
        match about {
            Reported::Person(user) => {
                let is_there = !self.engine.persons([user]).await?.is_empty();
                let found = is_there.then_some((user, None));
                Ok(found.ok_or(ErrorCode::NotFound)?)
            }
            Reported::Message(place) => {
                let message = self.engine.readable(me, place).await?;
                let (author, text) = message.as_ref().and_then(said).ok_or(ErrorCode::NotFound)?;
                let sent_at = message.map_or(Timestamp::default(), |message| message.sent_at);
                let message = ReportedMessage {
                    place,
                    sent_at,
                    text,
                };
                Ok((author, Some(message)))
            }
        }
    }

    /// What was reported and nobody has dealt with yet, the oldest first. What cannot be read is
    /// left out. For those who run the server: whoever asks may read all of it.
    ///
    /// # Errors
    /// `Store`.
    pub async fn complaints(&self, limit: usize) -> Result<Vec<Complaint>, ChatError> {
        let records = guarded(self.store.reports().all(limit)).await?;
        let mut complaints = Vec::with_capacity(records.len());
        for record in records {
            complaints.extend(self.complaint(&record).await?);
        }
        Ok(complaints)
    }

    /// A report is dealt with: nothing is kept of it. Whether it was there.
    ///
    /// # Errors
    /// `Store`.
    pub async fn dismiss_complaint(&self, id: ReportId) -> Result<bool, ChatError> {
        let reports = self.store.reports();
        let is_there = guarded(reports.one(id)).await?.is_some();
        guarded(reports.delete(id)).await?;
        Ok(is_there)
    }

    async fn complaint(&self, record: &ReportRecord) -> Result<Option<Complaint>, ChatError> {
        let Some(said) = sealing::open(&self.keys, record) else {
            tracing::error!(report = %record.id, "a report is left out");
            return Ok(None);
        };
        let people = [record.reporter, said.about];
        let mut people = self.engine.persons(people).await?;
        let mut person = |user| people.remove(&user).unwrap_or_else(|| Person::gone(user));
        Ok(Some(Complaint {
            id: record.id,
            at: record.id.created_at(),
            reporter: person(record.reporter),
            about: person(said.about),
            message: said.message,
            reason: said.reason,
            note: said.note,
        }))
    }
}

/// Who said what, if anything is to be read.
fn said(message: &Message) -> Option<(UserId, String)> {
    let words = message.content.words()?;
    Some((message.author, words.into_owned()))
}
