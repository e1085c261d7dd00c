//! What the scroller asks of the browser.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{
    AddEventListenerOptions, Element, FocusOptions, HtmlElement, MutationObserver,
    MutationObserverInit, ResizeObserver,
};

use super::Scroller;
use crate::components::message::ROW_ID;

/// Where the reader is, in pixels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Geometry {
    /// What is on the page above what is in sight.
    pub(super) above: i32,
    /// What is on the page below it.
    pub(super) below: i32,
    /// What is in sight.
    pub(super) screen: i32,
}

impl Geometry {
    /// Of a scroller that counts from its end, so that its positions are negative.
    pub(super) fn of(frame: &Element) -> Self {
        let screen = frame.client_height();
        let below = -frame.scroll_top();
        Self {
            above: frame.scroll_height() - screen - below,
            below,
            screen,
        }
    }
}

/// Where a row is, from the top of the frame.
pub(super) fn top_of(frame: &Element, id: &str) -> Option<f64> {
    let row = document().get_element_by_id(id)?;
    Some(row.get_bounding_client_rect().top() - frame.get_bounding_client_rect().top())
}

/// Where the unread divider is, from the top of the frame.
pub(super) fn divider_top(frame: &Element) -> Option<f64> {
    let divider = frame.query_selector(".divider").ok().flatten()?;
    Some(divider.get_bounding_client_rect().top() - frame.get_bounding_client_rect().top())
}

/// The second row in sight, which stays whatever leaves, and where it is. Headings stick to
/// the top and say nothing about what moves.
pub(super) fn anchor(frame: &Element, list: &Element) -> Option<(String, f64)> {
    let top = frame.get_bounding_client_rect().top();
    let items = list.children();
    let (mut low, mut high) = (0, items.length());
    while low < high {
        let middle = low.midpoint(high);
        let bottom = items.item(middle)?.get_bounding_client_rect().bottom();
        if bottom > top {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    let mut rows = (low..items.length())
        .filter_map(|at| items.item(at))
        .filter(|item| item.id().starts_with(ROW_ID));
    let first = rows.next()?;
    let row = rows.next().unwrap_or(first);
    Some((row.id(), row.get_bounding_client_rect().top() - top))
}

/// The message in a row, if it is on the page.
pub(super) fn article(id: &str) -> Option<HtmlElement> {
    let row = document().get_element_by_id(id)?;
    row.first_element_child()?.dyn_into().ok()
}

/// How far an element is below the middle of the frame.
pub(super) fn from_middle(frame: &Element, element: &Element) -> f64 {
    let (frame, element) = (
        frame.get_bounding_client_rect(),
        element.get_bounding_client_rect(),
    );
    f64::midpoint(element.top(), element.bottom()) - f64::midpoint(frame.top(), frame.bottom())
}

/// Whether the row that has the focus, or a part of which has, is one of those that leave.
pub(super) fn focus_leaves(leaves: impl Fn(&str) -> bool) -> bool {
    let row = document()
        .active_element()
        .and_then(|active| active.closest("li[id]").ok().flatten());
    row.is_some_and(|row| row.id().starts_with(ROW_ID) && leaves(&row.id()))
}

/// Focus without scrolling.
pub(super) fn focus(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.focus_with_options(&options);
}

/// Calls something later.
pub(super) fn after(millis: u64, call: impl FnOnce() + 'static) {
    set_timeout(call, Duration::from_millis(millis));
}

/// Watches the column: what is put on the page and leaves it, what changes its size, and the
/// fingers on it. Both observers report before the next picture is painted.
pub(super) fn observe(scroller: Scroller) {
    Effect::new(move |_| {
        let (Some(frame), Some(list)) = (scroller.frame.get(), scroller.list.get()) else {
            return;
        };
        let changed = Closure::<dyn Fn()>::new(move || scroller.settle());
        let callback = changed.as_ref().unchecked_ref();
        let sizes = ResizeObserver::new(callback).ok();
        if let Some(sizes) = &sizes {
            sizes.observe(&list);
            sizes.observe(&frame);
        }
        let rows = MutationObserver::new(callback).ok();
        if let Some(rows) = &rows {
            let options = MutationObserverInit::new();
            options.set_child_list(true);
            let _ = rows.observe_with_options(&list, &options);
        }
        let fingers = [
            ("touchstart", true),
            ("touchend", false),
            ("touchcancel", false),
        ]
        .map(|(name, touched)| listen(&frame, name, move || scroller.touch(touched)));
        let hands = ["wheel", "pointerdown", "keydown"]
            .map(|name| listen(&frame, name, move || scroller.moved()));
        let watching = SendWrapper::new((changed, sizes, rows, fingers, hands));
        on_cleanup(move || {
            let (_changed, sizes, rows, fingers, hands) = watching.take();
            if let Some(sizes) = sizes {
                sizes.disconnect();
            }
            if let Some(rows) = rows {
                rows.disconnect();
            }
            for (name, heard) in fingers.into_iter().chain(hands) {
                let heard = heard.as_ref().unchecked_ref();
                let _ = frame.remove_event_listener_with_callback_and_bool(name, heard, true);
            }
        });
        scroller.settle();
    });
}

/// Listens without holding the browser up, before anybody on the page who acts on it.
fn listen(
    target: &HtmlElement,
    name: &'static str,
    heard: impl Fn() + 'static,
) -> (&'static str, Closure<dyn Fn()>) {
    let heard = Closure::<dyn Fn()>::new(heard);
    let options = AddEventListenerOptions::new();
    options.set_passive(true);
    options.set_capture(true);
    let _ = target.add_event_listener_with_callback_and_add_event_listener_options(
        name,
        heard.as_ref().unchecked_ref(),
        &options,
    );
    (name, heard)
}

/// Calls with whether the tab is visible and whether the window has the focus, now and
/// whenever that changes.
pub(in crate::components) fn watch_tab(seen: impl Fn(bool, bool) + Copy + 'static) {
    let look = move || {
        let document = document();
        let visible = document.visibility_state() == web_sys::VisibilityState::Visible;
        seen(visible, document.has_focus().unwrap_or(false));
    };
    Effect::new(move |_| {
        look();
        let handles = [
            window_event_listener(ev::focus, move |_| look()),
            window_event_listener(ev::blur, move |_| look()),
            window_event_listener_untyped("visibilitychange", move |_| look()),
        ];
        on_cleanup(move || handles.into_iter().for_each(WindowListenerHandle::remove));
    });
}
