//! What one line of a timeline is.

use protocol::{
    ChangeKind, Content, ConversationId, Dismissed, ErrorCode, Marks, Message, Origin, SendId, Seq,
    Thread, Timestamp, UserId,
};

/// The identity of a row, the same for the echo and for the stored message.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RowKey {
    /// Who wrote it.
    pub author: UserId,
    /// The author's id of it.
    pub send_id: SendId,
}

impl RowKey {
    pub(crate) const fn of(message: &Message) -> Self {
        Self {
            author: message.author,
            send_id: message.send_id,
        }
    }
}

/// How far a message is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Delivery {
    /// On its way, or waiting for a connection.
    Sending,
    /// Not sent. It may be retried or discarded.
    Failed {
        /// Why; `None` if there was no answer in time.
        code: Option<ErrorCode>,
    },
    /// Stored by the server.
    Sent,
    /// On a device of the other one; in direct conversations, of messages of one's own.
    Delivered,
    /// Seen by the other one; as above.
    Read,
}

/// How far the other one of a direct conversation is, as far as that is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Reached {
    /// The newest place that a device of theirs has.
    pub(crate) delivered: Seq,
    /// The newest place that they have seen.
    pub(crate) read: Seq,
}

impl Reached {
    /// Nothing is known of them.
    pub(crate) const NOWHERE: Self = Self {
        delivered: Seq::ZERO,
        read: Seq::ZERO,
    };

    /// How far a stored message of one's own is.
    pub(crate) fn delivery(self, seq: Seq) -> Delivery {
        if seq <= self.read {
            Delivery::Read
        } else if seq <= self.delivered {
            Delivery::Delivered
        } else {
            Delivery::Sent
        }
    }

    /// Says so on a stored row, if it is one's own; whether that is another thing.
    pub(crate) fn set(self, row: &mut Row, me: UserId) -> bool {
        let Some(seq) = row.seq.filter(|_| row.key.author == me) else {
            return false;
        };
        let delivery = self.delivery(seq);
        std::mem::replace(&mut row.delivery, delivery) != delivery
    }
}

/// How the words of a message of one's own can be changed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Amend {
    /// By [`protocol::Intent::Edit`] of this place.
    Edit(Seq),
    /// Nobody has heard of it: by [`crate::Input::Discard`], with its text back in the composer.
    TakeBack,
    /// Not now: it is on its way and has no place yet. Or not at all.
    No,
}

/// A line of a timeline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Its identity.
    pub key: RowKey,
    /// Its place; `None` for an echo.
    pub seq: Option<Seq>,
    /// When the server took it, or when it was written.
    pub sent_at: Timestamp,
    /// What it says now.
    pub content: Content,
    /// What later entries have made of it.
    pub marks: Marks,
    /// How far it is.
    pub delivery: Delivery,
    /// Whether it shows changes of the user's that the server has not stored yet.
    pub waiting: bool,
}

impl Row {
    pub(crate) fn new(message: Message, delivery: Delivery) -> Self {
        Self {
            key: RowKey::of(&message),
            seq: Some(message.seq),
            sent_at: message.sent_at,
            content: message.content,
            marks: message.marks,
            delivery,
            waiting: false,
        }
    }

    /// The entry that it shows, where it is stored.
    pub(crate) fn entry(&self, conversation: ConversationId) -> Option<Message> {
        Some(Message {
            conversation,
            seq: self.seq?,
            author: self.key.author,
            send_id: self.key.send_id,
            sent_at: self.sent_at,
            content: self.content.clone(),
            marks: self.marks.clone(),
        })
    }

    /// Whether it keeps its place and is not shown.
    pub(crate) const fn is_change(&self) -> bool {
        matches!(self.content, Content::Change(_))
    }

    /// The root of the thread that it is an answer in.
    pub(crate) const fn under(&self) -> Option<Seq> {
        match &self.marks.thread {
            Some(Thread::Under(root)) => Some(*root),
            _ => None,
        }
    }

    /// [`Message::root`].
    pub(crate) fn root(&self) -> Option<Seq> {
        self.entry(ConversationId::from_bytes([0; 16]))?.root()
    }

    /// Whether it makes another row different.
    pub(crate) const fn alters(&self) -> bool {
        self.is_change() || self.under().is_some()
    }

    /// Where it stands and whose it is.
    pub(crate) fn origin(&self) -> Option<Origin> {
        Some(Origin {
            seq: self.seq?,
            author: self.key.author,
            at: self.sent_at,
        })
    }

    /// Whether its time is over or the user has dismissed it: it keeps its place, and nothing of
    /// it is shown.
    pub(crate) fn is_out_of_sight(&self) -> bool {
        let is_over = self.content == Content::Deleted && self.marks.expires_at.is_some();
        is_over || self.is_dismissed()
    }

    /// When its time is over, while it is said.
    pub(crate) fn expires_at(&self) -> Option<Timestamp> {
        self.marks.expires_at.filter(|_| self.content.is_said())
    }

    /// [`Message::fold`].
    pub(crate) fn fold(&mut self, origin: Origin, change: &ChangeKind) -> bool {
        self.alter(|message| message.fold(origin, change))
    }

    /// [`Message::answered`].
    pub(crate) fn answered(&mut self, answer: Origin) -> bool {
        self.alter(|message| message.answered(answer))
    }

    /// [`Message::expire_at`].
    pub(crate) fn expire_at(&mut self, now: Timestamp) -> bool {
        self.alter(|message| message.expire_at(now))
    }

    /// [`Message::dismiss`].
    pub(crate) fn dismiss(&mut self, dismissed: &Dismissed) -> bool {
        self.alter(|message| message.dismiss(dismissed))
    }

    /// [`Message::uncount_answers`] of one.
    pub(crate) fn uncount_answer(&mut self) {
        self.alter(|message| {
            message.uncount_answers(1);
            true
        });
    }

    /// [`Message::recount_answer`].
    pub(crate) fn recount_answer(&mut self, answer: Origin) {
        self.alter(|message| {
            message.recount_answer(answer);
            true
        });
    }

    fn alter(&mut self, alter: impl FnOnce(&mut Message) -> bool) -> bool {
        let mut message = Message {
            conversation: ConversationId::from_bytes([0; 16]),
            seq: self.seq.unwrap_or_default(),
            author: self.key.author,
            send_id: self.key.send_id,
            sent_at: self.sent_at,
            content: std::mem::replace(&mut self.content, Content::Unavailable),
            marks: std::mem::take(&mut self.marks),
        };
        let new = alter(&mut message);
        self.content = message.content;
        self.marks = message.marks;
        new
    }
}

/// The state of the older end of a timeline.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Older {
    /// There may be older messages; ask with [`crate::Input::LoadOlder`].
    More,
    /// They are on their way.
    Loading,
    /// They did not come; [`crate::Input::LoadOlder`] tries again.
    Failed,
    /// The first row is the first message.
    AtStart,
    /// As many rows are held as this client holds; no older ones are loaded.
    Full,
}
