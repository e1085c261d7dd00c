//! The bar above a conversation: who it is with, whether they are there, what they say of
//! themselves, and the way to a group's details or somebody's profile.

use leptos::ev::MouseEvent;
use leptos::html::H1;
use leptos::prelude::*;
use protocol::{ConversationId, ConversationKind, UserId};

use crate::components::naming;
use crate::components::organising::{From, MenuButton};
use crate::components::standing::{PresenceLine, StatusLine};
use crate::components::trail::{SEARCH, Trail, details_path};
use crate::i18n::{has_rtl, texts};
use crate::live::{ConversationView, Live};
use crate::pages::profile::profile_path;
use crate::ui::{Avatar, AvatarShape, AvatarSize, Glyph, Icon};

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
    let (id, summary) = (view.id, view.summary);
    // A new message changes the summary and nothing here: the heading may have the focus.
    let who = Memo::new(move |_| {
        summary.with(|summary| {
            summary.as_ref().map(|summary| Who {
                title: naming::title(summary, live.me(), t),
                face: naming::face(summary, live.me()),
                shape: naming::shape(summary),
                group: (summary.kind == ConversationKind::Group)
                    .then_some((summary.id, summary.member_count)),
                partner: naming::partner(summary, live.me())
                    .map(|person| (person.id, person.is_gone())),
            })
        })
    });
    let trail = Trail::current();
    let back = move |event: MouseEvent| {
        // From a message that was found, to the others that were.
        if trail.is_some_and(|trail| trail.back_to_list() || trail.back_to(SEARCH)) {
            event.prevent_default();
        }
    };
    view! {
        <header class="bar" role="presentation">
            <a class="icon-button back only-compact" href="/" aria-label=t.back on:click=back>
                <Icon glyph=Glyph::Back />
            </a>
            {move || who.get().map(|who| named(who, live, heading))}
            <MenuButton id=view.id from=From::Header class="icon-button" tabindex="0" />
            <a
                class="icon-button"
                href=format!("{SEARCH}?in={id}")
                aria-label=t.search().title
                title=t.search().title
            >
                <Icon glyph=Glyph::Search />
            </a>
        </header>
    }
}

/// What of a conversation the bar shows.
#[derive(Clone, PartialEq)]
struct Who {
    title: String,
    face: UserId,
    shape: AvatarShape,
    /// A group, and how many are in it.
    group: Option<(ConversationId, u32)>,
    /// The other one, and whether that account was deleted.
    partner: Option<(UserId, bool)>,
}

fn named(who: Who, live: Live, heading: NodeRef<H1>) -> impl IntoView {
    let Who {
        title,
        face,
        shape,
        group,
        partner,
    } = who;
    let t = texts();
    let class = if has_rtl(&title) { "nastaliq" } else { "" };
    let status = partner.map(|(user, _)| {
        let status = live.custom_status(user);
        move || status.get().map(|status| view! { <StatusLine status /> })
    });
    let presence = partner.map(|(user, _)| {
        let (presence, privacy) = (live.presence(user), live.privacy());
        move || match presence.get() {
            Some(presence) => Some(view! { <PresenceLine presence /> }.into_any()),
            None if privacy.get().hides_presence => {
                Some(view! { <p class="presence">{t.hiding().presence_off}</p> }.into_any())
            }
            None => None,
        }
    });
    view! {
        <div class="bar-who">
            <Avatar id=face name=title.clone() size=AvatarSize::Small shape />
            <div class="bar-title">
                <h1 node_ref=heading tabindex="-1" class=class>
                    <bdi>{title}</bdi>
                </h1>
                <div class="standing">{presence} {status}</div>
                {group
                    .map(|(_, count)| {
                        let count = t.count(&t.groups().members_count, count.into());
                        view! { <p class="presence">{count}</p> }
                    })}
            </div>
            {group
                .map(|(id, _)| {
                    view! { <DetailsLink href=details_path(id) label=t.groups().details /> }
                })}
            {partner
                .filter(|(_, is_gone)| !is_gone)
                .map(|(user, _)| {
                    view! { <DetailsLink href=profile_path(user) label=t.standing().profile /> }
                })}
        </div>
    }
}

/// The way to the details. Its button is small; the whole of name and avatar leads there too.
#[component]
fn DetailsLink(href: String, label: &'static str) -> impl IntoView {
    view! {
        <a class="icon-button details-link" href=href aria-label=label>
            <Icon glyph=Glyph::Info />
        </a>
    }
}
