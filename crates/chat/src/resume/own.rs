//! What only the account itself is told when it resumes.

use protocol::limits::{SAVED_MESSAGES, SAVED_PER_FRAME};
use protocol::{Privacy, ServerFrame};

use super::{Ended, Resume};
use crate::drafting::Kept;
use crate::engine::guarded;

impl Resume<'_> {
    /// Says whom the account blocks, where that is anybody.
    pub(super) async fn blocked(&self) -> Result<(), Ended> {
        let apart = &self.engine.hub.apart;
        loop {
            let as_of = apart.changes();
            let users = self.engine.blocked_by(self.line.user).await?;
            if !users.is_empty() {
                self.line.room_for(self.hello, 1).await?;
                let frame = self.encode(&ServerFrame::Blocked { users });
                self.line.say(self.hello, frame)?;
                self.engine.hub.count_delivered(1);
            }
            // Whoever changes it tells it after that.
            if apart.changes() == as_of {
                return Ok(());
            }
        }
    }

    /// Says what the account hides, where that is anything. Whoever changes it meanwhile tells it
    /// after that.
    pub(super) async fn privacy(&self) -> Result<(), Ended> {
        self.line.room_for(self.hello, 1).await?;
        let _turn = self.engine.arranging.turn(self.line.user).await;
        let privacy = self.engine.privacy_of(self.line.user).await?;
        if privacy != Privacy::default() {
            let frame = self.encode(&ServerFrame::Privacy { privacy });
            self.line.say(self.hello, frame)?;
            self.engine.hub.count_delivered(1);
        }
        Ok(())
    }

    /// Names what the account has saved. What changes from now on is told after it.
    pub(super) async fn saved(&self) -> Result<(), Ended> {
        let frames = SAVED_MESSAGES.div_ceil(SAVED_PER_FRAME);
        self.line.room_for(self.hello, frames).await?;
        let (engine, user) = (self.engine, self.line.user);
        let _turn = engine.arranging.turn(user).await;
        let all = guarded(engine.store.saved().of(user)).await?;
        for some in all.chunks(SAVED_PER_FRAME) {
            let places = some.iter().map(|saved| saved.place).collect();
            let frame = self.encode(&ServerFrame::AllSaved { places });
            self.line.say(self.hello, frame)?;
            engine.hub.count_delivered(1);
        }
        Ok(())
    }

    /// Says which reminders the account has, where there are any. What changes from now on is
    /// told after it.
    pub(super) async fn reminders(&self) -> Result<(), Ended> {
        self.line.room_for(self.hello, 1).await?;
        let (engine, user) = (self.engine, self.line.user);
        let _turn = engine.arranging.turn(user).await;
        let own = engine.reminders_in_turn(user).await?;
        if own.is_empty() {
            return Ok(());
        }
        let reminders = own.iter().map(|record| record.reminder).collect();
        let frame = self.encode(&ServerFrame::Reminders { reminders });
        self.line.say(self.hello, frame)?;
        engine.hub.count_delivered(1);
        Ok(())
    }

    /// Says which folders the account has, where there are any. What changes from now on is told
    /// after it.
    pub(super) async fn folders(&self) -> Result<(), Ended> {
        self.line.room_for(self.hello, 1).await?;
        let (engine, user) = (self.engine, self.line.user);
        let _turn = engine.arranging.turn(user).await;
        let folders = engine.folders_in_turn(user).await?;
        if !folders.is_empty() {
            let frame = self.encode(&ServerFrame::Folders { folders });
            self.line.say(self.hello, frame)?;
            engine.hub.count_delivered(1);
        }
        Ok(())
    }

    /// Says how far the account has seen threads beyond what it has read. What changes from now on
    /// is told after it.
    pub(super) async fn threads_seen(&self) -> Result<(), Ended> {
        self.line.room_for(self.hello, 1).await?;
        let (engine, user) = (self.engine, self.line.user);
        // Before the turn: conversations may have to be loaded for it.
        let read = engine.read_where_seen(user).await?;
        let _turn = engine.arranging.turn(user).await;
        let threads = engine.seen_in_turn(user, &read).await?;
        if !threads.is_empty() {
            let request = None;
            let frame = self.encode(&ServerFrame::ThreadsSeen { request, threads });
            self.line.say(self.hello, frame)?;
            engine.hub.count_delivered(1);
        }
        Ok(())
    }

    /// Tells the drafts that are kept, each as it is at that moment: what another device makes of
    /// it from then on is told after it.
    pub(super) async fn drafts(&self) -> Result<(), Ended> {
        let (engine, user) = (self.engine, self.line.user);
        for conversation in guarded(engine.store.drafts().places(user)).await? {
            self.line.room_for(self.hello, 1).await?;
            let _turn = engine.arranging.turn(user).await;
            let frame = match engine.draft_in_turn(user, conversation).await? {
                Kept::Nothing => continue,
                Kept::Unavailable => ServerFrame::DraftUnavailable { conversation },
                Kept::Draft(kept) => ServerFrame::Draft {
                    conversation,
                    draft: Some(kept.draft),
                },
            };
            self.line.say(self.hello, self.encode(&frame))?;
            engine.hub.count_delivered(1);
        }
        Ok(())
    }
}
