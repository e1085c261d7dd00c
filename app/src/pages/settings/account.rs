//! One's own account: the name that others see, and the password.

pub mod about;
pub mod name;
pub mod password;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api::account::{Account, PasswordChanged, own_account};
use crate::api::loading::load_first;
use crate::i18n::texts;
use crate::pages::system::explain;
use crate::pages::workspace::Session;
use crate::ui::{Glyph, Icon};
use about::AboutForm;
use name::NameForm;
use password::PasswordForm;

/// What was saved. Without script the address of the page says it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Saved {
    /// The name.
    Name,
    /// The text about oneself.
    About,
    /// The password.
    Password(PasswordChanged),
}

impl Saved {
    /// The page that says so.
    #[must_use]
    pub fn path(self) -> String {
        let said = match self {
            Self::Name => "name".to_owned(),
            Self::About => "about".to_owned(),
            Self::Password(PasswordChanged { ended: None }) => "password".to_owned(),
            Self::Password(PasswordChanged { ended: Some(count) }) => {
                format!("password&ended={count}")
            }
        };
        format!("/settings/account?saved={said}")
    }

    fn parse(saved: &str, ended: Option<&str>) -> Option<Self> {
        match saved {
            "name" => Some(Self::Name),
            "about" => Some(Self::About),
            "password" => {
                let ended = ended.and_then(|count| count.parse().ok());
                Some(Self::Password(PasswordChanged { ended }))
            }
            _ => None,
        }
    }

    /// What the address says, unless the last form was refused.
    fn by_address() -> Option<Self> {
        use_query_map().with_untracked(|query| {
            let is_refused = query.get_str("__err").is_some();
            let saved = query.get_str("saved").filter(|_| !is_refused)?;
            Self::parse(saved, query.get_str("ended"))
        })
    }
}

/// What the account is called and known by, and the forms.
#[component]
pub fn AccountSettings() -> impl IntoView {
    let t = texts();
    let saved = Saved::by_address();
    let known = load_first(|| (), |()| own_account());
    let facts = move || {
        known.get().map(|answer| match answer {
            Ok(account) => view! { <Facts account /> }.into_any(),
            Err(error) => view! { <p class="form-hint">{explain(t, &error)}</p> }.into_any(),
        })
    };
    let forms = Session::current().known().map(|(me, live)| {
        let username = me.username.to_string();
        let value = live.called(&me);
        view! {
            <NameForm value live saved />
            <AboutForm saved />
            <PasswordForm username saved />
        }
    });
    view! {
        <p class="form-hint">{t.account().hint}</p>
        <Transition fallback=move || {
            view! { <p class="form-hint">{t.loading}</p> }
        }>{facts}</Transition>
        {forms}
    }
}

/// What cannot be changed here.
#[component]
fn Facts(account: Account) -> impl IntoView {
    let t = texts();
    let username = account.person.username.to_string();
    let email = account.email.map(|email| {
        view! {
            <div>
                <dt>{t.email}</dt>
                <dd>
                    <bdi>{email}</bdi>
                </dd>
            </div>
        }
    });
    view! {
        <dl class="facts" data-testid="account">
            <div>
                <dt>{t.username}</dt>
                <dd>
                    <bdi>{username}</bdi>
                </dd>
            </div>
            {email}
        </dl>
    }
}

/// The button of a form, and what came of it: that exists before it speaks, so that it is spoken.
#[component]
fn Foot(
    /// Whether it is being saved.
    busy: Memo<bool>,
    /// The button.
    label: &'static str,
    /// The same meanwhile.
    label_busy: &'static str,
    /// What is said.
    done: Signal<Option<String>>,
) -> impl IntoView {
    let said = move || {
        let text = done.get()?;
        Some(view! { <Icon glyph=Glyph::Tick /> <span>{text}</span> })
    };
    view! {
        <div class="form-foot">
            <button
                type="submit"
                class="btn btn-primary"
                aria-busy=move || busy.get().to_string()
            >
                {move || if busy.get() { label_busy } else { label }}
            </button>
            <p class="form-done" role="status">
                {said}
            </p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_was_saved() {
        let password = |ended| Saved::Password(PasswordChanged { ended });
        for (saved, query) in [
            (Saved::Name, ("name", None)),
            (Saved::About, ("about", None)),
            (password(None), ("password", None)),
            (password(Some(0)), ("password", Some("0"))),
            (password(Some(49)), ("password", Some("49"))),
        ] {
            assert_eq!(Saved::parse(query.0, query.1), Some(saved));
            let ended = query.1.map(|count| format!("&ended={count}"));
            let said = format!("saved={}{}", query.0, ended.unwrap_or_default());
            assert_eq!(saved.path(), format!("/settings/account?{said}"));
        }
        assert_eq!(Saved::parse("everything", None), None);
        assert_eq!(Saved::parse("password", Some("<b>")), Some(password(None)));
    }
}
