//! Which conversations are in memory: loading them once however many ask, and unloading what
//! was not used for longest.
//!
//! Everybody who works with a conversation holds its `Arc`. So one that only the map holds
//! has no work under way and can be unloaded; unsaved read cursors live outside of it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use parking_lot::MutexGuard;
use protocol::{ConversationId, ErrorCode, Seq, UserId};

use crate::ChatError;
use crate::conversation_state::{
    Admitted, Conversation, Fixed, Log, Phase, Queued, RECENT, Read, is_shown,
};
use crate::delivery::{ack, publish_late, reject_send};
use crate::engine::{Engine, guarded};
use crate::mentions::ToLook;
use crate::retries;
use crate::store::{ConversationRecord, Details};
use crate::unread::{Membership, ToCount};

/// Why work on a conversation could not be finished.
pub(crate) enum Stop {
    Refused(ErrorCode),
    /// This has to be counted first.
    Count(ToCount),
    /// This has to be looked at first.
    Look(ToLook),
}

impl From<ErrorCode> for Stop {
    fn from(code: ErrorCode) -> Self {
        Self::Refused(code)
    }
}

impl From<ToCount> for Stop {
    fn from(asked: ToCount) -> Self {
        Self::Count(asked)
    }
}

impl From<ToLook> for Stop {
    fn from(asked: ToLook) -> Self {
        Self::Look(asked)
    }
}

impl Engine {
    /// The conversation's place in memory; it may not be loaded yet.
    pub(crate) fn entry(&self, id: ConversationId) -> Arc<Conversation> {
        let tick = self.ticks.load(Ordering::Relaxed);
        let mut map = self.conversations.lock();
        if let Some(found) = map.get(&id) {
            if found.used.load(Ordering::Relaxed) != tick {
                found.used.store(tick, Ordering::Relaxed);
            }
            return Arc::clone(found);
        }
        let entry = Arc::new(Conversation::new(id, tick, &self.held));
        map.insert(id, Arc::clone(&entry));
        let crowded = map.len() > self.loaded_most + self.loaded_most / 4;
        drop(map);
        if crowded {
            self.unload();
        }
        entry
    }

    /// Works on a loaded conversation under its lock. Called again if what is unread has to
    /// be counted first, or if the state was thrown away meanwhile.
    pub(crate) async fn with<T>(
        self: &Arc<Self>,
        id: ConversationId,
        mut work: impl FnMut(&mut Log, &Arc<Fixed>) -> Result<T, Stop>,
    ) -> Result<T, ChatError> {
        loop {
            let entry = self.entry(id);
            entry.load.get_or_try_init(|| self.load(&entry)).await?;
            let stopped = {
                let mut log = entry.log.lock();
                match log.phase.clone() {
                    Phase::Ready(fixed) => match work(&mut log, &fixed) {
                        Ok(result) => return Ok(result),
                        Err(stop) => Some((stop, fixed)),
                    },
                    Phase::Loading | Phase::Abandoned => None,
                }
            };
            match stopped {
                Some((Stop::Refused(code), _)) => return Err(code.into()),
                Some((Stop::Count(asked), _)) => {
                    let quiet = self.count(id, &asked).await?;
                    entry.log.lock().counted(&asked, quiet);
                }
                Some((Stop::Look(asked), fixed)) => {
                    let found = self.look(id, &fixed, &asked).await?;
                    entry.log.lock().looked(&asked, found);
                }
                None => self.forget(&entry),
            }
        }
    }

    /// Hands in a send; the conversation is loaded first if it is not.
    pub(crate) fn submit(self: &Arc<Self>, id: ConversationId, send: Queued) {
        loop {
            let entry = self.entry(id);
            let mut log = entry.log.lock();
            match log.phase {
                Phase::Ready(_) if !log.unsettled => return self.admit(&entry, log, [send]),
                Phase::Loading => {
                    let refused = log.hold(send);
                    let call = !std::mem::replace(&mut log.called, true);
                    drop(log);
                    if let Some(send) = refused {
                        reject_send(self, send, ErrorCode::RateLimited);
                    }
                    if call {
                        let engine = Arc::clone(self);
                        // Its failure is told to those who wait by `load`.
                        tokio::spawn(async move {
                            let load = || engine.load(&entry);
                            drop(entry.load.get_or_try_init(load).await);
                        });
                    }
                    return;
                }
                Phase::Ready(_) => {
                    drop(log);
                    self.discard_unsettled(&entry);
                }
                Phase::Abandoned => {
                    drop(log);
                    self.forget(&entry);
                }
            }
        }
    }

    /// Puts a state that takes no sends out of use, to be read again.
    fn discard_unsettled(&self, conversation: &Arc<Conversation>) {
        let mut log = conversation.log.lock();
        if log.unsettled {
            log.phase = Phase::Abandoned;
            drop(log);
            self.forget(conversation);
        }
    }

    /// Reads conversations again whose last commit had no known outcome, so that what it may
    /// have stored is delivered although nobody asks. What still fails is tried again by the
    /// next tick, and keeps none of the others waiting.
    pub(crate) async fn settle_uncertain(self: &Arc<Self>) {
        let (ids, failures): (Vec<_>, Vec<_>) = {
            let uncertain = self.uncertain.lock();
            uncertain.iter().map(|(id, u)| (*id, u.failure)).unzip()
        };
        // Once for all of them.
        match failures.into_iter().max() {
            Some(newest) if self.is_synced(newest).await => {}
            _ => return,
        }
        for id in ids {
            self.discard_unsettled(&self.entry(id));
            if let Err(ChatError::Refused(_)) = self.with(id, |_, _| Ok(())).await {
                self.uncertain.lock().remove(&id);
            }
        }
    }

    /// Takes a conversation out of the map, unless the map has a newer one under its id.
    pub(crate) fn forget(&self, conversation: &Arc<Conversation>) {
        let mut map = self.conversations.lock();
        if map
            .get(&conversation.id)
            .is_some_and(|c| Arc::ptr_eq(c, conversation))
        {
            map.remove(&conversation.id);
        }
    }

    /// Loads and lets the sends that waited go on, or rejects them.
    async fn load(self: &Arc<Self>, entry: &Arc<Conversation>) -> Result<(), ChatError> {
        // Others who waited for the same load find it failed, and ask the map again.
        if matches!(entry.log.lock().phase, Phase::Abandoned) {
            return Ok(());
        }
        match guarded(self.read(entry.id)).await {
            Ok(read) => {
                let mut log = entry.log.lock();
                let settled = !read.unsettled;
                let waiting = log.fill(read);
                if settled {
                    publish_late(self, entry.id, &mut log);
                }
                self.admit(entry, log, waiting);
                Ok(())
            }
            Err(error) => {
                if !matches!(error, ChatError::Refused(ErrorCode::NotFound)) {
                    tracing::error!(%error, conversation = %entry.id, "cannot be loaded");
                }
                self.forget(entry);
                let (waiting, _) = entry.log.lock().abandon();
                for send in waiting {
                    reject_send(self, send, error.code());
                }
                Err(error)
            }
        }
    }

    /// Decides about sends to a loaded conversation: answers them or lets them wait.
    fn admit(
        self: &Arc<Self>,
        conversation: &Arc<Conversation>,
        mut log: MutexGuard<'_, Log>,
        sends: impl IntoIterator<Item = Queued>,
    ) {
        let mut answers = Vec::new();
        for send in sends {
            let author = send.author;
            match log.admit(send) {
                Admitted::Waits => {}
                admitted => answers.push((author, admitted)),
            }
        }
        let start = !log.busy && log.has_work();
        log.busy |= start;
        drop(log);
        if start {
            self.committer.push(Arc::clone(conversation));
        }
        for (author, admitted) in answers {
            self.answer(conversation, author, admitted);
        }
    }

    fn answer(
        self: &Arc<Self>,
        conversation: &Arc<Conversation>,
        author: UserId,
        admitted: Admitted,
    ) {
        let duplicate = || self.counters.duplicates.fetch_add(1, Ordering::Relaxed);
        match admitted {
            Admitted::Waits => {}
            Admitted::Joined => {
                duplicate();
            }
            Admitted::Search => retries::search(Arc::clone(self), Arc::clone(conversation), author),
            Admitted::Known(mut send, seq, sent_at) => {
                duplicate();
                // Its author has used the id of a call for another message.
                send.waiter.answer(Err(ErrorCode::Malformed));
                for line in send.waiter.lines() {
                    ack(self, line, conversation, send.send_id, (seq, sent_at));
                }
            }
            Admitted::Refused(send, code) => {
                reject_send(self, send, code);
            }
        }
    }

    async fn read(&self, id: ConversationId) -> Result<Read, ChatError> {
        let _permit = self.loads.acquire().await;
        // Before the members are read: a cursor that is saved and dropped from this list in
        // between is in what is read then.
        let unsaved: Vec<_> = {
            let cursors = self.cursors.lock();
            let here = cursors
                .iter()
                .filter(|((conversation, _), _)| *conversation == id);
            here.map(|((_, user), noted)| (*user, *noted)).collect()
        };
        let record = self.store.conversation(id).await?;
        let record = record.ok_or(ErrorCode::NotFound)?;
        let mut members = self.store.members(id).await?;
        members.sort_unstable_by_key(|member| member.user);
        for member in &mut members {
            for (_, noted) in unsaved.iter().filter(|(user, _)| *user == member.user) {
                member.read_seq = member.read_seq.max(noted.seq);
                member.delivered_seq = member.delivered_seq.max(noted.delivered);
            }
        }
        let (fixed, details) = self.fixed(record)?;
        // Before the rows are read: what is synced covers them.
        let uncertain = {
            let uncertain = self.uncertain.lock();
            uncertain.get(&id).map(|u| (u.delivered, u.failure))
        };
        let held_back = match uncertain {
            Some((delivered, failure)) if !self.is_synced(failure).await => Some(delivered),
            _ => None,
        };
        let (mut rows, checkpoint) = self.newest_rows(id).await?;
        // Places up to a checkpoint are taken, also where the row is gone.
        let mut committed = rows
            .last()
            .map_or(checkpoint, |row| row.seq.max(checkpoint));
        if let Some(delivered) = held_back {
            rows.retain(|row| row.seq <= delivered);
            committed = committed.min(delivered);
        }
        let first = Seq(committed.0.saturating_sub(RECENT as u64));
        let newest = self.opened(&fixed.key, id, first.next(), committed, &rows);
        let preview = if newest.iter().any(|entry| is_shown(&entry.message)) {
            None
        } else {
            self.shown_before(&fixed.key, id, first).await?
        };
        let members = members
            .into_iter()
            .map(|mut record| {
                record.read_seq = record.read_seq.min(committed);
                record.delivered_seq = record.delivered_seq.min(committed);
                let mut member = Membership::new(&record);
                member.told = !self.is_untold(id, record.user);
                member
            })
            .collect();
        Ok(Read {
            fixed: Arc::new(fixed),
            details,
            members,
            committed,
            newest,
            preview,
            stamp: self.pages.fresh_stamp(),
            unsettled: held_back.is_some(),
        })
    }

    fn fixed(&self, record: ConversationRecord) -> Result<(Fixed, Details), ChatError> {
        let key = self
            .keys
            .open_data_key(record.id.to_bytes(), &record.wrapped_key)
            .map_err(ChatError::security)?;
        let fixed = Fixed {
            kind: record.kind,
            created_at: record.created_at,
            key,
        };
        Ok((fixed, record.details))
    }

    /// Unloads what was used least lately and has no work under way, if too much is loaded.
    pub(crate) fn unload(&self) {
        let mut map = self.conversations.lock();
        let mut bytes = self.held.get();
        // Nearly always, and everybody who sends or reads waits for the map.
        if map.len() <= self.loaded_most && bytes <= self.loaded_bytes_most {
            return;
        }
        let mut idle: Vec<_> = map
            .iter()
            .filter(|(_, conversation)| Arc::strong_count(conversation) == 1)
            .map(|(id, conversation)| {
                let held = conversation.log.lock().held_bytes() as u64;
                (conversation.used.load(Ordering::Relaxed), held, *id)
            })
            .collect();
        idle.sort_unstable();
        let (most, most_bytes) = (self.loaded_most / 10 * 9, self.loaded_bytes_most / 10 * 9);
        for (_, held, id) in idle {
            if map.len() <= most && bytes <= most_bytes {
                break;
            }
            map.remove(&id);
            bytes = bytes.saturating_sub(held);
        }
    }
}
