//! Choosing several people: whoever is chosen, a field that finds others, and who was found.

pub mod chips;
mod search;

use std::collections::BTreeSet;

use leptos::ev::KeyboardEvent;
use leptos::html::{Div, Input, Ul};
use leptos::prelude::*;
use protocol::limits::{ADD_MEMBERS, SEARCH_TERM_BYTES};
use protocol::{Person, UserId};

use super::results::{TabStop, entry, focus_first, move_focus};
use super::{Answer, status};
use crate::i18n::{fill, texts};
use crate::pages::looking::typed;
use crate::pages::system::explain;
use crate::ui::{Glyph, Icon};
use chips::{Chips, focus_last};
use search::Search;

const INPUT_ID: &str = "picker-term";
const STATUS_ID: &str = "picker-status";

/// The people who are chosen. At most as many as one entry adds to a group.
#[derive(Clone, Copy)]
pub struct Choice {
    people: RwSignal<Vec<Person>>,
    members: Signal<BTreeSet<UserId>>,
}

/// What somebody who was found is to the choice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Standing {
    Free,
    Chosen,
    /// In the group already.
    Member,
    /// There is no room for more.
    NoRoom,
}

impl Choice {
    /// Nobody yet. `members` cannot be chosen.
    #[must_use]
    pub fn new(members: Signal<BTreeSet<UserId>>) -> Self {
        Self {
            people: RwSignal::new(Vec::new()),
            members,
        }
    }

    /// Their ids, without following them.
    #[must_use]
    pub fn ids(self) -> Vec<UserId> {
        let ids = |people: &Vec<Person>| people.iter().map(|person| person.id).collect();
        self.people.with_untracked(ids)
    }

    /// How many they are.
    #[must_use]
    pub fn count(self) -> usize {
        self.people.with(Vec::len)
    }

    fn standing(self, user: UserId) -> Standing {
        let (chosen, full) = self.people.with(|people| {
            let chosen = people.iter().any(|person| person.id == user);
            (chosen, people.len() >= ADD_MEMBERS)
        });
        match (chosen, full) {
            (true, _) => Standing::Chosen,
            _ if self.members.with(|members| members.contains(&user)) => Standing::Member,
            (false, true) => Standing::NoRoom,
            (false, false) => Standing::Free,
        }
    }

    fn toggle(self, person: &Person) {
        match untrack(|| self.standing(person.id)) {
            Standing::Free => self.people.update(|people| people.push(person.clone())),
            Standing::Chosen => self.take_out(person.id),
            Standing::Member | Standing::NoRoom => {}
        }
    }

    fn take_out(self, user: UserId) {
        self.people
            .update(|people| people.retain(|person| person.id != user));
    }
}

/// The chosen ones, the field, and the people found.
#[component]
pub fn Picker(
    /// Who is chosen.
    choice: Choice,
    /// Who chooses, and is not found.
    me: Option<UserId>,
    /// The field.
    input: NodeRef<Input>,
) -> impl IntoView {
    let t = texts();
    let g = t.groups();
    let search = Search::new(me);
    let (list, place) = (NodeRef::<Ul>::new(), NodeRef::<Div>::new());
    let says = move || {
        let pending = search.pending.get();
        let people = search.people();
        search.answer.with(|answer| {
            // Whoever looks for themselves finds nobody to choose.
            let shown = match &answer.people {
                Some(Ok(_)) => Some(Ok(people)),
                other => other.clone(),
            };
            let term = answer.term.clone();
            status(
                t,
                &Answer {
                    term,
                    people: shown,
                },
                pending,
            )
        })
    };
    let chosen = move || match choice.count() {
        0 => String::new(),
        ADD_MEMBERS => fill(g.at_most, &[("count", &ADD_MEMBERS.to_string())]),
        count => t.count(&g.chosen, count as u64),
    };
    view! {
        <div class="picker" node_ref=place tabindex="-1">
            <Chips choice input place />
            <p class="form-hint" role="status">
                {chosen}
            </p>
            <Term choice search input list place />
            <p id=STATUS_ID class="form-hint people-status" role="status">
                {says}
            </p>
            <Failure search input />
            <Found choice search input list />
        </div>
    }
}

/// Why nobody could be looked for, and a way to try again.
#[component]
fn Failure(search: Search, input: NodeRef<Input>) -> impl IntoView {
    let t = texts();
    let failure = move || {
        search.answer.with(|answer| match &answer.people {
            Some(Err(error)) => Some(format!("{} {}", t.search_failed, explain(t, error))),
            _ => None,
        })
    };
    view! {
        <div class="form-summary" role="alert">
            {move || {
                failure()
                    .map(|text| {
                        view! {
                            <Icon glyph=Glyph::Alert />
                            <span class="grow">{text}</span>
                            <button
                                type="button"
                                class="link-button"
                                on:click=move |_| search.now(typed(input))
                            >
                                {t.retry}
                            </button>
                        }
                    })
            }}
        </div>
    }
}

/// Takes the first one of what is found for all that is typed, also if the answer is still to
/// come: whoever types fast means that one.
fn take_first(choice: Choice, search: Search, input: NodeRef<Input>) {
    let term = typed(input);
    if search.answer.with_untracked(|answer| answer.term != term) {
        search.now_and_then(term.clone(), move || {
            if typed(input) == term {
                take_first(choice, search, input);
            }
        });
        return;
    }
    let people = untrack(|| search.people());
    let is_free = |person: &&Person| untrack(|| choice.standing(person.id)) == Standing::Free;
    if let Some(person) = people.iter().find(is_free) {
        choice.toggle(person);
        if let Some(input) = input.get_untracked() {
            input.set_value("");
        }
        search.now(String::new());
    }
}

/// The field. Enter takes the first one found, the arrow leads to all of them, and the key that
/// deletes takes the last chosen one out of an empty field.
#[component]
fn Term(
    choice: Choice,
    search: Search,
    input: NodeRef<Input>,
    list: NodeRef<Ul>,
    place: NodeRef<Div>,
) -> impl IntoView {
    let g = texts().groups();
    let key = move |event: KeyboardEvent| {
        if crate::keys::is_composing(&event) {
            return;
        }
        let is_empty = input
            .get_untracked()
            .is_none_or(|input| input.value().is_empty());
        let done = match event.key().as_str() {
            "Enter" => {
                take_first(choice, search, input);
                true
            }
            "ArrowDown" => focus_first(list),
            "Backspace" if is_empty => focus_last(place),
            _ => false,
        };
        if done {
            event.prevent_default();
        }
    };
    view! {
        <div class="form-field" role="search">
            <label for=INPUT_ID>{g.people_label}</label>
            <input
                node_ref=input
                id=INPUT_ID
                type="search"
                class="input text-field"
                maxlength=SEARCH_TERM_BYTES.to_string()
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                enterkeyhint="done"
                dir="auto"
                aria-describedby=STATUS_ID
                on:input=move |_| search.soon(input)
                on:keydown=key
            />
        </div>
    }
}

/// Whoever was found, each a button that chooses them or takes them out again.
#[component]
fn Found(
    choice: Choice,
    search: Search,
    input: NodeRef<Input>,
    list: NodeRef<Ul>,
) -> impl IntoView {
    let t = texts();
    let people = Memo::new(move |_| search.people());
    let stop = TabStop::new(people.into());
    view! {
        <ul
            class="people"
            node_ref=list
            aria-label=t.groups().people_label
            aria-busy=move || search.pending.get().to_string()
            on:keydown=move |event| move_focus(&event, input)
        >
            <For
                each=move || people.get()
                key=|person| (person.id, person.display_name.clone())
                let(person)
            >
                <Candidate person choice stop />
            </For>
        </ul>
    }
}

#[component]
fn Candidate(person: Person, choice: Choice, stop: TabStop) -> impl IntoView {
    let t = texts();
    let id = person.id;
    let standing = Memo::new(move |_| choice.standing(id));
    let content = entry(&person, None);
    let is_off = move || matches!(standing.get(), Standing::Member | Standing::NoRoom);
    view! {
        <li>
            <button
                type="button"
                class="conversation person"
                tabindex=move || stop.index(id)
                aria-pressed=move || (standing.get() == Standing::Chosen).to_string()
                aria-disabled=move || is_off().then_some("true")
                on:focus=move |_| stop.choose(id)
                on:click=move |_| choice.toggle(&person)
            >
                {content}
                <span class="conversation-side">
                    {move || match standing.get() {
                        Standing::Chosen => view! { <Icon glyph=Glyph::Tick /> }.into_any(),
                        Standing::Member => t.groups().is_member.into_any(),
                        Standing::Free | Standing::NoRoom => ().into_any(),
                    }}
                </span>
            </button>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use protocol::{DisplayName, Username};

    use super::*;

    fn person(n: u32) -> Person {
        Person {
            id: UserId::from_bytes(u128::from(n).to_be_bytes()),
            username: Username::parse("somebody").unwrap(),
            display_name: DisplayName::parse("Somebody").unwrap(),
        }
    }

    #[test]
    fn members_and_one_too_many_cannot_be_chosen() {
        let owner = Owner::new();
        owner.with(|| {
            let member = person(500);
            let ids = BTreeSet::from([member.id]);
            let choice = Choice::new(Signal::stored(ids));
            choice.toggle(&member);
            assert_eq!(choice.ids(), []);
            assert_eq!(choice.standing(member.id), Standing::Member);

            for n in 0..100 {
                choice.toggle(&person(n));
            }
            assert_eq!(choice.count(), ADD_MEMBERS);
            choice.toggle(&person(100));
            assert_eq!(choice.count(), ADD_MEMBERS);
            assert_eq!(choice.standing(person(100).id), Standing::NoRoom);

            choice.toggle(&person(7));
            assert_eq!(choice.standing(person(7).id), Standing::Free);
            assert_eq!(choice.standing(person(100).id), Standing::Free);
        });
    }
}
