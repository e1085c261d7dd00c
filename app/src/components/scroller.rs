//! The column of messages: which of them are on the page, and where the reader is.
//!
//! The browser counts from the end (`flex-direction: column-reverse`), so what grows above
//! needs nothing, and whoever is at the end stays there. Only what grows or leaves below a
//! reader who is elsewhere needs one correction, made before the next picture is painted.

mod browser;
mod going;
mod moving;
mod stretch;

pub(super) use browser::watch_tab;

use client::{ItemKey, Newer, Older};
use leptos::html::{Ol, Section};
use leptos::prelude::*;

use crate::components::actions::row_id;
use crate::components::announcer::Speaker;
use crate::components::span::{MOST_HELD, REACH, Span, most_items};
use crate::live::{ConversationView, Live, LiveItem};
use crate::ui::keep_focus;
use browser::Geometry;
use going::{Target, sought_in};
use stretch::{keys, stretch};

/// Whoever is this close to the newest message, in pixels, is at the end.
const AT_END: i32 = 50;
/// Where the unread divider stands when a conversation is opened, in pixels under the bar.
const DIVIDER_TOP: f64 = 48.0;

/// The scroller of one conversation.
#[derive(Clone, Copy)]
pub struct Scroller {
    /// What scrolls.
    pub(super) frame: NodeRef<Section>,
    /// The list of items in it.
    pub(super) list: NodeRef<Ol>,
    /// The items on the page.
    pub(super) shown: RwSignal<Vec<LiveItem>>,
    /// Whether the newest message is in sight. Not before anybody has looked.
    pub(super) at_end: RwSignal<bool>,
    /// Whether anybody has looked: only then is known where the reader is.
    pub(super) looked: RwSignal<bool>,
    /// Whether the oldest item is on the page.
    pub(super) at_oldest: RwSignal<bool>,
    /// Whether the newest message is more than a screen away.
    pub(super) far: RwSignal<bool>,
    /// The id of a row in sight of a reader who is not at the end.
    pub(super) in_sight: RwSignal<Option<String>>,
    live: Live,
    speaker: Option<Speaker>,
    view: StoredValue<ConversationView>,
    state: StoredValue<State>,
}

/// What nothing on the screen depends on.
#[derive(Clone, Debug)]
struct State {
    span: Span,
    /// A row in sight and its distance from the top, for a reader who is not at the end.
    anchor: Option<(String, f64)>,
    /// The place to open at is not certain yet.
    opening: bool,
    /// The reader has been elsewhere than at the end.
    away: bool,
    /// The end is to be shown as soon as it is on the page, and held until the list has come
    /// to rest: a scroll that the browser still animates goes on from where it is put.
    to_end: bool,
    /// How often the list was put to the end while it is held there.
    put: u32,
    /// The row to go to as soon as it is on the page.
    target: Option<Target>,
    /// A finger moves the list, or what it set going still does.
    held: bool,
    /// Fingers on the list.
    touched: bool,
    /// The position that was last set or seen.
    top: i32,
}

impl Scroller {
    /// Shows a conversation as it opens.
    #[must_use]
    pub fn new(live: Live, view: &ConversationView) -> Self {
        let (shown, span) = view.items.with_untracked(|items| {
            let keys = keys(items);
            let span = match sought_in(view, items) {
                Some(at) => Span::around(&keys, at, most_items(0)),
                None => Span::opened(&keys),
            };
            (stretch(items, span), span)
        });
        Self {
            frame: NodeRef::new(),
            list: NodeRef::new(),
            shown: RwSignal::new(shown),
            at_end: RwSignal::new(false),
            looked: RwSignal::new(false),
            at_oldest: RwSignal::new(span.from == 0),
            far: RwSignal::new(false),
            in_sight: RwSignal::new(None),
            live,
            speaker: Speaker::current(),
            view: StoredValue::new(view.clone()),
            state: StoredValue::new(State {
                span,
                anchor: None,
                opening: view.newer.get_untracked() == Newer::AtNewest,
                away: false,
                to_end: false,
                put: 0,
                target: None,
                held: false,
                touched: false,
                top: 0,
            }),
        }
    }

    /// Follows the conversation and the reader while the caller's view lives.
    pub(super) fn start(self) {
        browser::observe(self);
        let view = self.view.get_value();
        Effect::new(move |_| view.items.with(|items| self.take(items)));
        let view = self.view.get_value();
        Effect::new(move |_| {
            view.older.track();
            view.newer.track();
            self.fill();
        });
    }

    /// Whether the reader has been elsewhere than at the end since the conversation was opened.
    pub(super) fn has_been_away(self) -> bool {
        self.read(|state| state.away)
    }

    /// Whether everything up to the end is in sight and nothing divides it.
    pub(super) fn nothing_to_leave(self) -> bool {
        let divided = self.shown.with_untracked(|items| {
            items
                .iter()
                .any(|item| item.key() == ItemKey::UnreadDivider)
        });
        self.at_end.get_untracked() && !divided
    }

    /// Puts the focus on the column itself, where the keys scroll.
    pub(super) fn focus(self) {
        if let Some(frame) = self.frame.get_untracked() {
            browser::focus(&frame);
        }
    }

    /// Takes the focus where something that goes away has it, or had it.
    pub(super) fn catch_focus(self) {
        keep_focus(".composer-zone", &[".thread"]);
        let active = document().active_element();
        if active.is_none_or(|active| active.tag_name() == "BODY") {
            self.focus();
        }
    }

    /// The items have changed.
    fn take(self, items: &[LiveItem]) {
        let keys = keys(items);
        let (opening, to_end) = self.read(|state| (state.opening, state.to_end));
        let at_end = self.at_end.get_untracked() || to_end;
        if let Some(at) = self.elsewhere(items, &keys) {
            self.arrive(items, Span::around(&keys, at, self.most()));
            return;
        }
        let span = if opening && !at_end {
            Span::opened(&keys)
        } else {
            Span::follow(&self.shown_keys(), &keys, at_end, self.most())
        };
        self.show(items, span);
        // Without a change on the page nobody else looks again.
        self.look();
        self.fill();
    }

    /// Puts a stretch of the items on the page.
    fn show(self, items: &[LiveItem], span: Span) {
        self.change(|state| state.span = span);
        let stretch = stretch(items, span);
        let same = self.shown.with_untracked(|shown| {
            shown.len() == stretch.len()
                && shown
                    .iter()
                    .zip(&stretch)
                    .all(|(one, other)| one.key() == other.key())
        });
        if !same {
            if browser::focus_leaves(|id| stretch.iter().all(|item| !is_row(item, id))) {
                self.focus();
            }
            self.shown.set(stretch);
        }
        set(self.at_oldest, span.from == 0);
    }

    /// Something has changed its place on the page; called before it is painted.
    fn settle(self) {
        let Some(frame) = self.frame.get_untracked() else {
            return;
        };
        let (to_end, opening, held, anchor) = self.read(|state| {
            (
                state.to_end,
                state.opening,
                state.held,
                state.anchor.clone(),
            )
        });
        if to_end {
            frame.set_scroll_top(0);
            if self.is_whole() {
                self.rest_later();
            }
        } else if opening {
            self.open_at_divider(&frame);
        } else if self.at_end.get_untracked() {
            if !held {
                frame.set_scroll_top(0);
            }
        } else if let Some((id, top)) = anchor.filter(|_| !held)
            && let Some(now) = browser::top_of(&frame, &id)
            && (now - top).abs() > 0.5
        {
            frame.scroll_by_with_x_and_y(0.0, now - top);
        }
        self.reach_target(&frame);
        self.change(|state| state.top = frame.scroll_top());
        self.look();
        self.fill();
    }

    /// Brings the divider under the bar, until the reader moves or nothing can be loaded that
    /// could stand before it.
    fn open_at_divider(self, frame: &web_sys::HtmlElement) {
        let older = self.view.with_value(|view| view.older.get_untracked());
        if let Some(top) = browser::divider_top(frame) {
            frame.scroll_by_with_x_and_y(0.0, top - DIVIDER_TOP);
        }
        let first_row = |item: &&LiveItem| !matches!(item, LiveItem::Day { .. });
        let moves = self.shown.with_untracked(|items| {
            matches!(items.iter().find(first_row), Some(LiveItem::UnreadDivider))
        });
        let may_load = matches!(older, Older::More | Older::Loading);
        self.change(|state| state.opening = moves && may_load);
    }

    /// Notes where the reader is.
    fn look(self) {
        let Some(frame) = self.frame.get_untracked() else {
            return;
        };
        let place = Geometry::of(&frame);
        let whole = self.is_whole();
        let opening = self.read(|state| state.opening);
        let at_end = whole && place.below <= AT_END && !opening;
        if at_end {
            self.change(|state| state.anchor = None);
            self.see(None);
        } else if let Some(list) = self.list.get_untracked() {
            let anchor = browser::anchor(&frame, &list);
            self.see(anchor.as_ref().map(|(id, _)| id.clone()));
            self.change(|state| {
                state.anchor = anchor;
                state.away |= !opening;
            });
        }
        set(self.far, !at_end && (!whole || place.below > place.screen));
        set(self.at_end, at_end);
        set(self.looked, true);
    }

    fn see(self, id: Option<String>) {
        if self.in_sight.try_with_untracked(|sight| *sight != id) == Some(true) {
            self.in_sight.set(id);
        }
    }

    /// Puts more on the page, or asks for more, where the reader nears an end of it.
    fn fill(self) {
        let Some(frame) = self.frame.get_untracked() else {
            return;
        };
        if self.is_on_the_way() {
            return;
        }
        let place = Geometry::of(&frame);
        let (span, held) = self.read(|state| (state.span, state.held));
        let most = self.most();
        if place.above < REACH && span.from > 0 {
            self.with_items(|items| {
                let keys = keys(items);
                let older = if held {
                    span.older_held(&keys, MOST_HELD)
                } else {
                    span.older(&keys, most)
                };
                self.show(items, older);
            });
        } else if place.below > REACH && !held && span.to - span.from > most {
            self.with_items(|items| self.show(items, span.trimmed(most)));
        } else if place.below < REACH && !held && !self.has_last() {
            self.with_items(|items| self.show(items, span.newer(&keys(items), most)));
        } else if place.below < REACH && self.newer() == Newer::More {
            self.live.load_newer(self.view.with_value(|view| view.id));
        } else if place.above < REACH && self.is_more_to_load() {
            self.live.load_older(self.view.with_value(|view| view.id));
        }
    }

    fn is_more_to_load(self) -> bool {
        self.view
            .with_value(|view| view.older.get_untracked() == Older::More)
    }

    fn most(self) -> usize {
        let screen = self
            .frame
            .get_untracked()
            .map(|frame| frame.client_height());
        most_items(screen.unwrap_or_default())
    }

    fn span(self) -> Span {
        self.read(|state| state.span)
    }

    /// Whether the newest message is on the page.
    fn is_whole(self) -> bool {
        self.has_last() && self.newer() == Newer::AtNewest
    }

    /// Whether the last item is on the page.
    fn has_last(self) -> bool {
        self.with_items(|items| self.span().to == items.len())
    }

    fn newer(self) -> Newer {
        self.view.with_value(|view| view.newer.get_untracked())
    }

    fn with_items<T>(self, read: impl FnOnce(&[LiveItem]) -> T) -> T {
        self.view
            .with_value(|view| view.items.with_untracked(|items| read(items)))
    }

    fn shown_keys(self) -> Vec<ItemKey> {
        self.shown.with_untracked(|shown| keys(shown))
    }

    fn read<T>(self, read: impl FnOnce(&State) -> T) -> T {
        self.state.with_value(read)
    }

    fn change(self, change: impl FnOnce(&mut State)) {
        self.state.try_update_value(change);
    }
}

/// Whether an item is the row with this id in the page.
fn is_row(item: &LiveItem, id: &str) -> bool {
    match item {
        LiveItem::Message { key, .. } | LiveItem::Notice { key, .. } => row_id(*key) == id,
        LiveItem::Day { .. } | LiveItem::UnreadDivider => false,
    }
}

fn set(signal: RwSignal<bool>, value: bool) {
    if signal.try_get_untracked() == Some(!value) {
        signal.set(value);
    }
}
