//! Where one answers in a thread.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Textarea;
use leptos::prelude::*;
use protocol::{ConversationId, Intent, MessageBody, Seq};

use crate::components::composer::length::measure;
use crate::components::composer::{note, sends};
use crate::i18n::texts;
use crate::keys::is_composing;
use crate::live::{Live, Queued};
use crate::ui::{Glyph, Icon, Mounted, has_fine_pointer};

const FIELD_ID: &str = "thread-composer";
const NOTE_ID: &str = "thread-composer-note";

/// The text area. What is sent answers `reply_to`, by the same way as every message.
#[component]
pub fn AnswerField(
    /// In which conversation.
    id: ConversationId,
    /// Everything live.
    live: Live,
    /// The place of the message that is answered.
    reply_to: Signal<Option<Seq>>,
    /// Whether the reader came here from another page.
    moved: bool,
) -> impl IntoView {
    let t = texts();
    let node = NodeRef::<Textarea>::new();
    let text = RwSignal::new(String::new());
    let refused = RwSignal::new(false);
    let length = Memo::new(move |_| text.with(|text| measure(text)));
    let blank = move || text.with(|text| text.trim().is_empty());
    let blocked = Memo::new(move |_| blank() || length.get().is_too_long() || reply_to.get().is_none());
    let send = move || {
        let typed = text.get_untracked();
        let body = MessageBody::parse(&typed).ok();
        let (Some(body), Some(reply_to), false) =
            (body, reply_to.get_untracked(), blocked.get_untracked())
        else {
            return;
        };
        let intent = Intent::Text {
            text: body.as_str().to_owned(),
            reply_to: Some(reply_to),
        };
        live.send(id, intent, move |queued| {
            let is_safe = queued == Queued::Safe;
            refused.try_set(!is_safe);
            // What was typed meanwhile stays.
            if let Some(node) = node.try_get_untracked().flatten().filter(|_| is_safe) {
                let rest = node.value();
                let rest = rest.strip_prefix(&typed).unwrap_or(&rest);
                node.set_value(rest);
                text.set(rest.to_owned());
            }
        });
    };
    let pressed = move |event: KeyboardEvent| {
        let command = event.ctrl_key() || event.meta_key();
        let other = event.shift_key() || event.alt_key();
        let is_enter = event.key() == "Enter" && !is_composing(&event);
        if is_enter && sends(command, other, has_fine_pointer()) {
            event.prevent_default();
            send();
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    take_focus(node, moved);
    let mounted = use_context::<Mounted>();
    let says = move || {
        if refused.get() {
            return Some(t.send_refused.to_owned());
        }
        note(t, length.get(), None)
    };
    view! {
        <noscript>{t.write_needs_script}</noscript>
        <form class="composer" on:submit=submit>
            <textarea
                id=FIELD_ID
                node_ref=node
                rows="1"
                aria-label=t.threads().answer
                placeholder=t.threads().answer
                autocomplete="off"
                autocapitalize="sentences"
                dir=move || (!text.with(String::is_empty)).then_some("auto")
                aria-invalid=move || length.get().is_too_long().then_some("true")
                aria-describedby=NOTE_ID
                on:input=move |event| {
                    refused.set(false);
                    text.set(event_target_value(&event));
                }
                on:keydown=pressed
            ></textarea>
            <button
                type="submit"
                class="icon-button send"
                disabled=move || !mounted.is_some_and(|mounted| mounted.0.get())
                aria-label=t.send
                aria-disabled=move || blocked.get().to_string()
                aria-describedby=NOTE_ID
                on:mousedown=move |event| event.prevent_default()
            >
                <Icon glyph=Glyph::Send />
            </button>
        </form>
        <p class="composer-note" id=NOTE_ID role="status">
            {says}
        </p>
    }
}

/// Where there is a keyboard, one writes; on a touch screen the keyboard would cover what one
/// came to read.
fn take_focus(node: NodeRef<Textarea>, moved: bool) {
    Effect::new(move |_| {
        if let Some(node) = node.get().filter(|_| moved && has_fine_pointer()) {
            // After the heading has had it.
            request_animation_frame(move || {
                let _ = node.focus();
            });
        }
    });
}
