//! The settings: a list of sections, and one of them. A narrow screen shows one at a time.

pub mod account;
pub mod appearance;
pub mod language;
pub mod own_data;
pub mod privacy;
pub mod security;
pub mod sign_out;
pub mod status;

use leptos::html::H2;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::i18n::{Texts, texts};
use crate::pages::sheet::{Sheet, arrived_by_link};
use crate::ui::PageTitle;
use account::AccountSettings;
use appearance::Appearance;
use language::Language;
use own_data::OwnData;
use privacy::{PRIVACY, Privacy};
use security::Security;
use sign_out::SignOutButton;
use status::{STATUS, StatusSettings};

/// The page of one's own account.
pub(super) const ACCOUNT: &str = "/settings/account";

/// A section.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Section {
    Appearance,
    Language,
    Account,
    Status,
    Security,
    Privacy,
    OwnData,
}

impl Section {
    const ALL: [Self; 7] = [
        Self::Appearance,
        Self::Language,
        Self::Account,
        Self::Status,
        Self::Security,
        Self::Privacy,
        Self::OwnData,
    ];

    const fn path(self) -> &'static str {
        match self {
            Self::Appearance => "/settings/appearance",
            Self::Language => "/settings/language",
            Self::Account => ACCOUNT,
            Self::Status => STATUS,
            Self::Security => "/settings/security",
            Self::Privacy => PRIVACY,
            Self::OwnData => "/settings/data",
        }
    }

    const fn title(self, t: &Texts) -> &'static str {
        match self {
            Self::Appearance => t.appearance,
            Self::Language => t.language_title,
            Self::Account => t.account().title,
            Self::Status => t.standing().title,
            Self::Security => t.security,
            Self::Privacy => t.blocking().title,
            Self::OwnData => t.own_data().title,
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|section| section.path().rsplit('/').next() == Some(name))
    }
}

/// All settings. Without a section in the address a wide screen shows the first one.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let t = texts();
    let params = use_params_map();
    let chosen = Memo::new(move |_| {
        params.with(|params| {
            params
                .get("section")
                .and_then(|name| Section::from_name(&name))
        })
    });
    let section = Memo::new(move |_| chosen.get().unwrap_or(Section::Appearance));
    let heading = NodeRef::<H2>::new();
    follow(section, heading);
    let title = move || {
        let title = chosen.get().map_or(t.settings, |chosen| chosen.title(t));
        format!("{title} · BaatCheet")
    };
    let class = move || {
        if chosen.get().is_some() {
            "settings settings-detail"
        } else {
            "settings settings-index"
        }
    };
    let back = Signal::derive(move || {
        if chosen.get().is_some() {
            "/settings"
        } else {
            "/"
        }
    });
    let content = move || match section.get() {
        Section::Appearance => view! { <Appearance /> }.into_any(),
        Section::Language => view! { <Language /> }.into_any(),
        Section::Account => view! { <AccountSettings /> }.into_any(),
        Section::Status => view! { <StatusSettings /> }.into_any(),
        Section::Security => view! { <Security /> }.into_any(),
        Section::Privacy => view! { <Privacy /> }.into_any(),
        Section::OwnData => view! { <OwnData /> }.into_any(),
    };
    view! {
        <PageTitle text=title />
        <Sheet title=t.settings back>
            <div class="page">
                <div class=class>
                    <div class="settings-nav">
                        <Sections chosen />
                        // The section has it itself.
                        <Show when=move || section.get() != Section::Security>
                            <SignOutButton />
                        </Show>
                    </div>
                    <div class="settings-section">
                        <h2 node_ref=heading tabindex="-1">
                            {move || section.get().title(t)}
                        </h2>
                        {content}
                    </div>
                </div>
            </div>
        </Sheet>
    }
}

/// Whoever follows a link to a section finds the focus at its beginning. On a narrow screen
/// the link would vanish with it.
fn follow(section: Memo<Section>, heading: NodeRef<H2>) {
    let by_link = arrived_by_link();
    Effect::new(move |was: Option<Section>| {
        let now = section.get();
        if (by_link || was.is_some_and(|was| was != now))
            && let Some(heading) = heading.get()
        {
            let _ = heading.focus();
        }
        now
    });
}

/// The list of sections.
#[component]
fn Sections(
    /// The one in the address.
    chosen: Memo<Option<Section>>,
) -> impl IntoView {
    let t = texts();
    let links = Section::ALL.map(|link| {
        // Only what the address says is "this page"; the first section is merely beside it.
        let current = move || match chosen.get() {
            Some(chosen) => (chosen == link).then_some("page"),
            None => (link == Section::Appearance).then_some("true"),
        };
        view! {
            <li>
                <a href=link.path() aria-current=current>
                    {link.title(t)}
                </a>
            </li>
        }
    });
    view! {
        <nav aria-label=t.sections>
            <ul>{links.collect_view()}</ul>
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_found_by_their_name_in_the_address() {
        for section in Section::ALL {
            let name = section.path().trim_start_matches("/settings/");
            assert_eq!(Section::from_name(name), Some(section));
        }
        for name in ["", "settings", "secrets", "appearance/x"] {
            assert_eq!(Section::from_name(name), None, "{name}");
        }
    }
}
