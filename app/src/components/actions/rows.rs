//! The keyboard in the column: one stop for the tab key, arrows from message to message, Enter
//! into what can be done with one, Escape back and on to the composer.

use client::RowKey;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::Actions;
use crate::components::composer::focus_composer;
use crate::components::message::ROW_ID;
use crate::i18n::locale;
use crate::keys::is_composing;
use crate::live::LiveItem;

/// A message in the column.
const ARTICLE: &str = "li > article";
/// Where it stands. Items of lists in a message have no id.
const ROW: &str = "li[id]";
/// What can be acted on in one.
const CONTROLS: &str = "button, a[href]";
/// Where one gets to first.
const FIRST_CONTROL: &str = ".toolbar button";

/// The id of a row in the page.
pub(in crate::components) fn row_id(key: RowKey) -> String {
    format!("{ROW_ID}{}", key.send_id)
}

/// Puts the focus on a message, if it is on the page.
pub(super) fn focus(key: RowKey) {
    let row = document().get_element_by_id(&row_id(key));
    if let Some(article) = row.and_then(|row| row.first_element_child()) {
        focus_on(&article);
    }
}

fn focus_on(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// The message that something happened in.
pub(super) fn key_of(event: &web_sys::Event, actions: Actions) -> Option<RowKey> {
    let target: Element = event.target()?.dyn_into().ok()?;
    key_around(&target, actions)
}

/// The message that an element is in.
pub(in crate::components) fn key_around(element: &Element, actions: Actions) -> Option<RowKey> {
    let row = element.closest(ROW).ok().flatten()?.id();
    let id = row.strip_prefix(ROW_ID)?.parse().ok()?;
    actions.scroller.shown.with_untracked(|items| {
        items.iter().find_map(|item| match item {
            LiveItem::Message { key, .. } if key.send_id == id => Some(*key),
            _ => None,
        })
    })
}

/// The message where the tab key stops: the one with the focus, otherwise the newest, or one in
/// sight of a reader who is elsewhere.
pub(in crate::components) fn tab_stop(actions: Actions) -> Memo<Option<RowKey>> {
    let scroller = actions.scroller;
    Memo::new(move |_| {
        let (focused, sight) = (actions.focused.get(), scroller.in_sight.get());
        scroller.shown.with(|items| {
            let keys = || {
                items.iter().rev().filter_map(|item| match item {
                    LiveItem::Message { key, .. } => Some(*key),
                    _ => None,
                })
            };
            let in_sight = || {
                let sight = sight.as_ref()?;
                keys().find(|key| row_id(*key) == *sight)
            };
            focused
                .filter(|focused| keys().any(|key| key == *focused))
                .or_else(in_sight)
                .or_else(|| keys().next())
        })
    })
}

impl Actions {
    /// The focus has come to something in the column.
    pub(in crate::components) fn focus_came(self, event: &web_sys::Event) {
        let key = key_of(event, self);
        if self.focused.get_untracked() != key {
            self.focused.set(key);
        }
    }

    /// It has left something; perhaps for something else in the column, perhaps with the window.
    pub(in crate::components) fn focus_left(self) {
        let look = move || {
            let here = document()
                .active_element()
                .and_then(|active| key_around(&active, self));
            if self
                .focused
                .try_get_untracked()
                .is_some_and(|was| was != here)
            {
                self.focused.try_set(here);
            }
        };
        set_timeout(look, std::time::Duration::ZERO);
    }

    /// The mouse moves over the column.
    pub(in crate::components) fn pointed(self, event: &leptos::ev::PointerEvent) {
        let key = (event.pointer_type() == "mouse")
            .then(|| key_of(event, self))
            .flatten();
        if self.hovered.get_untracked() != key {
            self.hovered.set(key);
        }
    }

    /// It does not point at any message any more.
    pub(in crate::components) fn pointed_elsewhere(self) {
        if self.hovered.get_untracked().is_some() {
            self.hovered.set(None);
        }
    }
}

/// Which way an arrow leads along a line of buttons.
pub(in crate::components) fn along(key: &str) -> Option<bool> {
    let rtl = locale().get_untracked().dir() == "rtl";
    match (key, rtl) {
        ("ArrowRight", false) | ("ArrowLeft", true) => Some(true),
        ("ArrowLeft", false) | ("ArrowRight", true) => Some(false),
        _ => None,
    }
}

/// A key was pressed in the column.
pub(in crate::components) fn controls_key(event: &KeyboardEvent, actions: Actions) {
    let is_ours = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
    if is_ours && !is_composing(event) && actions.selecting_key(event) {
        event.prevent_default();
        event.stop_propagation();
        return;
    }
    let plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key() && !event.shift_key();
    if !plain || event.default_prevented() || is_composing(event) {
        return;
    }
    let Some(target) = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
    else {
        return;
    };
    let key = event.key();
    let article = target.closest(ARTICLE).ok().flatten();
    let taken = match article {
        None => in_column(&key, actions),
        Some(article) if article == target => on_row(&article, &key, actions),
        Some(article) => within_row(&article, &target, &key),
    };
    if taken {
        event.prevent_default();
        // The mouse has not moved: what lies under it now was not pointed at.
        actions.pointed_elsewhere();
    }
}

fn in_column(key: &str, actions: Actions) -> bool {
    match key {
        "End" => to_newest(actions),
        "ArrowUp" | "ArrowDown" => match tab_stop_now(actions) {
            Some(key) => focus(key),
            None => return false,
        },
        _ => return false,
    }
    true
}

fn tab_stop_now(actions: Actions) -> Option<RowKey> {
    let list = actions.scroller.list.get_untracked()?;
    let stop = list.query_selector("article[tabindex=\"0\"]").ok()??;
    key_around(&stop, actions)
}

fn to_newest(actions: Actions) {
    actions.live.go_to_newest(actions.id);
    let newest = actions.view().items.with_untracked(|items| {
        items.iter().rev().find_map(|item| match item {
            LiveItem::Message { key, .. } => Some(*key),
            _ => None,
        })
    });
    actions.scroller.to_end_and_focus(newest);
}

fn on_row(article: &Element, key: &str, actions: Actions) -> bool {
    match key {
        "ArrowUp" => go(neighbour(article, false)),
        "ArrowDown" => go(neighbour(article, true)),
        "Home" => go(first(article)),
        "End" => to_newest(actions),
        "Escape" => focus_composer(),
        "Enter" => return enter(article),
        _ => return along(key) == Some(true) && enter(article),
    }
    true
}

fn go(article: Option<Element>) {
    if let Some(article) = article {
        focus_on(&article);
    }
}

/// The next message, or the one before.
fn neighbour(article: &Element, forwards: bool) -> Option<Element> {
    let mut row = article.parent_element()?;
    loop {
        row = if forwards {
            row.next_element_sibling()?
        } else {
            row.previous_element_sibling()?
        };
        if let Ok(Some(found)) = row.query_selector("article") {
            return Some(found);
        }
    }
}

/// The message after another, or before it.
pub(in crate::components) fn neighbour_of(
    key: RowKey,
    forwards: bool,
    actions: Actions,
) -> Option<RowKey> {
    let row = document().get_element_by_id(&row_id(key))?;
    let article = neighbour(&row.first_element_child()?, forwards)?;
    key_around(&article, actions)
}

fn first(article: &Element) -> Option<Element> {
    let list = article.closest("ol").ok()??;
    list.query_selector(ARTICLE).ok()?
}

fn enter(article: &Element) -> bool {
    let control = [FIRST_CONTROL, CONTROLS].into_iter().find_map(|selector| {
        let found = article.query_selector_all(selector).ok()?;
        elements(&found).find(is_there)
    });
    control.as_ref().map(focus_on).is_some()
}

fn elements(found: &web_sys::NodeList) -> impl Iterator<Item = Element> + use<'_> {
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok())
}

/// Whether it can have the focus: it has a size, and is not hidden.
fn is_there(element: &Element) -> bool {
    element
        .dyn_ref::<HtmlElement>()
        .is_some_and(|element| element.offset_width() > 0)
}

fn within_row(article: &Element, target: &Element, key: &str) -> bool {
    if key == "Escape" {
        focus_on(article);
        return true;
    }
    let Ok(found) = article.query_selector_all(CONTROLS) else {
        return false;
    };
    let controls: Vec<Element> = elements(&found).filter(is_there).collect();
    let Some(at) = controls.iter().position(|control| control == target) else {
        return false;
    };
    let to = match (key, along(key)) {
        ("Home", _) => 0,
        ("End", _) => controls.len() - 1,
        (_, Some(forwards)) => beside(at, controls.len(), forwards),
        _ => return false,
    };
    controls.get(to).map(focus_on).is_some()
}

/// The next of so many, or the one before; from each end to the other.
pub(super) const fn beside(at: usize, count: usize, forwards: bool) -> usize {
    if forwards {
        (at + 1) % count
    } else {
        (at + count - 1) % count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_buttons_has_no_ends() {
        assert_eq!(beside(0, 3, true), 1);
        assert_eq!(beside(2, 3, true), 0);
        assert_eq!(beside(0, 3, false), 2);
        assert_eq!(beside(1, 3, false), 0);
    }
}
