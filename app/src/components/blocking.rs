//! Blocking people: the question before it, the way back, and what came of either.

use leptos::html::Dialog;
use leptos::prelude::*;
use protocol::UserId;

use crate::api::blocks::SetBlocked;
use crate::components::announcer::Speaker;
use crate::i18n::{Texts, fill, texts};
use crate::live::Live;
use crate::pages::system::explain;
use crate::ui::{Glyph, Icon, Question, ask};

/// Who is to be blocked, or no longer, and what they are called.
#[derive(Clone)]
struct Asked {
    user: UserId,
    name: String,
    blocks: bool,
}

/// What is asked of the server, in the context of the signed-in pages.
#[derive(Clone, Copy)]
pub struct Blocking {
    live: Live,
    t: &'static Texts,
    asked: RwSignal<Option<Asked>>,
    /// What is under way, or was last: another question may stand by when it is answered.
    sent: StoredValue<Option<Asked>>,
    dialog: NodeRef<Dialog>,
    action: ServerAction<SetBlocked>,
    failed: RwSignal<Option<String>>,
}

impl Blocking {
    /// Puts it into the context.
    pub fn provide(live: Live) -> Self {
        let blocking = Self {
            live,
            t: texts(),
            asked: RwSignal::new(None),
            sent: StoredValue::new(None),
            dialog: NodeRef::new(),
            action: ServerAction::new(),
            failed: RwSignal::new(None),
        };
        provide_context(blocking);
        blocking.tell_what_came_of_it(Speaker::current());
        blocking
    }

    /// From the context.
    #[must_use]
    pub fn current() -> Option<Self> {
        use_context()
    }

    /// Whether somebody is blocked. Read reactively.
    #[must_use]
    pub fn is_blocked(self, user: UserId) -> bool {
        self.live.blocked().with(|users| users.contains(&user))
    }

    /// Asks whether to block somebody.
    pub fn ask(self, user: UserId, name: String) {
        let blocks = true;
        self.asked.set(Some(Asked { user, name, blocks }));
        ask(self.dialog);
    }

    /// Ends a block. It can be put back as easily, so nothing is asked.
    pub fn unblock(self, user: UserId, name: String) {
        let blocks = false;
        self.asked.set(Some(Asked { user, name, blocks }));
        self.send();
    }

    fn send(self) {
        let Some(asked) = self.asked.get_untracked() else {
            return;
        };
        if !self.action.pending().get_untracked() {
            let Asked { user, blocks, .. } = asked;
            self.failed.set(None);
            self.sent.set_value(Some(asked));
            self.action.dispatch(SetBlocked { user, blocks });
        }
    }

    fn tell_what_came_of_it(self, speaker: Option<Speaker>) {
        let b = self.t.blocking();
        Effect::new(move |_| {
            let Some(outcome) = self.action.value().get() else {
                return;
            };
            let Some(Asked { name, blocks, .. }) = self.sent.get_value() else {
                return;
            };
            match outcome {
                Ok(()) => {
                    let done = if blocks {
                        b.blocked_now
                    } else {
                        b.unblocked_now
                    };
                    if let Some(speaker) = speaker {
                        speaker.tell(fill(done, &[("name", &name)]));
                    }
                }
                Err(error) => {
                    let failed = if blocks {
                        b.block_failed
                    } else {
                        b.unblock_failed
                    };
                    let reason = explain(self.t, &error);
                    let values = [("name", &*name), ("reason", &*reason)];
                    self.failed.set(Some(fill(failed, &values)));
                }
            }
        });
    }
}

/// The question, and why the last answer came to nothing.
#[component]
pub fn BlockQuestion(
    /// What is asked of the server.
    blocking: Blocking,
) -> impl IntoView {
    let b = texts().blocking();
    let name = move || {
        let name = blocking
            .asked
            .with(|it| it.as_ref().map(|it| it.name.clone()));
        name.unwrap_or_default()
    };
    view! {
        <Question
            node=blocking.dialog
            name="block-question"
            title=Signal::derive(move || fill(b.block_ask, &[("name", &name())]))
            text=Signal::derive(move || fill(b.block_text, &[("name", &name())]))
            answer=Signal::stored(b.block_now.to_owned())
            yes=move || blocking.send()
        />
        <div role="alert">
            {move || blocking.failed.get().map(|text| view! { <Failed blocking text /> })}
        </div>
    }
}

#[component]
fn Failed(blocking: Blocking, text: String) -> impl IntoView {
    view! {
        <div class="undo-strip" data-testid="block-failed">
            <Icon glyph=Glyph::Alert />
            <p>{text}</p>
            <button
                type="button"
                class="icon-button"
                aria-label=texts().close
                on:click=move |_| blocking.failed.set(None)
            >
                <Icon glyph=Glyph::Close />
            </button>
        </div>
    }
}

/// In place of the composer where one has blocked the other: that it is so, and the way back.
#[component]
pub fn BlockedHere(
    /// Who is blocked.
    user: UserId,
    /// What they are called.
    name: String,
) -> impl IntoView {
    let b = texts().blocking();
    let blocking = Blocking::current();
    let pending = move || blocking.is_some_and(|it| it.action.pending().get());
    let text = fill(b.cannot_write, &[("name", &name)]);
    view! {
        <div class="composer-closed composer-blocked" data-testid="closed">
            <p>{text}</p>
            <button
                type="button"
                class="btn"
                aria-busy=move || pending().to_string()
                on:click=move |_| {
                    if let Some(blocking) = blocking {
                        blocking.unblock(user, name.clone());
                    }
                }
            >
                {b.unblock}
            </button>
        </div>
    }
}
