//! Who may do what in a conversation: one table. Everything that acts on a conversation asks
//! here, with the membership as it is at that moment.

use protocol::{ConversationKind, ErrorCode, Role};

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// See messages and members.
    Read,
    /// Write a message.
    Send,
    /// Move their own read cursor.
    MarkRead,
}

/// Decides. `role` is the membership, `None` without one.
///
/// Whoever is not a member is told [`ErrorCode::NotFound`], as for a conversation that does
/// not exist; [`ErrorCode::Forbidden`] is for members who may see it but not do this.
pub(crate) const fn check(
    kind: ConversationKind,
    role: Option<Role>,
    action: Action,
) -> Result<(), ErrorCode> {
    let Some(role) = role else {
        return Err(ErrorCode::NotFound);
    };
    match (kind, role, action) {
        (
            ConversationKind::Direct | ConversationKind::Notes | ConversationKind::Group,
            Role::Member | Role::Admin | Role::Owner,
            Action::Read | Action::Send | Action::MarkRead,
        ) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table() {
        let kinds = [
            ConversationKind::Direct,
            ConversationKind::Notes,
            ConversationKind::Group,
        ];
        let members = [Role::Member, Role::Admin, Role::Owner].map(Some);
        let table = [
            (Action::Read, [Ok(()); 3], Err(ErrorCode::NotFound)),
            (Action::Send, [Ok(()); 3], Err(ErrorCode::NotFound)),
            (Action::MarkRead, [Ok(()); 3], Err(ErrorCode::NotFound)),
        ];
        for kind in kinds {
            for (action, by_role, stranger) in table {
                for (role, expected) in members.into_iter().zip(by_role) {
                    assert_eq!(
                        check(kind, role, action),
                        expected,
                        "{kind:?} {role:?} {action:?}"
                    );
                }
                assert_eq!(check(kind, None, action), stranger, "{kind:?} {action:?}");
            }
        }
    }
}
