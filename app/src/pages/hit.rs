//! A message in a list of messages of many conversations: where it is, who wrote it, and when.

use leptos::prelude::*;
use protocol::{ConversationId, ConversationSummary, Person, Timestamp, UserId};

use crate::api::saved::Said;
use crate::components::naming;
use crate::i18n::{Texts, has_rtl};
use crate::ui::{Avatar, AvatarShape, Clock, TimeStyle};

/// What is said of where a message is.
#[derive(Clone, PartialEq, Debug)]
pub struct Whereabouts {
    /// What its conversation is called.
    pub title: String,
    face: UserId,
    shape: AvatarShape,
    /// Who wrote it, where the conversation does not say.
    pub author: Option<String>,
    at: Timestamp,
}

impl Whereabouts {
    /// Of a message in a conversation, written by somebody at some time.
    #[must_use]
    pub fn of(
        summary: &ConversationSummary,
        people: &[Person],
        (author, at): (UserId, Timestamp),
        (me, t): (UserId, &Texts),
    ) -> Self {
        let author = if author == me {
            Some(t.you.to_owned())
        } else if naming::partner(summary, me).is_some() {
            None
        } else {
            let author = people.iter().find(|person| person.id == author);
            Some(author.map_or_else(
                || t.groups().somebody.to_owned(),
                |person| person.display_name.to_string(),
            ))
        };
        Self {
            title: naming::title(summary, me, t),
            face: naming::face(summary, me),
            shape: naming::shape(summary),
            author,
            at,
        }
    }
}

/// Where a message is and how it begins, if its conversation is one of these.
#[must_use]
pub fn placed(
    said: &Said,
    conversation: ConversationId,
    (conversations, people): (&[ConversationSummary], &[Person]),
    (me, t): (UserId, &Texts),
) -> Option<(Whereabouts, String)> {
    let summary = conversations.iter().find(|it| it.id == conversation)?;
    let written = (said.author, said.sent_at);
    let at = Whereabouts::of(summary, people, written, (me, t));
    let text = said.text.clone();
    Some((at, text.unwrap_or_else(|| t.message_deleted.to_owned())))
}

/// What stands in the link to the message.
pub fn hit<T: IntoView + 'static>(at: &Whereabouts, text: T) -> impl IntoView + use<T> {
    let class = |name: &str, base: &str| {
        if has_rtl(name) {
            format!("{base} nastaliq")
        } else {
            base.to_owned()
        }
    };
    let title_class = class(&at.title, "conversation-name");
    let author = at.author.clone().map(|author| {
        view! {
            <b>
                <bdi>{author}</bdi>
                ": "
            </b>
        }
    });
    view! {
        <Avatar id=at.face name=at.title.clone() shape=at.shape />
        <span class="conversation-text">
            <span class=title_class>
                <bdi>{at.title.clone()}</bdi>
            </span>
            <span class="hit-text">
                {author}
                <bdi dir="auto">{text}</bdi>
            </span>
        </span>
        <span class="conversation-side">
            <Clock at=at.at style=TimeStyle::DateAndClock />
        </span>
    }
}
