//! The words about message requests and reports.

mod en;
mod hi;
mod ur;

use protocol::ReportReason;

use super::{Locale, Plural, Texts};

part! {
    requests: RequestTexts;
    // The list.
    requests none
    // To whom somebody has written.
    region asks unseen accept delete deleted_now
    // Who has written.
    closed not_accepted settle
    // What happened.
    accepted to_accept
    // Reports.
    report report_name report_message report_hint reason spam abuse other note note_hint send
    sending thanks thanks_hint block failed full;
    left
}

impl RequestTexts {
    /// What a reason is called.
    #[must_use]
    pub const fn named(&self, reason: ReportReason) -> &'static str {
        match reason {
            ReportReason::Spam => self.spam,
            ReportReason::Abuse => self.abuse,
            ReportReason::Other => self.other,
        }
    }
}
