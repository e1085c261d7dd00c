//! Where one answers in a thread.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Textarea;
use leptos::prelude::*;
use protocol::{ConversationId, Intent, SavedPlace, Seq};

use crate::components::announcer::Speaker;
use crate::components::composer::everybody::{Everybody, ask_everybody};
use crate::components::composer::length::{Length, measure};
use crate::components::composer::pace::pace_line;
use crate::components::composer::{Pace, Refusal, message_in, note, sends};
use crate::i18n::{Texts, texts};
use crate::keys::is_composing;
use crate::live::{Live, Queued, Storage};
use crate::ui::{Glyph, Icon, Mounted, has_fine_pointer};

const FIELD_ID: &str = "thread-composer";
const NOTE_ID: &str = "thread-composer-note";
const PACE_ID: &str = "thread-composer-pace";

/// What stands in it.
#[derive(Clone, Copy)]
struct Answering {
    id: ConversationId,
    root: SavedPlace,
    live: Live,
    node: NodeRef<Textarea>,
    text: RwSignal<String>,
    /// Why the last attempt to send it failed.
    refused: RwSignal<Option<Refusal>>,
    /// An answer is on its way to be stored.
    storing: StoredValue<bool>,
    everybody: Everybody,
    length: Memo<Length>,
    reply_to: Signal<Option<Seq>>,
    pace: Pace,
    /// Says what stands in the way.
    speaker: Option<Speaker>,
    t: &'static Texts,
}

impl Answering {
    fn is_blocked(self) -> bool {
        let is_blank = self.text.with(|text| text.trim().is_empty());
        let cannot_go = is_blank || self.length.get().is_too_long();
        cannot_go || self.reply_to.get().is_none() || self.pace.is_waiting()
    }

    /// What stands in the field now.
    fn take(self, text: String) {
        self.live.keep_answer(self.root, &text);
        self.text.set(text);
    }

    /// Puts back what was written here before, once it is known what this device has stored,
    /// unless there is text already: it was typed before that, and is newer.
    fn restore(self) {
        Effect::new(move |restored: Option<bool>| {
            let Some(node) = self.node.get() else {
                return false;
            };
            let known = self.live.storage().get() != Storage::Opening;
            if restored != Some(true) {
                let typed = node.value();
                if typed.is_empty() {
                    let kept = self.live.kept_answer(self.root);
                    node.set_value(&kept);
                    self.text.set(kept);
                } else {
                    self.take(typed);
                }
            }
            known || restored == Some(true)
        });
    }

    fn send(self) {
        if let Some(why) = self.pace.waits(self.t) {
            if let Some(speaker) = self.speaker {
                speaker.warn(why);
            }
            return;
        }
        let typed = self.text.get_untracked();
        if let Err(why) = self.everybody.send(&typed, None, || self.hand_over()) {
            self.refused.set(Some(why));
        }
    }

    fn hand_over(self) {
        if self.storing.get_value() {
            return;
        }
        let typed = self.text.get_untracked();
        let body = match message_in(&typed) {
            Ok(body) => body,
            Err(why) => return self.refused.set(Some(why)),
        };
        let (Some(body), Some(reply_to)) = (body, self.reply_to.get_untracked()) else {
            return;
        };
        self.storing.set_value(true);
        let intent = Intent::Text {
            text: body.as_str().to_owned(),
            reply_to: Some(reply_to),
        };
        self.live.send(self.id, intent, move |queued| {
            let is_safe = queued == Queued::Safe;
            self.storing.try_update_value(|storing| *storing = false);
            self.refused
                .try_set((!is_safe).then_some(Refusal::TooManyWait));
            if is_safe {
                self.sent(&typed);
            }
        });
    }

    /// It is safe. What was typed meanwhile stays.
    fn sent(self, typed: &str) {
        let rest = |now: String| {
            now.strip_prefix(typed)
                .map_or(now.clone(), ToOwned::to_owned)
        };
        if let Some(node) = self.node.try_get_untracked().flatten() {
            let rest = rest(node.value());
            node.set_value(&rest);
            self.take(rest);
        } else {
            // The reader has left the thread.
            let rest = rest(self.live.kept_answer(self.root));
            self.live.keep_answer(self.root, &rest);
        }
    }

    fn pressed(self, event: &KeyboardEvent) {
        let command = event.ctrl_key() || event.meta_key();
        let other = event.shift_key() || event.alt_key();
        let is_enter = event.key() == "Enter" && !is_composing(event);
        if is_enter && sends(command, other, has_fine_pointer()) {
            event.prevent_default();
            self.send();
        }
    }
}

/// The composer. What is sent answers `reply_to`, by the same way as every message.
#[component]
pub fn AnswerField(
    /// In which conversation.
    id: ConversationId,
    /// Everything live.
    live: Live,
    /// The place of the thread's root.
    root: Seq,
    /// The place of the message that is answered.
    reply_to: Signal<Option<Seq>>,
    /// How often the reader may write.
    pace: Pace,
    /// Whether the reader came here from another page.
    moved: bool,
) -> impl IntoView {
    let t = texts();
    let text = RwSignal::new(String::new());
    let answering = Answering {
        id,
        root: SavedPlace {
            conversation: id,
            seq: root,
        },
        live,
        node: NodeRef::new(),
        text,
        refused: RwSignal::new(None),
        storing: StoredValue::new(false),
        everybody: Everybody::new(live, id),
        length: Memo::new(move |_| text.with(|text| measure(text))),
        reply_to,
        pace,
        speaker: Speaker::current(),
        t,
    };
    answering.restore();
    take_focus(answering.node, moved);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        answering.send();
    };
    let says = move || note(t, answering.length.get(), answering.refused.get());
    view! {
        <noscript>{t.write_needs_script}</noscript>
        <form class="composer" on:submit=submit>
            <Area answering />
            <SendAnswer answering />
        </form>
        {ask_everybody(answering.everybody, "everybody-thread", move || answering.hand_over())}
        {pace_line(pace, PACE_ID)}
        <p class="composer-note" id=NOTE_ID role="status">
            {says}
        </p>
    }
}

#[component]
fn Area(answering: Answering) -> impl IntoView {
    let name = texts().threads().answer;
    let Answering { text, length, .. } = answering;
    view! {
        <textarea
            id=FIELD_ID
            node_ref=answering.node
            rows="1"
            aria-label=name
            placeholder=name
            autocomplete="off"
            autocapitalize="sentences"
            dir=move || (!text.with(String::is_empty)).then_some("auto")
            aria-invalid=move || length.get().is_too_long().then_some("true")
            aria-describedby=format!("{NOTE_ID} {PACE_ID}")
            on:input=move |event| {
                answering.refused.set(None);
                answering.take(event_target_value(&event));
            }
            on:keydown=move |event| answering.pressed(&event)
        ></textarea>
    }
}

/// Before the page is alive the browser itself would submit the form, and the text would be gone.
#[component]
fn SendAnswer(answering: Answering) -> impl IntoView {
    let mounted = use_context::<Mounted>();
    view! {
        <button
            type="submit"
            class="icon-button send"
            disabled=move || !mounted.is_some_and(|mounted| mounted.0.get())
            aria-label=texts().send
            aria-disabled=move || answering.is_blocked().to_string()
            aria-describedby=format!("{NOTE_ID} {PACE_ID}")
            // The text area keeps the focus, and a phone its keyboard.
            on:pointerdown=move |event| event.prevent_default()
            on:mousedown=move |event| event.prevent_default()
        >
            <Icon glyph=Glyph::Send />
        </button>
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
