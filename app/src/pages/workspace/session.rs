//! Who is signed in, for as long as the document lives: signing in and out load another one.
//! Views are made anew when the language changes; this and everything live stay.

use leptos::prelude::*;
use leptos::reactive::owner::WeakOwner;
use protocol::Person;

use crate::api::conversations::Start;
use crate::live::{Left, Live};

/// In the context of the whole application.
#[derive(Clone, Copy)]
pub struct Session {
    known: StoredValue<Option<(Person, Live)>>,
    left: RwSignal<Option<Left>>,
    // The application itself, which outlives the pages.
    owner: StoredValue<Option<WeakOwner>>,
}

impl Session {
    /// Makes it and puts it into the context. To be called by the application itself.
    pub fn provide() -> Self {
        let session = Self {
            known: StoredValue::new(None),
            left: RwSignal::new(None),
            owner: StoredValue::new(Owner::current().map(|owner| owner.downgrade())),
        };
        provide_context(session);
        session
    }

    /// From the context.
    #[must_use]
    pub fn current() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Who is signed in, once that is known.
    #[must_use]
    pub fn known(&self) -> Option<(Person, Live)> {
        self.known.get_value()
    }

    /// Why nothing of whoever was signed in may be seen any more.
    #[must_use]
    pub fn left(&self) -> Option<Left> {
        self.left.get()
    }

    /// The server has said who is signed in.
    pub fn begin(&self, start: Start) -> Live {
        let me = start.me.id;
        let owner = self.owner.get_value().and_then(|owner| owner.upgrade());
        let left = self.left;
        let provide = || {
            let live = Live::provide(me);
            // Runs in browsers only.
            Effect::new(move |_| {
                if let Some(why) = live.left().get() {
                    left.set(Some(why));
                }
            });
            live
        };
        let live = match owner {
            Some(owner) => owner.with(provide),
            None => provide(),
        };
        live.seed(start.conversations, Vec::new());
        self.known.set_value(Some((start.me, live)));
        live
    }
}
