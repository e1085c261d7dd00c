//! What an account says of itself, for good and for a while, and how it wants to be there for
//! others (docs/decisions/0031-profiles.md). It is stored sealed and as a whole. What is in force
//! of it is worked out from it and the time; nothing is done when something ends.

use std::sync::Arc;

use protocol::{
    About, Availability, CustomStatus, ErrorCode, OwnProfile, Profile, Timestamp, UserId,
};

use crate::engine::{Engine, guarded};
use crate::{Actor, Chat, ChatError, ConnectionId};

/// Accounts that are read at once.
const READ: usize = 500;

/// The form of what is sealed.
const FORM: u8 = 1;

/// What is to be different.
enum Change {
    About(Option<About>),
    Status(Option<CustomStatus>),
    Availability(Availability),
}

impl Chat {
    /// The actor says this of themselves from now on, or nothing.
    ///
    /// # Errors
    /// `Refused(Internal)` while what is stored cannot be opened; `RateLimited`; `Store`.
    pub async fn set_about(
        &self,
        actor: &Actor,
        about: Option<About>,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        self.change_profile(actor, Change::About(about), now).await
    }

    /// The actor says this of themselves until it is over, or nothing. All their devices are told,
    /// and whoever shares a conversation with them.
    ///
    /// # Errors
    /// `Refused(Internal)` while what is stored cannot be opened; `RateLimited`; `Store`.
    pub async fn set_status(
        &self,
        actor: &Actor,
        status: Option<CustomStatus>,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let status = status.filter(|status| !status.is_over(now));
        let change = Change::Status(status);
        self.change_profile(actor, change, now).await
    }

    /// The actor wants to be there for others like this. All their devices are told; the others
    /// see it by their presence.
    ///
    /// # Errors
    /// `Refused(Internal)` while what is stored cannot be opened; `RateLimited`; `Store`.
    pub async fn set_availability(
        &self,
        actor: &Actor,
        availability: Availability,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let change = Change::Availability(availability.at(now));
        self.change_profile(actor, change, now).await
    }

    /// What the actor has said and chosen, as far as it is in force.
    ///
    /// # Errors
    /// `Store`.
    pub async fn own_profile(
        &self,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<OwnProfile, ChatError> {
        let own = self.engine.stored_profile(actor.user()).await?;
        Ok(own.at(now))
    }

    /// Somebody as they show themselves to the actor. Of whom a block keeps them apart they see
    /// the name only.
    ///
    /// # Errors
    /// `Refused(NotFound)` for an unknown person; `Store`.
    pub async fn profile(
        &self,
        actor: &Actor,
        user: UserId,
        now: Timestamp,
    ) -> Result<Profile, ChatError> {
        let engine = &self.engine;
        let person = engine.persons([user]).await?.remove(&user);
        let person = person.ok_or(ErrorCode::NotFound)?;
        let is_apart = engine.apart(actor.user()).await?.contains(&user);
        let said = if is_apart || person.is_gone() {
            OwnProfile::default()
        } else {
            engine.stored_profile(user).await?.at(now)
        };
        Ok(Profile {
            person,
            about: said.about,
            status: said.status,
        })
    }

    /// Whether somebody is active at a device of the actor.
    pub fn active(&self, actor: &Actor, connection: ConnectionId, active: bool) {
        if let Some(line) = self.line_of(actor, connection) {
            self.engine.hub.set_active(&line, active);
        }
    }

    async fn change_profile(
        &self,
        actor: &Actor,
        change: Change,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        self.accounts.check_arrange(actor.user(), now)?;
        let (engine, user) = (Arc::clone(&self.engine), actor.user());
        // In a task of its own: what is stored is told also if the caller is gone by then.
        let changing = tokio::spawn(async move { engine.change_profile(user, change, now).await });
        changing.await.unwrap_or_else(|error| {
            tracing::error!(%error, "changing a profile ended early");
            Err(ErrorCode::Internal.into())
        })
    }
}

impl Engine {
    async fn change_profile(
        &self,
        user: UserId,
        change: Change,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        let _turn = self.own_turn(user).await?;
        // Written as a whole: what cannot be opened today would be lost with a change of one part.
        let before = self.found_profile(user).await?;
        let before = before.ok_or(ErrorCode::Internal)?;
        let mut after = before.clone().at(now);
        match change {
            Change::About(about) => after.about = about,
            Change::Status(status) => after.status = status,
            Change::Availability(availability) => after.availability = availability,
        }
        if after == before {
            return Ok(());
        }
        if let Err(error) = self.store_profile(user, &after).await {
            // It may be stored: whoever asks for it again finds it so and changes nothing.
            self.hub.set_status(user, None);
            self.arranging.note_profile(user);
            return Err(error);
        }
        if after.status != before.status {
            let status = after.status.clone().map(Arc::new);
            self.hub.set_status(user, Some(status));
            self.hub.tell_status(user, after.status);
        }
        if after.availability != before.availability {
            self.hub.set_availability(user, after.availability, now);
        }
        Ok(())
    }

    /// Tells what these say of themselves and how they want to be there, where a write had no known
    /// outcome. What still fails is tried again by the next tick.
    pub(crate) async fn settle_profiles(&self, now: Timestamp) {
        for user in self.arranging.noted_profiles() {
            let _turn = self.arranging.turn(user).await;
            match self.stored_profile(user).await {
                Ok(profile) => {
                    let OwnProfile {
                        status,
                        availability,
                        ..
                    } = profile.at(now);
                    self.hub
                        .set_status(user, Some(status.clone().map(Arc::new)));
                    self.hub.tell_status(user, status);
                    self.hub.set_availability(user, availability, now);
                }
                Err(_) => self.arranging.note_profile(user),
            }
        }
    }

    async fn store_profile(&self, user: UserId, profile: &OwnProfile) -> Result<(), ChatError> {
        let packed = protocol::pack(&(FORM, profile)).map_err(ChatError::security)?;
        let sealed = self.keys.seal_profile(user.to_bytes(), &packed);
        let sealed = sealed.map_err(ChatError::security)?;
        guarded(self.store.profiles().set(user, &sealed)).await
    }

    /// What an account has said and chosen last, also what is over by now. What cannot be opened
    /// says nothing.
    pub(crate) async fn stored_profile(&self, user: UserId) -> Result<OwnProfile, ChatError> {
        Ok(self.found_profile(user).await?.unwrap_or_default())
    }

    /// [`Engine::stored_profile`]; `None` where there is one that cannot be opened.
    async fn found_profile(&self, user: UserId) -> Result<Option<OwnProfile>, ChatError> {
        let found = guarded(self.store.profiles().of(&[user])).await?;
        let Some((_, sealed)) = found.into_iter().next() else {
            return Ok(Some(OwnProfile::default()));
        };
        Ok(self.opened_profile(user, &sealed))
    }

    fn opened_profile(&self, user: UserId, sealed: &[u8]) -> Option<OwnProfile> {
        let packed = self.keys.open_profile(user.to_bytes(), sealed).ok();
        let opened = packed.and_then(|packed| protocol::unpack::<(u8, OwnProfile)>(&packed).ok());
        match opened {
            Some((FORM, profile)) => Some(profile),
            _ => {
                tracing::error!(%user, "a stored profile cannot be opened");
                None
            }
        }
    }

    /// What these say of themselves is known from here on.
    pub(crate) async fn learn_statuses(&self, users: &[UserId]) -> Result<(), ChatError> {
        let statuses = &self.hub.statuses;
        loop {
            let (unknown, as_of) = statuses.unknown(users);
            let mut is_fresh = true;
            for some in unknown.chunks(READ) {
                let read = guarded(self.store.profiles().of(some)).await?;
                let read = read.iter().map(|(user, sealed)| {
                    let profile = self.opened_profile(*user, sealed);
                    let status = profile.and_then(|profile| profile.status);
                    (*user, status.map(Arc::new))
                });
                let none = some.iter().map(|user| (*user, None));
                is_fresh &= statuses.learn(none.chain(read), as_of);
            }
            if is_fresh {
                return Ok(());
            }
        }
    }
}
