//! The composer. What stands in it belongs to the browser's own text area, so that every
//! input method works and what was typed before the page came to life counts; it is emptied
//! only when the message is safe.

pub(super) mod everybody;
mod focus;
pub mod keeping;
pub(super) mod length;
mod marking;
pub mod mode;
pub(super) mod pace;
mod refusal;
mod suggest;
mod suggestions;
mod tools;
mod writing;

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use protocol::{ConversationKind, ConversationSummary};

use crate::components::actions::Actions;
use crate::components::announcer::Speaker;
use crate::components::later::choosing::{Choosing, LaterButton, LaterDialog};
use crate::components::naming;
use crate::components::organising::StayLine;
use crate::components::polls::asking::{AskButton, AskPoll};
use crate::components::scroller::Scroller;
use crate::i18n::{Texts, fill, texts};
use crate::keys::{is_composing, shortcut};
use crate::live::{ConversationView, Live, Storage};
use crate::ui::{Glyph, Icon, Mounted, has_fine_pointer};
use everybody::{Everybody, ask_everybody};
pub use focus::focus_composer;
use focus::type_to_focus;
use keeping::{KEEPING_ID, Keeping};
use length::{Length, measure};
use marking::{Format, Mark};
use mode::{MODE_ID, ModeLine};
pub use pace::Pace;
use pace::{PACE_ID, pace_line};
pub(super) use refusal::{Refusal, message_in};
use suggestions::{Suggestions, suggestion_list};
use tools::{WritingTools, emoji_button, more_button, over_field};
use writing::Sent;
pub(super) use writing::{Mode, Writing};

/// The id of the text area, for the skip link and for focus.
pub const COMPOSER_ID: &str = "composer";

/// The id of what stands in the way of sending.
const NOTE_ID: &str = "composer-note";

/// The composer of a conversation.
#[component]
pub fn Composer(
    /// Of which conversation.
    view: ConversationView,
    /// Everything live.
    live: Live,
    /// Where the reader is; an own message brings them to the end.
    scroller: Scroller,
    /// What is being done.
    actions: Actions,
) -> impl IntoView {
    let t = texts();
    let stays = view.clone();
    let ConversationView { summary, .. } = view;
    let writing = actions.writing;
    writing.keep_draft();
    writing.follow_others();
    restore_when_known(live, writing);
    type_to_focus(writing.node);
    let length = Memo::new(move |_| writing.text.with(|text| measure(text)));
    let pace = actions.pace;
    let now = sender(writing, length, pace, scroller);
    let everybody = Everybody::new(live, actions.id);
    let send = move || everybody.send_written(writing, now);
    let suggestions = Suggestions::new(actions);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        send();
    };
    let name = placeholder(summary, live, t);
    let waits = move || pace.is_waiting() && !matches!(writing.mode.get(), Mode::Edit(_));
    let cannot_go = move || writing.is_blank() || length.get().is_too_long();
    let blocked = Signal::derive(cannot_go);
    let blocked_now = Signal::derive(move || cannot_go() || waits());
    let choosing = Choosing::new(actions);
    let tools = WritingTools::new(actions);
    view! {
        <noscript>{t.write_needs_script}</noscript>
        <ModeLine actions />
        <div class="composer-place">
            {suggestion_list(suggestions)}
            {over_field(tools)}
            <form class="composer" on:submit=submit>
                <Field actions suggestions length name send />
                <Counter length />
                <span class="wide-only">{emoji_button(tools)}</span>
                {more_button(tools)}
                <span class="wide-only">
                    <AskButton actions />
                </span>
                <LaterButton choosing blocked described_by=NOTE_ID />
                <SendButton blocked=blocked_now writing />
            </form>
        </div>
        <LaterDialog choosing />
        {ask_everybody(everybody, "everybody", now)}
        <AskPoll actions />
        {pace_line(pace, PACE_ID)}
        <StayLine view=stays />
        <Note writing length />
        <Keeping live />
    }
}

/// The text area.
#[component]
fn Field(
    actions: Actions,
    suggestions: Suggestions,
    length: Memo<Length>,
    name: Memo<String>,
    send: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let writing = actions.writing;
    let enter_key = enter_key();
    let described_by = move || match writing.mode.get() {
        Mode::New => format!("{NOTE_ID} {PACE_ID} {KEEPING_ID}"),
        Mode::Reply(_) => format!("{MODE_ID} {NOTE_ID} {PACE_ID} {KEEPING_ID}"),
        // A correction does not wait.
        Mode::Edit(_) => format!("{MODE_ID} {NOTE_ID} {KEEPING_ID}"),
    };
    view! {
        <textarea
            id=COMPOSER_ID
            node_ref=writing.node
            rows="1"
            aria-label=move || name.get()
            placeholder=move || name.get()
            autocomplete="off"
            autocapitalize="sentences"
            enterkeyhint=move || enter_key.get()
            dir=move || (!writing.text.with(String::is_empty)).then_some("auto")
            aria-invalid=move || length.get().is_too_long().then_some("true")
            aria-describedby=described_by
            aria-autocomplete="list"
            aria-haspopup="listbox"
            aria-controls=move || suggestions.list_id()
            aria-activedescendant=move || suggestions.active_id()
            on:input=move |_| {
                writing.typed();
                suggestions.look();
            }
            on:keydown=move |event| pressed(&event, actions, suggestions, send)
            on:keyup=move |_| {
                writing.caret_moved();
                suggestions.look();
            }
            on:click=move |_| {
                writing.caret_moved();
                suggestions.look();
            }
            on:blur=move |_| {
                writing.left();
                suggestions.close();
            }
        ></textarea>
    }
}

/// What sends what is written, or says aloud why it does not.
fn sender(
    writing: Writing,
    length: Memo<Length>,
    pace: Pace,
    scroller: Scroller,
) -> impl Fn() + Copy + 'static {
    let t = texts();
    let speaker = Speaker::current();
    let warn = move |text: Option<String>| {
        if let (Some(speaker), Some(text)) = (speaker, text) {
            speaker.warn(text);
        }
    };
    // It may be refused later than it was sent.
    Effect::new(move |_| warn(writing.refused.get().map(|why| why.text(t).to_owned())));
    move || {
        let edits = matches!(writing.mode.get_untracked(), Mode::Edit(_));
        if let Some(why) = pace.waits(t).filter(|_| !edits) {
            // What is written stays.
            return warn(Some(why));
        }
        match writing.send() {
            Sent::Message => scroller.to_end(),
            Sent::Edit => {}
            Sent::Nothing => warn(note(t, length.get_untracked(), None)),
        }
    }
}

/// A key was pressed in the text area.
fn pressed(event: &KeyboardEvent, actions: Actions, suggestions: Suggestions, send: impl Fn()) {
    if is_composing(event) {
        return;
    }
    if suggestions.pressed(event) {
        event.prevent_default();
        return;
    }
    let writing = actions.writing;
    let mark = shortcut(event).and_then(|letter| Mark::of(letter, event.shift_key()));
    if let (Some(mark), Some(node)) = (mark, writing.node.get_untracked()) {
        event.prevent_default();
        if marking::apply(&node, Format::Marked(mark)) {
            writing.typed();
        }
        return;
    }
    let command = event.ctrl_key() || event.meta_key();
    let other = event.shift_key() || event.alt_key();
    let taken = match event.key().as_str() {
        "Enter" if sends(command, other, has_fine_pointer()) => {
            send();
            true
        }
        // Where there is nothing to move the caret in.
        "ArrowUp" if !command && !other && writing.is_empty() => {
            writing.mode.get_untracked() == Mode::New && actions.edit_last()
        }
        _ => false,
    };
    if taken {
        event.prevent_default();
    }
}

/// What a keyboard on the screen writes on its Enter key.
fn enter_key() -> RwSignal<&'static str> {
    let enter_key = RwSignal::new("send");
    Effect::new(move |_| {
        if !has_fine_pointer() {
            enter_key.set("enter");
        }
    });
    enter_key
}

/// Always focusable: what stands in the way is said in the note. Only before the page is alive
/// it is not: the browser itself would submit the form, and the text would be gone.
#[component]
fn SendButton(blocked: Signal<bool>, writing: Writing) -> impl IntoView {
    let t = texts();
    let mounted = use_context::<Mounted>();
    let edits = move || matches!(writing.mode.get(), Mode::Edit(_));
    let name = move || {
        if edits() {
            t.actions().save_edit
        } else {
            t.send
        }
    };
    view! {
        <button
            type="submit"
            class="icon-button send"
            disabled=move || !mounted.is_some_and(|mounted| mounted.0.get())
            aria-label=name
            aria-disabled=move || blocked.get().to_string()
            aria-describedby=format!("{NOTE_ID} {PACE_ID}")
            // The text area keeps the focus, and a phone its keyboard.
            on:pointerdown=move |event| event.prevent_default()
            on:mousedown=move |event| event.prevent_default()
        >
            {move || {
                let glyph = if edits() { Glyph::Tick } else { Glyph::Send };
                view! { <Icon glyph /> }
            }}
        </button>
    }
}

/// Enter sends where there is a keyboard beside the screen; where it is on the screen, it is
/// the only way to a new line. With Ctrl or Cmd it always sends.
pub(super) const fn sends(command: bool, other: bool, fine_pointer: bool) -> bool {
    command || (fine_pointer && !other)
}

/// How much room is left, once there is not much.
#[component]
fn Counter(length: Memo<Length>) -> impl IntoView {
    move || {
        length.get().left().map(|left| {
            let class = if left < 0 {
                "counter counter-over"
            } else {
                "counter"
            };
            view! {
                <span class=class data-testid="counter">
                    <bdi>{left}</bdi>
                </span>
            }
        })
    }
}

/// Why a message cannot be sent. It belongs to the text area, which says it.
#[component]
fn Note(writing: Writing, length: Memo<Length>) -> impl IntoView {
    let t = texts();
    let text = Memo::new(move |_| note(t, length.get(), writing.refused.get()));
    view! {
        <p class="composer-note" id=NOTE_ID>
            {move || text.get()}
        </p>
    }
}

/// Why what is written cannot be sent.
pub(super) fn note(t: &Texts, length: Length, refused: Option<Refusal>) -> Option<String> {
    if let Some(refusal) = refused {
        return Some(refusal.text(t).to_owned());
    }
    match length {
        Length::Fits | Length::Near { .. } => None,
        Length::Over { by } => Some(fill(t.too_long_message, &[("count", &by.to_string())])),
        Length::Heavy => Some(t.error_too_long.to_owned()),
    }
}

fn placeholder(
    summary: ArcRwSignal<Option<ConversationSummary>>,
    live: Live,
    t: &'static Texts,
) -> Memo<String> {
    Memo::new(move |_| {
        summary.with(|summary| match summary {
            Some(summary) if summary.kind == ConversationKind::Notes => {
                t.notes_placeholder.to_owned()
            }
            Some(summary) => {
                let name = naming::title(summary, live.me(), t);
                fill(t.message_placeholder, &[("name", &name)])
            }
            None => String::new(),
        })
    })
}

/// Puts the draft back once it is known what this device has stored, unless somebody types
/// already.
fn restore_when_known(live: Live, writing: Writing) {
    Effect::new(move |restored: Option<bool>| {
        let Some(node) = writing.node.get() else {
            return false;
        };
        let known = live.storage().get() != Storage::Opening;
        if restored != Some(true) {
            writing.restore(&node);
        }
        known || restored == Some(true)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;

    #[test]
    fn enter_sends_beside_a_keyboard_only_and_with_command_always() {
        // command, shift or alt, fine pointer
        for (keys, expected) in [
            ((false, false, true), true),
            ((false, true, true), false),
            ((false, false, false), false),
            ((true, false, false), true),
            ((true, true, true), true),
        ] {
            let (command, other, fine) = keys;
            assert_eq!(sends(command, other, fine), expected, "{keys:?}");
        }
    }

    #[test]
    fn the_note_says_why_nothing_can_be_sent() {
        let t = Locale::En.texts();
        assert_eq!(note(t, Length::Fits, None), None);
        assert_eq!(note(t, Length::Near { left: 3 }, None), None);
        assert_eq!(
            note(t, Length::Over { by: 12 }, None).as_deref(),
            Some("Shorten the message by 12 characters to send it.")
        );
        assert_eq!(
            note(t, Length::Fits, Some(Refusal::TooManyWait)).as_deref(),
            Some(t.send_refused)
        );
    }
}
