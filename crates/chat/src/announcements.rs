//! Telling the members of a conversation that it has begun, or that its members or details are
//! others than before: everybody gets their summary of it.
//!
//! A conversation may be made and its beginning remain untold: the store fails right after, or
//! says that it failed. So it is noted before it is made, and told until that has succeeded.
//! What a commit changes is noted when it is delivered and told right after; what comes in
//! between is told with it.

use std::sync::Arc;

use protocol::{ConversationId, ErrorCode, ServerFrame, UserId};

use crate::ChatError;
use crate::conversation_state::{Fixed, Log};
use crate::engine::Engine;
use crate::hub::{Line, PRESENCE_ROOM, encode};
use crate::loading::Stop;
use crate::privacy::Viewer;
use crate::summaries::People;

/// What is to be told of a conversation.
#[derive(Clone, Default)]
pub(crate) struct News {
    /// Whether that is left to the next tick.
    late: bool,
    /// Whether it is new to everybody.
    begun: bool,
    /// Members to whom it is new.
    added: Vec<UserId>,
}

impl News {
    fn is_new_to(&self, user: UserId) -> bool {
        self.begun || self.added.contains(&user)
    }
}

impl Engine {
    /// A conversation is about to be made.
    pub(crate) fn begins(&self, id: ConversationId) {
        let news = News {
            begun: true,
            ..News::default()
        };
        self.unannounced.lock().insert(id, news);
    }

    /// It was not made, or everybody knows it.
    pub(crate) fn has_nothing_to_announce(&self, id: ConversationId) {
        self.unannounced.lock().remove(&id);
    }

    /// It may have been made, and whoever made it does not go on.
    pub(crate) fn announce_later(&self, id: ConversationId) {
        if let Some(news) = self.unannounced.lock().get_mut(&id) {
            news.late = true;
        }
    }

    /// Whether somebody who is in a conversation has still to be told so.
    pub(crate) fn is_untold(&self, id: ConversationId, user: UserId) -> bool {
        let unannounced = self.unannounced.lock();
        unannounced
            .get(&id)
            .is_some_and(|news| news.added.contains(&user))
    }

    /// A conversation shows itself in another way, and is new to some. Called under its lock.
    pub(crate) fn restated(self: &Arc<Self>, id: ConversationId, added: &[UserId]) {
        let mut unannounced = self.unannounced.lock();
        let is_first = !unannounced.contains_key(&id);
        let news = unannounced.entry(id).or_default();
        news.added.extend(added);
        drop(unannounced);
        if is_first {
            let engine = Arc::clone(self);
            tokio::spawn(async move {
                if let Err(error) = engine.announce(id).await {
                    tracing::warn!(%error, conversation = %id, "news are told later");
                }
            });
        }
    }

    /// Tells the members of a conversation again what it shows.
    pub(crate) async fn restate(self: &Arc<Self>, id: ConversationId) -> Result<(), ChatError> {
        self.unannounced.lock().entry(id).or_default();
        self.announce(id).await
    }

    /// Tells what there is to be told of a conversation.
    pub(crate) async fn announce(self: &Arc<Self>, id: ConversationId) -> Result<(), ChatError> {
        while self.unannounced.lock().contains_key(&id) {
            let announced = self.announce_now(id).await;
            if announced.is_err() {
                self.announce_later(id);
            }
            announced?;
        }
        Ok(())
    }

    /// Under the lock of the conversation, so that what follows comes after. Does nothing if
    /// others are in it by then than those whose names were read, or if names have changed.
    async fn announce_now(self: &Arc<Self>, id: ConversationId) -> Result<(), ChatError> {
        let room = self.with(id, |log, _| Ok(Arc::clone(&log.room))).await?;
        let as_of = self.people.changes();
        let people = self.persons(room.members.iter().copied()).await?;
        self.learn_hiding_in(&room.members).await?;
        if room.members.len() <= PRESENCE_ROOM {
            self.learn_statuses(&room.members).await?;
        }
        let mut lines = None;
        self.with(id, |log, fixed| {
            // Another caller may have been faster.
            let news = self.unannounced.lock().get(&id).cloned();
            let is_as_read = log.room == room && self.people.changes() == as_of;
            let Some(news) = news.filter(|_| is_as_read) else {
                return Ok(());
            };
            let lines = lines.get_or_insert_with(|| self.hub.begin(&log.room));
            for (line, frame) in self.restatements(log, fixed, id, (lines, &people))? {
                self.hub.count_delivered(u64::from(line.notice(frame)));
            }
            self.hub
                .introduce(&log.room, lines, |user| news.is_new_to(user));
            log.told_all();
            self.has_nothing_to_announce(id);
            Ok(())
        })
        .await
    }

    /// Tells what could not be told when it began. What still fails is tried again by the next
    /// tick, and keeps none of the others waiting.
    pub(crate) async fn announce_late(self: &Arc<Self>) {
        let late: Vec<_> = {
            let unannounced = self.unannounced.lock();
            let late = unannounced.iter().filter(|(_, news)| news.late);
            late.map(|(id, _)| *id).collect()
        };
        for id in late {
            if let Err(ChatError::Refused(ErrorCode::NotFound)) = self.announce(id).await {
                self.has_nothing_to_announce(id);
            }
        }
    }

    /// The summaries of a conversation for connections of its members.
    fn restatements<'l>(
        &self,
        log: &mut Log,
        fixed: &Fixed,
        id: ConversationId,
        (lines, people): (&'l [Arc<Line>], &People),
    ) -> Result<Vec<(&'l Line, bytes::Bytes)>, Stop> {
        let mut frames = Vec::with_capacity(lines.len());
        for line in lines {
            // Whoever has left since is not told.
            if log.member(line.user).is_none() {
                continue;
            }
            let viewer = Viewer {
                user: line.user,
                apart: self.hub.apart.of(line.user).unwrap_or_default(),
            };
            let summary = Box::new(self.summary(log, fixed, id, (&viewer, people))?);
            let frame = encode(line.codec, &ServerFrame::Conversation { summary });
            frames.push((&**line, frame));
        }
        Ok(frames)
    }
}
