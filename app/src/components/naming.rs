//! What conversations and people are called on the screen.

use protocol::{Content, ConversationKind, ConversationSummary, Person, UserId};

use crate::format::excerpt;
use crate::i18n::{Texts, fill};
use crate::ui::AvatarShape;

/// The other one of a direct conversation.
#[must_use]
pub fn partner(summary: &ConversationSummary, me: UserId) -> Option<&Person> {
    if summary.kind != ConversationKind::Direct {
        return None;
    }
    summary
        .members
        .iter()
        .map(|member| &member.person)
        .find(|person| person.id != me)
}

/// What a conversation is called.
#[must_use]
pub fn title(summary: &ConversationSummary, me: UserId, t: &Texts) -> String {
    match summary.kind {
        ConversationKind::Notes => t.notes_name.to_owned(),
        // Nothing else takes anybody out of the conversation of two.
        ConversationKind::Direct => partner(summary, me).map_or_else(
            || t.own_data().deleted_account.to_owned(),
            |person| t.called(person).to_owned(),
        ),
        ConversationKind::Group => summary
            .title
            .as_ref()
            .map_or_else(|| t.group_name.to_owned(), ToString::to_string),
    }
}

/// Whether this was the conversation of two, and the account of the other one was deleted.
#[must_use]
pub fn is_deserted(summary: &ConversationSummary, me: UserId) -> bool {
    summary.kind == ConversationKind::Direct && partner(summary, me).is_none_or(Person::is_gone)
}

/// What its messages are called as a region of the page.
#[must_use]
pub fn region(summary: &ConversationSummary, me: UserId, t: &Texts) -> String {
    let template = match summary.kind {
        ConversationKind::Group => t.groups().conversation_in,
        ConversationKind::Direct | ConversationKind::Notes => t.conversation_with,
    };
    fill(template, &[("name", &title(summary, me, t))])
}

/// Whose hue and shape stands for it.
#[must_use]
pub fn face(summary: &ConversationSummary, me: UserId) -> UserId {
    partner(summary, me).map_or_else(
        || match summary.kind {
            ConversationKind::Notes => me,
            _ => UserId::from_bytes(summary.id.to_bytes()),
        },
        |person| person.id,
    )
}

/// What its avatar looks like.
#[must_use]
pub const fn shape(summary: &ConversationSummary) -> AvatarShape {
    match summary.kind {
        ConversationKind::Group => AvatarShape::Group,
        ConversationKind::Direct | ConversationKind::Notes => AvatarShape::Person,
    }
}

/// The text of a message, or what stands for it.
#[must_use]
pub fn text_of<'a>(content: &'a Content, t: &Texts) -> &'a str
where
    'static: 'a,
{
    match content {
        Content::Text(text) => text.body.as_str(),
        Content::Poll(poll) => poll.question.as_str(),
        Content::Deleted => t.message_deleted,
        Content::Dismissed => t.dismissing().message,
        // The others are told in sentences of their own.
        Content::Unavailable | Content::Change(_) | Content::Notice(_) => t.message_unavailable,
    }
}

/// The beginning of what somebody wrote, on one line, without its markup and without what it
/// hides. All of it is parsed: what hides ends somewhere further on.
#[must_use]
pub fn line(text: &str, most_chars: usize) -> String {
    excerpt(&markup::plain(text), most_chars)
}

/// The same of a message, or what stands for it.
#[must_use]
pub fn line_of(content: &Content, t: &Texts, most_chars: usize) -> String {
    match content {
        Content::Text(text) => line(text.body.as_str(), most_chars),
        Content::Poll(poll) => {
            let question = excerpt(poll.question.as_str(), most_chars);
            fill(t.polls().line, &[("question", &question)])
        }
        other => text_of(other, t).to_owned(),
    }
}

/// The same to be read aloud: what stands for something hidden is a word.
#[must_use]
pub fn spoken_line_of(content: &Content, t: &Texts, most_chars: usize) -> String {
    line_of(content, t, most_chars).replace(markup::HIDDEN, t.actions().hidden_text)
}

#[cfg(test)]
mod tests {
    use protocol::{
        ConversationId, DisplayName, GroupSettings, Member, Role, Seq, Timestamp, Username,
    };

    use super::*;
    use crate::i18n::Locale;

    fn person(n: u128, name: &str) -> Person {
        Person {
            id: UserId::from_parts(Timestamp::from_millis(1), n),
            username: Username::parse(&format!("user{n}")).unwrap(),
            display_name: DisplayName::parse(name).unwrap(),
        }
    }

    fn conversation(kind: ConversationKind, title: Option<&str>) -> ConversationSummary {
        ConversationSummary {
            id: ConversationId::from_parts(Timestamp::from_millis(1), 9),
            kind,
            title: title.map(|title| DisplayName::parse(title).unwrap()),
            description: None,
            settings: GroupSettings::default(),
            members: [person(1, "Zoya"), person(2, "Ayesha")]
                .map(|person| Member {
                    person,
                    role: Role::Member,
                    read_seq: Seq::ZERO,
                    delivered_seq: Seq::ZERO,
                })
                .to_vec(),
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

    #[test]
    fn a_conversation_is_called_after_the_other_one_or_its_title() {
        let me = person(1, "Zoya").id;
        let t = Locale::En.texts();
        for (summary, expected) in [
            (conversation(ConversationKind::Direct, None), "Ayesha"),
            (conversation(ConversationKind::Notes, None), "Notes to self"),
            (
                conversation(ConversationKind::Group, Some("Cricket")),
                "Cricket",
            ),
            (conversation(ConversationKind::Group, None), "Group"),
        ] {
            assert_eq!(title(&summary, me, t), expected);
        }
    }

    #[test]
    fn a_line_has_no_markup_and_says_nothing_that_is_hidden() {
        let t = Locale::En.texts();
        for (text, shown, spoken) in [
            ("**hi** `x`", "hi x", "hi x"),
            ("> a\n\n- b\n- c", "a • b • c", "a • b • c"),
            (
                "it was ||the butler||",
                "it was █████",
                "it was Hidden text",
            ),
            (
                "||the\n\nbutler, as everybody thought||!",
                "█████!",
                "Hidden text!",
            ),
            ("[here](https://x.example)", "here", "here"),
        ] {
            let content = Content::Text(protocol::Text {
                body: protocol::MessageBody::parse(text).unwrap(),
                reply_to: None,
                forwarded: false,
            });
            assert_eq!(line_of(&content, t, 20), shown, "{text}");
            assert_eq!(spoken_line_of(&content, t, 20), spoken, "{text}");
        }
        assert_eq!(line("||the butler|| and so on", 7), "█████ a…");
        assert_eq!(line_of(&Content::Deleted, t, 3), t.message_deleted);
        let dismissed = line_of(&Content::Dismissed, t, 3);
        assert_eq!(dismissed, t.dismissing().message);
        let answers = ["Sea", "Hills"].map(str::to_owned);
        let lifetime = protocol::Lifetime::Week;
        let poll = protocol::Poll::parse("Where to, *all*?", &answers, (false, false), lifetime);
        let poll = Content::Poll(Box::new(poll.unwrap()));
        assert_eq!(line_of(&poll, t, 20), "Poll: Where to, *all*?");
    }

    #[test]
    fn one_talks_with_somebody_and_in_a_group() {
        let me = person(1, "Zoya").id;
        let t = Locale::En.texts();
        let direct = conversation(ConversationKind::Direct, None);
        assert_eq!(region(&direct, me, t), "Conversation with Ayesha");
        let group = conversation(ConversationKind::Group, Some("Cricket"));
        assert_eq!(region(&group, me, t), "Conversation in Cricket");
    }
}
