//! Who is mentioned where, of the newest places of a conversation.
//!
//! How many unread messages mention somebody is not kept: it is counted when it is asked for,
//! from the places that mention anybody. Those are known from the first place that is held on;
//! for whoever has read less, the rows before it are read once. So an edit or a deletion has
//! nothing to correct but the place itself.

use std::collections::BTreeMap;

use markup::Mentioned;
use protocol::limits::MENTION_PLACES;
use protocol::{ConversationKind, ConversationSummary, Dismissed, Message, Seq, UserId, Username};

/// Names held of one conversation.
const NAMES: usize = 4_096;

/// The places that mention somebody, up to the newest.
#[derive(Default)]
pub(crate) struct Mentions {
    /// Every place from here on was looked at.
    from: Seq,
    /// What is before this is not looked at: there are too many names.
    floor: Seq,
    last: Seq,
    places: BTreeMap<Seq, Mentioning>,
    names: usize,
    /// How often a place before `from` became another.
    unseen: u64,
}

/// A place that mentions somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mentioning {
    author: UserId,
    whom: Mentioned,
}

/// Places that have to be looked at before a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ToLook {
    pub(crate) from: Seq,
    pub(crate) to: Seq,
    unseen: u64,
}

impl Mentioning {
    /// Of an entry that mentions somebody.
    pub(crate) fn of(kind: ConversationKind, entry: &Message) -> Option<Self> {
        let whom = Mentioned::of(kind, &entry.content);
        let author = entry.author;
        (!whom.is_nobody()).then_some(Self { author, whom })
    }

    fn counts_for(&self, user: UserId, name: &Username) -> bool {
        self.author != user && self.whom.includes(name)
    }
}

impl Mentions {
    /// Nothing was looked at yet; the next place is this one.
    pub(crate) fn from(first: Seq) -> Self {
        Self {
            from: first,
            last: first.prev(),
            ..Self::default()
        }
    }

    /// An entry took the next place.
    pub(crate) fn push(&mut self, kind: ConversationKind, entry: &Message) {
        self.last = entry.seq;
        if let Some(mentioning) = Mentioning::of(kind, entry) {
            self.insert(entry.seq, mentioning);
        }
        self.from = self.from.max(self.window());
        while self.names > NAMES || self.first().is_some_and(|first| first < self.from) {
            self.drop_first();
        }
    }

    /// The first place in which mentions are counted.
    const fn window(&self) -> Seq {
        Seq(self.last.0.saturating_sub(MENTION_PLACES) + 1)
    }

    fn first(&self) -> Option<Seq> {
        self.places.keys().next().copied()
    }

    fn insert(&mut self, seq: Seq, mentioning: Mentioning) {
        self.names += mentioning.whom.names();
        self.places.insert(seq, mentioning);
    }

    fn remove(&mut self, seq: Seq) -> Option<Mentioning> {
        let mentioning = self.places.remove(&seq)?;
        self.names -= mentioning.whom.names();
        Some(mentioning)
    }

    fn drop_first(&mut self) {
        if let Some(first) = self.first() {
            self.remove(first);
            self.floor = self.floor.max(first.next());
            self.from = self.from.max(self.floor);
        }
    }

    /// An earlier entry is another now.
    pub(crate) fn rewrite(&mut self, kind: ConversationKind, entry: &Message) {
        if entry.seq < self.from {
            self.unseen += 1;
            return;
        }
        self.remove(entry.seq);
        if let Some(now) = Mentioning::of(kind, entry) {
            self.insert(entry.seq, now);
        }
    }

    /// Messages after a place that mention somebody who has not dismissed them, or what has to be
    /// looked at first.
    pub(crate) fn after(
        &self,
        seen: Seq,
        (user, name): (UserId, &Username),
        dismissed: &Dismissed,
    ) -> Result<u32, ToLook> {
        let from = seen.next().max(self.window()).max(self.floor);
        if from < self.from {
            return Err(ToLook {
                from,
                to: self.from.prev(),
                unseen: self.unseen,
            });
        }
        let later = self.places.range(from..);
        let later = later.filter(|(seq, _)| !dismissed.contains(**seq));
        let later = later.map(|(_, it)| it);
        let count = later.filter(|it| it.counts_for(user, name)).count();
        let cap = ConversationSummary::UNREAD_CAP;
        Ok(u32::try_from(count).unwrap_or(cap).min(cap))
    }

    /// What was found in places, the oldest first; passed over if some of them may be others
    /// since.
    pub(crate) fn looked(&mut self, asked: &ToLook, found: Vec<(Seq, Mentioning)>) {
        if asked.to.next() != self.from || asked.unseen != self.unseen {
            return;
        }
        self.from = asked.from;
        for (seq, mentioning) in found.into_iter().rev() {
            if self.names + mentioning.whom.names() > NAMES {
                self.floor = seq.next();
                self.from = self.floor;
                return;
            }
            self.insert(seq, mentioning);
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Content, ConversationId, Marks, MessageBody, SendId, Timestamp};

    use super::*;

    const GROUP: ConversationKind = ConversationKind::Group;

    fn user(n: u8) -> UserId {
        UserId::from_bytes([n; 16])
    }

    fn name(name: &str) -> Username {
        Username::parse(name).unwrap()
    }

    fn entry(seq: u64, text: &str) -> Message {
        Message {
            conversation: ConversationId::from_bytes([1; 16]),
            seq: Seq(seq),
            author: user(1),
            send_id: SendId::from_parts(Timestamp::default(), u128::from(seq)),
            sent_at: Timestamp::from_millis(seq),
            content: Content::Text(MessageBody::parse(text).unwrap().into()),
            marks: Marks::default(),
        }
    }

    fn found(entries: &[Message]) -> Vec<(Seq, Mentioning)> {
        let found = entries
            .iter()
            .filter_map(|entry| Some((entry.seq, Mentioning::of(GROUP, entry)?)));
        found.collect()
    }

    fn of_bilal(mentions: &Mentions, seen: u64) -> Result<u32, ToLook> {
        mentions.after(Seq(seen), (user(2), &name("bilal")), &Dismissed::NONE)
    }

    #[test]
    fn messages_of_others_count_after_what_was_seen() {
        let mut mentions = Mentions::from(Seq(1));
        for (seq, text) in [(1, "@bilal"), (2, "chai"), (3, "@all"), (4, "@asha")] {
            mentions.push(GROUP, &entry(seq, text));
        }
        let counts = [0, 1, 2, 3, 4].map(|seen| of_bilal(&mentions, seen));
        assert_eq!(counts, [Ok(2), Ok(1), Ok(1), Ok(0), Ok(0)]);
        // They wrote it themselves.
        assert_eq!(
            mentions.after(Seq(0), (user(1), &name("asha")), &Dismissed::NONE),
            Ok(0)
        );
    }

    #[test]
    fn what_is_rewritten_counts_as_it_is() {
        let mut mentions = Mentions::from(Seq(1));
        mentions.push(GROUP, &entry(1, "@bilal @asha"));
        mentions.rewrite(GROUP, &entry(1, "@asha @chandra"));
        assert_eq!(of_bilal(&mentions, 0), Ok(0));

        mentions.rewrite(GROUP, &entry(1, "@bilal"));
        assert_eq!(of_bilal(&mentions, 0), Ok(1));
        let deleted = Message {
            content: Content::Deleted,
            ..entry(1, "x")
        };
        mentions.rewrite(GROUP, &deleted);
        assert_eq!(of_bilal(&mentions, 0), Ok(0));
        assert_eq!(mentions.names, 0);
    }

    #[test]
    fn what_was_not_looked_at_is_looked_at_once() {
        let mut mentions = Mentions::from(Seq(11));
        mentions.push(GROUP, &entry(11, "@bilal"));
        assert_eq!(of_bilal(&mentions, 10), Ok(1));
        let asked = of_bilal(&mentions, 4).unwrap_err();
        assert_eq!((asked.from, asked.to), (Seq(5), Seq(10)));
        let rows = found(&[entry(6, "@bilal"), entry(9, "@all")]);
        mentions.looked(&asked, rows.clone());
        assert_eq!(of_bilal(&mentions, 4), Ok(3));
        // A second one that asked the same comes too late.
        mentions.looked(&asked, rows);
        assert_eq!(of_bilal(&mentions, 4), Ok(3));
        assert!(of_bilal(&mentions, 0).is_err());
    }

    #[test]
    fn what_was_rewritten_meanwhile_is_looked_at_again() {
        let mut mentions = Mentions::from(Seq(11));
        let asked = of_bilal(&mentions, 0).unwrap_err();
        mentions.rewrite(GROUP, &entry(3, "chai"));
        mentions.looked(&asked, found(&[entry(3, "@bilal")]));
        let asked = of_bilal(&mentions, 0).unwrap_err();
        mentions.looked(&asked, Vec::new());
        assert_eq!(of_bilal(&mentions, 0), Ok(0));
    }

    #[test]
    fn only_the_newest_places_are_looked_at() {
        let mut mentions = Mentions::from(Seq(5_000));
        let asked = of_bilal(&mentions, 0).unwrap_err();
        assert_eq!(asked.from, Seq(5_000 - MENTION_PLACES));
        mentions.looked(&asked, found(&[entry(asked.from.0, "@bilal")]));
        assert_eq!(of_bilal(&mentions, 0), Ok(1));
        // Another message later it is out of sight.
        mentions.push(GROUP, &entry(5_000, "chai"));
        assert_eq!(of_bilal(&mentions, 0), Ok(0));
        assert!(mentions.places.is_empty());
    }

    #[test]
    fn names_are_bounded_whichever_way_they_come() {
        let many: String = (0..50).map(|n| format!("@user{n} ")).collect();
        let mut mentions = Mentions::from(Seq(1));
        for seq in 1..=200 {
            mentions.push(GROUP, &entry(seq, &many));
            assert!(mentions.names <= NAMES);
        }
        let user0 = |mentions: &Mentions| {
            mentions.after(Seq(0), (user(2), &name("user0")), &Dismissed::NONE)
        };
        let fit = u32::try_from(NAMES / 50).unwrap();
        assert_eq!(user0(&mentions), Ok(fit));

        let mut loaded = Mentions::from(Seq(201));
        let asked = user0(&loaded).unwrap_err();
        let rows: Vec<_> = (1..=200).map(|seq| entry(seq, &many)).collect();
        loaded.looked(&asked, found(&rows));
        assert_eq!(user0(&loaded), Ok(fit));
    }
}
