//! What an account hides from everybody else: how far it has read, and whether it is there
//! (docs/decisions/0030-privacy.md). What follows from it is decided in `hub/hiding.rs`.

use std::sync::Arc;

use protocol::limits::SUMMARY_MEMBERS;
use protocol::permission::Action;
use protocol::{
    ConversationId, ErrorCode, Privacy, PrivacyField, Seq, ServerFrame, Timestamp, UserId,
};

use crate::conversation_state::Log;
use crate::engine::{Engine, guarded};
use crate::hub::{Others, Showing, showing};
use crate::unread::Membership;
use crate::{Actor, Chat, ChatError};

/// Accounts that are read at once.
const READ: usize = 500;

/// Conversations in which a change is told at once, the newest first.
const TOLD: usize = 200;

/// Whoever looks at a conversation, and what they may know of its members.
#[derive(Clone)]
pub(crate) struct Viewer {
    pub(crate) user: UserId,
    /// Of whom a block keeps them apart.
    pub(crate) apart: Others,
}

impl Chat {
    /// Hides something of the actor from everybody else, or no longer, and tells all their
    /// devices. Whoever hides something sees it of nobody. What is so already is no error.
    ///
    /// # Errors
    /// `RateLimited`; `Store`.
    pub async fn set_privacy(
        &self,
        actor: &Actor,
        what: PrivacyField,
        hides: bool,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        self.accounts.check_arrange(actor.user(), now)?;
        let (engine, user) = (Arc::clone(&self.engine), actor.user());
        // In a task of its own: what is stored is told also if the caller is gone by then.
        let setting = tokio::spawn(async move { engine.set_privacy(user, what, hides).await });
        setting.await.unwrap_or_else(|error| {
            tracing::error!(%error, "hiding something ended early");
            Err(ErrorCode::Internal.into())
        })
    }

    /// What the actor hides.
    ///
    /// # Errors
    /// `Store`.
    pub async fn privacy(&self, actor: &Actor) -> Result<Privacy, ChatError> {
        self.engine.privacy_of(actor.user()).await
    }
}

impl Engine {
    async fn set_privacy(
        self: &Arc<Self>,
        user: UserId,
        what: PrivacyField,
        hides: bool,
    ) -> Result<(), ChatError> {
        let _turn = self.arranging.turn(user).await;
        let before = self.privacy_of(user).await?;
        let after = before.with(what, hides);
        if before == after {
            return Ok(());
        }
        if let Err(error) = guarded(self.store.privacies().set(user, after)).await {
            // It may be stored: until it is read again, all of it counts as hidden.
            self.hub.set_hiding(user, None);
            return Err(error);
        }
        self.hub.set_hiding(user, Some(after));
        self.hub
            .tell(user, &ServerFrame::Privacy { privacy: after });
        match what {
            PrivacyField::Reading => self.retell_reading(user).await,
            PrivacyField::Presence => self.hub.retell_presence(user, hides),
        }
        if !hides {
            // What others let them know is theirs to see again.
            self.hub.resync(user);
        }
        Ok(())
    }

    pub(crate) async fn privacy_of(&self, user: UserId) -> Result<Privacy, ChatError> {
        self.learn_hiding(&[user]).await?;
        // Another may have failed to change it right after.
        self.hub.hiding.of(user).ok_or(ErrorCode::Internal.into())
    }

    /// What these hide is known from here on.
    pub(crate) async fn learn_hiding(&self, users: &[UserId]) -> Result<(), ChatError> {
        let hiding = &self.hub.hiding;
        loop {
            let (unknown, as_of) = hiding.unknown(users);
            let mut is_fresh = true;
            for some in unknown.chunks(READ) {
                let read = guarded(self.store.privacies().of(some)).await?;
                let none = some.iter().map(|user| (*user, Privacy::default()));
                is_fresh &= hiding.learn(none.chain(read), as_of);
            }
            if is_fresh {
                return Ok(());
            }
        }
    }

    /// What the members of a conversation hide is known from here on, where it could be shown.
    pub(crate) async fn learn_hiding_in(&self, members: &[UserId]) -> Result<(), ChatError> {
        if members.len() > SUMMARY_MEMBERS {
            return Ok(());
        }
        self.learn_hiding(members).await
    }

    /// Somebody who may look at conversations from here on.
    pub(crate) async fn viewer(&self, user: UserId) -> Result<Viewer, ChatError> {
        self.learn_hiding(&[user]).await?;
        let apart = self.apart(user).await?;
        Ok(Viewer { user, apart })
    }

    /// What becomes of a member's cursor when somebody looks.
    pub(crate) fn showing_cursor(&self, viewer: &Viewer, log: &Log, other: UserId) -> Showing {
        if !log.shows_reading() {
            return Showing::Nothing;
        }
        self.showing_reading(viewer, other)
    }

    /// Whether somebody is shown how far another has read. One's own is.
    pub(crate) fn showing_reading(&self, viewer: &Viewer, other: UserId) -> Showing {
        if viewer.user == other {
            return Showing::Shown;
        }
        let hiding = &self.hub.hiding;
        let privacies = (hiding.of(viewer.user), hiding.of(other));
        let apart = viewer.apart.contains(&other);
        showing(PrivacyField::Reading, privacies, apart)
    }

    /// Somebody hides how far they have read from now on, or no longer: whoever is in a
    /// conversation with them is told, in the newest [`TOLD`]. In the others it is told by the
    /// next resume.
    async fn retell_reading(self: &Arc<Self>, user: UserId) {
        if let Err(error) = self.retell_cursors(user).await {
            tracing::warn!(%user, %error, "who hides their reading is told at the next resume");
        }
    }

    async fn retell_cursors(self: &Arc<Self>, user: UserId) -> Result<(), ChatError> {
        let mut ids = self.memberships(user).await?;
        ids.truncate(TOLD);
        let retell = |id| {
            self.with(id, move |log, _| {
                log.permit(user, Action::Read)?;
                self.retell_cursor(log, id, user);
                Ok(())
            })
        };
        self.for_each(&ids, retell).await?;
        Ok(())
    }

    fn retell_cursor(&self, log: &Log, id: ConversationId, user: UserId) {
        let seq = log.member(user).map_or(Seq::ZERO, Membership::shown_read);
        self.show_reading(log, (id, user), seq);
        self.show_delivered(log, (id, user));
        if !log.shows_reading() {
            return;
        }
        let others = log.members.iter().filter(|other| {
            let showing = self.hub.showing(PrivacyField::Reading, other.user, user);
            other.user != user && other.told && showing == Showing::Hidden
        });
        let others: Vec<_> = others.map(|other| other.user).collect();
        let frame = hidden_cursor(id, user);
        self.hub.delivery().notices(&others, &frame);
    }
}

/// That somebody's cursor is not shown any more.
pub(crate) const fn hidden_cursor(conversation: ConversationId, user: UserId) -> ServerFrame {
    ServerFrame::Seen {
        conversation,
        user,
        seq: Seq::ZERO,
    }
}
