//! Finding somebody and opening the conversation with them.
//!
//! The term stands in the address: the server renders the same results without script, and
//! coming back from a conversation finds them again.

pub mod picker;
pub mod results;

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::{Input, Ul};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use protocol::limits::SEARCH_TERM_BYTES;
use protocol::{Person, SearchTerm, TextError};

use crate::api::ApiError;
use crate::api::loading::load_first;
use crate::api::people::search_people;
use crate::format::encode;
use crate::i18n::{Texts, fill, texts};
use crate::pages::looking::{Failed, Pause, follow, in_place, typed};
use crate::pages::sheet::Sheet;
use crate::pages::system::explain;
use crate::ui::{Glyph, Icon};
use results::{Results, focus_first};

/// Where groups are made.
pub const NEW_GROUP: &str = "/new/group";
const FORM_ID: &str = "people-form";
const INPUT_ID: &str = "people-term";
const STATUS_ID: &str = "people-status";

/// A term and who matches it; `None` where there is nothing to look for.
#[derive(Clone, PartialEq, Debug, Default, serde::Serialize, serde::Deserialize)]
struct Answer {
    term: String,
    people: Option<Result<Vec<Person>, ApiError>>,
}

async fn look_up(term: String) -> Answer {
    let people = match SearchTerm::parse(&term) {
        Err(TextError::Empty) => None,
        // What else is wrong with it is the server's to say, in one way for everybody.
        _ => Some(search_people(term.clone()).await),
    };
    Answer { term, people }
}

/// The address of a term's results.
fn address(term: &str) -> String {
    match term.trim() {
        "" => "/new".to_owned(),
        term => format!("/new?q={}", encode(term)),
    }
}

/// What is said under the field, aloud too.
fn status(t: &Texts, answer: &Answer, pending: bool) -> String {
    match &answer.people {
        None if pending => t.searching.to_owned(),
        None => t.find_people_hint.to_owned(),
        Some(Ok(people)) if people.is_empty() => fill(t.no_people, &[("term", &answer.term)]),
        Some(Ok(people)) => t.count(&t.people_found, people.len() as u64),
        Some(Err(_)) => String::new(),
    }
}

/// Search while typing, or as a plain form.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let t = texts();
    let query = use_query_map();
    let term = Memo::new(move |_| query.with(|query| query.get("q")).unwrap_or_default());
    let answer = load_first(move || term.get(), look_up);
    let (input, list) = (NodeRef::<Input>::new(), NodeRef::<Ul>::new());
    let pending = RwSignal::new(false);
    let show = show_results();
    follow(term, input, true, show.clone());
    let submit = {
        let show = show.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            let typed = typed(input);
            if typed == term.get_untracked() {
                answer.refetch();
            } else {
                show(&typed);
            }
        }
    };
    let failure = move || match answer.get()?.people? {
        Err(error) => Some(format!("{} {}", t.search_failed, explain(t, &error))),
        Ok(_) => None,
    };
    let people = Signal::derive(
        move || match answer.get().and_then(|answer| answer.people) {
            Some(Ok(people)) => people,
            _ => Vec::new(),
        },
    );
    let says = move || answer.get().map(|answer| status(t, &answer, pending.get()));
    let is_idle = Signal::derive(move || answer.get().is_some_and(|a| a.people.is_none()));
    view! {
        <Title text=format!("{} · BaatCheet", t.find_people) />
        <Sheet title=t.find_people back="/">
            <div class="page">
                <NewGroupLink />
                <form id=FORM_ID class="form-field" role="search" method="get" action="/new" on:submit=submit>
                    <TermField term input list show />
                </form>
                <Transition set_pending=pending>
                    <p id=STATUS_ID class="form-hint people-status" role="status">
                        {says}
                    </p>
                    <Failed form=FORM_ID why=Signal::derive(failure) />
                    <Results people is_idle pending input list />
                </Transition>
            </div>
        </Sheet>
    }
}

/// The way to a conversation of more than two.
#[component]
fn NewGroupLink() -> impl IntoView {
    view! {
        <a class="conversation person new-group" href=NEW_GROUP>
            <span class="avatar avatar-group avatar-plain" aria-hidden="true">
                <Icon glyph=Glyph::People />
            </span>
            <span class="conversation-text">
                <span class="conversation-name">{texts().groups().new_group}</span>
            </span>
        </a>
    }
}

/// The field with its label and button. Enter looks up at once; the arrow leads to the results.
#[component]
fn TermField(
    term: Memo<String>,
    input: NodeRef<Input>,
    list: NodeRef<Ul>,
    show: impl Fn(&str) + Clone + 'static,
) -> impl IntoView {
    let t = texts();
    let pause = Pause::new();
    let changed = move |_| {
        let show = show.clone();
        pause.typed(move || show(&typed(input)));
    };
    let to_results = move |event: KeyboardEvent| {
        if event.key() == "ArrowDown" && !crate::keys::is_composing(&event) && focus_first(list) {
            event.prevent_default();
        }
    };
    view! {
        <label for=INPUT_ID>{t.find_people_label}</label>
        <div class="with-button">
            <input
                node_ref=input
                id=INPUT_ID
                name="q"
                type="search"
                class="input text-field"
                value=term.get_untracked()
                maxlength=SEARCH_TERM_BYTES.to_string()
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                enterkeyhint="search"
                dir="auto"
                aria-describedby=STATUS_ID
                on:input=changed
                on:keydown=to_results
            />
            <button type="submit" class="icon-button" aria-label=t.search>
                <Icon glyph=Glyph::Search />
            </button>
        </div>
    }
}

/// Puts a term into the address, in place of the one before.
fn show_results() -> impl Fn(&str) + Clone + Send + Sync + 'static {
    let go = in_place();
    move |term: &str| go(&address(term))
}

#[cfg(test)]
mod tests {

    use protocol::{DisplayName, ErrorCode, Timestamp, UserId, Username};

    use super::*;
    use crate::i18n::Locale;

    fn answer(people: Option<Result<Vec<Person>, ApiError>>) -> Answer {
        Answer {
            term: "zo".to_owned(),
            people,
        }
    }

    #[test]
    fn terms_stand_in_the_address() {
        assert_eq!(address("  "), "/new");
        assert_eq!(address(" zo ya&x "), "/new?q=zo%20ya%26x");
        assert_eq!(address("ज़"), "/new?q=%E0%A4%9C%E0%A4%BC");
    }

    #[test]
    fn the_status_says_how_far_the_search_is() {
        let t = Locale::En.texts();
        let zoya = Person {
            id: UserId::from_parts(Timestamp::from_millis(1), 1),
            username: Username::parse("zoya").unwrap(),
            display_name: DisplayName::parse("Zoya").unwrap(),
        };
        let failed = Err(ApiError::new(ErrorCode::Internal));
        for (people, pending, expected) in [
            (None, false, "Type the beginning of a name."),
            (None, true, "Searching…"),
            (Some(Ok(Vec::new())), false, "No people match “zo”."),
            (Some(Ok(vec![zoya])), false, "1 person found"),
            (Some(failed), false, ""),
        ] {
            assert_eq!(status(t, &answer(people), pending), expected);
        }
    }
}
