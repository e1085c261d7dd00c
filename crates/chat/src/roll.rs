//! Who is in a conversation and what its rules are, and how entries change both. Decisions are
//! taken against the roll as all entries before leave it, those of the same commit too.

mod asking;
mod pace;

use std::borrow::Cow;

use markup::Mentioned;
use protocol::limits::GROUP_MEMBERS;
use protocol::permission::{Action, permit, successor};
use protocol::{
    Change, ChangeKind, Content, ConversationKind, ErrorCode, InviteState, Notice, Origin,
    Preferences, Role, Seq, Text, Timestamp, UserId,
};

use crate::command::Manage;
use crate::store::{Details, InviteRecord, MemberChange, MemberRecord};
use crate::unread::Membership;

pub(crate) use pace::Refusal;

/// The members and rules of a conversation. What is not changed is not copied.
#[derive(Clone)]
pub(crate) struct Roll<'a> {
    pub(crate) kind: ConversationKind,
    /// By user id.
    pub(crate) members: Cow<'a, [Membership]>,
    pub(crate) details: Cow<'a, Details>,
}

/// What an entry changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Shift {
    pub(crate) added: Vec<UserId>,
    pub(crate) gone: Vec<UserId>,
    /// Whether something changed that a list or a header shows.
    pub(crate) restated: bool,
    /// Whether one has answered the other, who waited for it.
    pub(crate) answered: bool,
}

impl Roll<'_> {
    pub(crate) fn member(&self, user: UserId) -> Option<&Membership> {
        let at = self.members.binary_search_by_key(&user, |m| m.user).ok()?;
        self.members.get(at)
    }

    fn member_mut(&mut self, user: UserId) -> Option<&mut Membership> {
        let at = self.members.binary_search_by_key(&user, |m| m.user).ok()?;
        self.members.to_mut().get_mut(at)
    }

    /// Whether somebody may do something; their membership if so.
    pub(crate) fn permit(&self, user: UserId, action: Action) -> Result<&Membership, ErrorCode> {
        let member = self.member(user);
        let role = member.map(|member| member.role);
        permit(self.kind, self.details.settings, role, action).map_err(|rule| rule.code())?;
        if self.is_deserted() && action == Action::Send {
            return Err(ErrorCode::AccountGone);
        }
        member.ok_or(ErrorCode::NotFound)
    }

    /// Whether somebody may write a message that gets this place. It may answer what its author
    /// can see, whatever that is by now.
    pub(crate) fn permit_text(
        &self,
        author: UserId,
        text: &Text,
        place: Seq,
    ) -> Result<(), ErrorCode> {
        let member = self.permit(author, Action::Send)?;
        if !text.forwarded {
            self.permit_mentions(author, text.body.as_str(), None)?;
        }
        match text.reply_to {
            Some(to) if to <= member.joined_after || to >= place => Err(ErrorCode::NotFound),
            _ => Ok(()),
        }
    }

    /// Whether somebody may mention whom a text mentions and the one before it did not.
    pub(crate) fn permit_mentions(
        &self,
        user: UserId,
        text: &str,
        before: Option<&str>,
    ) -> Result<(), ErrorCode> {
        let all = |text| Mentioned::in_text(self.kind, text).all();
        if all(text) && !before.is_some_and(all) {
            let members = u32::try_from(self.members.len()).unwrap_or(u32::MAX);
            self.permit(user, Action::MentionAll(members))?;
        }
        Ok(())
    }

    /// Whether this was the conversation of two, and the account of one is deleted: nothing
    /// else takes anybody out of it.
    fn is_deserted(&self) -> bool {
        self.kind == ConversationKind::Direct && self.members.len() < 2
    }

    /// What is written of something that happens to a group. `exists` says whether there is
    /// such an account.
    pub(crate) fn notice(
        &self,
        author: UserId,
        manage: Manage,
        exists: impl Fn(UserId) -> bool,
    ) -> Result<Notice, ErrorCode> {
        match manage {
            Manage::Rename(title) => {
                self.permit(author, Action::Rename)?;
                Ok(Notice::Renamed { title })
            }
            Manage::Describe(description) => {
                self.permit(author, Action::Rename)?;
                Ok(Notice::Described { description })
            }
            Manage::Configure(settings) => {
                self.permit(author, Action::Configure)?;
                Ok(Notice::Configured { settings })
            }
            Manage::SlowMode(slow_mode) => {
                self.permit(author, Action::Configure)?;
                Ok(Notice::Slowed { slow_mode })
            }
            Manage::Add(mut users) => {
                self.permit(author, Action::Add)?;
                users.sort_unstable();
                users.dedup();
                users.retain(|user| self.member(*user).is_none() && exists(*user));
                if users.is_empty() {
                    return Err(ErrorCode::NotFound);
                }
                if self.members.len() + users.len() > GROUP_MEMBERS {
                    return Err(ErrorCode::TooMany);
                }
                Ok(Notice::Added { users })
            }
            Manage::Remove(user) => {
                // Whoever may remove nobody does not learn who is in it.
                let role = self.member(user).map(|member| member.role);
                self.permit(author, Action::Remove(role.unwrap_or(Role::Member)))?;
                role.ok_or(ErrorCode::NotFound)?;
                Ok(Notice::Removed { user })
            }
            Manage::Leave => {
                let role = self.permit(author, Action::Leave)?.role;
                Ok(self.left(author, role))
            }
            Manage::Dissolve => {
                self.permit(author, Action::Dissolve)?;
                Ok(Notice::Dissolved)
            }
            Manage::Depart => {
                let role = self.permit(author, Action::Read)?.role;
                Ok(self.left(author, role))
            }
            Manage::SetRole(user, role) => {
                let before = self.member(user).map(|member| member.role);
                let from = before.unwrap_or(Role::Member);
                self.permit(author, Action::SetRole(from, role))?;
                before.ok_or(ErrorCode::NotFound)?;
                Ok(Notice::RoleChanged { user, role })
            }
            Manage::SetLifespan(lifespan) => {
                self.permit(author, Action::SetLifespan)?;
                Ok(Notice::Lifespan { lifespan })
            }
            Manage::Accept => self.accepts(author),
        }
    }

    /// What is written of somebody who comes by a link, if they may. Of a link that leads
    /// nowhere is not told why.
    pub(crate) fn joins(
        &self,
        user: UserId,
        link: Option<&InviteRecord>,
        is_barred: bool,
        now: Timestamp,
    ) -> Result<Notice, ErrorCode> {
        let link = link.ok_or(ErrorCode::NotFound)?;
        if self.state(link, now) != InviteState::Open || is_barred {
            return Err(ErrorCode::NotFound);
        }
        if self.member(user).is_some() {
            return Err(ErrorCode::Forbidden);
        }
        if self.members.len() >= GROUP_MEMBERS {
            return Err(ErrorCode::TooMany);
        }
        Ok(Notice::Joined { by: link.made_by })
    }

    /// Whether a link leads anywhere.
    pub(crate) fn state(&self, link: &InviteRecord, now: Timestamp) -> InviteState {
        let stands = self.permit(link.made_by, Action::Invite).is_ok();
        InviteState::of((link.expires_at, link.limit, link.used), stands, now)
    }

    fn left(&self, author: UserId, role: Role) -> Notice {
        let others = self.members.iter().filter(|member| member.user != author);
        let heir = || successor(others.map(|m| (m.user, m.role, m.joined_at)));
        Notice::Left {
            successor: (role == Role::Owner).then(heir).flatten(),
        }
    }

    /// An entry has its place: what follows from it for members and rules.
    pub(crate) fn apply(&mut self, origin: Origin, content: &Content) -> Shift {
        let answered = self.asked(origin.author, content);
        Shift {
            answered,
            ..self.follow(origin, content)
        }
    }

    fn follow(&mut self, origin: Origin, content: &Content) -> Shift {
        match content {
            Content::Notice(notice) => self.happen(origin, notice),
            Content::Change(Change {
                target,
                kind: ChangeKind::Pin(true),
            }) => self.pin(*target),
            Content::Change(Change {
                target,
                kind: ChangeKind::Pin(false) | ChangeKind::Delete | ChangeKind::Expire,
            }) => self.unpin(*target),
            content if content.is_said() => {
                self.wrote(origin);
                Shift::default()
            }
            _ => Shift::default(),
        }
    }

    fn pin(&mut self, target: Seq) -> Shift {
        let restated = !self.details.pins.contains(&target);
        if restated {
            self.details.to_mut().pins.insert(0, target);
        }
        Shift {
            restated,
            ..Shift::default()
        }
    }

    fn unpin(&mut self, target: Seq) -> Shift {
        let restated = self.details.pins.contains(&target);
        if restated {
            self.details.to_mut().pins.retain(|pin| *pin != target);
        }
        Shift {
            restated,
            ..Shift::default()
        }
    }

    fn happen(&mut self, origin: Origin, notice: &Notice) -> Shift {
        let mut shift = Shift {
            restated: true,
            ..Shift::default()
        };
        match notice {
            Notice::Created { title } | Notice::Renamed { title } => {
                self.details.to_mut().title = Some(title.clone());
            }
            Notice::Described { description } => {
                self.details.to_mut().description.clone_from(description);
            }
            Notice::Configured { settings } => self.details.to_mut().settings = *settings,
            Notice::Slowed { slow_mode } => self.details.to_mut().slow_mode = *slow_mode,
            Notice::Lifespan { lifespan } => self.details.to_mut().lifespan = *lifespan,
            Notice::Added { users } => {
                for user in users {
                    if self.add(origin, *user) {
                        shift.added.push(*user);
                    }
                }
            }
            Notice::Joined { .. } => {
                if self.add(origin, origin.author) {
                    shift.added.push(origin.author);
                }
            }
            Notice::Removed { user } => shift.gone.extend(self.remove(*user)),
            Notice::Accepted => {}
            Notice::Dissolved => {
                let members = std::mem::take(self.members.to_mut());
                shift.gone.extend(members.iter().map(|member| member.user));
            }
            Notice::Left { successor } => {
                shift.gone.extend(self.remove(origin.author));
                if let Some(heir) = successor.and_then(|user| self.member_mut(user)) {
                    heir.role = Role::Owner;
                }
            }
            Notice::RoleChanged { user, role } => {
                if *role == Role::Owner
                    && let Some(before) = self.member_mut(origin.author)
                {
                    before.role = Role::Admin;
                }
                if let Some(member) = self.member_mut(*user) {
                    member.role = *role;
                }
            }
        }
        shift
    }

    /// Somebody comes with an entry, which is the first that is theirs to read, unless the
    /// group shows everything. What was there before is not unread.
    fn add(&mut self, origin: Origin, user: UserId) -> bool {
        let Err(at) = self.members.binary_search_by_key(&user, |m| m.user) else {
            return false;
        };
        let before = origin.seq.prev();
        let everything = self.details.settings.history_for_new;
        let record = MemberRecord {
            user,
            role: Role::Member,
            joined_after: if everything { Seq::ZERO } else { before },
            joined_at: origin.at,
            read_seq: before,
            delivered_seq: Seq::ZERO,
            preferences: Preferences::default(),
            wrote_at: None,
            dismissals: None,
        };
        let mut member = Membership::new(&record);
        member.told = false;
        // Or whoever leaves and comes back would not wait.
        member.paced(self.details.slow_mode, origin.at);
        self.members.to_mut().insert(at, member);
        true
    }

    fn remove(&mut self, user: UserId) -> Option<UserId> {
        let at = self.members.binary_search_by_key(&user, |m| m.user).ok()?;
        self.members.to_mut().remove(at);
        Some(user)
    }
}

/// The memberships that are to be written after entries have changed `before` into `after`.
/// Both are by user id.
pub(crate) fn changes(before: &[Membership], after: &[Membership]) -> Vec<MemberChange> {
    let mut changes = Vec::new();
    let mut old = before.iter().peekable();
    for new in after {
        while let Some(gone) = old.next_if(|member| member.user < new.user) {
            changes.push(MemberChange::Left(gone.user));
        }
        match old.next_if(|member| member.user == new.user) {
            Some(same) if is_one_membership(same, new) => {
                if (same.role, same.wrote_at) != (new.role, new.wrote_at) {
                    changes.push(MemberChange::Role {
                        user: new.user,
                        role: new.role,
                        wrote_at: new.wrote_at,
                    });
                }
            }
            _ => changes.push(MemberChange::Joined(new.record())),
        }
    }
    changes.extend(old.map(|gone| MemberChange::Left(gone.user)));
    changes
}

/// Whether somebody has not left and come back in between.
fn is_one_membership(old: &Membership, new: &Membership) -> bool {
    let began = |m: &Membership| (m.joined_after, m.joined_at, m.told);
    began(old) == began(new)
}

#[cfg(test)]
mod tests;
