//! Everything that an account can read, to be taken along: one part after the other, so that
//! whoever writes it out holds a page of messages at most, however much there is.
//!
//! Each part is asked for as its owner would ask, with the membership of that moment.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use protocol::limits::{PAGE_MESSAGES, SUMMARY_MEMBERS};
use protocol::{
    Content, ConversationId, ConversationSummary, ErrorCode, Folder, KeptDraft, Member, Message,
    Notice, OwnProfile, Person, Privacy, Reminder, Scheduled, Seq, Timestamp, UserId,
};

use crate::accounts::{Account, SessionInfo};
use crate::engine::guarded;
use crate::store::SavedRecord;
use crate::{Actor, Chat, ChatError};

/// Conversations of one account that are looked at.
const CONVERSATIONS: usize = 100_000;

/// What is known of the account itself.
pub struct Exported {
    /// The account.
    pub account: Account,
    /// Its devices, newest first.
    pub sessions: Vec<SessionInfo>,
    /// Whom it blocks.
    pub blocked: Vec<Person>,
    /// What it hides from others.
    pub privacy: Privacy,
    /// What it says of itself, and how it wants to be there.
    pub profile: OwnProfile,
    /// Which messages it has saved, the one saved last first.
    pub saved: Vec<SavedRecord>,
    /// Of which messages it is to be reminded, the earliest first.
    pub reminders: Vec<Reminder>,
    /// What it has begun to write, the one written last first.
    pub drafts: Vec<KeptDraft>,
    /// In which folders it keeps conversations together, sorted by name.
    pub folders: Vec<Folder>,
    /// What waits for its time, the earliest first.
    pub scheduled: Vec<Scheduled>,
    /// As of when.
    pub at: Timestamp,
}

/// A part of what is exported, in the order in which it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A conversation begins.
    Conversation(Box<ConversationSummary>),
    /// Some of its members.
    Members(Vec<Member>),
    /// Some of its messages, the oldest first, without the entries that only change others.
    Messages {
        /// The messages.
        messages: Vec<Message>,
        /// Whoever they speak of, as far as there are such accounts.
        people: Vec<Person>,
    },
    /// It ends. Not whole if its owner has lost it meanwhile, or it cannot be read.
    End {
        /// Whether all of it was there.
        whole: bool,
    },
}

/// An export under way.
pub struct Export {
    chat: Arc<Chat>,
    actor: Actor,
    /// Of the account itself.
    pub about: Exported,
    /// Conversations that are still to come.
    waiting: VecDeque<ConversationId>,
    open: Option<Open>,
}

/// The conversation that is being read.
struct Open {
    id: ConversationId,
    stage: Stage,
    last: Seq,
}

#[derive(Clone, Copy)]
enum Stage {
    Members { after: Option<UserId> },
    Messages { from: Seq },
}

impl Chat {
    /// Begins to read all that is the actor's to read.
    ///
    /// # Errors
    /// `RateLimited`; `Refused(Unauthenticated)` if the account is gone; `Store`.
    pub async fn export(
        self: &Arc<Self>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Export, ChatError> {
        self.accounts.check_export(actor.user(), now)?;
        let own = self.engine.reminders(actor.user()).await?.into_iter();
        let about = Exported {
            account: self.account(actor).await?,
            sessions: self.sessions(actor, now).await?,
            blocked: self.blocked(actor).await?,
            privacy: self.privacy(actor).await?,
            profile: self.own_profile(actor, now).await?,
            saved: self.engine.saved_in_sight(actor.user()).await?,
            reminders: own.map(|record| record.reminder).collect(),
            drafts: self.drafts(actor).await?,
            folders: self.folders(actor).await?,
            scheduled: self.scheduled(actor).await?,
            at: now,
        };
        let ids = self.store.conversations_of(actor.user(), CONVERSATIONS);
        Ok(Export {
            chat: Arc::clone(self),
            actor: *actor,
            about,
            waiting: guarded(ids).await?.into(),
            open: None,
        })
    }
}

impl Export {
    /// The next part; `None` after the last.
    ///
    /// # Errors
    /// `Refused(Unauthenticated)` if the session has ended meanwhile; `Store`.
    pub async fn next(&mut self) -> Result<Option<Part>, ChatError> {
        loop {
            let Some(open) = &self.open else {
                let Some(id) = self.waiting.pop_front() else {
                    return Ok(None);
                };
                match self.begin(id).await? {
                    Some(part) => return Ok(Some(part)),
                    // Left meanwhile.
                    None => continue,
                }
            };
            let (id, last) = (open.id, open.last);
            let part = match open.stage {
                Stage::Members { after } => self.members(id, after).await,
                Stage::Messages { from } if from > last => {
                    self.open = None;
                    return Ok(Some(Part::End { whole: true }));
                }
                Stage::Messages { from } => self.messages(id, from, last).await,
            };
            match part {
                Ok(Some(part)) => return Ok(Some(part)),
                Ok(None) => {}
                Err(error) if self.chat.engine.passes_over(&error) => {
                    self.open = None;
                    return Ok(Some(Part::End { whole: false }));
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn begin(&mut self, id: ConversationId) -> Result<Option<Part>, ChatError> {
        let session = guarded(self.chat.store.session(self.actor.session())).await?;
        if session.is_none_or(|session| session.revoked_at.is_some()) {
            return Err(ErrorCode::Unauthenticated.into());
        }
        match self.chat.conversation(&self.actor, id).await {
            Ok(summary) => {
                self.open = Some(Open {
                    id,
                    stage: Stage::Members { after: None },
                    last: summary.last_seq,
                });
                Ok(Some(Part::Conversation(Box::new(summary))))
            }
            Err(error) if self.chat.engine.passes_over(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn members(
        &mut self,
        id: ConversationId,
        after: Option<UserId>,
    ) -> Result<Option<Part>, ChatError> {
        let members = self.chat.group_members(&self.actor, id, after).await?;
        let is_last = members.len() < SUMMARY_MEMBERS;
        let stage = match members.last() {
            Some(last) if !is_last => Stage::Members {
                after: Some(last.person.id),
            },
            _ => Stage::Messages { from: Seq(1) },
        };
        self.go_on(stage);
        Ok((!members.is_empty()).then_some(Part::Members(members)))
    }

    async fn messages(
        &mut self,
        id: ConversationId,
        from: Seq,
        last: Seq,
    ) -> Result<Option<Part>, ChatError> {
        let to = Seq(from.0 + PAGE_MESSAGES - 1).min(last);
        let page = self.chat.history(&self.actor, id, from, to).await?;
        self.go_on(Stage::Messages { from: to.next() });
        let mut messages = page.messages;
        messages.retain(|message| {
            let content = &message.content;
            !matches!(content, Content::Change(_) | Content::Dismissed)
        });
        if messages.is_empty() {
            return Ok(None);
        }
        let named: BTreeSet<UserId> = messages.iter().flat_map(named).collect();
        let people = self.chat.engine.persons(named).await?;
        let people = people.into_values().collect();
        Ok(Some(Part::Messages { messages, people }))
    }

    const fn go_on(&mut self, stage: Stage) {
        if let Some(open) = &mut self.open {
            open.stage = stage;
        }
    }
}

/// Whom a message speaks of.
fn named(message: &Message) -> Vec<UserId> {
    let mut users = vec![message.author];
    let reactions = message.marks.reactions.iter();
    users.extend(reactions.flat_map(|reaction| &reaction.users));
    if let Content::Poll(poll) = &message.content {
        users.extend(poll.ballots.iter().map(|ballot| ballot.0));
    }
    if let Content::Notice(notice) = &message.content {
        match notice {
            Notice::Added { users: added } => users.extend(added),
            Notice::Removed { user } | Notice::RoleChanged { user, .. } => users.push(*user),
            Notice::Left { successor } => users.extend(successor),
            Notice::Joined { by } => users.push(*by),
            _ => {}
        }
    }
    users
}
