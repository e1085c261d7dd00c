//! The list of people who may be meant, over the composer. The focus stays in the text area,
//! which names the option that would be taken.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use protocol::{DisplayName, Username};

use super::Writing;
use super::marking::replace;
use super::suggest::{Begun, Candidate, Press, begun, candidates, press};
use crate::components::actions::Actions;
use crate::i18n::{has_rtl, texts};
use crate::ui::{Avatar, AvatarSize, Glyph, Icon};

/// The id of the list.
const LIST_ID: &str = "mention-list";

/// Who is offered.
#[derive(Clone, Copy)]
pub(super) struct Suggestions {
    writing: Writing,
    begun: RwSignal<Option<Begun>>,
    found: Memo<Vec<Candidate>>,
    active: RwSignal<usize>,
    /// Where the name begins for which nobody is wanted.
    dismissed: StoredValue<Option<usize>>,
}

impl Suggestions {
    pub(super) fn new(actions: Actions) -> Self {
        let begun = RwSignal::new(None::<Begun>);
        let summary = actions.view().summary;
        let me = actions.live.me();
        let found = Memo::new(move |_| {
            let Some(begun) = begun.get() else {
                return Vec::new();
            };
            summary.with(|summary| {
                let summary = summary.as_ref();
                summary.map_or_else(Vec::new, |it| candidates(it, me, &begun.term))
            })
        });
        Self {
            writing: actions.writing,
            begun,
            found,
            active: RwSignal::new(0),
            dismissed: StoredValue::new(None),
        }
    }

    pub(super) fn is_open(self) -> bool {
        self.found.with(|found| !found.is_empty())
    }

    /// The id of the list, while it is there.
    pub(super) fn list_id(self) -> Option<&'static str> {
        self.is_open().then_some(LIST_ID)
    }

    /// The id of the option that would be taken.
    pub(super) fn active_id(self) -> Option<String> {
        self.is_open().then(|| option_id(self.active.get()))
    }

    /// The text or the caret is another.
    pub(super) fn look(self) {
        let Some(node) = self.writing.node.get_untracked() else {
            return;
        };
        let place = |at: Result<Option<u32>, _>| at.ok().flatten();
        let (start, end) = (place(node.selection_start()), place(node.selection_end()));
        let caret = end.filter(|_| start == end);
        let now = caret
            .and_then(|caret| begun(&node.value(), usize::try_from(caret).ok()?))
            .filter(|begun| Some(begun.place.start) != self.dismissed.get_value());
        if now.is_some() {
            self.dismissed.set_value(None);
        }
        if self.begun.with_untracked(|before| *before != now) {
            self.active.set(0);
            self.begun.set(now);
        }
    }

    /// The focus has left.
    pub(super) fn close(self) {
        self.begun.set(None);
    }

    /// A key was pressed in the text area; whether it was for the list.
    pub(super) fn pressed(self, event: &KeyboardEvent) -> bool {
        let command = event.ctrl_key() || event.meta_key() || event.alt_key();
        if command || event.shift_key() {
            return false;
        }
        let (key, active) = (event.key(), self.active.get_untracked());
        match self
            .found
            .with_untracked(|found| press(&key, found, active))
        {
            Some(Press::Go(to)) => self.go(to),
            Some(Press::Take(number)) => self.take(number),
            Some(Press::Dismiss) => {
                let begun = self.begun.with_untracked(Option::clone);
                self.dismissed.set_value(begun.map(|it| it.place.start));
                self.close();
            }
            None => return false,
        }
        true
    }

    fn go(self, to: usize) {
        self.active.set(to);
        if let Some(option) = document().get_element_by_id(&option_id(to)) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            option.scroll_into_view_with_scroll_into_view_options(&options);
        }
    }

    /// Writes the name.
    fn take(self, number: usize) {
        let candidate = self
            .found
            .with_untracked(|found| found.get(number).cloned());
        let (Some(candidate), Some(begun), Some(node)) = (
            candidate.filter(Candidate::is_free),
            self.begun.get_untracked(),
            self.writing.node.get_untracked(),
        ) else {
            return;
        };
        let space = if begun.spaced { "" } else { " " };
        let name = format!("@{}{space}", candidate.name());
        replace(&node, (begun.place.start, begun.place.end), &name);
        self.writing.typed();
        self.close();
    }
}

fn option_id(number: usize) -> String {
    format!("mention-{number}")
}

/// The list, if anybody is offered.
pub(super) fn suggestion_list(suggestions: Suggestions) -> impl IntoView {
    let m = texts().mentions();
    move || {
        let found = suggestions.found.get();
        (!found.is_empty()).then(|| {
            let options = found.into_iter().enumerate();
            let options = options.map(|(number, candidate)| {
                view! { <Suggestion suggestions number candidate /> }
            });
            view! {
                <ul id=LIST_ID class="mention-list" role="listbox" aria-label=m.suggestions>
                    {options.collect_view()}
                </ul>
            }
        })
    }
}

#[component]
fn Suggestion(suggestions: Suggestions, number: usize, candidate: Candidate) -> impl IntoView {
    let is_active = Memo::new(move |_| suggestions.active.get() == number);
    let is_off = !candidate.is_free();
    view! {
        <li
            id=option_id(number)
            role="option"
            class="mention-option"
            aria-selected=move || is_active.get().to_string()
            aria-disabled=is_off.then_some("true")
            // The text area keeps the focus, and a phone its keyboard.
            on:pointerdown=move |event| event.prevent_default()
            on:mousedown=move |event| event.prevent_default()
            on:click=move |_| suggestions.take(number)
        >
            {match candidate {
                Candidate::Person(person) => {
                    let name = person.display_name.to_string();
                    view! {
                        <Avatar id=person.id name size=AvatarSize::Small />
                        {names(&person.display_name, &person.username)}
                    }
                        .into_any()
                }
                Candidate::All(_) => everybody(is_off).into_any(),
            }}
        </li>
    }
}

fn names(name: &DisplayName, username: &Username) -> impl IntoView + use<> {
    let name = name.to_string();
    let class = if has_rtl(&name) {
        "mention-name nastaliq"
    } else {
        "mention-name"
    };
    view! {
        <span class="mention-names">
            <bdi class=class>{name}</bdi>
            " "
            <bdi class="mention-username" dir="ltr">
                {format!("@{username}")}
            </bdi>
        </span>
    }
}

fn everybody(is_off: bool) -> impl IntoView {
    let m = texts().mentions();
    let said = if is_off { m.admins_only } else { m.everybody };
    view! {
        <span class="mention-all">
            <Icon glyph=Glyph::People />
        </span>
        <span class="mention-names">
            <bdi class="mention-name" dir="ltr">
                "@all"
            </bdi>
            " "
            <span class="mention-username">{said}</span>
        </span>
    }
}
