//! Asking a poll: a button beside the composer and a dialog. What is written there stays until
//! it is sent.

mod frame;

use leptos::ev::SubmitEvent;
use leptos::html::{Dialog, Input};
use leptos::prelude::*;
use protocol::limits::{POLL_ANSWERS_MAX, POLL_ANSWERS_MIN};
use protocol::{ErrorCode, Intent, Lifetime, Poll, TextError};

use crate::components::actions::Actions;
use crate::components::composer::focus_composer;
use crate::i18n::{Texts, fill, texts};
use crate::ui::{Choice, Glyph, Icon, Mounted, ask};

use self::frame::{head, send_button};

const TITLE_ID: &str = "poll-title";
const QUESTION_ID: &str = "poll-question";
const LIFETIME_ID: &str = "poll-lifetime";
const ERROR_ID: &str = "poll-error";

/// A field for an answer. Its text belongs to nothing on the page: the button that makes one is
/// made anew for each.
#[derive(Clone)]
struct Answer {
    number: u32,
    text: ArcRwSignal<String>,
}

/// What is being asked.
#[derive(Clone, Copy)]
pub struct Asking {
    node: NodeRef<Dialog>,
    question: RwSignal<String>,
    answers: RwSignal<Vec<Answer>>,
    next: StoredValue<u32>,
    several: RwSignal<bool>,
    anonymous: RwSignal<bool>,
    lifetime: RwSignal<Lifetime>,
    /// Why it was not asked.
    refused: RwSignal<Option<TextError>>,
}

impl Asking {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        let asking = Self {
            node: NodeRef::new(),
            question: RwSignal::new(String::new()),
            answers: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            several: RwSignal::new(false),
            anonymous: RwSignal::new(false),
            lifetime: RwSignal::new(Lifetime::Forever),
            refused: RwSignal::new(None),
        };
        asking.clear();
        asking
    }

    fn clear(self) {
        self.question.set(String::new());
        self.answers.set(Vec::new());
        for _ in 0..POLL_ANSWERS_MIN {
            self.add();
        }
        self.refused.set(None);
    }

    /// One more field, where there may be; its number.
    fn add(self) -> Option<u32> {
        let number = self.next.get_value();
        let text = ArcRwSignal::new(String::new());
        let is_added = self.answers.try_update(|answers| {
            let has_room = answers.len() < POLL_ANSWERS_MAX;
            if has_room {
                answers.push(Answer { number, text });
            }
            has_room
        });
        self.next.set_value(number.wrapping_add(1));
        (is_added == Some(true)).then_some(number)
    }

    fn remove(self, number: u32) {
        self.answers.update(|answers| {
            if answers.len() > POLL_ANSWERS_MIN {
                answers.retain(|answer| answer.number != number);
            }
        });
    }

    /// What would be sent. Fields that were left empty are none.
    fn intent(self) -> Result<Intent, TextError> {
        let question = self.question.get_untracked();
        let answers = self.answers.with_untracked(|answers| {
            let texts = answers.iter().map(|answer| answer.text.get_untracked());
            texts
                .filter(|text| !text.trim().is_empty())
                .collect::<Vec<_>>()
        });
        let (several, anonymous) = (self.several.get_untracked(), self.anonymous.get_untracked());
        let lifetime = self.lifetime.get_untracked();
        Poll::parse(&question, &answers, (several, anonymous), lifetime)?;
        Ok(Intent::Poll {
            question,
            answers,
            several,
            anonymous,
            lifetime,
        })
    }

    fn close(self) {
        if let Some(dialog) = self.node.get_untracked() {
            dialog.close();
        }
    }
}

impl Default for Asking {
    fn default() -> Self {
        Self::new()
    }
}

/// Why something is no poll.
fn reason(t: &Texts, error: TextError) -> &'static str {
    let p = t.polls();
    match error {
        TextError::TooShort => p.few,
        TextError::TooLong => p.too_long,
        TextError::InvalidFormat => p.alike,
        other => t.error(ErrorCode::from(other)),
    }
}

/// The way to the dialog.
#[component]
pub fn AskButton(
    /// What is being done.
    actions: Actions,
) -> impl IntoView {
    let p = texts().polls();
    let mounted = use_context::<Mounted>();
    view! {
        <button
            type="button"
            class="icon-button ask-poll"
            disabled=move || !mounted.is_some_and(|mounted| mounted.0.get())
            aria-haspopup="dialog"
            aria-label=p.ask
            title=p.ask
            on:click=move |_| ask(actions.asking.node)
        >
            <Icon glyph=Glyph::Poll />
        </button>
    }
}

/// The dialog of a conversation.
#[component]
pub fn AskPoll(
    /// What is being done.
    actions: Actions,
) -> impl IntoView {
    let t = texts();
    let p = t.polls();
    let asking = actions.asking;
    let pace = actions.pace;
    // Why it has to wait.
    let held = RwSignal::new(None::<String>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        held.set(pace.waits(t));
        if held.with_untracked(Option::is_some) {
            return;
        }
        match asking.intent() {
            Ok(intent) => {
                actions.live.act(actions.id, intent);
                asking.clear();
                asking.close();
                actions.scroller.to_end();
            }
            Err(error) => asking.refused.set(Some(error)),
        }
    };
    view! {
        <dialog
            node_ref=asking.node
            class="dialog poll-dialog"
            data-testid="ask-poll"
            aria-labelledby=TITLE_ID
            on:close=move |_| {
                held.set(None);
                focus_composer();
            }
        >
            <form class="form" on:submit=submit>
                {head(asking)}
                <Line id=QUESTION_ID label=p.question.to_owned() text=asking.question />
                <Answers asking />
                <Terms asking />
                <p class="form-error" role="alert" id=ERROR_ID>
                    {move || {
                        let refused = || Some(reason(t, asking.refused.get()?).to_owned());
                        held.get().filter(|_| pace.is_waiting()).or_else(refused)
                    }}
                </p>
                {send_button(pace)}
            </form>
        </dialog>
    }
}

/// A field of one line.
#[component]
fn Line(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    text: RwSignal<String>,
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    let of_label = id.clone();
    let typed = move |_| {
        if let Some(field) = node.get_untracked() {
            text.set(field.value());
        }
    };
    view! {
        <div class="form-field">
            <label for=of_label>{move || label.get()}</label>
            <input
                node_ref=node
                id=id
                class="input text-field"
                type="text"
                autocomplete="off"
                dir="auto"
                prop:value=move || text.get()
                on:input=typed
            />
        </div>
    }
}

fn field_id(number: u32) -> String {
    format!("poll-answer-{number}")
}

fn focus_soon(id: String) {
    request_animation_frame(move || {
        let field = document().get_element_by_id(&id);
        if let Some(field) =
            field.and_then(|it| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(it).ok())
        {
            let _ = field.focus();
        }
    });
}

/// The answers, and the way to one more.
#[component]
fn Answers(asking: Asking) -> impl IntoView {
    let p = texts().polls();
    let count = move || asking.answers.with(Vec::len);
    let add = move |_| {
        if let Some(number) = asking.add() {
            focus_soon(field_id(number));
        }
    };
    view! {
        <ul class="poll-fields">
            <For each=move || asking.answers.get() key=|answer| answer.number let(answer)>
                <AnswerField asking answer />
            </For>
        </ul>
        {move || {
            (count() < POLL_ANSWERS_MAX)
                .then(|| {
                    view! {
                        <button type="button" class="btn btn-quiet" on:click=add>
                            <Icon glyph=Glyph::Plus />
                            {p.add_answer}
                        </button>
                    }
                })
        }}
    }
}

#[component]
fn AnswerField(asking: Asking, answer: Answer) -> impl IntoView {
    let p = texts().polls();
    let Answer { number, text } = answer;
    let place = Memo::new(move |_| {
        asking.answers.with(|answers| {
            let at = answers.iter().position(|it| it.number == number);
            at.map_or(0, |at| at + 1)
        })
    });
    let named = move |template| fill(template, &[("number", &place.get().to_string())]);
    let can_go = Memo::new(move |_| asking.answers.with(Vec::len) > POLL_ANSWERS_MIN);
    let remove = move |_| {
        asking.remove(number);
        focus_soon(QUESTION_ID.to_owned());
    };
    view! {
        <li>
            <Line
                id=field_id(number)
                label=Signal::derive(move || named(p.answer))
                text=RwSignal::from(text)
            />
            {move || {
                can_go
                    .get()
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="icon-button"
                                aria-label=move || named(p.remove_answer)
                                on:click=remove
                            >
                                <Icon glyph=Glyph::Close />
                            </button>
                        }
                    })
            }}
        </li>
    }
}

/// How it is asked.
#[component]
fn Terms(asking: Asking) -> impl IntoView {
    let p = texts().polls();
    let lifetimes = Lifetime::ALL.map(|lifetime| {
        let words = match lifetime {
            Lifetime::Hour => p.hour,
            Lifetime::Day => p.day,
            Lifetime::Week => p.week,
            Lifetime::Forever => p.never,
        };
        (lifetime, lifetime.name(), words)
    });
    view! {
        <Check label=p.several hint=None on=asking.several />
        <Check label=p.anonymous hint=Some(p.anonymous_hint) on=asking.anonymous />
        <Choice id=LIFETIME_ID label=p.ends offered=lifetimes.into() chosen=asking.lifetime />
    }
}

#[component]
fn Check(label: &'static str, hint: Option<&'static str>, on: RwSignal<bool>) -> impl IntoView {
    view! {
        <label class="poll-check">
            <input
                type="checkbox"
                prop:checked=move || on.get()
                on:change=move |event| on.set(event_target_checked(&event))
            />
            <span>{label} {hint.map(|hint| view! { <small>{hint}</small> })}</span>
        </label>
    }
}

#[cfg(test)]
mod tests;
