//! What the regions say, for whoever has something to say.

use leptos::prelude::*;
use protocol::ConversationId;

/// Sentences that stand in a region at the same time.
pub(super) const MOST: usize = 20;

/// In the context of the signed-in pages.
#[derive(Clone, Copy)]
pub struct Speaker {
    pub(super) status: Region,
    pub(super) alert: Region,
    /// The conversation that the reader has moved in since it was opened: older messages that
    /// come then were asked for.
    pub(super) reading: RwSignal<Option<ConversationId>>,
}

impl Speaker {
    /// Makes it and puts it into the context.
    pub fn provide() -> Self {
        let speaker = Self {
            status: Region::silent(),
            alert: Region::silent(),
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

    /// Says what came of something that the reader did, when there is a pause.
    pub(in crate::components) fn tell(self, text: String) {
        self.status.say(text);
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

/// What stands in a region. Each sentence is an element of its own, so that the same words said
/// again are a change, and heard again.
#[derive(Clone, Copy)]
pub(super) struct Region(RwSignal<Vec<(u64, String)>>);

impl Region {
    /// Nothing was said yet.
    pub(super) fn silent() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    /// Says something, in the place of what was said before.
    pub(super) fn say(self, text: String) {
        self.0.update(|said| {
            let number = said.last().map_or(0, |(number, _)| number + 1);
            *said = vec![(number, text)];
        });
    }

    /// Says more, each under a number of its own; the oldest of too many go.
    pub(super) fn add(self, sentences: Vec<(u64, String)>) {
        self.0.update(|said| {
            said.extend(sentences);
            let surplus = said.len().saturating_sub(MOST);
            said.drain(..surplus);
        });
    }

    /// Keeps the sentences of certain numbers.
    pub(super) fn keep(self, is_kept: impl Fn(u64) -> bool) {
        if self
            .0
            .with_untracked(|said| said.iter().any(|(number, _)| !is_kept(*number)))
        {
            self.0
                .update(|said| said.retain(|(number, _)| is_kept(*number)));
        }
    }

    /// The sentences as elements.
    pub(super) fn view(self) -> impl IntoView {
        view! {
            <For each=move || self.0.get() key=|(number, _)| *number let((_, text))>
                <p>{text}</p>
            </For>
        }
    }
}
