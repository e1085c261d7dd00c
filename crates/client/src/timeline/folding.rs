//! Folding the changes that are in the run into the entries that they change.

use std::collections::BTreeSet;

use protocol::{ChangeKind, Content, Origin, Seq};

use super::Timeline;
use crate::Row;

impl Timeline {
    /// Brings every entry up to what the run knows of it; returns those that are different now.
    ///
    /// It goes over the whole run, because a page may bring a target that is older than changes
    /// already here, read before they were made. What is in a row already is passed over by its
    /// version, so going over it again does nothing.
    pub(super) fn fold(&mut self) -> BTreeSet<Seq> {
        let mut different = BTreeSet::new();
        let mut deleted = BTreeSet::new();
        for at in 0..self.run.len() {
            if let Some(answer) = self.run.get(at).and_then(answer) {
                different.extend(self.answered(answer));
                continue;
            }
            let Some((origin, change)) = self.run.get_mut(at).and_then(take) else {
                continue;
            };
            if let Some(row) = self
                .index(change.target)
                .and_then(|target| self.run.get_mut(target))
                && row.fold(origin, &change.kind)
            {
                different.insert(change.target);
            }
            if matches!(change.kind, ChangeKind::Delete | ChangeKind::Expire) {
                deleted.insert(change.target);
            }
            if let Some(row) = self.run.get_mut(at) {
                row.content = Content::Change(change);
            }
        }
        if !deleted.is_empty() {
            different.extend(
                self.run
                    .iter_mut()
                    .filter_map(|row| withdraw(row, &deleted)),
            );
        }
        different
    }
}

impl Timeline {
    /// Folds an answer into its root; the root's place, if it is in the run and is different now.
    fn answered(&mut self, (root, origin): (Seq, Origin)) -> Option<Seq> {
        let at = self.index(root)?;
        let row = self.run.get_mut(at)?;
        row.answered(origin).then_some(root)
    }

    /// Folds a change or an answer in that stands elsewhere; whether its target is in the run and
    /// is different now.
    pub(crate) fn fold_in(&mut self, change: &Row) -> bool {
        let (Content::Change(what), Some(origin)) = (&change.content, change.origin()) else {
            return answer(change).is_some_and(|it| self.answered(it).is_some());
        };
        if matches!(what.kind, ChangeKind::Delete | ChangeKind::Expire) {
            let deleted = BTreeSet::from([what.target]);
            for row in &mut self.run {
                withdraw(row, &deleted);
            }
        }
        let target = self.index(what.target);
        target
            .and_then(|at| self.run.get_mut(at))
            .is_some_and(|row| row.fold(origin, &what.kind))
    }
}

/// The root under which a row answers, and the row itself.
fn answer(row: &Row) -> Option<(Seq, Origin)> {
    Some((row.under()?, row.origin()?))
}

/// Takes a change out of its row, so that the others can be written to meanwhile.
fn take(row: &mut Row) -> Option<(Origin, protocol::Change)> {
    let origin = row.origin()?;
    if !row.is_change() {
        return None;
    }
    match std::mem::replace(&mut row.content, Content::Unavailable) {
        Content::Change(change) => Some((origin, change)),
        _ => None,
    }
}

/// Takes the text out of an edit of a message that was deleted, as the server has done.
pub(super) fn withdraw(row: &mut Row, deleted: &BTreeSet<Seq>) -> Option<Seq> {
    let Content::Change(change) = &mut row.content else {
        return None;
    };
    let gone = matches!(change.kind, ChangeKind::Edit(_)) && deleted.contains(&change.target);
    if gone {
        change.kind = ChangeKind::Withdrawn;
    }
    row.seq.filter(|_| gone)
}
