//! What an intent comes to, as far as this side can tell.

use protocol::limits::ADD_MEMBERS;
use protocol::{
    Change, ChangeKind, Content, Description, DisplayName, Emoji, Intent, MessageBody, Notice,
    Poll, Seq, Text, TextError, Vote,
};

/// What the entry of an intent will hold. `None` where the server alone knows: which of the
/// people to add are in the group already, and who owns it after its owner has left.
///
/// # Errors
/// The server would refuse it in any case.
pub(crate) fn content(intent: &Intent) -> Result<Option<Content>, TextError> {
    let change = |target: &Seq, kind| {
        let target = *target;
        Content::Change(Change { target, kind })
    };
    let content = match intent {
        Intent::Text { text, reply_to } => Content::Text(Text {
            body: MessageBody::parse(text)?,
            reply_to: *reply_to,
            forwarded: false,
        }),
        Intent::Forward { text } => Content::Text(Text {
            body: MessageBody::parse(text)?,
            reply_to: None,
            forwarded: true,
        }),
        Intent::Edit { target, text } => {
            change(target, ChangeKind::Edit(MessageBody::parse(text)?))
        }
        Intent::Delete { target } => change(target, ChangeKind::Delete),
        Intent::React { target, emoji, on } => {
            let (emoji, on) = (Emoji::parse(emoji)?, *on);
            change(target, ChangeKind::React { emoji, on })
        }
        Intent::Pin { target, on } => change(target, ChangeKind::Pin(*on)),
        Intent::Rename { title } => Content::Notice(Notice::Renamed {
            title: DisplayName::parse(title)?,
        }),
        Intent::Describe { description } => Content::Notice(Notice::Described {
            description: match Description::parse(description) {
                Ok(description) => Some(description),
                Err(TextError::Empty) => None,
                Err(error) => return Err(error),
            },
        }),
        Intent::Configure { settings } => Content::Notice(Notice::Configured {
            settings: *settings,
        }),
        Intent::Add { users } if users.is_empty() => return Err(TextError::Empty),
        Intent::Add { users } if users.len() > ADD_MEMBERS => return Err(TextError::TooLong),
        Intent::Add { .. } | Intent::Leave => return Ok(None),
        Intent::Dissolve => Content::Notice(Notice::Dissolved),
        Intent::Remove { user } => Content::Notice(Notice::Removed { user: *user }),
        Intent::SetLifespan { lifespan } => Content::Notice(Notice::Lifespan {
            lifespan: *lifespan,
        }),
        Intent::SetRole { user, role } => Content::Notice(Notice::RoleChanged {
            user: *user,
            role: *role,
        }),
        Intent::Poll {
            question,
            answers,
            several,
            anonymous,
            lifetime,
        } => {
            let poll = Poll::parse(question, answers, (*several, *anonymous), *lifetime)?;
            Content::Poll(Box::new(poll))
        }
        Intent::Vote { target, choices } => change(target, ChangeKind::Vote(Vote::own(*choices))),
        Intent::ClosePoll { target } => change(target, ChangeKind::Close),
        Intent::Accept => Content::Notice(Notice::Accepted),
        Intent::SlowMode { slow_mode } => Content::Notice(Notice::Slowed {
            slow_mode: *slow_mode,
        }),
    };
    Ok(Some(content))
}

/// Whether a later intent makes an earlier one, of which nobody has heard yet, needless: the
/// same reaction or pin, set and taken back.
pub(crate) fn undoes(later: &Intent, earlier: &Intent) -> bool {
    match (later, earlier) {
        (
            Intent::React { target, emoji, .. },
            Intent::React {
                target: before,
                emoji: with,
                ..
            },
        ) => (target, emoji) == (before, with),
        (Intent::Pin { target, .. }, Intent::Pin { target: before, .. })
        | (Intent::Vote { target, .. }, Intent::Vote { target: before, .. }) => target == before,
        _ => false,
    }
}
