//! Which changes of a message are accepted.

use protocol::limits::{EDITS_PER_MESSAGE, PINS, REACTION_KINDS, REACTIONS_PER_MESSAGE};
use protocol::permission::Action;
use protocol::{Change, ChangeKind, Content, Emoji, ErrorCode, Marks, MessageBody, Origin, UserId};

use crate::entry::Entry;
use crate::polls;
use crate::roll::Roll;

/// Decides about a change. `find` finds the entry at an earlier place.
///
/// What is there already, for example a reaction that stands, is accepted: it changes nothing,
/// and whoever repeats it need not know.
pub(crate) fn check<'e>(
    roll: &Roll<'_>,
    origin: Origin,
    change: &Change,
    find: impl FnOnce() -> Option<&'e Entry>,
) -> Result<(), ErrorCode> {
    let author = origin.author;
    let action = match change.kind {
        ChangeKind::Edit(_) => Action::EditOwn,
        ChangeKind::Delete => Action::DeleteOwn,
        ChangeKind::React { .. } => Action::React,
        ChangeKind::Pin(_) => Action::Pin,
        ChangeKind::Vote(_) => Action::Vote,
        ChangeKind::Close => Action::CloseOwn,
        // Nobody asks for them: what becomes of an edit, and what the time does.
        ChangeKind::Withdrawn | ChangeKind::Expire => return Err(ErrorCode::Malformed),
    };
    let member = roll.permit(author, action)?;
    if change.target <= member.joined_after {
        return Err(ErrorCode::NotFound);
    }
    let target = find().ok_or(ErrorCode::NotFound)?;
    let message = &target.message;
    // The words of a poll stand: people have answered them.
    let (is_deleted, is_fixed) = match &message.content {
        Content::Text(text) => (false, text.forwarded),
        Content::Poll(_) => (false, true),
        Content::Deleted => (true, false),
        Content::Unavailable | Content::Change(_) | Content::Notice(_) | Content::Dismissed => {
            return Err(ErrorCode::NotFound);
        }
    };
    let own = message.author == author;
    match &change.kind {
        ChangeKind::Delete if own => Ok(()),
        ChangeKind::Delete => roll.permit(author, Action::DeleteOthers).map(|_| ()),
        _ if is_deleted => Err(ErrorCode::NotFound),
        // Other words would be somebody else's still.
        ChangeKind::Edit(_) if !own || is_fixed => Err(ErrorCode::Forbidden),
        ChangeKind::Edit(body) => {
            let before = message.content.body().map(MessageBody::as_str);
            roll.permit_mentions(author, body.as_str(), before)?;
            room(target.edits().len() < EDITS_PER_MESSAGE)
        }
        ChangeKind::React { emoji, on } => room(!on || has_room_for(&message.marks, author, emoji)),
        ChangeKind::Pin(on) => room(!on || message.marks.pinned || roll.details.pins.len() < PINS),
        kind @ (ChangeKind::Vote(_) | ChangeKind::Close) => {
            polls::check(roll, origin, message, kind)
        }
        ChangeKind::Withdrawn | ChangeKind::Expire => Err(ErrorCode::Malformed),
    }
}

const fn room(is_there: bool) -> Result<(), ErrorCode> {
    if is_there {
        Ok(())
    } else {
        Err(ErrorCode::TooMany)
    }
}

fn has_room_for(marks: &Marks, user: UserId, emoji: &Emoji) -> bool {
    let is_known = marks.reactions.iter().any(|r| r.emoji == *emoji);
    marks.has_reacted(user, emoji)
        || (marks.reaction_count() < REACTIONS_PER_MESSAGE
            && (is_known || marks.reactions.len() < REACTION_KINDS))
}

#[cfg(test)]
mod tests;
