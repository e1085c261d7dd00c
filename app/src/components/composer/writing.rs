//! What stands in a composer, and what becomes of it.

mod mode;
mod sharing;

use std::time::Duration;

use client::Draft;
use leptos::html::Textarea;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use protocol::{ConversationId, Intent, MessageBody, Seq};
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

use super::refusal::{Refusal, message_in};
use crate::live::{Live, Queued};
pub(in crate::components) use mode::Mode;

/// A draft is stored when nothing was typed for this long.
const DRAFT_PAUSE: Duration = Duration::from_millis(500);

/// What came of an attempt to send.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sent {
    /// A message is on its way.
    Message,
    /// An edit is, or there was nothing to change.
    Edit,
    /// Nothing: it stays in the composer.
    Nothing,
}

/// The composer of one conversation.
#[derive(Clone, Copy)]
pub(in crate::components) struct Writing {
    /// The text area.
    pub(super) node: NodeRef<Textarea>,
    /// What stands in it.
    pub(super) text: RwSignal<String>,
    /// What it is going to be.
    pub(in crate::components) mode: RwSignal<Mode>,
    /// Why the last attempt to send it failed.
    pub(super) refused: RwSignal<Option<Refusal>>,
    live: Live,
    id: ConversationId,
    caret: StoredValue<u32>,
    /// The text of the shared draft that this composer wrote or shows.
    own: StoredValue<String>,
    /// What stood in it before a message was taken up to be edited, and the words it had.
    apart: StoredValue<Option<(Draft, String)>>,
    /// There is something to store. Before a stored draft is known, nothing must replace it.
    changed: StoredValue<bool>,
    /// A message is on its way to be stored.
    storing: StoredValue<bool>,
    save: StoredValue<Option<TimeoutHandle>>,
}

impl Writing {
    pub(in crate::components) fn new(live: Live, id: ConversationId) -> Self {
        Self {
            node: NodeRef::new(),
            text: RwSignal::new(String::new()),
            mode: RwSignal::new(Mode::New),
            refused: RwSignal::new(None),
            live,
            id,
            caret: StoredValue::new(0),
            own: StoredValue::new(String::new()),
            apart: StoredValue::new(None),
            changed: StoredValue::new(false),
            storing: StoredValue::new(false),
            save: StoredValue::new(None),
        }
    }

    /// Whether there is nothing to send.
    pub(super) fn is_blank(self) -> bool {
        self.text.with(|text| text.trim().is_empty())
    }

    /// Whether nothing at all stands in it.
    pub(super) fn is_empty(self) -> bool {
        self.text.with_untracked(String::is_empty)
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
        if self.is_editing() {
            return;
        }
        if !node.value().is_empty() {
            self.take(node, node.value());
            return;
        }
        if let Some(draft) = self.live.draft(self.id) {
            self.show(node, draft);
        }
    }

    /// What is written, as it was typed and as a message, if it can be one.
    pub(in crate::components) fn message(self) -> Option<(String, MessageBody)> {
        let text = self.node.get_untracked()?.value();
        if self.storing.get_value() {
            return None;
        }
        match message_in(&text) {
            Ok(body) => body.map(|body| (text, body)),
            Err(why) => {
                self.refused.set(Some(why));
                None
            }
        }
    }

    /// Nothing of it is sent until what was handed to the server is answered for, by
    /// [`Writing::scheduled`] or by this with `false`.
    pub(in crate::components) fn hold(self, on: bool) {
        self.storing.try_update_value(|storing| *storing = on);
    }

    /// The server has it, to be sent later.
    pub(in crate::components) fn scheduled(self, typed: &str, mode: Mode) {
        self.sent(typed, mode, Queued::Safe);
    }

    /// Hands over what is written.
    pub(super) fn send(self) -> Sent {
        let Some((text, body)) = self.message() else {
            return Sent::Nothing;
        };
        let mode = self.mode.get_untracked();
        let body = body.as_str().to_owned();
        if let Mode::Edit(target) = mode {
            if self.is_unchanged(&body) {
                self.put_back();
            } else {
                let edit = Intent::Edit { target, text: body };
                self.hand_over(text, mode, edit);
            }
            return Sent::Edit;
        }
        let reply_to = mode.reply_to();
        let message = Intent::Text {
            text: body,
            reply_to,
        };
        self.hand_over(text, mode, message);
        Sent::Message
    }

    fn hand_over(self, text: String, mode: Mode, intent: Intent) {
        self.storing.set_value(true);
        self.refused.set(None);
        self.live.composing(self.id, false);
        self.live.send(self.id, intent, move |queued| {
            self.sent(&text, mode, queued)
        });
    }

    /// It is safe, or cannot be taken.
    fn sent(self, text: &str, mode: Mode, queued: Queued) {
        self.storing.try_update_value(|storing| *storing = false);
        match (queued, self.node.try_get_untracked().flatten()) {
            (Queued::Safe, Some(_)) if matches!(mode, Mode::Edit(_)) => {
                if self.mode.get_untracked() == mode {
                    self.put_back();
                }
            }
            (Queued::Safe, Some(node)) => {
                let now = node.value();
                if self.mode.get_untracked() == mode {
                    self.mode.set(Mode::New);
                }
                // What was typed meanwhile is the beginning of the next message.
                if let Some(rest) = now.strip_prefix(text) {
                    node.set_value(rest);
                    self.take(&node, rest.to_owned());
                }
                if self.is_own(text) || !self.text.with_untracked(String::is_empty) {
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
                // Or the composer is closed for a while.
                self.text.try_set(String::new());
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

    /// Lets a draft stand in the composer.
    fn put(self, node: &HtmlTextAreaElement, draft: &Draft) {
        node.set_value(&draft.text);
        let _ = node.set_selection_range(draft.caret, draft.caret);
        self.mode.set(Mode::answering(draft.reply_to));
        self.take(node, draft.text.clone());
    }

    /// Notes what stands in the text area.
    fn take(self, node: &HtmlTextAreaElement, text: String) {
        self.caret.set_value(caret(node));
        self.text.set(text);
        fit(node);
    }

    fn save_later(self) {
        if self.is_editing() {
            return;
        }
        self.cancel_save();
        self.changed.set_value(true);
        let handle = set_timeout_with_handle(move || self.save_now(), DRAFT_PAUSE).ok();
        self.save.set_value(handle);
    }

    /// Stores the draft. What is being edited is none.
    fn save_now(self) {
        self.cancel_save();
        let mode = self.mode.try_get_untracked();
        let Some(mode) = mode.filter(|mode| !matches!(mode, Mode::Edit(_))) else {
            return;
        };
        let changed = self.changed.try_update_value(std::mem::take);
        let text = self.text.try_get_untracked();
        let caret = self.caret.try_get_value();
        if let (Some(true), Some(text), Some(caret)) = (changed, text, caret) {
            self.own.try_set_value(text.clone());
            let draft = draft(text, caret, mode.reply_to());
            self.live.save_draft(self.id, draft);
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
fn draft(text: String, caret: u32, reply_to: Option<Seq>) -> Option<Draft> {
    (!text.trim().is_empty()).then_some(Draft {
        text,
        caret,
        reply_to,
    })
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
        assert_eq!(draft(String::new(), 0, Some(Seq(3))), None);
        assert_eq!(draft(" \n".to_owned(), 2, None), None);
        let text = "a ".to_owned();
        let kept = draft(text.clone(), 2, Some(Seq(3)));
        let expected = Draft {
            text,
            caret: 2,
            reply_to: Some(Seq(3)),
        };
        assert_eq!(kept, Some(expected));
    }
}
