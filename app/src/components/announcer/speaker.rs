//! What the regions say, for whoever has something to say.

use leptos::prelude::*;
use protocol::ConversationId;

/// In the context of the signed-in pages.
#[derive(Clone, Copy)]
pub struct Speaker {
    pub(in crate::components) status: Line,
    pub(in crate::components) alert: Line,
    /// The conversation that the reader has moved in since it was opened: older messages that
    /// come then were asked for.
    pub(super) reading: RwSignal<Option<ConversationId>>,
}

impl Speaker {
    /// Makes it and puts it into the context.
    pub fn provide() -> Self {
        let speaker = Self {
            status: Line::silent(),
            alert: Line::silent(),
            reading: RwSignal::new(None),
        };
        provide_context(speaker);
        speaker
    }

    /// From the context; `None` outside the signed-in pages.
    #[must_use]
    pub fn current() -> Option<Self> {
        use_context()
    }

    /// Says at once what stands in the way of what was just asked for.
    pub(in crate::components) fn warn(self, text: String) {
        self.alert.say(text);
    }

    /// The reader moves in a conversation.
    pub(in crate::components) fn reads(self, conversation: ConversationId) {
        if self.reading.try_get_untracked() == Some(None) {
            self.reading.set(Some(conversation));
        }
    }
}

/// One sentence at a time. Each is an element of its own, so that the same words said again
/// are a change, and heard again.
#[derive(Clone, Copy)]
pub(in crate::components) struct Line(RwSignal<Option<(u64, String)>>);

impl Line {
    fn silent() -> Self {
        Self(RwSignal::new(None))
    }

    /// Says something, in the place of what was said before.
    pub(in crate::components) fn say(self, text: String) {
        self.0.update(|said| {
            let number = said.as_ref().map_or(0, |(number, _)| number + 1);
            *said = Some((number, text));
        });
    }

    /// The sentence as an element.
    pub(super) fn view(self) -> impl IntoView {
        view! {
            <For each=move || self.0.get() key=|(number, _)| *number let((_, text))>
                <p>{text}</p>
            </For>
        }
    }
}
