//! From sends that wait to entries with places. A send is decided about here and nowhere
//! else: against the conversation as all entries before it leave it, those of the same commit
//! too. What is refused takes no place.

mod after;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use markup::Mentioned;
use protocol::permission::Action;
use protocol::{
    Change, ChangeKind, Content, ConversationId, ConversationKind, ErrorCode, Marks, Message,
    Notice, Origin, SendId, Seq, Thread, Timestamp, UserId,
};

use crate::changes;
use crate::command::{Command, Manage};
use crate::conversation_state::{Log, Queued, Waiter};
use crate::entry::Entry;
use crate::hub::Others;
use crate::polls;
use crate::roll::{self, Refusal, Roll};
use crate::store::{Details, Expiry, InviteRecord, MemberChange, ScheduledKey};

use self::after::After;

/// A send that has its place.
pub(crate) struct Placed {
    /// Its number among those that were taken.
    pub(crate) at: usize,
    /// As it is after all entries of the commit.
    pub(crate) entry: Entry,
    pub(crate) waiter: Waiter,
}

/// A send that gets none.
pub(crate) struct Refused {
    pub(crate) at: usize,
    pub(crate) send_id: SendId,
    pub(crate) why: Refusal,
    pub(crate) waiter: Waiter,
}

/// What a commit writes of one conversation, and whom it refuses.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) placed: Vec<Placed>,
    pub(crate) refused: Vec<Refused>,
    /// Earlier entries that the new ones change, as they are then.
    pub(crate) rewritten: Vec<Entry>,
    /// Whom these mention now and did not before, or the other way round.
    pub(crate) rementioned: Vec<(Seq, Mentioned)>,
    pub(crate) members: Vec<MemberChange>,
    pub(crate) details: Option<Details>,
    /// Links by which somebody comes, and how many have by then.
    pub(crate) redeemed: BTreeMap<[u8; 32], u32>,
    /// Who may not come by links from then on, and who may again.
    pub(crate) bars: BTreeMap<UserId, bool>,
    /// Whether nobody is in the group any more.
    pub(crate) emptied: bool,
    /// What waited for its time and is sent.
    pub(crate) sent: Vec<ScheduledKey>,
    /// Answers in threads: the root, and the place.
    pub(crate) answers: Vec<(Seq, Seq)>,
    /// When messages of these go, and what was to go and is gone.
    pub(crate) expiring: Vec<Expiry>,
    pub(crate) expired: Vec<Expiry>,
}

/// What has to be read before sends can be decided about.
#[derive(Default)]
pub(crate) struct Known {
    /// Entries that are changed, and edits that are withdrawn.
    pub(crate) entries: HashMap<Seq, Entry>,
    /// Accounts that there are, among those that are named.
    pub(crate) accounts: HashSet<UserId>,
    /// Links of the conversation by which somebody would come.
    pub(crate) invites: HashMap<[u8; 32], InviteRecord>,
    /// Who of those that would come may not.
    pub(crate) barred: HashSet<UserId>,
    /// From whom the authors are kept apart, where it matters.
    pub(crate) apart: HashMap<UserId, Others>,
}

impl Log {
    /// Gives the next places to sends that were taken.
    pub(crate) fn place(
        &mut self,
        conversation: ConversationId,
        kind: ConversationKind,
        taken: Vec<Queued>,
        known: Known,
    ) -> Plan {
        let mut placing = Placing {
            conversation,
            committed: self.committed,
            roll: Roll {
                kind,
                members: Cow::Borrowed(&self.members),
                details: Cow::Borrowed(&self.details),
            },
            known,
            touched: BTreeMap::new(),
            plan: Plan::default(),
        };
        placing.plan.placed.reserve_exact(taken.len());
        for (at, send) in taken.into_iter().enumerate() {
            let sent_at = self.newest.stamp(send.received_at);
            placing.decide(at, send, sent_at);
        }
        let (plan, roll) = placing.finish();
        let emptied = !self.members.is_empty() && roll.members.is_empty();
        let members = match &roll.members {
            Cow::Owned(members) => roll::changes(&self.members, members),
            Cow::Borrowed(_) => Vec::new(),
        };
        let details = match roll.details {
            Cow::Owned(details) => Some(details).filter(|details| *details != self.details),
            Cow::Borrowed(_) => None,
        };
        Plan {
            members,
            details,
            emptied,
            ..plan
        }
    }
}

struct Placing<'a> {
    conversation: ConversationId,
    committed: Seq,
    roll: Roll<'a>,
    known: Known,
    /// Which of the known entries are changed, and whom they mentioned before.
    touched: BTreeMap<Seq, Mentioned>,
    plan: Plan,
}

impl<'a> Placing<'a> {
    fn decide(&mut self, at: usize, send: Queued, sent_at: Timestamp) {
        let author = self.author(&send);
        let Queued {
            send_id,
            command,
            waiter,
            ..
        } = send;
        let origin = Origin {
            seq: Seq(self.committed.0 + self.plan.placed.len() as u64 + 1),
            author,
            at: sent_at,
        };
        let after = After::of(author, send_id, &command);
        let content = match self.content(origin, command) {
            Ok(content) => content,
            Err(why) => {
                self.plan.refused.push(Refused {
                    at,
                    send_id,
                    why,
                    waiter,
                });
                return;
            }
        };
        self.roll.apply(origin, &content);
        if let Content::Notice(notice) = &content {
            self.bar(notice);
        }
        if let Content::Change(change) = &content {
            self.fold(origin, change);
        }
        if let Some(hash) = after.link {
            self.redeem(hash);
        }
        self.plan.sent.extend(after.waited);
        self.plan.expired.extend(after.expired);
        let marks = Marks {
            thread: self.answer(origin, &content),
            expires_at: self.expires_at(origin, &content),
            ..Marks::default()
        };
        let message = Message {
            conversation: self.conversation,
            seq: origin.seq,
            author,
            send_id,
            sent_at,
            content,
            marks,
        };
        self.plan.placed.push(Placed {
            at,
            entry: message.into(),
            waiter,
        });
    }

    fn content(&self, origin: Origin, command: Command) -> Result<Content, Refusal> {
        self.reaches(origin.author, &command)?;
        self.roll.permit_asking(origin.author, &command)?;
        match command {
            Command::Text(text) | Command::Due(text, _) => {
                self.roll.permit_text(origin.author, &text, origin.seq)?;
                self.roll.permit_pace(origin)?;
                Ok(Content::Text(text))
            }
            Command::Poll(poll) => {
                self.roll.permit(origin.author, Action::Send)?;
                self.roll.permit_pace(origin)?;
                Ok(Content::Poll(poll))
            }
            Command::Change(change) => {
                let find = || self.entry(change.target);
                changes::check(&self.roll, origin, &change, find)?;
                let target = find().map(|entry| &entry.message);
                Ok(Content::Change(polls::complete(change, origin, target)))
            }
            Command::Manage(manage) => {
                let apart = self.known.apart.get(&origin.author);
                let is_apart = |user| apart.is_some_and(|others| others.contains(&user));
                let exists = |user| self.known.accounts.contains(&user) && !is_apart(user);
                let notice = self.roll.notice(origin.author, manage, exists)?;
                Ok(Content::Notice(notice))
            }
            Command::Expire(expiry) => {
                let target = self.entry(expiry.seq);
                // What nobody is in any more is being erased: nothing may be written behind that.
                let is_left = !self.roll.members.is_empty();
                match target.map(|entry| entry.message.content.is_said()) {
                    Some(true) if is_left => Ok(Content::Change(expiry.change())),
                    _ => Err(ErrorCode::NotFound.into()),
                }
            }
            Command::Join(hash) => {
                let link = self.known.invites.get(&hash);
                let is_barred = self.known.barred.contains(&origin.author);
                let notice = self.roll.joins(origin.author, link, is_barred, origin.at)?;
                Ok(Content::Notice(notice))
            }
        }
    }

    /// When what is written is over; noted with it.
    fn expires_at(&mut self, origin: Origin, content: &Content) -> Option<Timestamp> {
        let lifespan = self.roll.details.lifespan;
        let at = lifespan.filter(|_| content.is_said())?.end(origin.at);
        self.plan.expiring.push(Expiry {
            at,
            conversation: self.conversation,
            seq: origin.seq,
        });
        Some(at)
    }

    /// Where one of two blocks the other, neither says anything to the other. What one has said
    /// may still be deleted, and so may one's account.
    fn reaches(&self, author: UserId, command: &Command) -> Result<(), ErrorCode> {
        let is_deletion = matches!(
            command,
            Command::Expire(_)
                | Command::Manage(Manage::Depart)
                | Command::Change(Change {
                    kind: ChangeKind::Delete,
                    ..
                })
        );
        if self.roll.kind != ConversationKind::Direct || is_deletion {
            return Ok(());
        }
        let Some(others) = self.known.apart.get(&author) else {
            return Ok(());
        };
        let mut members = self.roll.members.iter();
        if members.any(|member| others.contains(&member.user)) {
            return Err(ErrorCode::Forbidden);
        }
        Ok(())
    }

    /// Whose an entry is. What is over goes in the name of its author.
    fn author(&self, send: &Queued) -> UserId {
        let target = match &send.command {
            Command::Expire(expiry) => self.entry(expiry.seq),
            _ => None,
        };
        target.map_or(send.author, |entry| entry.message.author)
    }

    /// Somebody comes by a link: it is counted for whoever comes next in the same commit, too.
    fn redeem(&mut self, hash: [u8; 32]) {
        if let Some(link) = self.known.invites.get_mut(&hash) {
            link.used = link.used.saturating_add(1);
            self.plan.redeemed.insert(hash, link.used);
        }
    }

    /// Whoever is removed does not come back by a link, unless they are added again.
    fn bar(&mut self, notice: &Notice) {
        let (users, barred) = match notice {
            Notice::Removed { user } => (std::slice::from_ref(user), true),
            Notice::Added { users } => (users.as_slice(), false),
            _ => return,
        };
        for user in users {
            self.plan.bars.insert(*user, barred);
            if barred {
                self.known.barred.insert(*user);
            } else {
                self.known.barred.remove(user);
            }
        }
    }

    /// Puts an answer into the thread of what it answers.
    fn answer(&mut self, origin: Origin, content: &Content) -> Option<Thread> {
        let Content::Text(text) = content else {
            return None;
        };
        let root = self.entry(text.reply_to?)?.message.root()?;
        // A row that cannot be read is not written over.
        let is_readable = |it: &Entry| it.message.content != Content::Unavailable;
        if self.entry(root).is_some_and(is_readable)
            && let Some(root) = self.entry_mut(root)
        {
            root.message.answered(origin);
        }
        self.plan.answers.push((root, origin.seq));
        Some(Thread::Under(root))
    }

    fn fold(&mut self, origin: Origin, change: &Change) {
        let Some(target) = self.entry_mut(change.target) else {
            return;
        };
        for edit in target.fold(origin, &change.kind) {
            if let Some(edit) = self.entry_mut(edit) {
                edit.withdraw(change.target);
            }
        }
    }

    fn entry(&self, seq: Seq) -> Option<&Entry> {
        match self.number(seq) {
            Some(number) => self.plan.placed.get(number).map(|placed| &placed.entry),
            None => self.known.entries.get(&seq),
        }
    }

    fn entry_mut(&mut self, seq: Seq) -> Option<&mut Entry> {
        match self.number(seq) {
            Some(number) => {
                let placed = self.plan.placed.get_mut(number);
                placed.map(|placed| &mut placed.entry)
            }
            None => {
                let entry = self.known.entries.get_mut(&seq)?;
                let kind = self.roll.kind;
                let whom = || Mentioned::of(kind, &entry.message.content);
                self.touched.entry(seq).or_insert_with(whom);
                Some(entry)
            }
        }
    }

    /// Where an entry of this commit stands in it.
    fn number(&self, seq: Seq) -> Option<usize> {
        let number = seq.0.checked_sub(self.committed.0 + 1)?;
        usize::try_from(number).ok()
    }

    fn finish(mut self) -> (Plan, Roll<'a>) {
        for (seq, before) in self.touched {
            let Some(entry) = self.known.entries.remove(&seq) else {
                continue;
            };
            let now = Mentioned::of(self.roll.kind, &entry.message.content);
            let whom = now.difference(&before);
            if !whom.is_nobody() {
                self.plan.rementioned.push((seq, whom));
            }
            self.plan.rewritten.push(entry);
        }
        (self.plan, self.roll)
    }
}
