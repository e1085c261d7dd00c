//! Before everybody is mentioned: whether the writer may, and a question where they are many.

use leptos::html::Dialog;
use leptos::prelude::*;
use markup::Mentioned;
use protocol::limits::MENTION_ALL_UNASKED;
use protocol::{ConversationId, ConversationSummary, UserId};

use super::refusal::Refusal;
use super::suggest::may_mention_all;
use super::writing::Writing;
use crate::i18n::texts;
use crate::live::Live;
use crate::ui::{Question, ask};

/// What comes before a text is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Before {
    Nothing,
    /// The question whether so many others are to be told.
    Ask(u32),
    /// It cannot be sent.
    Refuse,
}

/// Decides about a text; `earlier` are the words that it replaces.
fn before(summary: &ConversationSummary, me: UserId, text: &str, earlier: Option<&str>) -> Before {
    let all = |text| Mentioned::in_text(summary.kind, text).all();
    if !all(text) || earlier.is_some_and(all) {
        Before::Nothing
    } else if !may_mention_all(summary, me) {
        Before::Refuse
    } else if summary.member_count > MENTION_ALL_UNASKED {
        Before::Ask(summary.member_count.saturating_sub(1))
    } else {
        Before::Nothing
    }
}

/// What stands between a text and everybody.
#[derive(Clone, Copy)]
pub(in crate::components) struct Everybody {
    live: Live,
    id: ConversationId,
    dialog: NodeRef<Dialog>,
    others: RwSignal<u32>,
}

impl Everybody {
    /// In a conversation.
    pub(in crate::components) fn new(live: Live, id: ConversationId) -> Self {
        Self {
            live,
            id,
            dialog: NodeRef::new(),
            others: RwSignal::new(0),
        }
    }

    /// Sends what stands in a composer, unless there is something to say about it first.
    pub(in crate::components) fn send_written(self, writing: Writing, send: impl FnOnce()) {
        let Some(node) = writing.node.get_untracked() else {
            return send();
        };
        let earlier = writing.words_before();
        if let Err(why) = self.send(&node.value(), earlier.as_deref(), send) {
            writing.refused.set(Some(why));
        }
    }

    /// Sends a text, unless there is something to say about it first; `earlier` are the words
    /// that it replaces. Once the question is asked, its answer sends.
    ///
    /// # Errors
    /// [`Refusal::Everybody`].
    pub(in crate::components) fn send(
        self,
        text: &str,
        earlier: Option<&str>,
        send: impl FnOnce(),
    ) -> Result<(), Refusal> {
        match self.before(text, earlier) {
            Before::Nothing => send(),
            Before::Ask(others) => {
                self.others.set(others);
                ask(self.dialog);
            }
            Before::Refuse => return Err(Refusal::Everybody),
        }
        Ok(())
    }

    fn before(self, text: &str, earlier: Option<&str>) -> Before {
        let me = self.live.me();
        let summary = self.live.conversation(self.id).summary;
        summary.with_untracked(|summary| {
            let summary = summary.as_ref();
            summary.map_or(Before::Nothing, |summary| {
                before(summary, me, text, earlier)
            })
        })
    }
}

/// The question; what its ids begin with is `name`.
pub(in crate::components) fn ask_everybody(
    everybody: Everybody,
    name: &'static str,
    send: impl Fn() + 'static,
) -> impl IntoView {
    let t = texts();
    let m = t.mentions();
    let text = move || t.count(&m.ask_all_text, everybody.others.get().into());
    view! {
        <Question
            node=everybody.dialog
            name=name
            title=m.ask_all
            text=Signal::derive(text)
            answer=m.send_all
            yes=send
        />
    }
}

#[cfg(test)]
mod tests {
    use protocol::limits::MENTION_ALL_MEMBERS;
    use protocol::{
        ConversationId, ConversationKind, DisplayName, GroupSettings, Member, Person, Role, Seq,
        Timestamp, Username,
    };

    use super::*;

    const ME: UserId = UserId::from_bytes([1; 16]);

    fn group(role: Role, member_count: u32) -> ConversationSummary {
        let person = Person {
            id: ME,
            username: Username::parse("zoya").unwrap(),
            display_name: DisplayName::parse("Zoya").unwrap(),
        };
        let read_seq = Seq::ZERO;
        ConversationSummary {
            id: ConversationId::from_bytes([9; 16]),
            kind: ConversationKind::Group,
            title: None,
            description: None,
            settings: GroupSettings::default(),
            members: vec![Member {
                person,
                role,
                read_seq,
                delivered_seq: Seq::ZERO,
            }],
            member_count,
            pins: Vec::new(),
            created_at: Timestamp::from_millis(0),
            last_seq: Seq::ZERO,
            last_message: None,
            read_seq,
            unread: 0,
            preferences: protocol::Preferences::default(),
            mentions: 0,
            slow_mode: protocol::SlowMode::Off,
            lifespan: None,
            request: None,
        }
    }

    #[test]
    fn everybody_is_asked_about_where_they_are_many() {
        let (some, many) = (MENTION_ALL_UNASKED, MENTION_ALL_MEMBERS + 1);
        for (role, members, text, expected) in [
            (Role::Member, some, "@all", Before::Nothing),
            (Role::Member, some + 1, "@all", Before::Ask(some)),
            (Role::Member, some + 1, "`@all`", Before::Nothing),
            (Role::Member, some + 1, "chai", Before::Nothing),
            (Role::Member, many, "@all", Before::Refuse),
            (Role::Member, many, "@zoya", Before::Nothing),
            (Role::Admin, many, "@all", Before::Ask(many - 1)),
        ] {
            let decided = before(&group(role, members), ME, text, None);
            assert_eq!(decided, expected, "{role:?} {members} {text}");
        }
        // They were told already.
        let edit = before(&group(Role::Member, many), ME, "@all, chai", Some("@all"));
        assert_eq!(edit, Before::Nothing);
    }
}
