//! What can be asked about a message, in a dialog: who has seen it, who reacted, and what it said
//! before.

use client::{Row, RowKey};
use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{Content, Earlier, Person, Reader, Readers, Seq, Timestamp};

use super::{Actions, rows};
use crate::api::ApiError;
use crate::api::messages::{edits, seen_by};
use crate::components::message::reactors::reactors;
use crate::components::paragraphs::paragraphs;
use crate::components::polls::voters::voters;
use crate::i18n::{Texts, has_rtl, texts};
use crate::pages::settings::privacy::PRIVACY;
use crate::pages::system::explain;
use crate::ui::{Avatar, AvatarSize, Clock, Glyph, Icon, TimeStyle, ask};

const TITLE_ID: &str = "about-title";

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Question {
    /// Who has seen it.
    Seen,
    /// Who reacted, and how.
    Reactions,
    /// What it said before.
    Edits,
    /// Who chose what in it.
    Votes,
}

impl Question {
    fn title(self, t: &Texts) -> &'static str {
        let a = t.about();
        match self {
            Self::Seen => a.seen_by,
            Self::Reactions => t.actions().reactions,
            Self::Edits => a.history,
            Self::Votes => t.polls().who,
        }
    }
}

/// A question about a message.
pub(super) type About = (Question, RowKey);

/// What the server says.
type Answer<T> = RwSignal<Option<Result<T, ApiError>>>;

impl Actions {
    pub(super) fn ask_seen(self, key: RowKey) {
        self.about.set(Some((Question::Seen, key)));
    }

    pub(super) fn ask_reactions(self, key: RowKey) {
        self.about.set(Some((Question::Reactions, key)));
    }

    /// Shows who chose what in a poll.
    pub(in crate::components) fn ask_votes(self, key: RowKey) {
        self.about.set(Some((Question::Votes, key)));
    }

    /// Shows what a message said before it was edited.
    pub(in crate::components) fn ask_edits(self, key: RowKey) {
        self.about.set(Some((Question::Edits, key)));
    }
}

/// The dialog of a conversation.
pub(in crate::components) fn about_message(actions: Actions) -> impl IntoView {
    let t = texts();
    let node = NodeRef::<Dialog>::new();
    let about = actions.about;
    Effect::new(move |_| {
        if about.get().is_some() {
            ask(node);
        }
    });
    let closed = move |_| {
        if let Some((_, key)) = about.get_untracked() {
            about.set(None);
            rows::focus(key);
        }
    };
    let close = move |_| {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog
            node_ref=node
            class="dialog about-message"
            // What came under a finger that rested is not what it touched.
            class:untouchable=move || actions.press.under_finger.get()
            data-testid="about-message"
            aria-labelledby=TITLE_ID
            on:close=closed
        >
            <div class="dialog-head">
                <h2 id=TITLE_ID>{move || about.get().map(|(question, _)| question.title(t))}</h2>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=t.close
                    title=t.close
                    on:click=close
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
            {move || {
                about
                    .get()
                    .map(|(question, key)| match question {
                        Question::Seen => seen(actions, key).into_any(),
                        Question::Reactions => {
                            reactors(actions, row_of(actions, key)).into_any()
                        }
                        Question::Edits => history(actions, key).into_any(),
                        Question::Votes => {
                            voters(actions, row_of(actions, key)).into_any()
                        }
                    })
            }}
        </dialog>
    }
}

/// The message as it is now, followed.
fn row_of(actions: Actions, key: RowKey) -> Memo<Option<Row>> {
    Memo::new(move |_| {
        actions.track_rows();
        actions.row(key)
    })
}

/// What is said while there is no answer, and what is shown when there is one.
fn answered<T, V>(
    answer: Answer<T>,
    again: impl Fn() + Copy + Send + Sync + 'static,
    show: impl Fn(&T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let t = texts();
    move || {
        answer.with(|answer| match answer {
            None => view! { <p class="form-hint">{t.loading}</p> }.into_any(),
            Some(Ok(found)) => show(found).into_any(),
            Some(Err(error)) => failure(t, error, again).into_any(),
        })
    }
}

fn failure(t: &'static Texts, error: &ApiError, again: impl Fn() + 'static) -> impl IntoView {
    let text = format!("{} {}", t.about().failed, explain(t, error));
    view! {
        <p class="form-error" role="alert">
            {text}
        </p>
        <button type="button" class="btn btn-quiet" on:click=move |_| again()>
            {t.retry}
        </button>
    }
}

/// Who has seen it, or why that is not shown.
fn seen(actions: Actions, key: RowKey) -> impl IntoView {
    let privacy = actions.live.privacy();
    let is_off = Memo::new(move |_| privacy.get().hides_reading);
    move || {
        if is_off.get() {
            readers_off().into_any()
        } else {
            readers(actions, key).into_any()
        }
    }
}

fn readers_off() -> impl IntoView {
    let h = texts().hiding();
    view! {
        <p class="form-hint" data-testid="readers-off">
            {h.reading_off}
        </p>
        <a class="btn btn-quiet" href=PRIVACY>
            {h.change}
        </a>
    }
}

/// Who has seen it. Asked again whenever somebody has seen more.
fn readers(actions: Actions, key: RowKey) -> impl IntoView {
    let id = actions.id;
    let answer: Answer<Readers> = RwSignal::new(None);
    let row = row_of(actions, key);
    let ask = move || {
        let Some(seq) = row.with_untracked(|row| row.as_ref().and_then(|row| row.seq)) else {
            return;
        };
        spawn_local(async move {
            let found = seen_by(id, seq).await;
            answer.try_update(|answer| {
                // What is known is not taken away because it cannot be brought up to date.
                if found.is_ok() || !matches!(answer, Some(Ok(_))) {
                    *answer = Some(found);
                }
            });
        });
    };
    let summary = actions.view().summary;
    let cursors = Memo::new(move |_| {
        summary.with(|summary| {
            let members = summary.iter().flat_map(|summary| &summary.members);
            members.map(|member| member.read_seq).collect::<Vec<Seq>>()
        })
    });
    // Read, not only tracked: nothing else does, and what is never read follows nothing.
    Effect::new(move |_| {
        cursors.with(|_| ());
        ask();
    });
    answered(answer, ask, parted)
}

/// Those who have, and those who have not.
fn parted(readers: &Readers) -> impl IntoView + use<> {
    let t = texts();
    let a = t.about();
    let Readers { seen, waiting } = readers;
    let part = |entries: Vec<AnyView>, title: String, testid: &'static str| {
        (!entries.is_empty()).then(|| {
            view! {
                <section data-testid=testid>
                    <h3>{title}</h3>
                    <ul>{entries}</ul>
                </section>
            }
        })
    };
    let read = |reader: &Reader| entry(&reader.person, reader.at).into_any();
    let not_read = |person: &Person| entry(person, None).into_any();
    let none = match (seen.is_empty(), waiting.is_empty()) {
        (true, _) => Some(a.nobody_seen),
        (false, true) => Some(a.all_seen),
        (false, false) => None,
    };
    view! {
        {none.map(|text| view! { <p class="form-hint">{text}</p> })}
        {part(
            seen.iter().map(read).collect(),
            t.count(&a.seen_count, seen.len() as u64),
            "seen",
        )}
        {part(
            waiting.iter().map(not_read).collect(),
            t.count(&a.waiting_count, waiting.len() as u64),
            "not-seen",
        )}
    }
}

/// Somebody, and when they had seen it, where that is known.
fn entry(person: &Person, at: Option<Timestamp>) -> impl IntoView + use<> {
    let name = person.display_name.to_string();
    let class = if has_rtl(&name) { "nastaliq" } else { "" };
    view! {
        <li class="about-person">
            <Avatar id=person.id name=name.clone() size=AvatarSize::Small />
            <bdi class=class>{name}</bdi>
            {at.map(|at| view! { <Clock at style=TimeStyle::DateAndClock /> })}
        </li>
    }
}

/// What it said before, and what it says now. Asked again when it is edited.
fn history(actions: Actions, key: RowKey) -> impl IntoView {
    let id = actions.id;
    let answer: Answer<Vec<Earlier>> = RwSignal::new(None);
    let row = row_of(actions, key);
    let version = Memo::new(move |_| {
        row.with(|row| {
            let row = row.as_ref()?;
            // Of what was deleted the server knows nothing any more.
            row.content.body()?;
            Some((row.seq?, row.marks.edited_at))
        })
    });
    let ask = move || {
        if let Some((seq, _)) = version.get_untracked() {
            spawn_local(async move {
                let found = edits(id, seq).await;
                answer.try_set(Some(found));
            });
        }
    };
    Effect::new(move |_| {
        version.with(|_| ());
        ask();
    });
    let now = move || {
        row.with(|row| {
            row.as_ref().and_then(|row| match &row.content {
                Content::Text(text) => {
                    let at = row.marks.edited_at.unwrap_or(row.sent_at);
                    Some((at, text.body.clone()))
                }
                _ => None,
            })
        })
    };
    move || match now() {
        None => view! { <p class="form-hint">{texts().about().message_gone}</p> }.into_any(),
        Some((at, body)) => {
            let body = body.as_str().to_owned();
            let show = move |earlier: &Vec<Earlier>| versions(earlier, at, &body);
            answered(answer, ask, show).into_any()
        }
    }
}

fn versions(earlier: &[Earlier], at: Timestamp, now: &str) -> impl IntoView + use<> {
    let a = texts().about();
    let version = |at: Timestamp, body: &str, is_now: bool| {
        view! {
            <li class="version">
                <p class="version-at">
                    {is_now.then(|| view! { <b>{a.now}</b> " " })}
                    <Clock at style=TimeStyle::DateAndClock />
                </p>
                <div class="version-text">{paragraphs(body)}</div>
            </li>
        }
    };
    let before = earlier
        .iter()
        .map(|it| version(it.at, it.body.as_str(), false));
    let before = before.collect_view();
    view! { <ol class="versions">{before} {version(at, now, true)}</ol> }
}
