//! The newest entries of a conversation, decrypted, and a little further back their headers.

use std::collections::VecDeque;

use protocol::{Content, Dismissed, Message, Seq, Timestamp, UserId};

use super::held::{Held, HeldBytes};
use crate::entry::Entry;
use crate::envelope::Header;

/// Headers held of the newest entries, to recognise a repeated send.
pub(crate) const RECENT: usize = 64;

/// Entries held decrypted, and bytes that they may take together.
const RING: usize = 64;
const RING_BYTES: usize = 64 * 1024;

#[derive(Default)]
pub(crate) struct Newest {
    /// The place of the last one.
    last: Seq,
    headers: VecDeque<Header>,
    entries: VecDeque<Entry>,
    bytes: Held,
    /// What a list shows, if none of `entries` is that.
    preview: Option<Box<Entry>>,
    sent_at: Timestamp,
}

/// Whether a list shows an entry: changes are not shown by themselves.
pub(crate) const fn is_shown(message: &Message) -> bool {
    !matches!(message.content, Content::Change(_))
}

impl Newest {
    pub(super) fn new(held: &HeldBytes) -> Self {
        Self {
            bytes: held.part(),
            ..Self::default()
        }
    }

    /// Takes what a list shows although it lies further back than what is held.
    pub(crate) fn set_preview(&mut self, preview: Option<Entry>) {
        self.preview = preview.map(Box::new);
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        self.last = entry.message.seq;
        if self.headers.len() >= RECENT {
            self.headers.pop_front();
        }
        self.headers.push_back(Header::from(&entry.message));
        self.sent_at = self.sent_at.max(entry.message.sent_at);
        self.bytes.add(entry.weight());
        if is_shown(&entry.message) {
            self.preview = None;
        }
        self.entries.push_back(entry);
        while self.entries.len() > RING || (self.bytes.get() > RING_BYTES && self.entries.len() > 1)
        {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        let Some(oldest) = self.entries.pop_front() else {
            return;
        };
        self.bytes.take(oldest.weight());
        let none_is_shown = || !self.entries.iter().any(|entry| is_shown(&entry.message));
        if is_shown(&oldest.message) && none_is_shown() {
            self.preview = Some(Box::new(oldest));
        }
    }

    /// An entry is another now.
    pub(crate) fn rewrite(&mut self, entry: &Entry) {
        let seq = entry.message.seq;
        if let Some(preview) = &mut self.preview
            && preview.message.seq == seq
        {
            preview.as_mut().clone_from(entry);
        }
        let from = self.from();
        let at = usize::try_from(seq.since(from)).ok();
        let held = at.filter(|_| seq >= from);
        if let Some(held) = held.and_then(|at| self.entries.get_mut(at)) {
            self.bytes.take(held.weight());
            held.clone_from(entry);
            self.bytes.add(held.weight());
        }
    }

    /// The first place whose entry is held; one after the last if none is.
    pub(crate) fn from(&self) -> Seq {
        Seq(self.last.0 + 1 - (self.entries.len() as u64).min(self.last.0))
    }

    /// The first place whose header is held; one after the last if none is.
    pub(crate) fn headers_from(&self) -> Seq {
        Seq(self.last.0 + 1 - (self.headers.len() as u64).min(self.last.0))
    }

    /// The held entries from `from` on, up to `to`.
    pub(crate) fn held(&self, from: Seq, to: Seq) -> impl Iterator<Item = &Entry> {
        let skip = from.since(self.from());
        let count =
            to.0.saturating_add(1)
                .saturating_sub(from.max(self.from()).0);
        let bound = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        self.entries.iter().skip(bound(skip)).take(bound(count))
    }

    pub(crate) fn entry(&self, seq: Seq) -> Option<&Entry> {
        self.held(seq, seq).next()
    }

    /// What a list shows: the newest entry that is no change.
    pub(crate) fn preview(&self) -> Option<&Message> {
        self.preview_past(&Dismissed::NONE)
    }

    /// The same for whoever has dismissed these. None where all that is held was.
    pub(crate) fn preview_past(&self, dismissed: &Dismissed) -> Option<&Message> {
        let held = self.entries.iter().rev().map(|entry| &entry.message);
        let earlier = self.preview.iter().map(|entry| &entry.message);
        held.chain(earlier)
            .find(|message| is_shown(message) && !dismissed.contains(message.seq))
    }

    /// The place of the newest entry with this author and id among the headers held.
    pub(crate) fn find(&self, is: impl Fn(&Header) -> bool) -> Option<(Seq, Timestamp)> {
        let at = self.headers.iter().rposition(is)?;
        let header = self.headers.get(at)?;
        Some((Seq(self.headers_from().0 + at as u64), header.sent_at))
    }

    /// Entries after a place that do not count for somebody who has dismissed these, if all of
    /// them are held.
    pub(crate) fn quiet_since(
        &self,
        (user, dismissed): (UserId, &Dismissed),
        place: Seq,
    ) -> Option<u64> {
        let from = self.headers_from();
        if place.next() < from {
            return None;
        }
        let skip = usize::try_from(place.next().since(from)).ok()?;
        let after = (place.next().0..).zip(self.headers.iter().skip(skip));
        let quiet = after.filter(|(seq, header)| {
            header.author == user || !header.counts || dismissed.contains(Seq(*seq))
        });
        Some(quiet.count() as u64)
    }

    /// The time of an entry that is taken now: the clock may be set back, the order of a
    /// conversation's times is not.
    pub(crate) fn stamp(&mut self, received_at: Timestamp) -> Timestamp {
        self.sent_at = self.sent_at.max(received_at);
        self.sent_at
    }

    pub(crate) const fn bytes(&self) -> usize {
        self.bytes.get()
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Change, ChangeKind, ConversationId, Marks, MessageBody, SendId};

    use super::*;

    fn user(n: u8) -> UserId {
        UserId::from_bytes([n; 16])
    }

    fn entry(seq: u64, content: Content) -> Entry {
        Entry::from(Message {
            conversation: ConversationId::from_bytes([1; 16]),
            seq: Seq(seq),
            author: user(1),
            send_id: SendId::from_parts(Timestamp::default(), u128::from(seq)),
            sent_at: Timestamp::from_millis(seq),
            content,
            marks: Marks::default(),
        })
    }

    fn text(seq: u64, text: &str) -> Entry {
        let body = MessageBody::parse(text).unwrap();
        entry(seq, Content::Text(body.into()))
    }

    fn change(seq: u64) -> Entry {
        let kind = ChangeKind::Pin(true);
        let target = Seq(1);
        entry(seq, Content::Change(Change { target, kind }))
    }

    fn shown(newest: &Newest) -> Option<u64> {
        newest.preview().map(|message| message.seq.0)
    }

    #[test]
    fn the_preview_is_the_newest_that_is_no_change_however_many_follow() {
        let mut newest = Newest::default();
        assert_eq!(shown(&newest), None);
        newest.push(text(1, "first"));
        newest.push(text(2, "second"));
        for seq in 3..200 {
            newest.push(change(seq));
            assert_eq!(shown(&newest), Some(2), "after {seq}");
        }
        assert_eq!(newest.from(), Seq(200 - RING as u64));
        newest.push(text(200, "third"));
        assert_eq!(shown(&newest), Some(200));
    }

    #[test]
    fn what_is_rewritten_is_shown_as_it_is() {
        let mut newest = Newest::default();
        newest.set_preview(Some(text(1, "long ago")));
        newest.last = Seq(99);
        newest.push(change(100));
        newest.rewrite(&entry(1, Content::Deleted));
        assert_eq!(newest.preview().unwrap().content, Content::Deleted);

        newest.push(text(101, "held"));
        newest.rewrite(&text(101, &"x".repeat(500)));
        let held = newest.entry(Seq(101)).unwrap();
        assert_eq!(held.message.content.body().unwrap().as_str().len(), 500);
        let weights = newest.entries.iter().map(Entry::weight);
        assert_eq!(newest.bytes(), weights.sum::<usize>());
        // Neither before what is held nor after it.
        newest.rewrite(&text(7, "elsewhere"));
        newest.rewrite(&text(500, "elsewhere"));
        assert_eq!(newest.held(Seq(0), Seq(u64::MAX)).count(), 2);
        assert_eq!(newest.entry(Seq(7)), None);
    }

    #[test]
    fn what_does_not_count_is_counted_where_it_is_held() {
        let mut newest = Newest::default();
        newest.push(text(1, "mine"));
        newest.push(change(2));
        newest.push(text(3, "mine"));
        assert_eq!(
            newest.quiet_since((user(1), &Dismissed::NONE), Seq::ZERO),
            Some(3)
        );
        assert_eq!(
            newest.quiet_since((user(2), &Dismissed::NONE), Seq::ZERO),
            Some(1)
        );
        assert_eq!(
            newest.quiet_since((user(2), &Dismissed::NONE), Seq(2)),
            Some(0)
        );
        for seq in 4..=3 + RECENT as u64 {
            newest.push(change(seq));
        }
        assert_eq!(
            newest.quiet_since((user(2), &Dismissed::NONE), Seq(2)),
            None,
            "place 3 is gone"
        );
        let after = newest.quiet_since((user(2), &Dismissed::NONE), Seq(3));
        assert_eq!(after, Some(RECENT as u64));
    }
}
