//! The people who are chosen, each a button that takes them out: one tab stop for all.

use leptos::ev::KeyboardEvent;
use leptos::html::{Div, Input};
use leptos::prelude::*;
use protocol::{Person, UserId};
use wasm_bindgen::JsCast;

use super::Choice;
use crate::i18n::{fill, texts};
use crate::ui::{Glyph, Icon, IconSize, has_fine_pointer};

const CHIP: &str = ".chip";

/// Puts the focus on the newest of them. Whether there is one.
pub(super) fn focus_last(place: NodeRef<Div>) -> bool {
    let count = chips(place).len();
    count > 0 && focus(place, count - 1)
}

fn chips(place: NodeRef<Div>) -> Vec<web_sys::HtmlElement> {
    let found = place
        .get_untracked()
        .and_then(|place| place.query_selector_all(CHIP).ok());
    let Some(found) = found else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.get(index)?.dyn_into().ok())
        .collect()
}

fn focus(place: NodeRef<Div>, index: usize) -> bool {
    chips(place)
        .get(index)
        .is_some_and(|chip| chip.focus().is_ok())
}

/// Where a key leads among so many.
fn target(key: &str, rtl: bool, index: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let (back, on) = if rtl {
        ("ArrowRight", "ArrowLeft")
    } else {
        ("ArrowLeft", "ArrowRight")
    };
    match key {
        "Home" => Some(0),
        "End" => Some(last),
        key if key == back => index.checked_sub(1),
        key if key == on => Some((index + 1).min(last)),
        _ => None,
    }
}

fn index_of(choice: Choice, user: UserId) -> usize {
    let found = choice
        .people
        .with_untracked(|people| people.iter().position(|person| person.id == user));
    found.unwrap_or_default()
}

/// The button goes away and hands the focus to its neighbour, or to the field.
fn take_out(choice: Choice, user: UserId, input: NodeRef<Input>, place: NodeRef<Div>) {
    let index = index_of(choice, user);
    choice.take_out(user);
    let left = choice.people.with_untracked(Vec::len);
    request_animation_frame(move || {
        if left > 0 && focus(place, index.min(left - 1)) {
            return;
        }
        if has_fine_pointer() {
            if let Some(input) = input.get_untracked() {
                let _ = input.focus();
            }
        } else if let Some(place) = place.get_untracked() {
            let _ = place.focus();
        }
    });
}

/// The row of them.
#[component]
pub(super) fn Chips(
    /// Who is chosen.
    choice: Choice,
    /// The field under it.
    input: NodeRef<Input>,
    /// What holds both.
    place: NodeRef<Div>,
) -> impl IntoView {
    let t = texts();
    let stop = RwSignal::new(None::<UserId>);
    let take_out = move |user: UserId| take_out(choice, user, input, place);
    let key = move |event: KeyboardEvent| {
        let Some(user) = stop.get_untracked() else {
            return;
        };
        if matches!(event.key().as_str(), "Delete" | "Backspace") {
            event.prevent_default();
            take_out(user);
            return;
        }
        let rtl = t.locale.dir() == "rtl";
        let count = choice.people.with_untracked(Vec::len);
        if let Some(index) = target(&event.key(), rtl, index_of(choice, user), count) {
            event.prevent_default();
            focus(place, index);
        }
    };
    let is_stop = move |user: UserId| {
        choice.people.with(|people| {
            let there = |user: &UserId| people.iter().any(|person| person.id == *user);
            let chosen = stop.get().filter(there);
            chosen.or_else(|| people.last().map(|person| person.id)) == Some(user)
        })
    };
    let chip = move |person: Person| {
        let id = person.id;
        let name = person.display_name.to_string();
        let label = fill(t.groups().take_out, &[("name", &name)]);
        view! {
            <li>
                <button
                    type="button"
                    class="chip"
                    aria-label=label
                    tabindex=move || if is_stop(id) { "0" } else { "-1" }
                    on:focus=move |_| stop.set(Some(id))
                    on:click=move |_| take_out(id)
                >
                    <bdi>{name}</bdi>
                    <Icon glyph=Glyph::Close size=IconSize::Small />
                </button>
            </li>
        }
    };
    view! {
        <Show when=move || choice.count() != 0>
            <ul class="chips" aria-label=t.groups().chosen_people on:keydown=key>
                <For each=move || choice.people.get() key=|person| person.id let(person)>
                    {chip(person)}
                </For>
            </ul>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_follow_the_direction_of_reading() {
        for (key, rtl, index, expected) in [
            ("ArrowRight", false, 0, Some(1)),
            ("ArrowRight", false, 2, Some(2)),
            ("ArrowLeft", false, 0, None),
            ("ArrowLeft", true, 0, Some(1)),
            ("ArrowRight", true, 2, Some(1)),
            ("Home", true, 2, Some(0)),
            ("End", false, 0, Some(2)),
            ("a", false, 0, None),
        ] {
            assert_eq!(target(key, rtl, index, 3), expected, "{key} {rtl} {index}");
        }
        assert_eq!(target("End", false, 0, 0), None);
    }
}
