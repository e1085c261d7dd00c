//! Message requests: what somebody asks of the reader, and what the reader has asked of others.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use protocol::{ConversationId, ConversationSummary, Intent, Person, Reported, Request, UserId};

use crate::components::announcer::Speaker;
use crate::components::organising::Organising;
use crate::components::reporting::Reporting;
use crate::components::{Blocking, Scroller, focus_composer, naming};
use crate::i18n::{Texts, fill, texts};
use crate::live::{ConversationView, Live};
use crate::ui::{Glyph, Icon, Mounted};

/// What somebody waits for in a conversation of two, and who the other one is.
fn asked(summary: &ConversationSummary, me: UserId) -> Option<(Request, Person)> {
    let partner = naming::partner(summary, me)?;
    Some((summary.request?, partner.clone()))
}

/// Whether the other one waits for the reader to answer.
#[must_use]
pub fn asks(summary: &ConversationSummary, me: UserId) -> bool {
    asked(summary, me).is_some_and(|(request, _)| request.is_to(me))
}

/// Whom the reader has written all that they may before an answer.
#[must_use]
pub fn waits_for(summary: &ConversationSummary, me: UserId) -> Option<Person> {
    let (request, person) = asked(summary, me)?;
    (!request.is_to(me) && request.left() == 0).then_some(person)
}

/// With the last message before an answer the composer goes, and with it the focus.
pub fn tell_when_all_is_written(unanswered: Memo<Option<Person>>, scroller: Scroller) {
    let (t, speaker) = (texts(), Speaker::current());
    Effect::new(move |was: Option<Option<Person>>| {
        let now = unanswered.get();
        if let (Some(None), Some(person), Some(speaker)) = (was, &now, speaker) {
            let name = t.called(person);
            speaker.tell(fill(t.requests().closed, &[("name", name)]));
            scroller.catch_focus();
        }
        now
    });
}

/// Why something cannot be chosen before the other one has answered, if that is so.
#[must_use]
pub fn not_before_answer(summary: &ConversationSummary, me: UserId, t: &Texts) -> Option<String> {
    let (request, person) = asked(summary, me)?;
    let text = || fill(t.requests().settle, &[("name", t.called(&person))]);
    (!request.is_to(me)).then(text)
}

/// Over the composer: that somebody asks, and what can be done; or how much the reader may still
/// write.
#[component]
pub fn RequestBar(
    /// In which conversation.
    view: ConversationView,
    /// Everything live.
    live: Live,
) -> impl IntoView {
    let (id, summary, me) = (view.id, view.summary, live.me());
    let asked = Memo::new(move |_| summary.with(|it| asked(it.as_ref()?, me)));
    let blocked = live.blocked();
    move || {
        let (request, person) = asked.get()?;
        if blocked.with(|blocked| blocked.contains(&person.id)) {
            return None;
        }
        Some(if request.is_to(me) {
            view! { <Asking id person live /> }.into_any()
        } else {
            view! { <Left request person /> }.into_any()
        })
    }
}

/// How many messages the reader may still write. Nothing where it is none: that is said in the
/// place of the composer.
#[component]
fn Left(request: Request, person: Person) -> impl IntoView {
    let t = texts();
    (request.left() > 0).then(|| {
        let text = t.count(&t.requests().left, request.left().into());
        let text = fill(&text, &[("name", t.called(&person))]);
        view! {
            <p class="composer-pace" role="status" data-testid="request-left">
                {text}
            </p>
        }
    })
}

#[component]
fn Asking(id: ConversationId, person: Person, live: Live) -> impl IntoView {
    let t = texts();
    let r = t.requests();
    let mounted = use_context::<Mounted>();
    let is_live = move || mounted.is_some_and(|mounted| mounted.0.get());
    let name = t.called(&person).to_owned();
    let text = fill(r.asks, &[("name", &name)]);
    let accept = move |_| {
        live.act(id, Intent::Accept);
        focus_composer();
    };
    view! {
        <section class="request" aria-label=r.region data-testid="request">
            <p class="request-who">
                <Icon glyph=Glyph::Note />
                <bdi>{text}</bdi>
            </p>
            <p class="request-hint">{r.unseen}</p>
            <div class="request-ways" hidden=move || !is_live()>
                <button type="button" class="btn btn-primary" on:click=accept>
                    {r.accept}
                </button>
                <Others id user=person.id name />
            </div>
        </section>
    }
}

/// What else can be done with a request than accepting it.
#[component]
fn Others(id: ConversationId, user: UserId, name: String) -> impl IntoView {
    let t = texts();
    let r = t.requests();
    let (organising, blocking) = (Organising::current(), Blocking::current());
    let reporting = Reporting::current();
    let navigate = use_navigate();
    let names = StoredValue::new(name);
    view! {
        <button
            type="button"
            class="btn"
            on:click=move |_| {
                if let Some(organising) = organising {
                    organising.archive(id);
                    navigate("/", NavigateOptions::default());
                }
            }
        >
            {r.delete}
        </button>
        <button
            type="button"
            class="btn btn-quiet danger"
            on:click=move |_| {
                if let Some(blocking) = blocking {
                    blocking.ask(user, names.get_value());
                }
            }
        >
            {t.blocking().block}
        </button>
        <button
            type="button"
            class="btn btn-quiet"
            on:click=move |_| {
                if let Some(reporting) = reporting {
                    let about = Reported::Person(user);
                    reporting.ask((about, user), names.get_value(), focus_composer);
                }
            }
        >
            {r.report}
        </button>
    }
}
