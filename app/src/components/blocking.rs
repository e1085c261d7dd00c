//! Blocking people: the question before it, the way back, and what came of either.

use std::collections::VecDeque;

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
#[derive(Clone, PartialEq, Eq, Debug)]
struct Asked {
    user: UserId,
    name: String,
    blocks: bool,
}

impl Asked {
    fn is_same(&self, other: &Self) -> bool {
        self.user == other.user && self.blocks == other.blocks
    }
}

/// What the server is asked, one after the other.
#[derive(Default)]
struct Turns {
    under_way: Option<Asked>,
    /// One at most for each person: the last wish counts.
    waiting: VecDeque<Asked>,
}

impl Turns {
    /// Something is to be asked. Returns it if that is to be done at once.
    fn take(&mut self, asked: Asked) -> Option<Asked> {
        self.waiting.retain(|it| it.user != asked.user);
        match &self.under_way {
            Some(it) if it.is_same(&asked) => None,
            Some(_) => {
                self.waiting.push_back(asked);
                None
            }
            None => {
                self.under_way = Some(asked.clone());
                Some(asked)
            }
        }
    }

    /// The server has answered. Returns for what, and what is to be asked next.
    fn answered(&mut self) -> (Option<Asked>, Option<Asked>) {
        let next = self.waiting.pop_front();
        let before = std::mem::replace(&mut self.under_way, next.clone());
        (before, next)
    }
}

/// What is asked of the server, in the context of the signed-in pages.
#[derive(Clone, Copy)]
pub struct Blocking {
    live: Live,
    t: &'static Texts,
    asked: RwSignal<Option<Asked>>,
    /// Another question may stand by the time one is answered.
    turns: StoredValue<Turns>,
    dialog: NodeRef<Dialog>,
    action: ServerAction<SetBlocked>,
    /// What failed since somebody was last asked about.
    failed: RwSignal<Vec<String>>,
}

impl Blocking {
    /// Puts it into the context.
    pub fn provide(live: Live) -> Self {
        let blocking = Self {
            live,
            t: texts(),
            asked: RwSignal::new(None),
            turns: StoredValue::new(Turns::default()),
            dialog: NodeRef::new(),
            action: ServerAction::new(),
            failed: RwSignal::new(Vec::new()),
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
        self.failed.update(Vec::clear);
        let now = self.turns.try_update_value(|turns| turns.take(asked));
        self.dispatch(now.flatten().as_ref());
    }

    fn dispatch(self, asked: Option<&Asked>) {
        if let Some(&Asked { user, blocks, .. }) = asked {
            self.action.dispatch(SetBlocked { user, blocks });
        }
    }

    fn tell_what_came_of_it(self, speaker: Option<Speaker>) {
        let b = self.t.blocking();
        Effect::new(move |_| {
            let Some(outcome) = self.action.value().get() else {
                return;
            };
            let answered = self.turns.try_update_value(Turns::answered);
            let (asked, next) = answered.unwrap_or_default();
            self.dispatch(next.as_ref());
            let Some(Asked { name, blocks, .. }) = asked else {
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
                    self.failed.update(|all| all.push(fill(failed, &values)));
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
            {move || {
                let failed = blocking.failed.get();
                (!failed.is_empty()).then(|| view! { <Failed blocking text=failed.join(" ") /> })
            }}
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
                on:click=move |_| blocking.failed.update(Vec::clear)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(user: u8, blocks: bool) -> Asked {
        Asked {
            user: UserId::from_bytes([user; 16]),
            name: format!("user {user}"),
            blocks,
        }
    }

    #[test]
    fn what_is_asked_meanwhile_has_its_turn() {
        let mut turns = Turns::default();
        let (one, two, three) = (asked(1, true), asked(2, true), asked(3, false));
        assert_eq!(turns.take(one.clone()), Some(one.clone()));
        assert_eq!(turns.take(two.clone()), None, "one after the other");
        assert_eq!(turns.take(three.clone()), None);
        assert_eq!(turns.answered(), (Some(one.clone()), Some(two.clone())));
        assert_eq!(turns.answered(), (Some(two), Some(three.clone())));
        assert_eq!(turns.answered(), (Some(three), None));
        assert_eq!(turns.take(one.clone()), Some(one));
    }

    #[test]
    fn of_one_person_the_last_wish_counts() {
        let mut turns = Turns::default();
        let (block, unblock) = (asked(1, true), asked(1, false));
        turns.take(block.clone());
        assert_eq!(turns.take(block.clone()), None);
        assert_eq!(turns.answered(), (Some(block.clone()), None), "asked once");

        turns.take(block.clone());
        turns.take(unblock.clone());
        turns.take(block.clone());
        assert_eq!(turns.answered(), (Some(block.clone()), None), "as it was");

        turns.take(block.clone());
        turns.take(unblock.clone());
        assert_eq!(turns.answered(), (Some(block), Some(unblock)));
    }
}
