//! What somebody may do with a message. What they may not is not offered.

use client::{Amend, Row};
use protocol::permission::{Action, permit};
use protocol::{Content, ConversationKind, ConversationSummary, UserId, Wanted};

/// What is offered for a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::components) struct Allowed {
    /// React to it.
    pub(in crate::components) react: bool,
    /// Answer it, where there is a composer.
    pub(in crate::components) reply: bool,
    /// Change its words, where there is a composer.
    pub(in crate::components) edit: bool,
    /// Copy its words.
    pub(in crate::components) copy: bool,
    /// Send its words on to others.
    pub(in crate::components) forward: bool,
    /// Copy its address.
    pub(in crate::components) link: bool,
    /// Pin it or no longer: whether it would be pinned.
    pub(in crate::components) pin: Option<bool>,
    /// Save it or no longer, and be reminded of it: whether it would be saved.
    pub(in crate::components) save: Option<bool>,
    /// Delete it for everybody.
    pub(in crate::components) delete: bool,
    /// Report it to those who run the server.
    pub(in crate::components) report: bool,
    /// Delete it for oneself alone.
    pub(in crate::components) dismiss: bool,
    /// Ask who has seen it.
    pub(in crate::components) seen: bool,
    /// Ask who reacted.
    pub(in crate::components) reactions: bool,
    /// Ask what it said before.
    pub(in crate::components) edits: bool,
}

impl Allowed {
    /// Whether there is anything.
    pub(in crate::components) const fn any(self) -> bool {
        self.react
            || self.reply
            || self.edit
            || self.copy
            || self.link
            || self.pin.is_some()
            || self.save.is_some()
            || self.delete
            || self.dismiss
    }
}

/// Decides. A message without a place can only be copied, sent on, or taken back into the
/// composer; `writes` is whether there is one.
pub(super) fn allowed(
    summary: &ConversationSummary,
    me: UserId,
    row: &Row,
    amend: Amend,
    is_saved: bool,
    writes: bool,
) -> Allowed {
    let (is_text, can_be_edited) = match &row.content {
        Content::Text(text) => (true, !text.forwarded),
        // Its words stand: people have answered them.
        Content::Poll(_) => (false, false),
        Content::Deleted => {
            return Allowed {
                dismiss: row.seq.is_some(),
                ..Allowed::default()
            };
        }
        _ => return Allowed::default(),
    };
    let role = summary
        .members
        .iter()
        .find(|member| member.person.id == me)
        .map(|member| member.role);
    let request = summary.request;
    let may = |action| {
        let wanted = match action {
            Action::React | Action::Pin => Wanted::Settle,
            Action::Send | Action::EditOwn => Wanted::Say,
            _ => Wanted::Correct,
        };
        permit(summary.kind, summary.settings, role, action).is_ok()
            && request.is_none_or(|request| request.permits(me, wanted).is_ok())
    };
    let stored = row.seq.is_some();
    let delete = if row.key.author == me {
        Action::DeleteOwn
    } else {
        Action::DeleteOthers
    };
    Allowed {
        react: stored && may(Action::React),
        reply: stored && writes && may(Action::Send),
        edit: amend != Amend::No && can_be_edited && writes && may(Action::EditOwn),
        copy: true,
        forward: is_text,
        link: stored,
        pin: (stored && may(Action::Pin)).then_some(!row.marks.pinned),
        save: (stored && is_text).then_some(!is_saved),
        delete: stored && may(delete),
        report: stored && row.key.author != me,
        dismiss: stored,
        seen: stored && summary.kind == ConversationKind::Group,
        reactions: stored && !row.marks.reactions.is_empty(),
        edits: stored && row.marks.edited_at.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use client::{Delivery, RowKey};
    use protocol::{
        ConversationId, DisplayName, Emoji, GroupSettings, Marks, Member, MessageBody, Person,
        Reaction, Role, SendId, Seq, Timestamp, Username,
    };

    use super::*;

    const ME: UserId = UserId::from_bytes([1; 16]);
    const OTHER: UserId = UserId::from_bytes([2; 16]);

    fn summary(kind: ConversationKind, role: Role) -> ConversationSummary {
        let member = Member {
            person: Person {
                id: ME,
                username: Username::parse("zoya").unwrap(),
                display_name: DisplayName::parse("Zoya").unwrap(),
            },
            role,
            read_seq: Seq::ZERO,
            delivered_seq: Seq::ZERO,
        };
        ConversationSummary {
            id: ConversationId::from_bytes([9; 16]),
            kind,
            title: None,
            description: None,
            settings: GroupSettings {
                announcements_only: true,
                history_for_new: false,
            },
            members: vec![member],
            member_count: 2,
            pins: Vec::new(),
            created_at: Timestamp::from_millis(1),
            last_seq: Seq::ZERO,
            last_message: None,
            read_seq: Seq::ZERO,
            unread: 0,
            preferences: protocol::Preferences::default(),
            mentions: 0,
            slow_mode: protocol::SlowMode::Off,
            lifespan: None,
            request: None,
        }
    }

    fn row(author: UserId, seq: Option<Seq>) -> Row {
        Row {
            key: RowKey {
                author,
                send_id: SendId::from_bytes([3; 16]),
            },
            seq,
            sent_at: Timestamp::from_millis(1),
            content: Content::Text(MessageBody::parse("chai?").unwrap().into()),
            marks: Marks::default(),
            delivery: Delivery::Sent,
            waiting: false,
        }
    }

    /// With a message of one's own.
    const EVERYTHING: Allowed = Allowed {
        react: true,
        reply: true,
        edit: true,
        copy: true,
        forward: true,
        link: true,
        pin: Some(true),
        save: Some(true),
        delete: true,
        report: false,
        dismiss: true,
        seen: false,
        reactions: false,
        edits: false,
    };

    #[test]
    fn between_two_everything_but_the_others_words() {
        let summary = summary(ConversationKind::Direct, Role::Member);
        let mine = row(ME, Some(Seq(1)));
        let seen = allowed(&summary, ME, &mine, Amend::Edit(Seq(1)), false, true);
        assert_eq!(seen, EVERYTHING);
        let theirs = allowed(
            &summary,
            ME,
            &row(OTHER, Some(Seq(1))),
            Amend::No,
            false,
            true,
        );
        let expected = Allowed {
            edit: false,
            delete: false,
            report: true,
            ..EVERYTHING
        };
        assert_eq!(theirs, expected);
    }

    #[test]
    fn before_the_other_one_has_answered_a_message_is_only_taken_back() {
        let mut summary = summary(ConversationKind::Direct, Role::Member);
        let mine = row(ME, Some(Seq(1)));
        summary.request = Some(protocol::Request { by: ME, written: 5 });
        let seen = allowed(&summary, ME, &mine, Amend::Edit(Seq(1)), false, true);
        let expected = Allowed {
            react: false,
            reply: false,
            edit: false,
            pin: None,
            ..EVERYTHING
        };
        assert_eq!(seen, expected);
        // Whoever is asked may do anything, and answers by it.
        summary.request = Some(protocol::Request::new(OTHER));
        let seen = allowed(&summary, ME, &mine, Amend::Edit(Seq(1)), false, true);
        assert_eq!(seen, EVERYTHING);
    }

    #[test]
    fn in_a_group_it_depends_on_the_role() {
        let theirs = row(OTHER, Some(Seq(1)));
        let as_role = |role| {
            let summary = summary(ConversationKind::Group, role);
            allowed(&summary, ME, &theirs, Amend::No, false, true)
        };
        let member = as_role(Role::Member);
        let expected = Allowed {
            react: true,
            copy: true,
            forward: true,
            link: true,
            save: Some(true),
            report: true,
            dismiss: true,
            seen: true,
            ..Allowed::default()
        };
        assert_eq!(member, expected);
        let admin = Allowed {
            edit: false,
            report: true,
            seen: true,
            ..EVERYTHING
        };
        assert_eq!(as_role(Role::Admin), admin);
    }

    #[test]
    fn what_has_no_place_is_copied_or_taken_back() {
        let summary = summary(ConversationKind::Direct, Role::Member);
        let echo = row(ME, None);
        let expected = Allowed {
            edit: true,
            copy: true,
            forward: true,
            ..Allowed::default()
        };
        assert_eq!(
            allowed(&summary, ME, &echo, Amend::TakeBack, false, true),
            expected
        );
        assert!(!allowed(&summary, ME, &echo, Amend::No, false, true).edit);
    }

    #[test]
    fn without_a_composer_nothing_is_written() {
        let summary = summary(ConversationKind::Direct, Role::Member);
        for (seq, amend) in [(Some(Seq(1)), Amend::Edit(Seq(1))), (None, Amend::TakeBack)] {
            let mine = row(ME, seq);
            let seen = allowed(&summary, ME, &mine, amend, false, false);
            let expected = Allowed {
                reply: false,
                edit: false,
                ..allowed(&summary, ME, &mine, amend, false, true)
            };
            assert_eq!(seen, expected);
        }
    }

    #[test]
    fn of_a_poll_only_its_words_are_copied() {
        let summary = summary(ConversationKind::Direct, Role::Member);
        let mut mine = row(ME, Some(Seq(1)));
        let answers = ["Sea", "Hills"].map(str::to_owned);
        let lifetime = protocol::Lifetime::Week;
        let poll = protocol::Poll::parse("Where to?", &answers, (false, false), lifetime);
        mine.content = Content::Poll(Box::new(poll.unwrap()));
        let seen = allowed(&summary, ME, &mine, Amend::No, false, true);
        let expected = Allowed {
            edit: false,
            forward: false,
            save: None,
            ..EVERYTHING
        };
        assert_eq!(seen, expected);
    }

    #[test]
    fn what_was_edited_says_what_it_was_and_what_was_forwarded_stays() {
        let summary = summary(ConversationKind::Direct, Role::Member);
        let mut mine = row(ME, Some(Seq(1)));
        mine.marks.edited_at = Some(Timestamp::from_millis(1));
        let edit = Amend::Edit(Seq(1));
        assert!(allowed(&summary, ME, &mine, edit, false, true).edits);
        if let Content::Text(text) = &mut mine.content {
            text.forwarded = true;
        }
        let forwarded = allowed(&summary, ME, &mine, edit, false, true);
        assert!(!forwarded.edit && forwarded.delete);
    }

    #[test]
    fn whoever_sees_reactions_may_ask_whose_they_are() {
        let summary = summary(ConversationKind::Group, Role::Member);
        let mut row = row(OTHER, Some(Seq(1)));
        let asked = |row: &Row| allowed(&summary, ME, row, Amend::No, false).reactions;
        assert!(!asked(&row));
        row.marks.reactions.push(Reaction {
            emoji: Emoji::parse("👍").unwrap(),
            users: vec![OTHER],
        });
        assert!(asked(&row));
    }

    #[test]
    fn nothing_is_done_with_what_is_not_there() {
        let summary = summary(ConversationKind::Direct, Role::Owner);
        for content in [Content::Dismissed, Content::Unavailable] {
            let mut row = row(ME, Some(Seq(1)));
            row.content = content;
            assert!(!allowed(&summary, ME, &row, Amend::No, false, true).any());
        }
    }

    #[test]
    fn what_was_deleted_for_everybody_can_be_put_out_of_sight() {
        let summary = summary(ConversationKind::Direct, Role::Member);
        let mut row = row(OTHER, Some(Seq(1)));
        row.content = Content::Deleted;
        let expected = Allowed {
            dismiss: true,
            ..Allowed::default()
        };
        let seen = allowed(&summary, ME, &row, Amend::No, false, true);
        assert_eq!(seen, expected);
    }

    #[test]
    fn what_is_pinned_can_be_unpinned() {
        let summary = summary(ConversationKind::Direct, Role::Member);
        let mut row = row(ME, Some(Seq(1)));
        row.marks.pinned = true;
        assert_eq!(
            allowed(&summary, ME, &row, Amend::No, false, true).pin,
            Some(false)
        );
    }

    #[test]
    fn what_is_saved_can_be_given_up() {
        let summary = summary(ConversationKind::Direct, Role::Member);
        let row = row(OTHER, Some(Seq(1)));
        let save = |is_saved| allowed(&summary, ME, &row, Amend::No, is_saved, true).save;
        assert_eq!((save(false), save(true)), (Some(true), Some(false)));
    }
}
