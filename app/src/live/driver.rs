//! Carries out what the client decides, and tells it what comes of it.

use std::rc::Rc;

use client::{Change, Config, Effect, Input, Status};
use leptos::prelude::*;
use protocol::limits::AROUND_MESSAGES;
use protocol::{ErrorCode, SendId, Timestamp, UserId};
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::spawn_local;

use super::browser::{Browser, READ_AFTER_MS, is_online};
use super::clock::{self, RequestTime};
use super::core::{Clock, Core, Signals};
use super::random;
use super::socket::{Heard, Socket};
use super::storage::Told;
use super::tabs::{Left, Word};
use super::{Live, Queued, session, views};
use crate::api::caller;
use crate::api::conversations::load_start;
use crate::api::groups::joined;
use crate::api::people::persons;
use crate::ui::{Mounted, local_day};

/// The account that is live, for all pages that come and go.
#[derive(Clone, Copy)]
struct Running(Live);

/// Stands for today where nobody knows it: every heading is a date then.
const UNKNOWN_DAY: i64 = i64::MAX;

/// The account's handle: the running one, or a new one that outlives the page it is made for.
pub(super) fn begin(me: UserId) -> Live {
    // Asked for in any case: what the server and the browser share is matched by its order.
    let today = SharedValue::new(first_today).into_inner();
    let served_at = SharedValue::new(served_at).into_inner();
    if let Some(Running(live)) = use_context::<Running>() {
        let ended = matches!(live.status().get_untracked(), Status::Ended(_));
        if live.me == me && !ended {
            return live;
        }
        live.stop();
    }
    outermost(|| {
        let live = Live::make(me, today);
        provide_context(Running(live));
        if let Some(millis) = served_at {
            // Both show what is muted at the same moment.
            live.post(Input::Served(Timestamp::from_millis(millis)));
        }
        live
    })
}

/// When the server made the page, in milliseconds; nothing for a page that came after the first.
fn served_at() -> Option<u64> {
    use_context::<RequestTime>().map(|time| time.0.millis())
}

/// Runs something as a part of the application, not of a page.
fn outermost<T>(run: impl FnOnce() -> T) -> T {
    let Some(mut owner) = Owner::current() else {
        return run();
    };
    while let Some(parent) = owner.parent() {
        owner = parent;
    }
    owner.with(run)
}

/// Today as the server knows it, or as a page knows it that came after the first.
fn first_today() -> i64 {
    if is_server() {
        use_context::<RequestTime>().map_or(UNKNOWN_DAY, |time| local_day(time.0, false))
    } else {
        local_day(clock::now(), is_mounted())
    }
}

fn is_mounted() -> bool {
    use_context::<Mounted>().is_some_and(|mounted| mounted.0.get_untracked())
}

impl Live {
    fn make(me: UserId, today: i64) -> Self {
        let signals = Signals::new(today);
        let (clock, seed) = if is_server() {
            let now = use_context::<RequestTime>().map_or(Timestamp::default(), |time| time.0);
            (Clock::Request(now), 0)
        } else {
            let mounted = is_mounted();
            let offset = mounted.then(clock::offset);
            (Clock::Browser { offset }, random::seed())
        };
        let config = Config {
            me,
            seed,
            around: AROUND_MESSAGES,
        };
        Self {
            me,
            signals,
            core: StoredValue::new(Core::new(config, clock, signals)),
            mounted: use_context(),
            early: StoredValue::new(Vec::new()),
            browser: StoredValue::new(None),
        }
    }

    /// Begins to use the browser. To be called in one, once the page is mounted.
    pub(super) fn start(&self) {
        if self.browser().is_some() {
            return;
        }
        caller::page_of(self.me);
        let browser = Browser::new(*self);
        let handle = SendWrapper::new(Rc::clone(&browser));
        self.browser.set_value(Some(handle));
        self.look_at_clock();
        let early = self.early.try_update_value(std::mem::take);
        for effect in early.into_iter().flatten() {
            browser.keeper.take(effect);
        }
        if !is_online() {
            self.post(Input::NetworkOffline);
        }
        browser.keeper.start();
        self.speak();
    }

    /// Lets go of everything.
    pub(super) fn stop(&self) {
        self.core.try_update_value(Core::stop);
        if let Some(browser) = self.browser() {
            browser.keeper.end();
            browser.socket.take();
        }
        self.browser.try_set_value(None);
    }

    /// What is open in the browser; nothing on a server and before the page is mounted.
    pub(super) fn browser(&self) -> Option<Rc<Browser>> {
        let handle = self.browser.try_get_value().flatten()?;
        Some(handle.take())
    }

    /// Takes what happened. What it leads to is carried out before this returns, or, if this is
    /// a part of that, after it.
    pub(super) fn post(&self, input: Input) {
        if self.core.try_update_value(|core| core.accept(input)) != Some(true) {
            return;
        }
        while let Some(effects) = self.core.try_update_value(Core::next).flatten() {
            for effect in effects {
                self.carry_out(effect);
            }
        }
        self.speak();
    }

    fn carry_out(&self, effect: Effect) {
        if let Effect::Changed(Change::SendRefused { send_id }) = effect {
            self.settle(send_id, Queued::Refused);
            return;
        }
        let Some(browser) = self.browser() else {
            // Before that nothing but storage is asked for; on a server not even that is needed.
            if !is_server() {
                self.early.update_value(|early| early.push(effect));
            }
            return;
        };
        let live = *self;
        match browser.keeper.take(effect) {
            Some(Effect::Connect) => self.connect(&browser),
            Some(Effect::CloseSocket) => {
                browser.socket.take();
            }
            Some(Effect::Transmit(frame)) => {
                if let Some(socket) = &*browser.socket.borrow() {
                    socket.send(&frame);
                }
            }
            Some(Effect::WakeAt(at)) => browser.wake.set(at.millis_since(clock::now())),
            Some(Effect::RefreshSession) => {
                spawn_local(async move { live.post(session::refresh().await) });
            }
            Some(Effect::NeedPersons(users)) => spawn_local(async move {
                // Without an answer they are asked for again on the next connection.
                if let Ok(persons) = persons(joined(&users)).await {
                    live.post(Input::Persons(persons));
                }
            }),
            _ => {}
        }
    }

    fn connect(&self, browser: &Browser) {
        let live = *self;
        let hear = move |heard| match heard {
            Heard::Opened => live.post(Input::SocketOpened),
            Heard::Frame(frame) => live.post(Input::Frame(*frame)),
            Heard::Closed(code) => {
                if let Some(browser) = live.browser() {
                    browser.socket.take();
                }
                live.post(Input::SocketClosed { code });
            }
        };
        // The one before has told its last word.
        browser.socket.take();
        match Socket::open(hear) {
            Ok(socket) => {
                browser.socket.replace(Some(socket));
            }
            Err(_) => self.post(Input::SocketClosed { code: None }),
        }
    }

    /// What the storage tells.
    pub(super) fn stored(&self, told: Told) {
        match told {
            Told::State(state) => {
                views::show(&self.signals.storage, state);
                if let Some(browser) = self.browser() {
                    browser.guard(*self, state.is_none());
                }
            }
            Told::Restored(restored) => self.post(Input::Restored(*restored)),
            Told::Ready => self.post(Input::Start),
            Told::Saved(send_id) => {
                self.post(Input::Saved { send_id });
                self.settle(send_id, Queued::Safe);
            }
            Told::Deleted => self.leave_for_good(Left::SignedOut),
        }
    }

    /// What another tab tells.
    pub(super) fn told(&self, word: Word) {
        match word {
            Word::SignedOut => self.leave_for_good(Left::SignedOut),
            Word::Left => self.take_over(),
            Word::Drafted(conversation, draft) => self.redraft(conversation, draft),
            Word::Discarded(send_id) => {
                if let Some(browser) = self.browser() {
                    browser.keeper.forget(send_id);
                }
                self.post(Input::Discard { send_id });
            }
        }
    }

    /// The account leaves this tab, and nothing of it may be seen there any more. Once it is
    /// signed out on this device, nothing is stored either.
    pub(super) fn leave_for_good(&self, why: Left) {
        self.post(Input::SessionGone);
        if let Some(browser) = self.browser().filter(|_| why == Left::SignedOut) {
            browser.keeper.end();
        }
        if self.signals.left.get_untracked() != Some(Left::SignedOut) {
            views::show(&self.signals.left, Some(why));
        }
    }

    /// Somebody has signed in in this browser: asks the server whether this tab is still theirs.
    pub(super) fn look_who(&self) {
        let live = *self;
        spawn_local(async move {
            let answer = load_start().await;
            if answer.is_err_and(|error| error.code == ErrorCode::Unauthenticated) {
                live.leave_for_good(Left::SomebodyElse);
            }
        });
    }

    /// Looks for messages that another tab has left behind.
    pub(super) fn take_over(&self) {
        if let Some(browser) = self.browser() {
            browser.keeper.take_over();
        }
    }

    /// The page goes away; what it has not sent is for the other tabs.
    pub(super) fn leave(&self) {
        if let Some(browser) = self.browser()
            && self.signals.unsent.get_untracked() > 0
        {
            browser.tell(&Word::Left);
        }
    }

    /// Says what day it is, and wakes up for the next.
    pub(super) fn look_at_clock(&self) {
        let now = clock::now();
        let offset = clock::offset();
        let moved = self
            .core
            .try_update_value(|core| core.look_at_clock(offset));
        if let Some(mounted) = self.mounted.filter(|_| moved == Some(true)) {
            mounted.zone_changed();
        }
        if let Some(browser) = self.browser() {
            browser
                .midnight
                .set(clock::next_midnight(now).millis_since(now));
        }
    }

    /// Says the next announcement, unless one is being said.
    pub(super) fn speak(&self) {
        let Some(browser) = self.browser() else {
            return;
        };
        if !browser.speaking.is_set() && self.core.try_update_value(Core::announce) == Some(true) {
            browser.speaking.set(0);
        }
    }

    /// The place that now counts as seen, if that is news.
    pub(super) fn newly_seen(&self, browser: &Browser) -> Option<Input> {
        let (conversation, attention) = browser.attention.get()?;
        let seq = self.core.with_value(|core| {
            let client = core.client();
            let read = client.conversation(conversation)?.read_seq;
            client::mark_read(attention, client.newest(conversation), read)
        })?;
        Some(Input::MarkRead { conversation, seq })
    }

    /// Looks again, a moment later, at what the user sees.
    pub(super) fn look_soon(&self, browser: &Browser) {
        if !browser.read.is_set() && self.newly_seen(browser).is_some() {
            browser.read.set(READ_AFTER_MS);
        }
    }

    /// The moment is over.
    pub(super) fn seen(&self) {
        if let Some(browser) = self.browser()
            && let Some(input) = self.newly_seen(&browser)
        {
            self.post(input);
        }
    }

    /// Tells whoever wrote a message how it went.
    fn settle(&self, send_id: SendId, queued: Queued) {
        let done = self.core.try_update_value(|core| core.expected(send_id));
        if let Some(done) = done.flatten() {
            done(queued);
        }
    }
}
