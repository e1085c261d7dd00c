//! The links by which a group is joined: making one, seeing how much of each is used, revoking.

pub mod making;

use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::permission::Action;
use protocol::{Invite, InviteId, InviteState};

use super::act::Act;
use super::desk::Desk;
use super::focus_soon;
use crate::api::ApiError;
use crate::api::invites::{list_invites, revoke_invite};
use crate::i18n::{InviteTexts, fill, texts};
use crate::pages::system::explain;
use crate::ui::{Clock, Question, TimeStyle, ask};
use making::Making;

/// The heading.
const LINKS_ID: &str = "links-title";
const MAKE_ID: &str = "make-link";

/// The links as the server last told them.
#[derive(Clone, Copy)]
pub struct LinkList {
    desk: Desk,
    list: RwSignal<Option<Vec<Invite>>>,
    failed: RwSignal<Option<ApiError>>,
    /// Counts what was asked, so that a late answer is dropped.
    asked: StoredValue<u32>,
}

impl LinkList {
    /// Asks for them.
    fn load(self) {
        let number = self.asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        });
        spawn_local(async move {
            let answer = list_invites(self.desk.id).await;
            // The page may be gone.
            if self.asked.try_get_value() != number {
                return;
            }
            match answer {
                Ok(list) => {
                    self.failed.set(None);
                    self.list.set(Some(list));
                }
                Err(error) => self.failed.set(Some(error)),
            }
        });
    }

    fn revoke(self, id: InviteId) {
        spawn_local(async move {
            match revoke_invite(self.desk.id, id).await {
                Ok(()) => self.load(),
                Err(error) => {
                    self.failed.try_set(Some(error));
                }
            }
        });
        // The button that led here goes with its row.
        focus_soon(LINKS_ID);
    }
}

/// The section.
#[component]
pub(super) fn Links(desk: Desk) -> impl IntoView {
    let w = texts().invites();
    let links = LinkList {
        desk,
        list: RwSignal::new(None),
        failed: RwSignal::new(None),
        asked: StoredValue::new(0),
    };
    let making = RwSignal::new(false);
    let may = Memo::new(move |_| desk.rule(Action::Invite).is_none());
    keep_up_to_date(links, may);
    view! {
        <section class="details-part needs-script" aria-labelledby=LINKS_ID>
            <h3 id=LINKS_ID tabindex="-1">
                {w.links}
            </h3>
            <p class="form-hint">{w.links_hint}</p>
            <Show
                when=move || making.get() && may.get()
                fallback=move || {
                    view! {
                        <Act
                            desk
                            name=MAKE_ID
                            label=w.make
                            action=Signal::stored(Action::Invite)
                            act=move || making.set(true)
                        />
                    }
                }
            >
                <Making links making />
            </Show>
            <Show when=move || may.get()>
                <List links />
            </Show>
        </section>
    }
}

/// They are asked for when they may be seen, and again when somebody has come.
fn keep_up_to_date(links: LinkList, may: Memo<bool>) {
    let count = Memo::new(move |_| {
        let count = |summary: &protocol::ConversationSummary| summary.member_count;
        links
            .desk
            .summary
            .with(|summary| summary.as_ref().map(count))
    });
    Effect::new(move |_| {
        count.track();
        if may.get() {
            links.load();
        }
    });
}

#[component]
fn List(links: LinkList) -> impl IntoView {
    let t = texts();
    let w = t.invites();
    let dialog = NodeRef::<Dialog>::new();
    let asked = RwSignal::new(None::<InviteId>);
    let revoke = Callback::new(move |id| {
        asked.set(Some(id));
        ask(dialog);
    });
    let rows = move || links.list.get().unwrap_or_default();
    let is_empty = move || {
        links
            .list
            .with(|list| list.as_ref().is_some_and(Vec::is_empty))
    };
    view! {
        <p class="form-error" role="alert">
            {move || links.failed.get().map(|error| format!("{} {}", w.failed, explain(t, &error)))}
        </p>
        <ul class="rows" data-testid="links" aria-labelledby=LINKS_ID>
            <For each=rows key=|link| (link.id, link.used, link.state) let(link)>
                <Row link revoke />
            </For>
        </ul>
        <Show when=is_empty>
            <p class="form-hint">{w.none}</p>
        </Show>
        <Question
            node=dialog
            name="revoke-link"
            title=Signal::stored(w.ask_revoke.to_owned())
            text=Signal::stored(w.ask_revoke_text.to_owned())
            answer=Signal::stored(w.revoke.to_owned())
            yes=move || {
                if let Some(id) = asked.get_untracked() {
                    links.revoke(id);
                }
            }
        />
    }
}

#[component]
fn Row(link: Invite, revoke: Callback<InviteId>) -> impl IntoView {
    let t = texts();
    let w = t.invites();
    let name = link.made_by.display_name.to_string();
    let used = match link.limit {
        Some(limit) => {
            let (used, limit) = (link.used.to_string(), limit.to_string());
            fill(w.used_of, &[("used", &used), ("limit", &limit)])
        }
        None => t.count(&w.used, link.used.into()),
    };
    let label = fill(w.revoke_of, &[("name", &name)]);
    let id = link.id;
    view! {
        <li>
            <div class="grow">
                <p>
                    <bdi>{fill(w.made_by, &[("name", &name)])}</bdi>
                </p>
                <p class="form-hint">{used}</p>
                <p class="form-hint">{end(w, &link, &name)}</p>
            </div>
            <button
                type="button"
                class="btn btn-quiet danger"
                aria-label=label
                on:click=move |_| revoke.run(id)
            >
                {w.revoke}
            </button>
        </li>
    }
}

/// When a link ends, or why it has.
fn end(w: &'static InviteTexts, link: &Invite, name: &str) -> AnyView {
    match (link.state, link.expires_at) {
        (InviteState::Open, None) => w.endless.into_any(),
        (InviteState::Open, Some(at)) => view! {
            {w.until}
            ": "
            <Clock at style=TimeStyle::DateAndClock />
        }
        .into_any(),
        (InviteState::Expired, _) => w.expired.into_any(),
        (InviteState::UsedUp, _) => w.used_up.into_any(),
        (InviteState::Void, _) => fill(w.void, &[("name", name)]).into_any(),
    }
}
