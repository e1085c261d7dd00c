//! Somebody, as they show themselves.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_navigate, use_params_map};
use protocol::{CustomStatus, ErrorCode, Profile, UserId};

use crate::api::ApiError;
use crate::api::conversations::OpenDirect;
use crate::api::loading::load_first;
use crate::api::profile::profile_of;
use crate::components::{PresenceLine, StatusLine};
use crate::i18n::{has_rtl, texts};
use crate::live::Live;
use crate::pages::people::results::go_there;
use crate::pages::settings::ACCOUNT;
use crate::pages::settings::status::STATUS;
use crate::pages::sheet::{Sheet, arrived_by_link};
use crate::pages::system::{Refused, explain};
use crate::ui::{Avatar, PageTitle, Summary};

/// The page of somebody.
#[must_use]
pub fn profile_path(user: UserId) -> String {
    format!("/people/{user}")
}

/// Name, presence, status and what they say of themselves.
#[component]
pub fn ProfilePage() -> impl IntoView {
    let t = texts();
    let params = use_params_map();
    let user = Memo::new(move |_| {
        let id = params.with(|params| params.get("user"));
        id.and_then(|id| id.parse::<UserId>().ok())
    });
    let live = Live::current();
    let found = load_first(
        move || user.get(),
        |user| async move {
            match user {
                Some(user) => profile_of(user).await,
                None => Err(ApiError::new(ErrorCode::NotFound)),
            }
        },
    );
    let navigate = use_navigate();
    let by_link = arrived_by_link();
    let back = Callback::new(move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        let went = by_link
            && window()
                .history()
                .is_ok_and(|history| history.back().is_ok());
        if !went {
            navigate("/", leptos_router::NavigateOptions::default());
        }
    });
    let content = move || {
        found.get().map(|answer| match answer {
            Ok(profile) => view! { <Shown profile live /> }.into_any(),
            Err(error) if error.code == ErrorCode::NotFound => view! {
                <div class="empty" data-testid="nobody">
                    <p>{t.standing().nobody}</p>
                    <a href="/">{t.go_home}</a>
                </div>
            }
            .into_any(),
            Err(error) => {
                let retry = Callback::new(move |()| found.refetch());
                view! { <Refused error retry=Some(retry) /> }.into_any()
            }
        })
    };
    view! {
        <PageTitle text=move || format!("{} · BaatCheet", t.standing().profile) />
        <Sheet title=t.standing().profile back=Signal::stored("/") on_back=back>
            <div class="page">
                <Transition fallback=move || {
                    view! { <p class="form-hint">{t.loading}</p> }
                }>{content}</Transition>
            </div>
        </Sheet>
    }
}

/// What somebody says of themselves for a while, as the page shows it.
#[derive(Clone, PartialEq, Debug)]
struct Said {
    /// Whether anything was told live.
    is_live: bool,
    status: Option<CustomStatus>,
}

impl Said {
    /// What was read with the page counts until something is told live, and from then on that,
    /// also where it is nothing any more. Of those with whom nothing is shared nothing is told.
    fn next(was: Option<&Self>, read: Option<&CustomStatus>, told: Option<CustomStatus>) -> Self {
        let is_live = told.is_some() || was.is_some_and(|was| was.is_live);
        let status = if is_live { told } else { read.cloned() };
        Self { is_live, status }
    }
}

#[component]
fn Shown(profile: Profile, live: Option<Live>) -> impl IntoView {
    let t = texts();
    let Profile {
        person,
        about,
        status,
    } = profile;
    let user = person.id;
    let name = t.called(&person).to_owned();
    let class = if has_rtl(&name) { "nastaliq" } else { "" };
    let handle = (!person.is_gone()).then(|| format!("@{}", person.username));
    let presence = live.map(|live| live.presence(user));
    let told = live.map(|live| live.custom_status(user));
    let said = Memo::new(move |was| {
        let told = told.and_then(|told| told.get());
        Said::next(was, status.as_ref(), told)
    });
    let is_me = live.is_some_and(|live| live.me() == user);
    let about = about.map(|about| {
        let about = about.to_string();
        let class = if has_rtl(&about) {
            "about-text nastaliq"
        } else {
            "about-text"
        };
        view! {
            <p class=class dir="auto" data-testid="about">
                {about}
            </p>
        }
    });
    let ways = if is_me {
        view! { <OwnWays /> }.into_any()
    } else if person.is_gone() {
        ().into_any()
    } else {
        view! { <Write user /> }.into_any()
    };
    view! {
        <section class="profile" aria-labelledby="profile-name" data-testid="profile">
            <div class="profile-head">
                <Avatar id=user name=name.clone() />
                <div>
                    <h2 id="profile-name" class=class>
                        <bdi>{name}</bdi>
                    </h2>
                    <p class="form-hint">
                        <bdi dir="ltr">{handle}</bdi>
                    </p>
                </div>
            </div>
            {move || {
                let presence = presence.and_then(|presence| presence.get());
                presence.map(|presence| view! { <PresenceLine presence /> })
            }}
            {move || {
                let status = said.get().status;
                status.map(|status| view! { <StatusLine status ends=true /> })
            }}
            {about}
            {ways}
        </section>
    }
}

/// One's own is changed in the settings.
#[component]
fn OwnWays() -> impl IntoView {
    let s = texts().standing();
    view! {
        <div class="buttons">
            <a class="btn btn-quiet" href=STATUS>
                {s.own}
            </a>
            <a class="btn btn-quiet" href=ACCOUNT>
                {s.about}
            </a>
        </div>
    }
}

/// Opens the conversation with somebody. A plain form where there is no script.
#[component]
fn Write(user: UserId) -> impl IntoView {
    let t = texts();
    let open = ServerAction::<OpenDirect>::new();
    go_there(open);
    let refused = Signal::derive(move || {
        let error = open.value().get().and_then(Result::err)?;
        Some(explain(t, &error))
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !open.pending().get_untracked() {
            open.dispatch(OpenDirect { with: user });
        }
    };
    view! {
        <Summary text=refused />
        <form method="post" action=OpenDirect::url() on:submit=submit>
            <input type="hidden" name="with" value=user.to_string() />
            <button
                type="submit"
                class="btn btn-primary"
                aria-busy=move || open.pending().get().to_string()
            >
                {t.standing().write}
            </button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use protocol::StatusText;

    use super::*;

    fn status(text: &str) -> Option<CustomStatus> {
        CustomStatus::new(None, StatusText::parse(text).ok(), None).ok()
    }

    #[test]
    fn what_was_read_is_shown_until_something_is_told() {
        let (read, other) = (status("at the market"), status("at home"));
        let next = |was: Option<&Said>, told| Said::next(was, read.as_ref(), told);
        let first = next(None, None);
        assert_eq!(first.status, read);
        let same = next(Some(&first), read.clone());
        assert_eq!(same.status, read);
        let over = next(Some(&same), None);
        assert_eq!(over.status, None, "it has ended");
        assert_eq!(next(Some(&over), None).status, None);
        assert_eq!(next(Some(&over), other.clone()).status, other);
        assert_eq!(
            next(None, other.clone()).status,
            other,
            "it was told before"
        );
    }
}
