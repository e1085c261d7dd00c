//! To the newest message, and to any other.

use client::{ItemKey, Newer, RowKey, Sought};

use super::stretch::keys;
use super::{Scroller, browser, set};
use crate::components::actions::row_id;
use crate::components::span::Span;
use crate::live::{ConversationView, LiveItem};
use leptos::prelude::*;

/// A row that the focus goes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Target {
    /// Its id in the page.
    id: String,
    /// Whether it is to be in the middle.
    centred: bool,
}

impl Scroller {
    /// Goes to the newest message.
    pub(in crate::components) fn to_end(self) {
        self.change(|state| {
            state.opening = false;
            state.to_end = true;
        });
        let is_elsewhere = self.newer() != Newer::AtNewest;
        if is_elsewhere {
            self.live.go_to_newest(self.view.with_value(|view| view.id));
        }
        self.with_items(|items| {
            if is_elsewhere || self.span().to < items.len() {
                let keys = keys(items);
                let span = if self.at_end.get_untracked() {
                    Span::follow(&self.shown_keys(), &keys, true, self.most())
                } else {
                    Span::newest(&keys)
                };
                self.show(items, span);
            }
        });
        self.settle();
    }

    /// Goes to the newest message and puts the focus on it.
    pub(in crate::components) fn to_end_and_focus(self, newest: Option<RowKey>) {
        let target = newest.map(|key| Target {
            id: row_id(key),
            centred: false,
        });
        self.change(|state| state.target = target);
        self.to_end();
    }

    /// Goes to a message that is held: into the middle of the page, with the focus.
    pub(in crate::components) fn jump_to(self, key: RowKey) {
        let target = Target {
            id: row_id(key),
            centred: true,
        };
        self.change(|state| {
            state.opening = false;
            state.to_end = false;
            state.target = Some(target);
        });
        self.with_items(|items| {
            let keys = keys(items);
            let place = keys.iter().rposition(|item| *item == ItemKey::Message(key));
            // What is on the page may be of another stretch of the conversation still.
            let is_shown = self.shown_keys().contains(&ItemKey::Message(key));
            if let Some(at) = place.filter(|_| !is_shown) {
                self.arrive(items, Span::around(&keys, at, self.most()));
            }
        });
        // A row that is only now put on the page is gone to when it is there.
        if browser::article(&row_id(key)).is_some() {
            self.settle();
        }
    }

    /// Where a place is that was gone to, if nothing that is on the page is among the items.
    pub(super) fn elsewhere(self, items: &[LiveItem], keys: &[ItemKey]) -> Option<usize> {
        let shown = self.shown_keys();
        let is_row = |key: &&ItemKey| matches!(key, ItemKey::Message(_) | ItemKey::Notice(_));
        let stays = shown.iter().filter(is_row).any(|key| keys.contains(key));
        if stays {
            return None;
        }
        self.view.with_value(|view| sought_in(view, items))
    }

    /// Shows rows that have nothing to do with those before: where the reader was is not to be
    /// held, and what is still on the page says nothing of where they will be.
    pub(super) fn arrive(self, items: &[LiveItem], span: Span) {
        self.change(|state| {
            state.anchor = None;
            state.opening = false;
            state.to_end = false;
        });
        set(self.at_end, false);
        self.show(items, span);
    }

    /// Whether a message is gone to that is not on the page yet: what is on it still says nothing
    /// of where the reader will be.
    pub(super) fn is_on_the_way(self) -> bool {
        self.read(|state| state.target.as_ref().is_some_and(|target| target.centred))
    }

    /// Goes to the row that is sought, if it is on the page by now.
    pub(super) fn reach_target(self, frame: &web_sys::HtmlElement) {
        let target = self.read(|state| state.target.clone());
        if let Some(Target { id, centred }) = target
            && let Some(article) = browser::article(&id)
        {
            if centred {
                let from_middle = browser::from_middle(frame, &article);
                frame.scroll_by_with_x_and_y(0.0, from_middle);
            }
            browser::focus(&article);
            self.change(|state| state.target = None);
        }
    }
}

/// Where among the items the place stands that was gone to.
pub(super) fn sought_in(view: &ConversationView, items: &[LiveItem]) -> Option<usize> {
    let Some(Sought::Here(seq)) = view.sought.get_untracked() else {
        return None;
    };
    if view.newer.get_untracked() == Newer::AtNewest {
        return None;
    }
    items.iter().position(|item| item.seq() == Some(seq))
}
