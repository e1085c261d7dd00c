//! What others learn of the reader, and who cannot reach them.

mod hiding;

use leptos::html::H3;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use protocol::Person;

use crate::api::blocks::{SetBlocked, blocked};
use crate::api::loading::load_first;
use crate::i18n::{Texts, fill, texts};
use crate::live::Live;
use crate::pages::system::explain;
use crate::ui::{Avatar, AvatarShape, AvatarSize, Summary};
use hiding::hiding;

/// The page of it.
pub const PRIVACY: &str = "/settings/privacy";

/// What the reader hides, and whom they block.
#[component]
pub fn Privacy() -> impl IntoView {
    view! {
        {hiding()}
        <BlockedPeople />
    }
}

/// Whom the reader blocks, each with a button that ends it.
#[component]
fn BlockedPeople() -> impl IntoView {
    let t = texts();
    let b = t.blocking();
    let end = ServerAction::<SetBlocked>::new();
    // Also what is done on another device.
    let known = Live::current().map(|live| live.blocked());
    let people = load_first(
        move || (end.version().get(), known.map(|known| known.get())),
        |_| blocked(),
    );
    let heading = NodeRef::<H3>::new();
    // A row that goes takes the focus with it; the heading above the rows stays.
    Effect::new(move |_| {
        let ended = end.value().with(|answer| matches!(answer, Some(Ok(()))));
        if let Some(heading) = heading.get_untracked().filter(|_| ended) {
            let _ = heading.focus();
        }
    });
    let refused = Signal::derive(move || {
        let error = end.value().get().and_then(Result::err)?;
        Some(fill(b.unblock_failed, &[("reason", &explain(t, &error))]))
    });
    let list = move || {
        people.get().map(|answer| match answer {
            Ok(people) if people.is_empty() => {
                view! { <p class="form-hint">{b.nobody}</p> }.into_any()
            }
            Ok(people) => view! { <People people end /> }.into_any(),
            Err(error) => {
                let text = fill(b.blocked_failed, &[("reason", &explain(t, &error))]);
                view! { <Summary text=Signal::stored(Some(text)) /> }.into_any()
            }
        })
    };
    view! {
        <section class="settings-part" aria-labelledby="blocked-people">
            <h3 id="blocked-people" node_ref=heading tabindex="-1">
                {b.people}
            </h3>
            <p class="form-hint">{b.hint}</p>
            <Summary text=refused />
            <Transition fallback=move || {
                view! { <p class="form-hint">{t.loading}</p> }
            }>{list}</Transition>
        </section>
    }
}

#[component]
fn People(people: Vec<Person>, end: ServerAction<SetBlocked>) -> impl IntoView {
    view! {
        <ul class="rows" data-testid="blocked">
            <For each=move || people.clone() key=|person| person.id let(person)>
                <Blocked person end />
            </For>
        </ul>
    }
}

#[component]
fn Blocked(person: Person, end: ServerAction<SetBlocked>) -> impl IntoView {
    let t: &'static Texts = texts();
    let b = t.blocking();
    let (user, name) = (person.id, t.called(&person).to_owned());
    let is_ending = move || {
        let is_it = |asked: &Option<SetBlocked>| asked.as_ref().is_some_and(|it| it.user == user);
        end.pending().get() && end.input().with(is_it)
    };
    let handle = (!person.is_gone()).then(|| format!("@{}", person.username));
    view! {
        <li>
            <Avatar id=user name=name.clone() size=AvatarSize::Small shape=AvatarShape::Person />
            <div class="grow">
                <p>
                    <bdi>{name.clone()}</bdi>
                </p>
                <p class="form-hint">
                    <bdi>{handle}</bdi>
                </p>
            </div>
            <form
                method="post"
                action=SetBlocked::url()
                on:submit=move |event| {
                    event.prevent_default();
                    if !end.pending().get_untracked() {
                        end.dispatch(SetBlocked { user, blocks: false });
                    }
                }
            >
                <input type="hidden" name="user" value=user.to_string() />
                <input type="hidden" name="blocks" value="false" />
                <button
                    type="submit"
                    class="btn btn-quiet"
                    aria-label=fill(b.unblock_name, &[("name", &name)])
                    aria-busy=move || is_ending().to_string()
                >
                    {b.unblock}
                </button>
            </form>
        </li>
    }
}
