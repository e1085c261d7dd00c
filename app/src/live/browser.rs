//! The browser's side: what it has open for the account, and which of its events are told.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use client::{Attention, Input};
use leptos::prelude::{document, window};
use protocol::ConversationId;
use web_sys::EventTarget;

use super::Live;
use super::clock;
use super::listener::Listener;
use super::socket::Socket;
use super::storage::Keeper;
use super::tabs::{Tabs, Word};
use super::timer::Timer;

/// How long something must have been seen before it counts as read.
pub(super) const READ_AFTER_MS: u64 = 300;

/// Signs of life that come closer together are one.
const ALIVE_MS: u64 = 20_000;

/// What is open for as long as the account is live in this tab.
pub(super) struct Browser {
    pub(super) socket: RefCell<Option<Socket>>,
    pub(super) keeper: Rc<Keeper>,
    /// What the user sees, as they were last said to.
    pub(super) attention: Cell<Option<(ConversationId, Attention)>>,
    pub(super) wake: Timer,
    pub(super) read: Timer,
    pub(super) midnight: Timer,
    /// Runs between two announcements, so that nobody misses the first.
    pub(super) speaking: Timer,
    tabs: Option<Tabs>,
    _sign_ins: Option<Tabs>,
    guard: RefCell<Option<Listener>>,
    _listeners: Vec<Listener>,
}

impl Browser {
    /// Opens nothing yet but listens.
    pub(super) fn new(live: Live) -> Rc<Self> {
        Rc::new(Self {
            socket: RefCell::default(),
            keeper: Keeper::new(live.me(), move |told| live.stored(told)),
            attention: Cell::new(None),
            wake: Timer::new(move || {
                live.look_at_clock();
                live.post(Input::Tick);
            }),
            read: Timer::new(move || live.seen()),
            midnight: Timer::new(move || live.look_at_clock()),
            speaking: Timer::new(move || live.speak()),
            tabs: Tabs::join(live.me(), move |word| live.told(word)),
            _sign_ins: Tabs::hear_sign_ins(move || live.look_who()),
            guard: RefCell::default(),
            _listeners: listen(live),
        })
    }

    /// Nothing but this conversation is looked at any more.
    pub(super) fn look_away(&self, id: Option<ConversationId>) {
        let attention = self.attention.get();
        self.attention
            .set(attention.filter(|(seen, _)| Some(*seen) == id));
    }

    /// From now on asks, or no longer asks, before something is lost with the tab. Not always:
    /// some browsers keep no page that listens for this for the way back.
    pub(super) fn guard(&self, live: Live, on: bool) {
        let guard = on.then(|| {
            Listener::new(&window(), "beforeunload", move |event| {
                if live
                    .browser()
                    .is_some_and(|browser| browser.keeper.has_unwritten())
                {
                    event.prevent_default();
                }
            })
        });
        self.guard.replace(guard);
    }

    /// Tells the account's other tabs.
    pub(super) fn tell(&self, word: &Word) {
        if let Some(tabs) = &self.tabs {
            tabs.tell(word);
        }
    }
}

/// Whether the browser believes that there is a network.
pub(super) fn is_online() -> bool {
    window().navigator().on_line()
}

fn listen(live: Live) -> Vec<Listener> {
    let (window, document) = (window(), document());
    let window: &EventTarget = &window;
    let mut listeners = signs_of_life(live, window);
    listeners.extend([
        Listener::new(window, "online", move |_| {
            live.post(Input::NetworkOnline);
            live.take_over();
        }),
        Listener::new(window, "offline", move |_| live.post(Input::NetworkOffline)),
        Listener::new(window, "focus", move |_| live.look_at_clock()),
        Listener::new(&document, "visibilitychange", move |_| visibility(live)),
        // From the cache of pages that were left: timers and sockets stood still.
        Listener::new(window, "pageshow", move |_| visibility(live)),
        Listener::new(window, "pagehide", move |_| live.leave()),
    ]);
    listeners
}

/// Whoever is at the device shows it by any of these.
fn signs_of_life(live: Live, window: &EventTarget) -> Vec<Listener> {
    const SIGNS: [&str; 5] = ["keydown", "pointerdown", "pointermove", "wheel", "focus"];
    let last = Rc::new(Cell::new(clock::now()));
    let listener = |name| {
        let last = Rc::clone(&last);
        Listener::new(window, name, move |_| {
            let now = clock::now();
            if now.millis_since(last.get()) >= ALIVE_MS {
                last.set(now);
                live.post(Input::Alive);
            }
        })
    };
    SIGNS.map(listener).into()
}

fn visibility(live: Live) {
    if document().hidden() {
        live.post(Input::BecameHidden);
    } else {
        live.look_at_clock();
        live.post(Input::BecameVisible);
        live.take_over();
    }
}
