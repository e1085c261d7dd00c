//! What is said to the reader: to screen readers by the announcer, to all others in a line over
//! the page that goes away by itself.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use crate::components::announcer::Speaker;

/// How long the line stays.
const STAYS: Duration = Duration::from_secs(6);

/// What is being said, in the context of the signed-in pages.
#[derive(Clone, Copy)]
pub struct Spoken {
    /// Nobody's outside the signed-in pages.
    speaker: Option<Speaker>,
    line: RwSignal<String>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Spoken {
    fn new() -> Self {
        Self {
            speaker: Speaker::current(),
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
        self.say(text);
        self.show(text, true);
    }

    /// The same, until it is over: until the next is told, or [`Spoken::hush`].
    pub fn tell_while(&self, text: &str) {
        self.say(text);
        self.show(text, false);
    }

    /// Says at once that something went wrong.
    pub fn warn(&self, text: &str) {
        self.alert(text);
        self.show(text, true);
    }

    /// Says at once what the page shows by itself.
    pub fn alert(&self, text: &str) {
        if let Some(speaker) = self.speaker {
            speaker.warn(text.to_owned());
        }
    }

    fn say(&self, text: &str) {
        if let Some(speaker) = self.speaker {
            speaker.tell(text.to_owned());
        }
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

/// The line.
#[component]
pub fn SpokenLine() -> impl IntoView {
    let spoken = Spoken::current();
    let silent = move || spoken.line.with(String::is_empty);
    view! {
        <p class="spoken" data-testid="spoken" aria-hidden="true" hidden=silent>
            {move || spoken.line.get()}
        </p>
    }
}
