//! What pages have in common on which something is looked for while it is typed: the term stands
//! in the address, in place of the one before.

use std::time::Duration;

use leptos::html::Input;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::i18n::texts;
use crate::pages::refusals::value_of;
use crate::pages::sheet::arrived_by_link;
use crate::ui::{Glyph, Icon, has_fine_pointer};

/// How long typing rests before the term is looked up.
const PAUSE: Duration = Duration::from_millis(200);

/// Waits until the typing rests.
#[derive(Clone, Copy)]
pub struct Pause(StoredValue<Option<TimeoutHandle>>);

impl Pause {
    /// One that ends with the caller's view.
    #[must_use]
    pub fn new() -> Self {
        let pause = Self(StoredValue::new(None));
        on_cleanup(move || pause.stop());
        pause
    }

    /// What was typed is not waited for any more.
    pub fn stop(self) {
        if let Some(timer) = self.0.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    /// Something was typed; `then` is called unless more is typed soon.
    pub fn typed(self, then: impl FnOnce() + 'static) {
        self.stop();
        // Without a timer the button is still there.
        self.0.set_value(set_timeout_with_handle(then, PAUSE).ok());
    }
}

impl Default for Pause {
    fn default() -> Self {
        Self::new()
    }
}

/// Why nothing was found, with a way to try again: the form's own.
#[component]
pub fn Failed(
    /// The form that asked.
    form: &'static str,
    /// What is said, if it failed.
    why: Signal<Option<String>>,
) -> impl IntoView {
    let said = move |text: String| {
        view! {
            <Icon glyph=Glyph::Alert />
            <span class="grow">{text}</span>
            <button type="submit" form=form class="link-button">
                {texts().retry}
            </button>
        }
    };
    view! {
        <div class="form-summary" role="alert">
            {move || why.get().map(said)}
        </div>
    }
}

/// Goes to an address in place of the one before.
pub fn in_place() -> impl Fn(&str) + Clone + Send + Sync + 'static {
    let navigate = use_navigate();
    move |address: &str| {
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(address, options);
    }
}

/// What stands in a field.
#[must_use]
pub fn typed(input: NodeRef<Input>) -> String {
    value_of(input).trim().to_owned()
}

/// Keeps the field and the address together: what was typed before the page came to life is
/// looked up, and what the address says later stands in the field. `takes_focus` says whether the
/// field has the focus at first, where there is a keyboard.
pub fn follow(
    term: Memo<String>,
    input: NodeRef<Input>,
    takes_focus: bool,
    show: impl Fn(&str) + 'static,
) {
    let by_link = arrived_by_link();
    Effect::new(move |was: Option<Option<String>>| {
        let now = term.get();
        // Without the field nothing has been done yet.
        let was = was.flatten();
        let Some(field) = input.get() else {
            return was;
        };
        let differs = field.value().trim() != now.trim();
        let active = document().active_element();
        let has_focus = active.as_ref().is_some_and(|active| *active == **field);
        if was.is_none() {
            if differs {
                show(field.value().trim());
            }
            let nothing_has_it = active.is_none_or(|active| active.tag_name() == "BODY");
            if takes_focus && (by_link || nothing_has_it) && has_fine_pointer() {
                let _ = field.focus();
            }
        } else if differs && !has_focus {
            field.set_value(&now);
        }
        Some(now)
    });
}
