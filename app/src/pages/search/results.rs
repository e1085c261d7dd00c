//! The messages found, each a link to it in its conversation.

use leptos::html::{Input, Ul};
use leptos::prelude::*;
use protocol::{ConversationId, Seq, UserId};

use crate::api::search::{Found, Hit, Piece};
use crate::components::permalink::permalink;
use crate::i18n::{Texts, texts};
use crate::pages::hit::{Whereabouts, hit as inside};
use crate::pages::people::results::move_focus;
use crate::ui::Mounted;

/// What stands for a message in the list.
pub type HitKey = (ConversationId, Seq);

/// A message and what is said of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    hit: Hit,
    at: Whereabouts,
}

impl Row {
    pub(super) const fn key(&self) -> HitKey {
        (self.hit.conversation, self.hit.seq)
    }
}

/// The rows of several pages, each message once.
pub(super) fn rows(pages: &[Found], me: UserId, t: &Texts) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for page in pages {
        for hit in &page.hits {
            let row = row(page, hit, me, t);
            if let Some(row) = row.filter(|row| rows.iter().all(|it| it.key() != row.key())) {
                rows.push(row);
            }
        }
    }
    rows
}

fn row(page: &Found, hit: &Hit, me: UserId, t: &Texts) -> Option<Row> {
    let mut conversations = page.conversations.iter();
    let summary = conversations.find(|it| it.id == hit.conversation)?;
    Some(Row {
        hit: hit.clone(),
        at: Whereabouts::of(summary, &page.people, (hit.author, hit.sent_at), (me, t)),
    })
}

/// The list. One row is the stop of the tab key; the arrows lead to the others.
#[component]
pub(super) fn Hits(
    /// What was found.
    rows: Signal<Vec<Row>>,
    /// Whether other results are on their way.
    pending: RwSignal<bool>,
    /// The field above, where the arrow leads back to.
    input: NodeRef<Input>,
    /// The list itself.
    list: NodeRef<Ul>,
    /// One of them is opened.
    opened: Callback<HitKey>,
) -> impl IntoView {
    let chosen = RwSignal::new(None::<HitKey>);
    let mounted = use_context::<Mounted>();
    let stop = Memo::new(move |_| {
        let chosen = chosen.get();
        rows.with(|rows| {
            let keys = || rows.iter().map(Row::key);
            keys()
                .find(|key| Some(*key) == chosen)
                .or_else(|| keys().next())
        })
    });
    let index = move |key: HitKey| {
        // Without a script all are.
        let is_roving = mounted.is_some_and(|mounted| mounted.0.get());
        if is_roving && stop.get() != Some(key) {
            "-1"
        } else {
            "0"
        }
    };
    view! {
        <ul
            class="people hits"
            node_ref=list
            aria-label=texts().search().results
            aria-busy=move || pending.get().to_string()
            on:keydown=move |event| move_focus(&event, input)
        >
            <For each=move || rows.get() key=|row| (row.key(), row.hit.excerpt.clone()) let(row)>
                <Line row index opened chosen />
            </For>
        </ul>
    }
}

/// One of them.
#[component]
fn Line(
    row: Row,
    index: impl Fn(HitKey) -> &'static str + Send + Sync + 'static,
    opened: Callback<HitKey>,
    chosen: RwSignal<Option<HitKey>>,
) -> impl IntoView {
    let key = row.key();
    let (id, seq) = key;
    view! {
        <li>
            <a
                class="conversation hit"
                href=permalink(id, seq)
                tabindex=move || index(key)
                on:focus=move |_| chosen.set(Some(key))
                on:click=move |_| opened.run(key)
            >
                {inside(&row.at, excerpt(&row.hit.excerpt))}
            </a>
        </li>
    }
}

fn excerpt(pieces: &[Piece]) -> Vec<AnyView> {
    let piece = |piece: &Piece| {
        let text = piece.text.clone();
        if piece.found {
            view! { <mark>{text}</mark> }.into_any()
        } else {
            text.into_any()
        }
    };
    pieces.iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use protocol::{
        ConversationKind, ConversationSummary, DisplayName, GroupSettings, Member, Person, Role,
        Timestamp, Username,
    };

    use super::*;
    use crate::i18n::Locale;

    fn person(n: u8, name: &str) -> Person {
        Person {
            id: UserId::from_bytes([n; 16]),
            username: Username::parse(&format!("user{n}")).unwrap(),
            display_name: DisplayName::parse(name).unwrap(),
        }
    }

    fn conversation(n: u8, kind: ConversationKind) -> ConversationSummary {
        let member = |person| Member {
            person,
            role: Role::Member,
            read_seq: Seq::ZERO,
            delivered_seq: Seq::ZERO,
        };
        ConversationSummary {
            id: ConversationId::from_bytes([n; 16]),
            kind,
            title: Some(DisplayName::parse("Chai").unwrap()),
            description: None,
            settings: GroupSettings::default(),
            members: vec![member(person(1, "Zoya")), member(person(2, "Bilal"))],
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

    fn hit(conversation: u8, seq: u64, author: u8) -> Hit {
        Hit {
            conversation: ConversationId::from_bytes([conversation; 16]),
            seq: Seq(seq),
            author: UserId::from_bytes([author; 16]),
            sent_at: Timestamp::from_millis(1),
            excerpt: Vec::new(),
        }
    }

    #[test]
    fn a_row_says_where_and_who_and_stands_there_once() {
        let page = Found {
            hits: vec![
                hit(7, 1, 2),
                hit(7, 2, 1),
                hit(8, 1, 2),
                hit(8, 2, 5),
                hit(9, 1, 2),
            ],
            conversations: vec![
                conversation(7, ConversationKind::Direct),
                conversation(8, ConversationKind::Group),
            ],
            people: vec![person(2, "Bilal")],
            next: None,
        };
        let t = Locale::En.texts();
        let me = UserId::from_bytes([1; 16]);
        let rows = rows(&[page.clone(), page], me, t);
        let said: Vec<_> = rows
            .iter()
            .map(|row| (row.at.title.as_str(), row.at.author.as_deref()))
            .collect();
        let somebody = t.groups().somebody;
        assert_eq!(
            said,
            [
                ("Bilal", None),
                ("Bilal", Some("You")),
                ("Chai", Some("Bilal")),
                ("Chai", Some(somebody)),
            ]
        );
    }
}
