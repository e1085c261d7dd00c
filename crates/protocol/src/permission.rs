//! Who may do what in a conversation: one table for the browser and the server. Everything
//! that acts on a conversation asks here, with the membership as it is at that moment; a
//! button that is off says which [`Rule`] turned it off.

use crate::limits::MENTION_ALL_MEMBERS;
use crate::{ConversationKind, ErrorCode, GroupSettings, Role, Timestamp, UserId};

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// See messages and members.
    Read,
    /// Move their own read cursor.
    MarkRead,
    /// Write a message.
    Send,
    /// Change the words of a message of their own.
    EditOwn,
    /// Delete a message of their own for everybody.
    DeleteOwn,
    /// Delete somebody else's message for everybody.
    DeleteOthers,
    /// React to a message.
    React,
    /// Pin a message, or no longer.
    Pin,
    /// Change name or description.
    Rename,
    /// Change the rules of the group.
    Configure,
    /// Bring people in.
    Add,
    /// Make links by which people come in, see them, and revoke them.
    Invite,
    /// Remove somebody who has this role.
    Remove(Role),
    /// Give somebody who has the first role the second.
    SetRole(Role, Role),
    /// Go.
    Leave,
    /// Mention everybody, of whom there are so many.
    MentionAll(u32),
    /// Vote in a poll.
    Vote,
    /// Close a poll of their own.
    CloseOwn,
    /// Close somebody else's poll.
    CloseOthers,
    /// Delete the group with all that is in it.
    Dissolve,
    /// Say how long messages stay.
    SetLifespan,
}

/// Why something is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// They are not in the conversation.
    NotAMember,
    /// Only groups have that.
    GroupsOnly,
    /// In this group only its admins write.
    AnnouncementsOnly,
    /// Only admins may do that.
    AdminsOnly,
    /// Only the owner may do that.
    OwnerOnly,
    /// The owner has to give the group to somebody else first.
    NotTheOwner,
}

impl Rule {
    /// What the server answers. Whoever is not a member is told [`ErrorCode::NotFound`], as for
    /// a conversation that does not exist; [`ErrorCode::Forbidden`] is for members who may see
    /// it but not do this.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::NotAMember => ErrorCode::NotFound,
            _ => ErrorCode::Forbidden,
        }
    }
}

/// Decides. `role` is the membership, `None` without one.
///
/// # Errors
/// The rule that forbids it.
pub const fn permit(
    kind: ConversationKind,
    settings: GroupSettings,
    role: Option<Role>,
    action: Action,
) -> Result<(), Rule> {
    let Some(role) = role else {
        return Err(Rule::NotAMember);
    };
    match kind {
        ConversationKind::Group => in_group(settings, role, action),
        ConversationKind::Direct | ConversationKind::Notes => match action {
            Action::Read
            | Action::MarkRead
            | Action::Send
            | Action::EditOwn
            | Action::DeleteOwn
            | Action::React
            | Action::Pin
            | Action::Vote
            | Action::CloseOwn
            | Action::SetLifespan => Ok(()),
            Action::DeleteOthers
            | Action::CloseOthers
            | Action::Rename
            | Action::Configure
            | Action::Add
            | Action::Invite
            | Action::Remove(_)
            | Action::SetRole(..)
            | Action::Leave
            | Action::MentionAll(_)
            | Action::Dissolve => Err(Rule::GroupsOnly),
        },
    }
}

const fn in_group(settings: GroupSettings, role: Role, action: Action) -> Result<(), Rule> {
    match (action, role) {
        (
            Action::Read
            | Action::MarkRead
            | Action::React
            | Action::DeleteOwn
            | Action::Vote
            | Action::CloseOwn
            | Action::Leave,
            _,
        ) => Ok(()),
        // Other words for an old message are words for everybody too.
        (Action::Send | Action::EditOwn, Role::Member) if settings.announcements_only => {
            Err(Rule::AnnouncementsOnly)
        }
        (Action::Send | Action::EditOwn, _)
        | (Action::MentionAll(_), Role::Admin | Role::Owner) => Ok(()),
        (Action::MentionAll(members), Role::Member) if members <= MENTION_ALL_MEMBERS => Ok(()),
        (
            Action::DeleteOthers
            | Action::CloseOthers
            | Action::Pin
            | Action::Rename
            | Action::Configure
            | Action::SetLifespan
            | Action::Add
            | Action::Invite,
            Role::Admin | Role::Owner,
        )
        | (Action::Remove(Role::Member), Role::Admin)
        | (Action::Remove(Role::Member | Role::Admin), Role::Owner) => Ok(()),
        (
            Action::DeleteOthers
            | Action::CloseOthers
            | Action::Pin
            | Action::Rename
            | Action::Configure
            | Action::SetLifespan
            | Action::Add
            | Action::Invite
            | Action::Remove(Role::Member)
            | Action::MentionAll(_),
            Role::Member,
        ) => Err(Rule::AdminsOnly),
        (Action::Remove(Role::Owner) | Action::SetRole(Role::Owner, _), _) => {
            Err(Rule::NotTheOwner)
        }
        (Action::SetRole(..) | Action::Dissolve, Role::Owner) => Ok(()),
        (
            Action::Remove(Role::Admin) | Action::SetRole(..) | Action::Dissolve,
            Role::Member | Role::Admin,
        ) => Err(Rule::OwnerOnly),
    }
}

/// Who owns a group when its owner leaves: the admin who has been in it longest, or else the
/// member who has; of two who came together, the one with the lower id. `None` if nobody is
/// left. `others` are those who stay, with when they came.
#[must_use]
pub fn successor(others: impl IntoIterator<Item = (UserId, Role, Timestamp)>) -> Option<UserId> {
    others
        .into_iter()
        .min_by_key(|(user, role, joined_at)| (core::cmp::Reverse(*role), *joined_at, *user))
        .map(|(user, ..)| user)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: GroupSettings = GroupSettings {
        announcements_only: false,
        history_for_new: false,
    };
    const ANNOUNCEMENTS: GroupSettings = GroupSettings {
        announcements_only: true,
        history_for_new: false,
    };
    const ROLES: [Role; 3] = [Role::Member, Role::Admin, Role::Owner];

    /// Every action with its outcome for a member, an admin and the owner of a group.
    fn table() -> Vec<(Action, [Result<(), Rule>; 3])> {
        let all = [Ok(()); 3];
        let admins = [Err(Rule::AdminsOnly), Ok(()), Ok(())];
        let owner = [Err(Rule::OwnerOnly), Err(Rule::OwnerOnly), Ok(())];
        let nobody = [Err(Rule::NotTheOwner); 3];
        let mut table = vec![
            (Action::Read, all),
            (Action::MarkRead, all),
            (Action::Send, all),
            (Action::EditOwn, all),
            (Action::DeleteOwn, all),
            (Action::DeleteOthers, admins),
            (Action::React, all),
            (Action::Vote, all),
            (Action::CloseOwn, all),
            (Action::CloseOthers, admins),
            (Action::Pin, admins),
            (Action::Rename, admins),
            (Action::Configure, admins),
            (Action::SetLifespan, admins),
            (Action::Add, admins),
            (Action::Invite, admins),
            (Action::Remove(Role::Member), admins),
            (Action::Remove(Role::Admin), owner),
            (Action::Remove(Role::Owner), nobody),
            (Action::Leave, all),
            (Action::MentionAll(2), all),
            (Action::MentionAll(MENTION_ALL_MEMBERS), all),
            (Action::MentionAll(MENTION_ALL_MEMBERS + 1), admins),
            (Action::Dissolve, owner),
        ];
        for to in ROLES {
            table.push((Action::SetRole(Role::Member, to), owner));
            table.push((Action::SetRole(Role::Admin, to), owner));
            table.push((Action::SetRole(Role::Owner, to), nobody));
        }
        table
    }

    #[test]
    fn each_role_and_action_in_a_group() {
        for (action, expected) in table() {
            for (role, expected) in ROLES.into_iter().zip(expected) {
                let decided = permit(ConversationKind::Group, OPEN, Some(role), action);
                assert_eq!(decided, expected, "{role:?} {action:?}");
                let announcing = permit(ConversationKind::Group, ANNOUNCEMENTS, Some(role), action);
                if role == Role::Member && matches!(action, Action::Send | Action::EditOwn) {
                    assert_eq!(announcing, Err(Rule::AnnouncementsOnly));
                } else {
                    assert_eq!(announcing, expected, "{role:?} {action:?}");
                }
            }
        }
    }

    #[test]
    fn conversations_of_two_have_messages_and_no_management() {
        for kind in [ConversationKind::Direct, ConversationKind::Notes] {
            for (action, _) in table() {
                let expected = match action {
                    Action::DeleteOthers
                    | Action::CloseOthers
                    | Action::Rename
                    | Action::Configure
                    | Action::Add
                    | Action::Invite
                    | Action::Remove(_)
                    | Action::SetRole(..)
                    | Action::Leave
                    | Action::MentionAll(_)
                    | Action::Dissolve => Err(Rule::GroupsOnly),
                    _ => Ok(()),
                };
                for role in ROLES {
                    let decided = permit(kind, OPEN, Some(role), action);
                    assert_eq!(decided, expected, "{kind:?} {action:?}");
                }
            }
        }
    }

    #[test]
    fn whoever_is_not_in_it_finds_nothing() {
        for kind in [
            ConversationKind::Direct,
            ConversationKind::Notes,
            ConversationKind::Group,
        ] {
            for (action, _) in table() {
                let decided = permit(kind, OPEN, None, action);
                assert_eq!(decided, Err(Rule::NotAMember));
            }
        }
        assert_eq!(Rule::NotAMember.code(), ErrorCode::NotFound);
        assert_eq!(Rule::AdminsOnly.code(), ErrorCode::Forbidden);
    }

    #[test]
    fn the_eldest_admin_follows_the_owner_then_the_eldest_member() {
        let user = |id| UserId::from_bytes([id; 16]);
        let at = Timestamp::from_millis;
        let members = [
            (user(1), Role::Member, at(1)),
            (user(2), Role::Admin, at(9)),
            (user(4), Role::Admin, at(5)),
            (user(3), Role::Admin, at(5)),
        ];
        assert_eq!(successor(members), Some(user(3)));
        assert_eq!(
            successor([members[0], (user(0), Role::Member, at(2))]),
            Some(user(1))
        );
        assert_eq!(successor([]), None);
    }
}
