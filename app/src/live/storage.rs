//! What survives a reload, in one IndexedDB database per account.
//!
//! Only this device has the outbox and drafts: they are written at once and durably, they are
//! tried again when that fails, and where there is no storage at all the tab goes on without.
//! Messages and the conversation list are copies, given up first when there is no room.
//!
//! Tabs share the database. Each sends what it knows of the outbox; the identity of a message
//! makes that harmless. An entry is deleted by its identity alone, and only after the server
//! has answered for it or the user has given it up, so no tab deletes what another still needs.

mod backlog;
mod connection;
mod idb;
mod records;
mod retention;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use client::{Effect, OutboxEntry, Restored};
use futures_util::future::{Either, select};
use leptos::prelude::window;
use protocol::{SendId, UserId};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::Storage;
use super::timer::sleep;
use backlog::{Batch, Copies, Own, StoreChange};
use connection::Opening;
use idb::{Change, Database, Durability, Failure};
use records::{CONVERSATIONS, COPIES, DRAFTS, MESSAGES, OUTBOX, OWN};

/// How long the browser has for one answer. Some never answer, and a message must not wait for
/// ever to be sent because it cannot be stored.
const PATIENCE_MS: u64 = 4_000;

/// What the storage tells.
pub(super) enum Told {
    /// Whether what is written survives a reload.
    State(Storage),
    /// What an earlier page stored.
    Restored(Box<Restored>),
    /// Everything stored is told, as far as it could be read in time.
    Ready,
    /// An entry of the outbox is safe, or as safe as it gets.
    Saved(SendId),
    /// Somebody deleted the database: the account has signed out.
    Deleted,
}

/// Keeps one account's things.
pub(super) struct Keeper {
    name: String,
    database: RefCell<Option<Database>>,
    opening: RefCell<Option<Opening>>,
    own: RefCell<Own>,
    copies: RefCell<Copies>,
    state: Cell<Storage>,
    writing_own: Cell<bool>,
    writing_copies: Cell<bool>,
    asked_to_persist: Cell<bool>,
    ended: Cell<bool>,
    tell: Box<dyn Fn(Told)>,
}

impl Keeper {
    /// A keeper that has not opened anything yet.
    pub(super) fn new(me: UserId, tell: impl Fn(Told) + 'static) -> Rc<Self> {
        Rc::new(Self {
            name: format!("baatcheet-{me}"),
            database: RefCell::default(),
            opening: RefCell::default(),
            own: RefCell::default(),
            copies: RefCell::default(),
            state: Cell::new(Storage::Opening),
            writing_own: Cell::new(false),
            writing_copies: Cell::new(false),
            asked_to_persist: Cell::new(false),
            ended: Cell::new(false),
            tell: Box::new(tell),
        })
    }

    /// Reads what is stored and tells it. If that takes too long it is told later.
    pub(super) fn start(self: &Rc<Self>) {
        let keeper = Rc::clone(self);
        spawn_local(async move {
            let reading = Box::pin(keeper.read_all());
            match select(reading, Box::pin(sleep(PATIENCE_MS))).await {
                Either::Left((found, _)) => {
                    keeper.opened(found);
                    keeper.tell(Told::Ready);
                }
                Either::Right(((), reading)) => {
                    keeper.enter(Storage::MemoryOnly);
                    keeper.tell(Told::Ready);
                    let found = reading.await;
                    keeper.opened(found);
                }
            }
            keeper.flush();
        });
    }

    /// Carries out an effect if it is about storage; gives back every other.
    pub(super) fn take(self: &Rc<Self>, effect: Effect) -> Option<Effect> {
        let entry = match &effect {
            Effect::SaveOutbox(entry) => Some(entry.send_id),
            _ => None,
        };
        let other = backlog::queue(
            &mut self.own.borrow_mut(),
            &mut self.copies.borrow_mut(),
            effect,
        );
        if other.is_none() {
            if let Some(send_id) = entry
                && self.state.get().is_none()
            {
                self.tell(Told::Saved(send_id));
            }
            self.flush();
        }
        other
    }

    /// Another tab may have left messages behind: tells them.
    pub(super) fn take_over(self: &Rc<Self>) {
        let keeper = Rc::clone(self);
        if self.state.get() != Storage::Kept {
            return;
        }
        spawn_local(async move {
            let Ok(database) = keeper.connect().await else {
                return;
            };
            let Ok([texts]) = within(database.read([OUTBOX])).await else {
                return;
            };
            let outbox = keeper.still_waiting(&texts);
            if !outbox.is_empty() {
                keeper.tell(Told::Restored(Box::new(Restored {
                    outbox,
                    ..Restored::default()
                })));
            }
        });
    }

    /// How many messages wait on this device to be sent, whichever tab wrote them.
    pub(super) async fn unsent(self: &Rc<Self>) -> usize {
        let stored = within(async {
            let database = self.connect().await?;
            database.read([OUTBOX]).await
        });
        let texts = stored.await.map(|[texts]| texts).unwrap_or_default();
        let stored = self.still_waiting(&texts);
        let ids: BTreeSet<SendId> = stored.iter().map(|entry| entry.send_id).collect();
        self.own.borrow().with_unwritten(ids).len()
    }

    /// Whether something that only this device has is not on the disk.
    pub(super) fn has_unwritten(&self) -> bool {
        self.own.borrow().has_unwritten()
    }

    /// Another tab gave a message up.
    pub(super) fn forget(self: &Rc<Self>, send_id: SendId) {
        self.own.borrow_mut().forget(send_id);
        self.flush();
    }

    /// Writes nothing more.
    pub(super) fn end(&self) {
        self.ended.set(true);
        self.own.borrow_mut().clear();
        self.copies.borrow_mut().give_up();
        self.database.take();
    }

    /// Ends, and deletes everything.
    pub(super) async fn wipe(&self) {
        self.end();
        // Where another tab does not let go in time, the browser deletes when it does.
        let _ = within(idb::delete(&self.name)).await;
    }

    fn tell(&self, told: Told) {
        if !self.ended.get() {
            (self.tell)(told);
        }
    }

    fn enter(&self, state: Storage) {
        if self.state.replace(state) != state {
            self.tell(Told::State(state));
        }
    }

    fn opened(&self, found: Result<Restored, Failure>) {
        match found {
            Ok(restored) => {
                self.tell(Told::Restored(Box::new(restored)));
                self.enter(Storage::Kept);
            }
            Err(failure) => self.lose(failure),
        }
    }

    fn lose(&self, failure: Failure) {
        self.enter(match failure {
            Failure::Newer => Storage::Outdated,
            Failure::Full | Failure::Broken => Storage::MemoryOnly,
        });
    }

    async fn read_all(self: &Rc<Self>) -> Result<Restored, Failure> {
        let database = self.connect().await?;
        let [outbox, drafts, conversations, messages] = database
            .read([OUTBOX, DRAFTS, CONVERSATIONS, MESSAGES])
            .await?;
        let copies = records::copies(&conversations, &messages);
        if copies.is_none() {
            let _ = self.write(&COPIES, Durability::Relaxed, no_copies()).await;
        }
        let (conversations, messages) = copies.unwrap_or_default();
        self.copies.borrow_mut().found(&messages);
        let arrangements = records::arrangements(&outbox);
        let saved = records::saved(&outbox);
        let reminders = records::reminders(&outbox);
        let dismissals = records::dismissals(&outbox);
        let folders = records::folders(&outbox);
        let folder_wishes = records::folder_wishes(&outbox);
        let outbox = self.still_waiting(&outbox);
        let answers = records::answers(&drafts);
        let (mut drafts, sent) = records::drafts(&drafts, &outbox);
        let mut own = self.own.borrow_mut();
        sent.iter().for_each(|saved| own.restate_draft(saved));
        drafts.extend(sent);
        Ok(Restored {
            drafts,
            answers,
            outbox,
            messages,
            conversations,
            arrangements,
            saved,
            reminders,
            dismissals,
            folders,
            folder_wishes,
        })
    }

    fn still_waiting(&self, texts: &[String]) -> Vec<OutboxEntry> {
        let mut entries = records::outbox(texts);
        let own = self.own.borrow();
        entries.retain(|entry| !own.has_forgotten(entry.send_id));
        entries
    }

    /// Writes what waits, once what runs now has ended: effects that come together are one
    /// transaction.
    fn flush(self: &Rc<Self>) {
        if self.state.get() == Storage::Opening || self.ended.get() {
            return;
        }
        if !self.writing_own.replace(true) {
            let keeper = Rc::clone(self);
            spawn_local(async move { keeper.write_own().await });
        }
        if !self.writing_copies.replace(true) {
            let keeper = Rc::clone(self);
            spawn_local(async move { keeper.write_copies().await });
        }
    }

    async fn write_own(self: &Rc<Self>) {
        while let Some(batch) = self.next_own() {
            let saved = batch.saved();
            let written = self.write_batch(&batch).await;
            match written {
                Ok(()) => {
                    self.enter(Storage::Kept);
                    self.persist(!saved.is_empty());
                }
                Err(failure) => {
                    self.own.borrow_mut().put_back(batch);
                    self.lose(failure);
                }
            }
            for send_id in saved {
                self.tell(Told::Saved(send_id));
            }
            if written.is_err() {
                // The next change tries again.
                break;
            }
        }
        self.writing_own.set(false);
    }

    /// A batch is written whole; a full disk makes room once, a lost connection is opened again
    /// once.
    async fn write_batch(self: &Rc<Self>, batch: &Batch) -> Result<(), Failure> {
        // Waiting for the disk is worth it for a message alone.
        let durability = if batch.saved().is_empty() {
            Durability::Relaxed
        } else {
            Durability::Strict
        };
        let mut outcome = self.write(&OWN, durability, batch.changes()).await;
        if outcome == Err(Failure::Full) {
            self.make_room().await;
            outcome = self.write(&OWN, durability, batch.changes()).await;
        }
        if outcome.is_err() {
            self.database.take();
            outcome = self.write(&OWN, durability, batch.changes()).await;
        }
        outcome
    }

    async fn write_copies(self: &Rc<Self>) {
        loop {
            let changes = self.next_copies();
            if changes.is_empty() {
                break;
            }
            match self.write(&COPIES, Durability::Relaxed, changes).await {
                Ok(()) => {}
                Err(Failure::Full) => self.make_room().await,
                Err(Failure::Newer | Failure::Broken) => {
                    self.database.take();
                    break;
                }
            }
        }
        self.writing_copies.set(false);
    }

    /// Gives up the copies for the sake of what only this device has.
    async fn make_room(self: &Rc<Self>) {
        self.copies.borrow_mut().give_up();
        let _ = self.write(&COPIES, Durability::Relaxed, no_copies()).await;
    }

    async fn write(
        self: &Rc<Self>,
        stores: &[&'static str],
        durability: Durability,
        changes: Vec<StoreChange>,
    ) -> Result<(), Failure> {
        within(async {
            let database = self.connect().await?;
            database.write(stores, durability, changes).await
        })
        .await
    }

    // These two are functions so that no borrow lasts over an await.
    fn next_own(&self) -> Option<Batch> {
        self.own.borrow_mut().take()
    }

    fn next_copies(&self) -> Vec<StoreChange> {
        let changes = self.copies.borrow_mut().take();
        if self.state.get() == Storage::Kept {
            changes
        } else {
            Vec::new()
        }
    }

    /// Asks the browser not to evict what is stored, once something worth it is.
    fn persist(&self, worth_it: bool) {
        if !worth_it || self.asked_to_persist.replace(true) {
            return;
        }
        if let Ok(answer) = window().navigator().storage().persist() {
            spawn_local(async move {
                let _ = JsFuture::from(answer).await;
            });
        }
    }
}

/// Deletes everything that the server has too.
fn no_copies() -> Vec<StoreChange> {
    COPIES.map(|store| (store, Change::Clear)).into()
}

/// An answer within the browser's time.
async fn within<T>(answer: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    match select(Box::pin(answer), Box::pin(sleep(PATIENCE_MS))).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err(Failure::Broken),
    }
}
