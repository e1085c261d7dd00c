//! Where a link to a group leads: what the group is, who invites, and the button that joins.
//! Looking changes nothing. Who is in the group already is led into it.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_params_map;
use protocol::{ErrorCode, Invitation, UserId};

use crate::api::ApiError;
use crate::api::invites::{Join, load_invitation};
use crate::api::loading::load_first;
use crate::i18n::{fill, has_rtl, texts};
use crate::live::Live;
use crate::pages::arrival::go_there;
use crate::pages::sheet::Sheet;
use crate::pages::system::explain;
use crate::ui::{Avatar, AvatarShape, Summary};

/// The page.
#[component]
pub fn JoinPage() -> impl IntoView {
    let t = texts();
    let w = t.invites();
    let params = use_params_map();
    let token = Memo::new(move |_| params.with(|params| params.get("token").unwrap_or_default()));
    let join = ServerAction::<Join>::new();
    go_there(join.value().into(), Live::current());
    let found = load_first(move || token.get(), load_invitation);
    let content = move || {
        found.get().map(|found| match found {
            Ok(found) if found.is_member => {
                let path = format!("/c/{}", found.conversation);
                view! { <Redirect path /> }.into_any()
            }
            Ok(found) => view! { <Door found token=token.get_untracked() join /> }.into_any(),
            Err(error) => view! { <Nowhere error /> }.into_any(),
        })
    };
    view! {
        <Title text=format!("{} · BaatCheet", w.title) />
        <Sheet title=w.title back="/">
            <div class="page" data-testid="invitation">
                <Transition fallback=move || {
                    view! { <p class="form-hint">{t.loading}</p> }
                }>{content}</Transition>
            </div>
        </Sheet>
    }
}

/// What is behind the link. A plain form where there is no script.
#[component]
fn Door(found: Invitation, token: String, join: ServerAction<Join>) -> impl IntoView {
    let t = texts();
    let w = t.invites();
    let busy = join.pending();
    let refused = Signal::derive(move || match join.value().get() {
        Some(Err(error)) if !busy.get() => Some(told(&error)),
        _ => None,
    });
    let way_in = if found.is_full {
        view! {
            <p>{w.full}</p>
            <p class="form-hint">{w.full_hint}</p>
        }
        .into_any()
    } else {
        let asked = token.clone();
        let submit = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            if !busy.get_untracked() {
                join.dispatch(Join {
                    token: asked.clone(),
                });
            }
        };
        view! {
            <p class="form-hint">{w.seen_by}</p>
            <form method="post" action=Join::url() on:submit=submit>
                <input type="hidden" name="token" value=token />
                <button type="submit" class="btn btn-primary" aria-busy=move || busy.get().to_string()>
                    {move || if busy.get() { w.joining } else { w.join }}
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <Group found=found.clone() />
        <p>{fill(w.invites, &[("name", found.by.display_name.as_str())])}</p>
        <Summary text=refused />
        {way_in}
    }
}

/// The group's name and size.
#[component]
fn Group(found: Invitation) -> impl IntoView {
    let t = texts();
    let title = found.title.as_ref();
    let title = title.map_or_else(|| t.group_name.to_owned(), ToString::to_string);
    let class = if has_rtl(&title) {
        "details-name nastaliq"
    } else {
        "details-name"
    };
    let face = UserId::from_bytes(found.conversation.to_bytes());
    view! {
        <div class="details-head">
            <Avatar id=face name=title.clone() shape=AvatarShape::Group />
            <div>
                <h2 class=class>
                    <bdi>{title}</bdi>
                </h2>
                <p class="form-hint">
                    {t.count(&t.groups().members_count, found.member_count.into())}
                </p>
            </div>
        </div>
    }
}

/// A link that leads nowhere does not say why. What may pass is told as it is.
#[component]
fn Nowhere(error: ApiError) -> impl IntoView {
    let t = texts();
    let w = t.invites();
    if error.code == ErrorCode::NotFound {
        return view! {
            <h2>{w.dead}</h2>
            <p>{w.dead_hint}</p>
            <a href="/">{t.go_home}</a>
        }
        .into_any();
    }
    view! {
        <p role="alert">{explain(t, &error)}</p>
        <a class="btn" href="" rel="external">
            {t.retry}
        </a>
    }
    .into_any()
}

/// Why somebody could not come.
fn told(error: &ApiError) -> String {
    let t = texts();
    let w = t.invites();
    match error.code {
        ErrorCode::NotFound => format!("{}. {}", w.dead, w.dead_hint),
        ErrorCode::TooMany => format!("{} {}", w.full, w.full_hint),
        _ => explain(t, error),
    }
}
