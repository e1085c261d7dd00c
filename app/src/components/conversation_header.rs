//! The bar above a conversation: who it is with, and whether they are there.

use leptos::html::H1;
use leptos::prelude::*;
use protocol::Presence;

use crate::components::naming;
use crate::i18n::{has_rtl, texts};
use crate::live::{ConversationView, Live};
use crate::ui::{Avatar, AvatarSize, Clock, Glyph, Icon, TimeStyle};

/// The bar. The heading takes the focus when the conversation changes on a touch screen.
#[component]
pub fn ConversationHeader(
    /// Of which conversation.
    view: ConversationView,
    /// Everything live.
    live: Live,
    /// The heading.
    heading: NodeRef<H1>,
) -> impl IntoView {
    let t = texts();
    let summary = view.summary;
    let content = move || {
        summary.get().map(|summary| {
            let title = naming::title(&summary, live.me(), t);
            let partner = naming::partner(&summary, live.me()).map(|person| person.id);
            let class = if has_rtl(&title) { "nastaliq" } else { "" };
            view! {
                <Avatar id=naming::face(&summary, live.me()) name=title.clone() size=AvatarSize::Small />
                <div class="bar-title">
                    <h1 node_ref=heading tabindex="-1" class=class>
                        <bdi>{title}</bdi>
                    </h1>
                    {partner
                        .map(|user| {
                            let presence = live.presence(user);
                            move || presence.get().map(|presence| view! { <PresenceLine presence /> })
                        })}
                </div>
            }
        })
    };
    view! {
        <header class="bar">
            <a class="icon-button back only-compact" href="/" aria-label=t.back>
                <Icon glyph=Glyph::Back />
            </a>
            {content}
        </header>
    }
}

/// Shape and word, never colour alone.
#[component]
fn PresenceLine(presence: Presence) -> impl IntoView {
    let t = texts();
    match presence {
        Presence::Online => view! {
            <p class="presence presence-online">
                <span class="nuqta nuqta-full" aria-hidden="true"></span>
                {t.online}
            </p>
        }
        .into_any(),
        Presence::Offline { since: None } => view! {
            <p class="presence">
                <span class="nuqta" aria-hidden="true"></span>
                {t.offline}
            </p>
        }
        .into_any(),
        Presence::Offline { since: Some(since) } => view! {
            <p class="presence">
                <span class="nuqta" aria-hidden="true"></span>
                <span>{t.last_seen} " " <Clock at=since style=TimeStyle::DateAndClock /></span>
            </p>
        }
        .into_any(),
    }
}
