//! The list with what is above and below it.

use leptos::prelude::*;
use protocol::{Availability, ConversationId, CustomStatus, Person, Presence};

use super::switcher::SwitcherLink;
use crate::components::standing::mark;
use crate::components::{ConversationList, Filters, SEARCH, Unsendable, UnsentLine};
use crate::i18n::{fill, has_rtl, texts};
use crate::live::Live;
use crate::pages::saved::SAVED;
use crate::pages::settings::ACCOUNT;
use crate::pages::settings::status::STATUS;
use crate::ui::{Avatar, AvatarSize, Glyph, Icon};

/// The sidebar.
#[component]
pub(super) fn Sidebar(
    /// Who is signed in.
    me: Person,
    /// Everything live.
    live: Live,
    /// Where the reader is.
    path: Memo<String>,
    /// The conversation on screen.
    current: Memo<Option<ConversationId>>,
) -> impl IntoView {
    view! {
        <div class="sidebar">
            <Head path />
            <Unsendable live />
            <UnsentLine />
            <Filters live />
            // What the page is for, while the list is the page; see the pane.
            <div class="list-place" role=move || is_home(path).then_some("main")>
                <ConversationList live current=current.into() />
            </div>
            <Foot me live path />
        </div>
    }
}

#[component]
fn Head(path: Memo<String>) -> impl IntoView {
    let t = texts();
    let link = move |page: &'static str, name: &'static str, glyph: Glyph| {
        let is_here = move || path.with(|path| path.starts_with(page)).then_some("page");
        view! {
            <a class="icon-button" href=page aria-label=name title=name aria-current=is_here>
                <Icon glyph />
            </a>
        }
    };
    view! {
        <header>
            <div class="bar">
                <Wordmark path />
                <SwitcherLink />
                {link("/new", t.new_chat, Glyph::Plus)}
                {link("/settings", t.settings, Glyph::Gear)}
            </div>
            <div class="search-row">
                <a class="search-link" href=SEARCH aria-keyshortcuts="Control+Shift+F">
                    <Icon glyph=Glyph::Search />
                    {t.search}
                </a>
                {link(SAVED, t.saved().title, Glyph::Saved)}
            </div>
        </header>
    }
}

/// Whether the list itself is the page.
pub(super) fn is_home(path: Memo<String>) -> bool {
    path.with(|path| path == "/")
}

/// The name of the place; the heading of the page while the list is the page.
#[component]
fn Wordmark(path: Memo<String>) -> impl IntoView {
    let is_heading = Memo::new(move |_| is_home(path));
    let mark = || {
        view! {
            <span class="nuqta nuqta-full" aria-hidden="true"></span>
            "BaatCheet"
        }
    };
    move || {
        if is_heading.get() {
            view! { <h1 class="bar-title wordmark">{mark()}</h1> }.into_any()
        } else {
            view! { <p class="bar-title wordmark">{mark()}</p> }.into_any()
        }
    }
}

/// The way to one's own status, which shows what is said and how one is there.
#[component]
fn OwnStatus(live: Live, path: Memo<String>) -> impl IntoView {
    let s = texts().standing();
    let (status, availability) = (live.custom_status(live.me()), live.availability());
    let kind = move || match availability.get() {
        Availability::Automatic => None,
        Availability::Busy { .. } => Some(s.busy_choice),
        Availability::Invisible => Some(s.invisible),
    };
    let says = move || {
        let status = status.get();
        let text = status.as_ref().and_then(CustomStatus::text);
        let parts = [
            Some(s.own.to_owned()),
            kind().map(str::to_owned),
            text.map(ToString::to_string),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    let inside = move || {
        let status = status.get();
        match (
            availability.get(),
            status.as_ref().and_then(CustomStatus::emoji),
        ) {
            (Availability::Busy { .. }, _) => {
                let class = mark(Presence::Busy);
                view! { <span class=class aria-hidden="true"></span> }.into_any()
            }
            (Availability::Invisible, _) => {
                let class = mark(Presence::Offline { since: None });
                view! { <span class=class aria-hidden="true"></span> }.into_any()
            }
            (Availability::Automatic, Some(emoji)) => {
                view! { <span aria-hidden="true">{emoji.to_string()}</span> }.into_any()
            }
            (Availability::Automatic, None) => view! { <Icon glyph=Glyph::Smile /> }.into_any(),
        }
    };
    let is_here = move || path.with(|path| path == STATUS).then_some("page");
    view! {
        <a class="icon-button" href=STATUS aria-label=says title=says aria-current=is_here>
            {inside}
        </a>
    }
}

#[component]
fn Foot(me: Person, live: Live, path: Memo<String>) -> impl IntoView {
    let t = texts();
    let title = t.account().title;
    let name = Memo::new(move |_| live.called(&me));
    let inside = move || {
        let name = name.get();
        let class = if has_rtl(&name) {
            "name nastaliq"
        } else {
            "name"
        };
        let signed_in_as = fill(t.signed_in_as, &[("name", &name)]);
        view! {
            <Avatar id=live.me() name=name.clone() size=AvatarSize::Small />
            <span class=class aria-hidden="true">
                <bdi>{name}</bdi>
            </span>
            <span class="hidden-text">{signed_in_as}</span>
        }
    };
    let is_here = move || path.with(|path| path == ACCOUNT).then_some("page");
    view! {
        <footer class="sidebar-foot">
            <a href=ACCOUNT title=title aria-current=is_here>
                {inside}
                <span class="hidden-text">" · " {title}</span>
            </a>
            <OwnStatus live path />
        </footer>
    }
}
