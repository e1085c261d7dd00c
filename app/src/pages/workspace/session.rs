//! Who is signed in, for as long as the document lives: signing in and out load another one.
//! Views are made anew when the language changes; this and everything live stay.

use leptos::prelude::*;
use leptos::reactive::owner::WeakOwner;
use protocol::Person;

use crate::api::conversations::Start;
use crate::live::Live;

/// In the context of the whole application.
#[derive(Clone, Copy)]
pub struct Session {
    known: StoredValue<Option<(Person, Live)>>,
    // The application itself, which outlives the pages.
    owner: StoredValue<Option<WeakOwner>>,
}

impl Session {
    /// Makes it and puts it into the context. To be called by the application itself.
    pub fn provide() -> Self {
        let session = Self {
            known: StoredValue::new(None),
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

    /// The server has said who is signed in.
    pub fn begin(&self, start: Start) -> Live {
        let me = start.me.id;
        let owner = self.owner.get_value().and_then(|owner| owner.upgrade());
        let live = match owner {
            Some(owner) => owner.with(|| Live::provide(me)),
            None => Live::provide(me),
        };
        live.seed(start.conversations, Vec::new());
        self.known.set_value(Some((start.me, live)));
        live
    }
}
