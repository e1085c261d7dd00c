//! Arranging one's own conversations: what can be done with one, from its row or its header, and
//! taking back what put it out of sight.

pub mod clear;
pub mod filters;
pub mod menu;
pub mod stay;
pub mod undo;

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use protocol::{Arrangement, ConversationId, Mute};

use crate::components::announcer::Speaker;
use crate::components::naming;
use crate::components::requests::asks;
use crate::i18n::{Texts, fill, texts};
use crate::live::Live;
use crate::ui::Press;

pub use filters::{Filters, NothingHere};
pub use menu::{ConversationMenu, MenuButton};
pub use stay::StayLine;
pub use undo::{UndoLine, UndoStrip};

/// From where a menu was opened; it stands beside that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum From {
    /// The row of the list.
    Row,
    /// The bar above the conversation.
    Header,
}

/// Which part of the menu is seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    /// What can be done.
    All,
    /// For how long it is to be silent.
    Mute,
    /// How long its messages stay.
    Stay,
    /// Whether all that is in it is to be deleted for the reader.
    Clear,
}

/// The menu that is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Open {
    id: ConversationId,
    from: From,
    part: Part,
}

/// What is being arranged, in the context of the signed-in pages.
#[derive(Clone, Copy)]
pub struct Organising {
    live: Live,
    /// The words of the page: what is called back later can ask for none.
    t: &'static Texts,
    speaker: Option<Speaker>,
    press: Press,
    open: RwSignal<Option<Open>>,
    /// What was put away and can be taken back.
    undoable: RwSignal<Option<ConversationId>>,
}

impl Organising {
    /// Puts it into the context.
    pub fn provide(live: Live) -> Self {
        let organising = Self {
            live,
            t: texts(),
            speaker: Speaker::current(),
            press: Press::new(),
            open: RwSignal::new(None),
            undoable: RwSignal::new(None),
        };
        provide_context(organising);
        organising
    }

    /// From the context.
    #[must_use]
    pub fn current() -> Option<Self> {
        use_context()
    }

    /// The hand on the list.
    #[must_use]
    pub const fn press(self) -> Press {
        self.press
    }

    /// A finger on a row.
    pub fn touched(self, event: &PointerEvent, id: ConversationId) {
        let open = move |id| self.open_menu(id, From::Row);
        self.press.down(event, Some(id), open);
    }

    /// A key on a row: those that open menus. Whether it was one.
    #[must_use]
    pub fn menu_key(self, event: &KeyboardEvent, id: ConversationId) -> bool {
        let is_menu = event.key() == "ContextMenu" || event.shift_key() && event.key() == "F10";
        if is_menu {
            event.prevent_default();
            self.open_menu(id, From::Row);
        }
        is_menu
    }

    /// Opens what can be done with a conversation.
    pub fn open_menu(self, id: ConversationId, from: From) {
        let part = Part::All;
        self.open.set(Some(Open { id, from, part }));
    }

    /// Whether the menu of a conversation is open there.
    #[must_use]
    pub fn is_open(self, id: ConversationId, from: From) -> bool {
        let is_it = |open: Open| open.id == id && open.from == from;
        self.open.get().is_some_and(is_it)
    }

    fn arrange(self, id: ConversationId, change: Arrangement) {
        self.live.arrange(id, change);
    }

    fn favour(self, id: ConversationId) {
        let on = !self.live.preferences(id).favourite;
        self.arrange(id, Arrangement::Favourite(on));
    }

    fn mute(self, id: ConversationId, mute: Mute) {
        self.arrange(id, Arrangement::Mute(mute));
    }

    /// Puts a conversation away with everything that is known of it. A request is nowhere then.
    pub fn archive(self, id: ConversationId) {
        let summary = self.live.conversation(id).summary;
        let Some(last) = summary.with_untracked(|it| it.as_ref().map(|it| it.last_seq)) else {
            return;
        };
        self.arrange(id, Arrangement::Archive(Some(last)));
        self.undoable.set(Some(id));
        if let Some(speaker) = self.speaker {
            speaker.tell(self.archived_now(id));
        }
    }

    fn take_out(self, id: ConversationId) {
        self.arrange(id, Arrangement::Archive(None));
        if self.undoable.get_untracked() == Some(id) {
            self.undoable.set(None);
        }
    }

    fn archived_now(self, id: ConversationId) -> String {
        let name = self.title(id);
        let said = if self.asks(id) {
            self.t.requests().deleted_now
        } else {
            self.t.organising().archived_now
        };
        fill(said, &[("name", &name)])
    }

    /// Whether somebody asks the reader for an answer there.
    fn asks(self, id: ConversationId) -> bool {
        let summary = self.live.conversation(id).summary;
        summary.with_untracked(|it| it.as_ref().is_some_and(|it| asks(it, self.live.me())))
    }

    fn title(self, id: ConversationId) -> String {
        let summary = self.live.conversation(id).summary;
        let title = |it: &_| naming::title(it, self.live.me(), self.t);
        summary.with_untracked(|it| it.as_ref().map(title).unwrap_or_default())
    }
}
