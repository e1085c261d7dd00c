//! [`Client`]: the whole core behind one function.

mod answering;
mod arranging;
mod cursors;
mod dismissing;
mod drafting;
mod ending;
mod expiring;
mod foldering;
mod frames;
mod hiding;
mod history;
mod membership;
mod receipts;
mod reminding;
mod requests;
mod saving;
mod slowness;
mod standing;
mod storage;
mod threads;
mod views;
mod window;
mod writing;

use std::collections::{BTreeMap, BTreeSet};

use protocol::limits::RESUME_POINTS;
use protocol::{ClientFrame, ConversationId, ConversationSummary, Message, SavedPlace, Timestamp};

use crate::arrangements::Arrangements;
use crate::backoff::Backoff;
use crate::conversation::{Conversation, ROWS_CLOSED, ROWS_OPEN};
use crate::dismissals::Dismissals;
use crate::drafts::Drafts;
use crate::fetch::Fetches;
use crate::folders::Folders;
use crate::names::Names;
use crate::outbox::Outbox;
use crate::presence::People;
use crate::privacy::OwnPrivacy;
use crate::reminders::Reminders;
use crate::saved::Saved;
use crate::seen_threads::SeenThreads;
use crate::session::{Action, EndReason, Event, Session};
use crate::standing::{Activity, Standing};
use crate::status::Status;
use crate::typing::{Composer, Typists};
use crate::window::ROWS_WINDOW;
use crate::{Change, Config, Effect, Input};
pub use answering::SavedAnswer;
use arranging::ServerClock;
use cursors::Cursors;
use receipts::Receipts;

/// Conversations held at the same time.
const MOST_CONVERSATIONS: usize = RESUME_POINTS;

/// One tab's client.
#[derive(Debug)]
pub struct Client {
    config: Config,
    session: Session,
    backoff: Backoff,
    conversations: BTreeMap<ConversationId, Conversation>,
    open: Option<ConversationId>,
    outbox: Outbox,
    arrangements: Arrangements,
    saved: Saved,
    reminders: Reminders,
    dismissals: Dismissals,
    drafts: Drafts,
    folders: Folders,
    seen_threads: SeenThreads,
    answers: BTreeMap<SavedPlace, String>,
    server_clock: ServerClock,
    fetches: Fetches,
    composer: Composer,
    typists: Typists,
    people: People,
    privacy: OwnPrivacy,
    standing: Standing,
    activity: Activity,
    names: Names,
    cursors: Cursors,
    receipts: Receipts,
    shown_status: Status,
    wake_at: Option<Timestamp>,
    /// What the present step has done so far.
    work: Work,
}

/// What a step has to tell, collected so that nothing is told twice.
#[derive(Debug, Default)]
struct Work {
    effects: Vec<Effect>,
    messages: BTreeMap<ConversationId, Vec<Message>>,
    conversations: BTreeSet<ConversationId>,
    changes: BTreeSet<Change>,
    announcements: Vec<Change>,
}

impl Client {
    /// A client that knows nothing yet.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            config,
            session: Session::new(config.seed),
            backoff: Backoff::new(config.seed ^ 0x5DEE_CE66_D1CE_4E5B),
            conversations: BTreeMap::new(),
            open: None,
            outbox: Outbox::new(config.me),
            arrangements: Arrangements::default(),
            saved: Saved::default(),
            reminders: Reminders::default(),
            dismissals: Dismissals::default(),
            drafts: Drafts::default(),
            folders: Folders::default(),
            seen_threads: SeenThreads::default(),
            answers: BTreeMap::new(),
            server_clock: ServerClock::default(),
            fetches: Fetches::default(),
            composer: Composer::default(),
            typists: Typists::default(),
            people: People::default(),
            privacy: OwnPrivacy::default(),
            standing: Standing::default(),
            activity: Activity::default(),
            names: Names::default(),
            cursors: Cursors::default(),
            receipts: Receipts::default(),
            shown_status: Status::Quiet,
            wake_at: None,
            work: Work::default(),
        }
    }

    /// Takes what happened and returns what to do, in that order.
    pub fn step(&mut self, input: Input, now: Timestamp) -> Vec<Effect> {
        self.pass_time(now);
        match input {
            Input::Start => self.start(now),
            Input::Alive => self.activity.alive(now),
            Input::NetworkOnline => self.connection(Event::NetworkOnline, now),
            Input::NetworkOffline => self.connection(Event::NetworkOffline, now),
            Input::BecameVisible => self.became_visible(now),
            Input::BecameHidden => self.became_hidden(),
            Input::ConnectNow => self.connection(Event::ConnectNow, now),
            Input::SocketOpened => self.connection(Event::Opened, now),
            Input::SocketClosed { code } => self.connection(Event::Closed(code), now),
            Input::SessionRefreshed => self.connection(Event::Refreshed, now),
            Input::RefreshFailed => self.connection(Event::RefreshFailed, now),
            Input::SessionGone => self.connection(Event::Gone(EndReason::SignedOut), now),
            Input::Tick => self.connection(Event::Tick, now),
            Input::Frame(frame) => self.frame(frame, now),
            Input::Served(at) => {
                self.server_clock.told(at, now);
                self.pass_time(now);
            }
            Input::Restored(restored) => self.restore(restored),
            Input::Seeded(seeded) => self.seed(seeded),
            Input::SeededAround { seq, page } => self.seed_around(seq, page),
            Input::SeededThread { before, page } => self.seed_thread(before, page),
            Input::OpenThread { conversation, root } => self.open_thread(conversation, root),
            Input::Open(id) => self.open(id),
            Input::Close => self.close(),
            Input::Send {
                conversation,
                intent,
                send_id,
            } => self.write(conversation, intent, send_id, now),
            Input::Saved { send_id } => self.outbox.saved(send_id),
            Input::Retry { send_id } => self.retry(send_id),
            Input::Discard { send_id } => self.discard(send_id),
            Input::LoadOlder(id) => self.load_older(id),
            Input::LoadNewer(id) => self.load_newer(id),
            Input::GoTo { conversation, seq } => self.go_to(conversation, seq),
            Input::GoToNewest(id) => self.go_to_newest(id),
            Input::MarkRead { conversation, seq } => self.mark_read(conversation, seq),
            Input::Arrange {
                conversation,
                change,
            } => self.arrange(conversation, change),
            Input::Save { place, on } => self.save(place, on),
            Input::Remind { place, at } => self.remind(place, at),
            Input::Dismiss { place, dismissal } => self.dismiss(place, dismissal),
            Input::CallFolder { folder, name } => self.call_folder(folder, name),
            Input::NameThese(users) => users.into_iter().for_each(|user| self.names.want(user)),
            Input::Persons(persons) => self.learn_all(&persons),
            Input::ClearDivider(id) => self.clear_divider(id),
            Input::Composing {
                conversation,
                active,
            } => self.composing(conversation, active, now),
            Input::Drafted {
                conversation,
                draft,
            } => self.draft(conversation, draft, now),
            Input::Answering { root, text } => self.answering(root, text),
            Input::DraftedElsewhere {
                conversation,
                draft,
            } => self.draft_in_other_tab(conversation, draft),
        }
        self.finish(now)
    }

    fn start(&mut self, now: Timestamp) {
        self.activity.alive(now);
        self.connection(Event::Start, now);
    }

    fn became_visible(&mut self, now: Timestamp) {
        self.drafts.hidden = false;
        self.see_thread_again();
        self.connection(Event::BecameVisible, now);
    }

    fn became_hidden(&mut self) {
        self.drafts.hidden = true;
        self.drafts.hurry();
        self.seen_threads.hurry();
    }

    /// Lets the connection's state machine see an event and carries out what it decides.
    fn connection(&mut self, event: Event, now: Timestamp) {
        for action in self.session.step(event, now) {
            match action {
                Action::Connect => self.effect(Effect::Connect),
                Action::Close => self.effect(Effect::CloseSocket),
                Action::Refresh => self.effect(Effect::RefreshSession),
                Action::Hello => {
                    let resume = self.resume_points();
                    self.dismissals.greet(&resume);
                    self.transmit(ClientFrame::Hello { resume });
                }
                Action::Ping(nonce) => self.transmit(ClientFrame::Ping { nonce }),
                Action::Reset => self.reset(),
                Action::Live => self.live(),
            }
        }
    }

    /// Nothing that was under way gets an answer any more.
    fn reset(&mut self) {
        self.arrangements.reset();
        self.saved.wishes.reset();
        self.reminders.wishes.reset();
        self.dismissals.wishes.reset();
        self.drafts.wishes.reset();
        self.folders.wishes.reset();
        self.seen_threads.wishes.reset();
        for conversation in self.outbox.reset() {
            self.rows_changed(conversation);
        }
        for request in self.fetches.reset() {
            self.fetches.want(request.conversation);
            self.rows_changed(request.conversation);
        }
        for it in self.conversations.values_mut() {
            it.window.give_up();
        }
        self.composer.reset();
        self.names.reset();
        self.forget_presence();
    }

    /// Frames flow in both directions.
    fn live(&mut self) {
        self.outbox.connected();
        for it in self.conversations.values_mut() {
            it.patience.renew();
        }
        self.cursors = Cursors::default();
        self.tell_cursors();
        self.doubt_names();
    }

    /// The conversation, made if it is not known yet and there is room.
    fn known(&mut self, id: ConversationId) -> Option<&mut Conversation> {
        if self.conversations.len() >= MOST_CONVERSATIONS && !self.conversations.contains_key(&id) {
            self.evict()?;
        }
        let (config, dismissals) = (self.config, &self.dismissals);
        let entry = self.conversations.entry(id);
        Some(entry.or_insert_with(|| {
            let mut it = Conversation::new(id, config);
            it.dismiss(&dismissals.of(id), &[]);
            it
        }))
    }

    /// Lets go of the conversation that nothing has happened in for the longest.
    fn evict(&mut self) -> Option<()> {
        let oldest = self
            .conversations
            .values()
            .filter(|it| !self.is_open(it.id) && !self.outbox.has(it.id))
            .filter(|it| !self.drafts.is_own(it.id))
            .min_by_key(|it| it.summary.as_ref().map(ConversationSummary::active_at))?
            .id;
        self.conversations.remove(&oldest);
        self.fetches.is_satisfied(oldest);
        self.change(Change::List(oldest));
        Some(())
    }

    fn is_open(&self, id: ConversationId) -> bool {
        self.open == Some(id)
    }

    /// Lets go of rows that nobody looks at.
    fn trim(&mut self, id: ConversationId) {
        let is_open = self.is_open(id);
        let most = |it: &Conversation| match (is_open, it.window.held().is_some()) {
            (true, false) => ROWS_OPEN,
            // There is room for the window, should they meet.
            (true, true) => ROWS_OPEN - ROWS_WINDOW,
            (false, _) => ROWS_CLOSED,
        };
        if let Some(it) = self.conversations.get_mut(&id)
            && it.timeline.trim(most(it))
        {
            let base = it.timeline.base();
            self.outbox.remove_stored(id, base);
            self.rows_changed(id);
        }
    }

    fn effect(&mut self, effect: Effect) {
        self.work.effects.push(effect);
    }

    fn transmit(&mut self, frame: ClientFrame) {
        self.effect(Effect::Transmit(frame));
    }

    fn change(&mut self, change: Change) {
        self.work.changes.insert(change);
    }

    fn rows_changed(&mut self, id: ConversationId) {
        self.change(Change::Rows(id));
    }

    /// A row of the list has changed and is to be stored.
    fn list_changed(&mut self, id: ConversationId) {
        self.work.conversations.insert(id);
        self.change(Change::List(id));
    }
}

#[cfg(test)]
mod tests;
