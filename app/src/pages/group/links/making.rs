//! Making a link: how long it holds and for how many, and then the link itself, once.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{InviteToken, Lifetime, Uses};

use super::{LINKS_ID, LinkList, MAKE_ID};
use crate::api::ApiError;
use crate::api::invites::make_invite;
use crate::components::actions::clipboard;
use crate::i18n::{InviteTexts, texts};
use crate::pages::group::focus_soon;
use crate::pages::system::explain;
use crate::ui::{Choice, share};

const LIFETIME_ID: &str = "link-lifetime";
const USES_ID: &str = "link-uses";
const MADE_ID: &str = "made-link";
const HINT_ID: &str = "made-link-hint";

/// What is shown in the place of the button.
#[component]
pub(super) fn Making(links: LinkList, making: RwSignal<bool>) -> impl IntoView {
    let made = RwSignal::new(None::<InviteToken>);
    let close = move || {
        making.set(false);
        focus_soon(MAKE_ID);
    };
    view! {
        <div class="adding">
            {move || match made.get() {
                Some(token) => view! { <Made url=address(&token) close /> }.into_any(),
                None => view! { <Terms links made close /> }.into_any(),
            }}
        </div>
    }
}

/// The whole link, as it is given to others.
fn address(token: &InviteToken) -> String {
    let origin = window().location().origin().unwrap_or_default();
    format!("{origin}{}", token.path())
}

#[component]
fn Terms(
    links: LinkList,
    made: RwSignal<Option<InviteToken>>,
    close: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let t = texts();
    let w = t.invites();
    let lifetime = RwSignal::new(Lifetime::Week);
    let uses = RwSignal::new(Uses::Ten);
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None::<ApiError>);
    Effect::new(|_| focus_soon(LIFETIME_ID));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let terms = (lifetime.get_untracked(), uses.get_untracked());
        spawn_local(async move {
            let answer = make_invite(links.desk.id, terms.0, terms.1).await;
            busy.try_set(false);
            match answer {
                Ok(answer) => {
                    made.try_set(Some(answer.token));
                    links.load();
                }
                Err(error) => {
                    refused.try_set(Some(error));
                }
            }
        });
    };
    let label = move || if busy.get() { w.making } else { w.make_now };
    let lifetimes = Lifetime::ALL.map(|it| (it, it.name(), said_lifetime(w, it)));
    let all_uses = Uses::ALL.map(|it| (it, it.name(), said_uses(w, it)));
    view! {
        <form class="form" on:submit=submit>
            <Choice id=LIFETIME_ID label=w.lifetime offered=lifetimes.into() chosen=lifetime />
            <Choice id=USES_ID label=w.uses offered=all_uses.into() chosen=uses />
            <p class="form-error" role="alert">
                {move || refused.get().map(|error| explain(t, &error))}
            </p>
            <div class="buttons">
                <button type="submit" class="btn btn-primary" aria-busy=move || busy.get().to_string()>
                    {label}
                </button>
                <button type="button" class="btn btn-quiet" on:click=move |_| close()>
                    {t.cancel}
                </button>
            </div>
        </form>
    }
}

const fn said_lifetime(w: &'static InviteTexts, lifetime: Lifetime) -> &'static str {
    match lifetime {
        Lifetime::Hour => w.hour,
        Lifetime::Day => w.day,
        Lifetime::Week => w.week,
        Lifetime::Forever => w.forever,
    }
}

const fn said_uses(w: &'static InviteTexts, uses: Uses) -> &'static str {
    match uses {
        Uses::One => w.one,
        Uses::Ten => w.ten,
        Uses::Hundred => w.hundred,
        Uses::Any => w.any,
    }
}

/// The link, to be copied or shared now.
#[component]
fn Made(url: String, close: impl Fn() + Copy + 'static) -> impl IntoView {
    let t = texts();
    let w = t.invites();
    let field = NodeRef::<Input>::new();
    let told = RwSignal::new("");
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
            field.select();
        }
    });
    let copy = {
        let url = url.clone();
        move |_| {
            // What is selected can be copied by hand where the browser refuses.
            if let Some(field) = field.get_untracked() {
                field.select();
            }
            clipboard::write(&url, move || {
                told.try_set(w.copied);
            });
        }
    };
    let share_button = share::is_there().then(|| {
        let url = url.clone();
        view! {
            <button type="button" class="btn" on:click=move |_| share::share(&url)>
                {w.share}
            </button>
        }
    });
    let done = move |_| {
        close();
        focus_soon(LINKS_ID);
    };
    view! {
        <div class="form-field">
            <label for=MADE_ID>{w.made}</label>
            <input
                node_ref=field
                id=MADE_ID
                class="input text-field"
                type="text"
                readonly
                dir="ltr"
                value=url
                aria-describedby=HINT_ID
            />
            <p class="form-hint" id=HINT_ID>
                {w.made_hint}
            </p>
        </div>
        <div class="buttons">
            <button type="button" class="btn btn-primary" on:click=copy>
                {w.copy}
            </button>
            {share_button}
            <button type="button" class="btn btn-quiet" on:click=done>
                {w.done}
            </button>
        </div>
        <p class="form-hint" role="status">
            {move || told.get()}
        </p>
    }
}
