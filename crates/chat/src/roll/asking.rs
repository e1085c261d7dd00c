//! Message requests: what one of two may write while the other has not answered.

use protocol::permission::Action;
use protocol::{ChangeKind, Content, ErrorCode, Notice, Request, UserId, Wanted};

use super::Roll;
use crate::command::{Command, Manage};

impl Roll<'_> {
    /// Whether somebody may ask for this, as far as a request that waits for its answer goes.
    pub(crate) fn permit_asking(&self, author: UserId, command: &Command) -> Result<(), ErrorCode> {
        match (self.details.request, wanted(command)) {
            (Some(request), Some(wanted)) => request.permits(author, wanted),
            _ => Ok(()),
        }
    }

    /// What is written of somebody who accepts. What was answered already is not accepted again.
    pub(super) fn accepts(&self, author: UserId) -> Result<Notice, ErrorCode> {
        self.permit(author, Action::Read)?;
        let is_asked = |request: Request| request.is_to(author);
        let waits = self.details.request.is_some_and(is_asked);
        waits
            .then_some(Notice::Accepted)
            .ok_or(ErrorCode::Forbidden)
    }

    /// An entry has its place: what is left of a request. Whether it was answered.
    pub(super) fn asked(&mut self, author: UserId, content: &Content) -> bool {
        let Some(request) = self.details.request else {
            return false;
        };
        let left = request.after(author, content);
        if left != Some(request) {
            self.details.to_mut().request = left;
        }
        left.is_none()
    }
}

/// What somebody wants to write; `None` for what is not theirs to want.
fn wanted(command: &Command) -> Option<Wanted> {
    Some(match command {
        Command::Text(_) | Command::Due(..) | Command::Poll(_) => Wanted::Say,
        Command::Change(change) => match change.kind {
            ChangeKind::Edit(_) => Wanted::Say,
            ChangeKind::Delete | ChangeKind::Withdrawn | ChangeKind::Expire => Wanted::Correct,
            ChangeKind::React { .. }
            | ChangeKind::Pin(_)
            | ChangeKind::Vote(_)
            | ChangeKind::Close => Wanted::Settle,
        },
        Command::Manage(Manage::Depart) | Command::Expire(_) | Command::Join(_) => return None,
        Command::Manage(_) => Wanted::Settle,
    })
}
