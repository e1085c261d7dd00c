//! What is written without a keyboard: marks for what is selected, in a bar over the composer, and
//! emoji, in a list over that. A composer too narrow for all of its buttons has some in the bar.

use std::time::Duration;

use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::marking::{self, Format, Mark};
use super::{COMPOSER_ID, focus_composer};
use crate::components::actions::sheet::move_inside;
use crate::components::actions::{Actions, all_emoji, emoji_grid};
use crate::components::layers::Layers;
use crate::components::polls::asking::AskButton;
use crate::i18n::texts;
use crate::ui::{Glyph, Icon, Mounted, has_fine_pointer};

const BAR_ID: &str = "writing-bar";
const EMOJI_ID: &str = "writing-emoji";

/// Whoever goes elsewhere has done with the emoji.
const BESIDE_EMOJI: &str = "#writing-emoji, #writing-bar, .emoji-toggle";

/// What of it is there.
#[derive(Clone, Copy)]
pub(super) struct WritingTools {
    actions: Actions,
    bar: RwSignal<bool>,
    emoji: RwSignal<bool>,
}

impl WritingTools {
    /// Nothing yet.
    pub(super) fn new(actions: Actions) -> Self {
        let tools = Self {
            actions,
            bar: RwSignal::new(false),
            emoji: RwSignal::new(false),
        };
        tools.close_from_elsewhere();
        tools
    }

    /// Esc closes the emoji first.
    fn leave_with_escape(self) {
        if let Some(layers) = Layers::current() {
            layers.push(move || leave(self.bar, BAR_ID));
            layers.push(move || leave(self.emoji, EMOJI_ID));
        }
    }

    fn close_from_elsewhere(self) {
        Effect::new(move |_| {
            let handles = ["pointerdown", "focusin"].map(|name| {
                window_event_listener_untyped(name, move |event| {
                    let target = event.target();
                    let target = target.and_then(|target| target.dyn_into::<Element>().ok());
                    let is_beside = target.is_some_and(|it| it.closest(BESIDE_EMOJI) != Ok(None));
                    if !is_beside && self.emoji.try_get_untracked() == Some(true) {
                        self.emoji.set(false);
                    }
                })
            });
            on_cleanup(move || handles.into_iter().for_each(WindowListenerHandle::remove));
        });
    }

    fn toggle_bar(self) {
        if leave(self.bar, BAR_ID) {
            return;
        }
        self.bar.set(true);
        if !is_writing() {
            focus_first(BAR_ID);
        }
    }

    /// With a mouse one goes on writing. On a phone the keyboard on the screen makes room for the
    /// emoji, and comes back when they go.
    fn toggle_emoji(self) {
        if leave(self.emoji, EMOJI_ID) {
            return;
        }
        self.emoji.set(true);
        if !(is_writing() && has_fine_pointer()) {
            focus_first(EMOJI_ID);
        }
    }

    fn pick(self, emoji: &str) {
        let writing = self.actions.writing;
        if let Some(node) = writing.node.get_untracked() {
            marking::insert(&node, emoji);
            writing.typed();
        }
    }

    fn format(self, format: Format) {
        let writing = self.actions.writing;
        if let Some(node) = writing.node.get_untracked() {
            // What the browser can undo is typed where the focus is.
            let _ = node.focus();
            if marking::apply(&node, format) {
                writing.typed();
            }
        }
    }
}

/// Closes one of the two. Whether it was open.
fn leave(is_open: RwSignal<bool>, id: &str) -> bool {
    if !is_open.get_untracked() {
        return false;
    }
    let active = document().active_element();
    let is_inside = active.is_some_and(|it| {
        let around = it.closest(&format!("#{id}"));
        around.is_ok_and(|around| around.is_some())
    });
    is_open.set(false);
    if is_inside {
        focus_composer();
    }
    true
}

fn is_writing() -> bool {
    let active = document().active_element();
    active.is_some_and(|active| active.id() == COMPOSER_ID)
}

/// Puts the focus on the first button of one of the two, once that is there.
fn focus_first(id: &'static str) {
    let focus = move || {
        let Ok(buttons) = document().query_selector_all(&format!("#{id} button")) else {
            return;
        };
        let buttons = (0..buttons.length()).filter_map(|at| buttons.item(at));
        let first = buttons
            .filter_map(|button| button.dyn_into::<HtmlElement>().ok())
            .find(|button| button.offset_width() > 0);
        if let Some(first) = first {
            let _ = first.focus();
        }
    };
    set_timeout(focus, Duration::ZERO);
}

/// The text area keeps the focus, and a phone its keyboard.
fn keep_pointer(event: &PointerEvent) {
    event.prevent_default();
}

/// The same, for what browsers make of it afterwards.
fn keep_mouse(event: &MouseEvent) {
    event.prevent_default();
}

/// The button that opens the bar.
pub(super) fn more_button(tools: WritingTools) -> impl IntoView {
    let f = texts().formatting();
    let mounted = use_context::<Mounted>();
    view! {
        <button
            type="button"
            class="icon-button write-more more-tools"
            disabled=move || !mounted.is_some_and(|mounted| mounted.0.get())
            aria-label=f.more
            title=f.more
            aria-expanded=move || tools.bar.get().to_string()
            aria-controls=move || tools.bar.get().then_some(BAR_ID)
            on:pointerdown=move |event| keep_pointer(&event)
            on:mousedown=move |event| keep_mouse(&event)
            on:click=move |_| tools.toggle_bar()
        >
            <Icon glyph=Glyph::Plus />
        </button>
    }
}

/// The button that opens the emoji.
pub(super) fn emoji_button(tools: WritingTools) -> impl IntoView {
    let f = texts().formatting();
    let mounted = use_context::<Mounted>();
    view! {
        <button
            type="button"
            class="icon-button write-more emoji-toggle"
            disabled=move || !mounted.is_some_and(|mounted| mounted.0.get())
            aria-label=f.emoji
            title=f.emoji
            aria-expanded=move || tools.emoji.get().to_string()
            aria-controls=move || tools.emoji.get().then_some(EMOJI_ID)
            on:pointerdown=move |event| keep_pointer(&event)
            on:mousedown=move |event| keep_mouse(&event)
            on:click=move |_| tools.toggle_emoji()
        >
            <Icon glyph=Glyph::Smile />
        </button>
    }
}

/// What stands over the field. Esc leaves it before anything that was made earlier.
pub(super) fn over_field(tools: WritingTools) -> impl IntoView {
    tools.leave_with_escape();
    (emoji_list(tools), writing_bar(tools))
}

/// The emoji, over all that belongs to the composer.
fn emoji_list(tools: WritingTools) -> impl IntoView {
    let f = texts().formatting();
    move || {
        tools.emoji.get().then(|| {
            view! {
                <div
                    id=EMOJI_ID
                    class="emoji-panel"
                    on:pointerdown=move |event| keep_pointer(&event)
                    on:mousedown=move |event| keep_mouse(&event)
                    on:keydown=move |event: KeyboardEvent| move_inside(&event)
                >
                    {emoji_grid(all_emoji(), f.emoji, move |emoji| tools.pick(emoji))}
                </div>
            }
        })
    }
}

/// The bar, which scrolls within itself where it is too long.
fn writing_bar(tools: WritingTools) -> impl IntoView {
    let f = texts().formatting();
    let actions = tools.actions;
    move || {
        tools.bar.get().then(|| {
            view! {
                <div
                    id=BAR_ID
                    class="writing-bar"
                    role="toolbar"
                    aria-label=f.title
                    aria-controls=COMPOSER_ID
                    on:pointerdown=move |event| keep_pointer(&event)
                    on:mousedown=move |event| keep_mouse(&event)
                    on:keydown=move |event: KeyboardEvent| move_inside(&event)
                >
                    <span class="narrow-only">{emoji_button(tools)}</span>
                    {formats(tools)}
                    <span class="narrow-only">
                        <AskButton actions />
                    </span>
                </div>
            }
        })
    }
}

/// The buttons of what is done with what is selected: one tab stop.
fn formats(tools: WritingTools) -> impl IntoView {
    let f = texts().formatting();
    let stop = RwSignal::new(0);
    let all = [
        (Glyph::Bold, f.bold, Format::Marked(Mark::BOLD)),
        (Glyph::Italic, f.italic, Format::Marked(Mark::ITALIC)),
        (Glyph::Strike, f.strike, Format::Marked(Mark::STRIKE)),
        (Glyph::Code, f.code, Format::Marked(Mark::CODE)),
        (Glyph::List, f.list, Format::Lines("- ")),
        (Glyph::Quote, f.quote, Format::Lines("> ")),
        (Glyph::EyeOff, f.hidden, Format::Marked(Mark::HIDDEN)),
        (Glyph::Link, f.link, Format::Link),
    ];
    let button = |(at, (glyph, name, format)): (usize, (Glyph, &'static str, Format))| {
        view! {
            <button
                type="button"
                class="icon-button"
                aria-label=name
                title=name
                tabindex=move || if stop.get() == at { "0" } else { "-1" }
                on:focus=move |_| stop.set(at)
                on:click=move |_| tools.format(format)
            >
                <Icon glyph />
            </button>
        }
    };
    let all = all.into_iter().enumerate();
    all.map(button).collect_view()
}
