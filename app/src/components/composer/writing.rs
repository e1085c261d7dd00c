//! What stands in a composer, and what becomes of it.

use std::time::Duration;

use client::Draft;
use leptos::html::Textarea;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use protocol::{ConversationId, ErrorCode, MessageBody, TextError};
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

use super::length::measure;
use crate::i18n::Texts;
use crate::live::{Live, Queued};

/// A draft is stored when nothing was typed for this long.
const DRAFT_PAUSE: Duration = Duration::from_millis(500);

/// Why a message stayed in the composer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Refusal {
    /// Too many wait already.
    TooManyWait,
    /// It cannot be a message.
    Text(TextError),
}

impl Refusal {
    pub(super) fn text(self, t: &Texts) -> &'static str {
        match self {
            Self::TooManyWait => t.send_refused,
            Self::Text(error) => t.error(ErrorCode::from(error)),
        }
    }
}

/// The composer of one conversation.
#[derive(Clone, Copy)]
pub(super) struct Writing {
    /// The text area.
    pub(super) node: NodeRef<Textarea>,
    /// What stands in it.
    pub(super) text: RwSignal<String>,
    /// Why the last attempt to send it failed.
    pub(super) refused: RwSignal<Option<Refusal>>,
    live: Live,
    id: ConversationId,
    caret: StoredValue<u32>,
    /// The text of the shared draft that this composer wrote or shows.
    own: StoredValue<String>,
    /// There is something to store. Before a stored draft is known, nothing must replace it.
    changed: StoredValue<bool>,
    /// A message is on its way to be stored.
    storing: StoredValue<bool>,
    save: StoredValue<Option<TimeoutHandle>>,
}

impl Writing {
    pub(super) fn new(live: Live, id: ConversationId) -> Self {
        Self {
            node: NodeRef::new(),
            text: RwSignal::new(String::new()),
            refused: RwSignal::new(None),
            live,
            id,
            caret: StoredValue::new(0),
            own: StoredValue::new(String::new()),
            changed: StoredValue::new(false),
            storing: StoredValue::new(false),
            save: StoredValue::new(None),
        }
    }

    /// Whether there is nothing to send.
    pub(super) fn is_blank(self) -> bool {
        self.text.with(|text| text.trim().is_empty())
    }

    /// The text was changed by hand.
    pub(super) fn typed(self) {
        let Some(node) = self.node.get_untracked() else {
            return;
        };
        let text = node.value();
        self.live.composing(self.id, !text.is_empty());
        self.refused.set(None);
        self.take(&node, text);
        self.save_later();
    }

    /// The caret was moved by hand.
    pub(super) fn caret_moved(self) {
        let caret = self.node.get_untracked().map(|node| caret(&node));
        if let Some(caret) = caret.filter(|caret| *caret != self.caret.get_value()) {
            self.caret.set_value(caret);
            self.save_later();
        }
    }

    /// The focus has gone elsewhere.
    pub(super) fn left(self) {
        self.live.composing(self.id, false);
        self.save_now();
    }

    /// Puts the draft back, unless there is text already: it was typed before the page came
    /// to life, and is newer.
    pub(super) fn restore(self, node: &HtmlTextAreaElement) {
        if !node.value().is_empty() {
            self.take(node, node.value());
            return;
        }
        if let Some(draft) = self.live.draft(self.id) {
            self.show(node, draft);
        }
    }

    /// Takes over what another tab makes of the draft, unless there is something else here.
    pub(super) fn follow_other_tabs(self) {
        let redrafted = self.live.redrafted();
        Effect::new(move |was: Option<()>| {
            let change = redrafted.get();
            // What was told before this composer was here is in the draft that it shows.
            let (Some(()), Some(change), Some(node)) = (was, change, self.node.get_untracked())
            else {
                return;
            };
            let now = change.now.unwrap_or_else(|| Draft {
                text: String::new(),
                caret: 0,
            });
            let shown = node.value();
            if change.conversation == self.id && shown == change.before && shown != now.text {
                self.show(&node, now);
            }
        });
    }

    fn show(self, node: &HtmlTextAreaElement, draft: Draft) {
        node.set_value(&draft.text);
        let _ = node.set_selection_range(draft.caret, draft.caret);
        self.own.set_value(draft.text.clone());
        self.take(node, draft.text);
    }

    /// Hands the message over; whether there was one to hand over.
    pub(super) fn send(self) -> bool {
        let Some(node) = self.node.get_untracked() else {
            return false;
        };
        let text = node.value();
        if self.storing.get_value() || measure(&text).is_too_long() {
            return false;
        }
        match MessageBody::parse(&text) {
            Ok(body) => {
                self.storing.set_value(true);
                self.refused.set(None);
                self.live.composing(self.id, false);
                self.live
                    .send(self.id, body, move |queued| self.sent(&text, queued));
                true
            }
            Err(TextError::Empty) => false,
            Err(error) => {
                self.refused.set(Some(Refusal::Text(error)));
                false
            }
        }
    }

    /// The message is safe, or cannot be taken.
    fn sent(self, text: &str, queued: Queued) {
        self.storing.try_update_value(|storing| *storing = false);
        match (queued, self.node.try_get_untracked().flatten()) {
            (Queued::Safe, Some(node)) => {
                let now = node.value();
                // What was typed meanwhile is the beginning of the next message.
                if let Some(rest) = now.strip_prefix(text) {
                    node.set_value(rest);
                    self.take(&node, rest.to_owned());
                }
                // Another tab's draft outlives what was sent here.
                let shared = self.live.draft(self.id).map(|draft| draft.text);
                let own = self.own.get_value();
                let is_ours = shared.is_none_or(|shared| shared == own || shared == text);
                if is_ours || !self.text.with_untracked(String::is_empty) {
                    self.changed.set_value(true);
                    self.save_now();
                } else {
                    self.cancel_save();
                    self.changed.set_value(false);
                }
            }
            // The reader has gone on to another conversation; the draft was kept for this case.
            (Queued::Safe, None) => {
                let draft = self.live.draft(self.id);
                if draft.is_some_and(|draft| draft.text == text) {
                    self.live.save_draft(self.id, None);
                }
            }
            (Queued::Refused, _) => {
                self.refused.try_set(Some(Refusal::TooManyWait));
            }
        }
    }

    /// Stores the draft when the composer goes away, and when the page does.
    pub(super) fn keep_draft(self) {
        Effect::new(move |_| {
            let handles = ["pagehide", "visibilitychange"]
                .map(|name| window_event_listener_untyped(name, move |_| self.save_now()));
            on_cleanup(move || handles.into_iter().for_each(WindowListenerHandle::remove));
        });
        let on_server = is_server();
        on_cleanup(move || {
            if !on_server {
                self.live.composing(self.id, false);
                self.save_now();
            }
        });
    }

    /// Notes what stands in the text area.
    fn take(self, node: &HtmlTextAreaElement, text: String) {
        self.caret.set_value(caret(node));
        self.text.set(text);
        fit(node);
    }

    fn save_later(self) {
        self.cancel_save();
        self.changed.set_value(true);
        let handle = set_timeout_with_handle(move || self.save_now(), DRAFT_PAUSE).ok();
        self.save.set_value(handle);
    }

    fn save_now(self) {
        self.cancel_save();
        let changed = self.changed.try_update_value(std::mem::take);
        let text = self.text.try_get_untracked();
        let caret = self.caret.try_get_value();
        if let (Some(true), Some(text), Some(caret)) = (changed, text, caret) {
            self.own.try_set_value(text.clone());
            self.live.save_draft(self.id, draft(text, caret));
        }
    }

    fn cancel_save(self) {
        let handle = self.save.try_update_value(Option::take).flatten();
        if let Some(handle) = handle {
            handle.clear();
        }
    }
}

/// White space alone is not worth keeping.
fn draft(text: String, caret: u32) -> Option<Draft> {
    (!text.trim().is_empty()).then_some(Draft { text, caret })
}

fn caret(node: &HtmlTextAreaElement) -> u32 {
    node.selection_end().ok().flatten().unwrap_or_default()
}

/// Grows with the text where the browser does not do so by itself; the style sheet says up to
/// where.
fn fit(node: &HtmlTextAreaElement) {
    let grows = web_sys::css::supports_with_value("field-sizing", "content");
    if grows == Ok(true) {
        return;
    }
    if let Some(element) = node.dyn_ref::<web_sys::HtmlElement>() {
        let style = element.style();
        let _ = style.set_property("block-size", "auto");
        let _ = style.set_property("block-size", &format!("{}px", node.scroll_height()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_drafts_are_not_kept() {
        assert_eq!(draft(String::new(), 0), None);
        assert_eq!(draft(" \n".to_owned(), 2), None);
        let text = "a ".to_owned();
        assert_eq!(draft(text.clone(), 2), Some(Draft { text, caret: 2 }));
    }
}
