//! Parts of the application that the browser fetches when they are needed. Each is a WebAssembly
//! file of its own beside the core ([decision 28](../../docs/decisions/0028-chunks.md)).
//!
//! On the server, and in a build without the feature `chunks`, everything is in one piece and
//! always there.

use std::future::Future;
use std::time::Duration;

use futures_util::FutureExt;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;

use crate::api::ApiError;
use crate::components::DETAILS;
use crate::i18n::texts;
use crate::live::{ConversationView, Live};
use crate::pages::system::Refused;
use crate::pages::{
    JoinPage, LoginPage, NewGroupPage, PeoplePage, ProfilePage, RemindersPage, SavedPage,
    ScheduledPage, SearchPage, SettingsPage, SignUpPage, group,
};

/// The core has been at work for so long before it fetches the other parts.
const REST: Duration = Duration::from_millis(1_500);

/// What a function in a chunk gives back.
type Made = Result<AnyView, SplitLoaderError>;

/// A part of the application.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Chunk {
    /// Finding people, making groups, the details of a group or of somebody.
    People,
    /// Messages of all conversations: searched, saved, to be reminded of, and not sent yet.
    Messages,
    /// Signing in, signing up, coming by a link, and the settings.
    Account,
}

impl Chunk {
    /// All of them, those first that are wanted most.
    const ALL: [Self; 3] = [Self::People, Self::Messages, Self::Account];

    /// The part that the page at a path is in, if not in the core.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let mut names = path.split('/').filter(|name| !name.is_empty());
        match (names.next()?, names.nth(1)) {
            ("new" | "people", _) | ("c", Some(DETAILS)) => Some(Self::People),
            ("search" | "saved" | "scheduled" | "reminders", _) => Some(Self::Messages),
            ("login" | "signup" | "join" | "settings", _) => Some(Self::Account),
            _ => None,
        }
    }

    /// Fetches it, unless it is here.
    ///
    /// # Errors
    ///
    /// It cannot be had now. Another call tries again.
    pub async fn fetch(self) -> Result<(), SplitLoaderError> {
        match self {
            Self::People => fetch_people().await,
            Self::Messages => fetch_messages().await,
            Self::Account => fetch_account().await,
        }
    }

    /// Whether it is here. What is not is on its way afterwards.
    fn is_here(self) -> bool {
        matches!(self.fetch().now_or_never(), Some(Ok(())))
    }
}

/// Puts a function into a chunk, and names what fetches that. One function is in each, because
/// each knows only of itself whether its chunk is here. Its callers wait for the chunk.
macro_rules! within {
    ($chunk:ident, preload($fetch:ident), fn $make:ident($part:ident: $parts:ty) $body:block) => {
        #[cfg(feature = "chunks")]
        #[leptos::wasm_split::wasm_split(
                                                            $chunk,
                                                            wasm_split_path = ::leptos::wasm_split,
                                                            fallible,
                                                            preload($fetch)
                                                        )]
        fn $make($part: $parts) -> Made {
            Ok($body)
        }

        #[cfg(not(feature = "chunks"))]
        async fn $make($part: $parts) -> Made {
            Ok($body)
        }

        #[cfg(not(feature = "chunks"))]
        async fn $fetch() -> Result<(), SplitLoaderError> {
            Ok(())
        }
    };
}

/// What is in [`Chunk::People`].
enum PeoplePart {
    Find,
    NewGroup,
    Profile,
    Details(Box<(ConversationView, Live)>),
}

/// What is in [`Chunk::Messages`].
enum MessagesPart {
    Search,
    Saved,
    Scheduled,
    Reminders,
}

/// What is in [`Chunk::Account`].
enum AccountPart {
    Login,
    SignUp,
    Join,
    Settings,
}

within!(
    people,
    preload(fetch_people),
    fn make_people(part: PeoplePart) {
        match part {
            PeoplePart::Find => view! { <PeoplePage /> }.into_any(),
            PeoplePart::NewGroup => view! { <NewGroupPage /> }.into_any(),
            PeoplePart::Profile => view! { <ProfilePage /> }.into_any(),
            PeoplePart::Details(of) => {
                let (view, live) = *of;
                view! { <group::GroupDetails view live /> }.into_any()
            }
        }
    }
);

within!(
    messages,
    preload(fetch_messages),
    fn make_messages(part: MessagesPart) {
        match part {
            MessagesPart::Search => view! { <SearchPage /> }.into_any(),
            MessagesPart::Saved => view! { <SavedPage /> }.into_any(),
            MessagesPart::Scheduled => view! { <ScheduledPage /> }.into_any(),
            MessagesPart::Reminders => view! { <RemindersPage /> }.into_any(),
        }
    }
);

within!(
    account,
    preload(fetch_account),
    fn make_account(part: AccountPart) {
        match part {
            AccountPart::Login => view! { <LoginPage /> }.into_any(),
            AccountPart::SignUp => view! { <SignUpPage /> }.into_any(),
            AccountPart::Join => view! { <JoinPage /> }.into_any(),
            AccountPart::Settings => view! { <SettingsPage /> }.into_any(),
        }
    }
);

macro_rules! pages {
    ($($(#[$doc:meta])* $name:ident in $chunk:ident by $make:ident($part:expr);)+) => {
        $(
            $(#[$doc])*
            #[component]
            pub fn $name() -> impl IntoView {
                within_reach(Chunk::$chunk, || $make($part))
            }
        )+
    };
}

pages! {
    /// [`PeoplePage`], once it is here.
    People in People by make_people(PeoplePart::Find);
    /// [`NewGroupPage`], once it is here.
    NewGroup in People by make_people(PeoplePart::NewGroup);
    /// [`ProfilePage`], once it is here.
    Profile in People by make_people(PeoplePart::Profile);
    /// [`SearchPage`], once it is here.
    Search in Messages by make_messages(MessagesPart::Search);
    /// [`SavedPage`], once it is here.
    Saved in Messages by make_messages(MessagesPart::Saved);
    /// [`ScheduledPage`], once it is here.
    Scheduled in Messages by make_messages(MessagesPart::Scheduled);
    /// [`RemindersPage`], once it is here.
    Reminders in Messages by make_messages(MessagesPart::Reminders);
    /// [`SettingsPage`], once it is here.
    Settings in Account by make_account(AccountPart::Settings);
    /// [`LoginPage`], once it is here.
    Login in Account by make_account(AccountPart::Login);
    /// [`SignUpPage`], once it is here.
    SignUp in Account by make_account(AccountPart::SignUp);
    /// [`JoinPage`], once it is here.
    Join in Account by make_account(AccountPart::Join);
}

/// [`group::GroupDetails`], once it is here.
#[component]
pub fn Details(
    /// The group.
    view: ConversationView,
    /// What is known.
    live: Live,
) -> impl IntoView {
    within_reach(Chunk::People, move || {
        make_people(PeoplePart::Details(Box::new((view.clone(), live))))
    })
}

/// Shows what is in a chunk, and until it is here, that it is on its way or cannot be had.
fn within_reach<F>(chunk: Chunk, make: impl Fn() -> F + Send + 'static) -> impl IntoView
where
    F: Future<Output = Made>,
{
    let state = RwSignal::new(chunk.is_here().then_some(true));
    let ask = move || {
        state.set(None);
        spawn_local(async move {
            let is_here = chunk.fetch().await.is_ok();
            state.try_set(Some(is_here));
        });
    };
    if state.with_untracked(Option::is_none) {
        Effect::new(move |_| ask());
    }
    move || match state.get() {
        Some(true) => make().now_or_never().and_then(Result::ok),
        Some(false) => {
            let error = ApiError::unreachable();
            let retry = Callback::new(move |()| ask());
            Some(view! { <Refused error retry=Some(retry) /> }.into_any())
        }
        None => Some(view! { <OnItsWay /> }.into_any()),
    }
}

/// In the place of a page whose code is being fetched.
#[component]
fn OnItsWay() -> impl IntoView {
    view! {
        <div class="empty" aria-busy="true">
            <p class="late">{texts().loading}</p>
        </div>
    }
}

/// Fetches all parts once the page has come to rest: what was here works on without the network.
pub fn fetch_all_later() {
    window_event_listener(leptos::ev::online, |_| fetch_all());
    set_timeout(fetch_all, REST);
}

/// Without a network they are fetched when there is one.
fn fetch_all() {
    if window().navigator().on_line() {
        spawn_local(async {
            for chunk in Chunk::ALL {
                // Whoever opens it asks again.
                let _ = chunk.fetch().await;
            }
            // Browser tests wait for it before they cut the network.
            if let Some(html) = document().document_element() {
                let _ = html.set_attribute("data-complete", "");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_in_the_core_or_in_one_part() {
        for (path, chunk) in [
            ("/", None),
            ("/c/01J", None),
            ("/c/01J/info", Some(Chunk::People)),
            ("/c/01J/t-3", None),
            ("/new", Some(Chunk::People)),
            ("/new/group", Some(Chunk::People)),
            ("/people/01J", Some(Chunk::People)),
            ("/search", Some(Chunk::Messages)),
            ("/saved", Some(Chunk::Messages)),
            ("/scheduled", Some(Chunk::Messages)),
            ("/reminders", Some(Chunk::Messages)),
            ("/settings", Some(Chunk::Account)),
            ("/settings/privacy", Some(Chunk::Account)),
            ("/login", Some(Chunk::Account)),
            ("/signup", Some(Chunk::Account)),
            ("/join/x", Some(Chunk::Account)),
            ("/nowhere", None),
        ] {
            assert_eq!(Chunk::of(path), chunk, "{path}");
        }
    }
}
