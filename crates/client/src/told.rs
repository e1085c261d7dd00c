//! What the server has said of many things, each of which may change at any time.
//!
//! A resume names all there are, in as many frames as that takes. What was known before counts
//! until it has; what changes meanwhile counts then as well.

use std::collections::{BTreeMap, BTreeSet};

/// All that was said, by what it was said of.
#[derive(Debug)]
pub(crate) struct Told<K, V> {
    known: BTreeMap<K, V>,
    complete: bool,
    /// What a resume has named so far, while there is one.
    resuming: Option<BTreeMap<K, V>>,
}

impl<K, V> Default for Told<K, V> {
    fn default() -> Self {
        Self {
            known: BTreeMap::new(),
            complete: false,
            resuming: None,
        }
    }
}

impl<K, V> Told<K, V> {
    /// Whether a resume has named all there are.
    pub(crate) const fn is_complete(&self) -> bool {
        self.complete
    }

    /// How much is known.
    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    /// All that is known.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.known.iter()
    }

    /// What counts now, and what will count when the resume is over.
    fn maps(&mut self) -> impl Iterator<Item = &mut BTreeMap<K, V>> {
        std::iter::once(&mut self.known).chain(&mut self.resuming)
    }
}

impl<K: Ord + Copy, V: Clone + PartialEq> Told<K, V> {
    /// What is known of one thing.
    pub(crate) fn get(&self, key: K) -> Option<&V> {
        self.known.get(&key)
    }

    /// Of what something is known.
    pub(crate) fn keys(&self) -> impl Iterator<Item = K> {
        self.known.keys().copied()
    }

    /// Takes what an earlier page stored, unless the server has said more since.
    pub(crate) fn restore(&mut self, stored: impl IntoIterator<Item = (K, V)>) {
        if self.complete {
            return;
        }
        for (key, value) in stored {
            self.known.entry(key).or_insert(value);
        }
    }

    /// A resume begins: it will name all there are.
    pub(crate) fn welcomed(&mut self) {
        self.resuming = Some(BTreeMap::new());
    }

    /// A resume names some.
    pub(crate) fn named(&mut self, some: impl IntoIterator<Item = (K, V)>) {
        self.resuming.get_or_insert_default().extend(some);
    }

    /// A resume has named all. Returns those of which something else is known now.
    pub(crate) fn resumed(&mut self) -> BTreeSet<K> {
        let Some(all) = self.resuming.take() else {
            return BTreeSet::new();
        };
        self.complete = true;
        let before = std::mem::replace(&mut self.known, all);
        let keys = before.keys().chain(self.known.keys()).copied();
        keys.filter(|key| before.get(key) != self.known.get(key))
            .collect()
    }

    /// The server says what one is from now on; `None` if it is no more. Whether that is news.
    pub(crate) fn tell(&mut self, key: K, value: Option<V>) -> bool {
        let is_news = self.known.get(&key) != value.as_ref();
        match value {
            Some(value) => {
                if let Some(resuming) = &mut self.resuming {
                    resuming.insert(key, value.clone());
                }
                self.known.insert(key, value);
            }
            None => {
                for map in self.maps() {
                    map.remove(&key);
                }
            }
        }
        is_news
    }

    /// Forgets some. Returns those.
    pub(crate) fn forget(&mut self, is_forgotten: impl Fn(&K, &V) -> bool) -> Vec<K> {
        let known = self.known.iter();
        let gone = known.filter(|(key, value)| is_forgotten(key, value));
        let gone = gone.map(|(key, _)| *key).collect();
        for map in self.maps() {
            map.retain(|key, value| !is_forgotten(key, value));
        }
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type It = Told<u8, char>;

    fn known(it: &It) -> Vec<(u8, char)> {
        it.iter().map(|(key, value)| (*key, *value)).collect()
    }

    #[test]
    fn a_resume_names_all_in_several_frames_and_what_changes_meanwhile_counts() {
        let mut it = It::default();
        assert!(it.tell(1, Some('a')) && it.tell(2, Some('b')));
        assert!(!it.is_complete(), "there may be more");
        it.welcomed();
        it.named([(2, 'B')]);
        it.named([(3, 'c'), (4, 'd'), (5, 'e')]);
        assert!(it.tell(6, Some('f')) && it.tell(5, Some('E')));
        assert!(!it.tell(4, None), "it was not known to be there");
        let before = [(1, 'a'), (2, 'b'), (5, 'E'), (6, 'f')];
        assert_eq!(known(&it), before, "as long as it is not known better");
        assert_eq!(it.resumed(), [1, 2, 3].into());
        assert_eq!(known(&it), [(2, 'B'), (3, 'c'), (5, 'E'), (6, 'f')]);
        assert!(it.is_complete());
        assert_eq!(it.resumed(), [].into(), "there was one resume");
        it.welcomed();
        assert_eq!(it.resumed(), [2, 3, 5, 6].into(), "nothing was named");
        assert_eq!(it.len(), 0);
    }

    #[test]
    fn what_was_said_before_is_no_news() {
        let mut it = It::default();
        assert!(!it.tell(1, None));
        assert!(it.tell(1, Some('a')));
        assert!(!it.tell(1, Some('a')));
        assert_eq!((it.get(1), it.get(2)), (Some(&'a'), None));
        it.welcomed();
        it.named([(1, 'a')]);
        assert_eq!(it.resumed(), [].into());
        assert!(it.tell(1, None));
        assert_eq!(it.keys().count(), 0);
    }

    #[test]
    fn what_an_earlier_page_stored_counts_until_the_server_has_said_more() {
        let mut it = It::default();
        it.tell(1, Some('A'));
        it.restore([(1, 'a'), (2, 'b')]);
        assert_eq!(known(&it), [(1, 'A'), (2, 'b')]);
        it.welcomed();
        it.resumed();
        it.restore([(2, 'b')]);
        assert_eq!(known(&it), [], "the server has named all");
    }

    #[test]
    fn what_is_forgotten_does_not_come_back_with_the_resume() {
        let mut it = It::default();
        it.tell(1, Some('a'));
        it.welcomed();
        it.named([(1, 'a'), (2, 'b'), (3, 'a')]);
        assert_eq!(it.forget(|_, value| *value == 'a'), [1]);
        it.resumed();
        assert_eq!(known(&it), [(2, 'b')]);
    }
}
