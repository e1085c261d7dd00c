//! What is said to the reader: to screen readers by the announcer, to all others in a line over
//! the composer that goes away by itself.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

/// How long the line stays.
const STAYS: Duration = Duration::from_secs(6);

/// What is being said, in the context of the signed-in pages.
#[derive(Clone, Copy)]
pub struct Spoken {
    /// For the status region.
    pub(super) status: RwSignal<String>,
    /// For the alert region.
    pub(super) alert: RwSignal<String>,
    line: RwSignal<String>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Spoken {
    fn new() -> Self {
        Self {
            status: RwSignal::new(String::new()),
            alert: RwSignal::new(String::new()),
            line: RwSignal::new(String::new()),
            timer: StoredValue::new(None),
        }
    }

    /// Puts it into the context.
    pub fn provide() -> Self {
        let spoken = Self::new();
        provide_context(spoken);
        spoken
    }

    /// From the context. Outside the signed-in pages nobody hears.
    #[must_use]
    pub fn current() -> Self {
        use_context().unwrap_or_else(Self::new)
    }

    /// Says what came of something that the reader did.
    pub fn tell(&self, text: &str) {
        say(self.status, text);
        self.show(text, true);
    }

    /// The same, until it is over: until the next is told, or [`Spoken::hush`].
    pub fn tell_while(&self, text: &str) {
        say(self.status, text);
        self.show(text, false);
    }

    /// Says at once that something went wrong.
    pub fn warn(&self, text: &str) {
        say(self.alert, text);
        self.show(text, true);
    }

    /// Takes the line away.
    pub fn hush(&self) {
        self.stop();
        self.line.try_set(String::new());
    }

    fn show(&self, text: &str, for_a_moment: bool) {
        self.stop();
        self.line.try_set(text.to_owned());
        if for_a_moment {
            let spoken = *self;
            let timer = set_timeout_with_handle(move || spoken.hush(), STAYS).ok();
            self.timer.try_set_value(timer);
        }
    }

    fn stop(&self) {
        let timer = self.timer.try_update_value(Option::take).flatten();
        if let Some(timer) = timer {
            timer.clear();
        }
    }
}

/// The same words again are said again: a region speaks when its text changes.
fn say(region: RwSignal<String>, text: &str) {
    let same = region.try_with_untracked(|said| said == text) == Some(true);
    let again = if same { "\u{A0}" } else { "" };
    region.try_set(format!("{text}{again}"));
}

/// The line.
#[component]
pub fn SpokenLine() -> impl IntoView {
    let spoken = Spoken::current();
    view! {
        <p class="spoken" data-testid="spoken" aria-hidden="true">
            {move || spoken.line.get()}
        </p>
    }
}
