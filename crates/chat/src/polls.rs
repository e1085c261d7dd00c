//! Which votes are accepted, and what is written of them.

use protocol::limits::POLL_VOTERS;
use protocol::permission::Action;
use protocol::{Change, ChangeKind, Content, ErrorCode, Message, Origin, Poll, Vote};

use crate::roll::Roll;

/// Decides about a vote, or about closing a poll. The rest was decided already: that its author
/// is a member and may see the message. Whoever closes what is closed need not know.
pub(crate) fn check(
    roll: &Roll<'_>,
    origin: Origin,
    message: &Message,
    kind: &ChangeKind,
) -> Result<(), ErrorCode> {
    let Content::Poll(poll) = &message.content else {
        return Err(ErrorCode::NotFound);
    };
    match kind {
        ChangeKind::Vote(_) if !poll.is_open(message.sent_at, origin.at) => {
            Err(ErrorCode::PollClosed)
        }
        ChangeKind::Vote(vote) if !poll.takes(vote.choices) => Err(ErrorCode::Malformed),
        ChangeKind::Vote(_) if !has_room_for(poll, origin) => Err(ErrorCode::TooMany),
        ChangeKind::Close if message.author != origin.author => {
            roll.permit(origin.author, Action::CloseOthers).map(|_| ())
        }
        _ => Ok(()),
    }
}

fn has_room_for(poll: &Poll, origin: Origin) -> bool {
    poll.ballots.len() < POLL_VOTERS || poll.ballot(origin.author).is_some()
}

/// What is written of an accepted change: with a vote, what it takes the place of.
pub(crate) fn complete(mut change: Change, origin: Origin, target: Option<&Message>) -> Change {
    let poll = target.and_then(|message| match &message.content {
        Content::Poll(poll) => Some(poll),
        _ => None,
    });
    if let (ChangeKind::Vote(vote), Some(poll)) = (&mut change.kind, poll) {
        *vote = Vote {
            choices: vote.choices,
            before: poll.ballot(origin.author).unwrap_or_default(),
            secret: poll.anonymous,
        };
    }
    change
}

#[cfg(test)]
mod tests;
