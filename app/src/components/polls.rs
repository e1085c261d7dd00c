//! Polls: asking one, voting in one, and who voted.

pub mod asking;
pub mod card;
mod closing;
pub mod voters;

use protocol::permission::{Action, permit};
use protocol::{ConversationSummary, Poll, Timestamp, UserId};

/// What the reader may do with a poll.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Offered {
    /// Vote, or vote otherwise.
    vote: bool,
    /// Let it take no more votes.
    close: bool,
}

impl Offered {
    /// Of a poll that somebody asked at a moment. One that has no place yet takes no votes.
    fn of(
        summary: &ConversationSummary,
        me: UserId,
        (poll, author, asked_at): (&Poll, UserId, Option<Timestamp>),
        now: Timestamp,
    ) -> Self {
        let own = summary.members.iter().find(|it| it.person.id == me);
        let role = own.map(|member| member.role);
        let may = |action| permit(summary.kind, summary.settings, role, action).is_ok();
        let is_open = asked_at.is_some_and(|asked_at| poll.is_open(asked_at, now));
        let close = if author == me {
            Action::CloseOwn
        } else {
            Action::CloseOthers
        };
        Self {
            vote: is_open && may(Action::Vote),
            close: is_open && may(close),
        }
    }
}

/// A part of a whole in percent, rounded.
fn percent(part: u32, whole: u32) -> u32 {
    let (part, whole) = (u64::from(part), u64::from(whole));
    let rounded = (part * 200 + whole).checked_div(whole * 2);
    u32::try_from(rounded.unwrap_or(0).min(100)).unwrap_or(100)
}

#[cfg(test)]
mod tests;
