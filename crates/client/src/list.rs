//! The conversation list.

use std::cmp::Reverse;

use protocol::{
    ConversationId, ConversationKind, ConversationSummary, FolderId, Section, Timestamp,
};

use crate::{Delivery, Draft};

/// A row of the conversation list.
#[derive(Clone, PartialEq, Debug)]
pub struct ListRow {
    /// The conversation as this client knows it, with the preferences that the user wishes.
    pub summary: ConversationSummary,
    /// What stands in its composer.
    pub draft: Option<Draft>,
    /// How far the newest message is, if it is the user's own; the preview is then
    /// [`ListRow::unsent`] where that is set.
    pub delivery: Option<Delivery>,
    /// The newest message not answered for, which stands below all stored ones.
    pub unsent: Option<String>,
    /// What the list is sorted by, newest first.
    pub active_at: Timestamp,
    /// Where it stands.
    pub section: Section,
    /// Whether it is silent now.
    pub muted: bool,
}

impl ListRow {
    /// Whether there is something to be read in it, or it is marked so.
    #[must_use]
    pub const fn is_unread(&self) -> bool {
        self.summary.unread > 0 || self.summary.preferences.marked_unread
    }
}

/// The order of the list: by section, then the most recently active first.
pub(crate) type Order = (Section, Reverse<Timestamp>, ConversationId);

/// What a reader wants to see of the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Filter {
    /// Everything that is not put away.
    #[default]
    All,
    /// What there is something new in.
    Unread,
    /// Groups.
    Groups,
    /// What is put away.
    Archived,
    /// What people ask with whom the reader shares nothing.
    Requests,
    /// What the reader has put into a folder.
    Folder(FolderId),
}

impl Filter {
    /// All but the reader's folders, in the order in which they are offered.
    pub const ALL: [Self; 5] = [
        Self::All,
        Self::Unread,
        Self::Groups,
        Self::Requests,
        Self::Archived,
    ];

    /// Whether a row is seen.
    #[must_use]
    pub fn shows(self, row: &ListRow) -> bool {
        let is_listed = row.section < Section::Archive;
        match self {
            Self::All => is_listed,
            Self::Unread => is_listed && row.is_unread(),
            Self::Groups => is_listed && row.summary.kind == ConversationKind::Group,
            Self::Archived => row.section == Section::Archive,
            Self::Requests => row.section == Section::Requests,
            Self::Folder(folder) => is_listed && row.summary.preferences.folder == Some(folder),
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Preferences, Seq};

    use super::*;
    use crate::fixtures::{ME, THEM, at, group, summary};

    fn row(summary: ConversationSummary) -> ListRow {
        ListRow {
            draft: None,
            delivery: None,
            unsent: None,
            active_at: summary.active_at(),
            section: summary.section(at(0)),
            muted: false,
            summary,
        }
    }

    fn with(preferences: Preferences) -> ConversationSummary {
        ConversationSummary {
            preferences,
            ..summary(5, 5, 0)
        }
    }

    #[test]
    fn each_filter_shows_its_rows() {
        let quiet = row(summary(5, 5, 0));
        let unread = row(summary(5, 3, 2));
        let marked = row(with(Preferences {
            marked_unread: true,
            ..Preferences::default()
        }));
        let chai = row(group(5, &[ME, THEM]));
        let away = row(with(Preferences {
            archived: Some(Seq(5)),
            marked_unread: true,
            ..Preferences::default()
        }));
        let folder = |number| FolderId::from_bytes([number; 16]);
        let kept = row(with(Preferences {
            folder: Some(folder(1)),
            favourite: true,
            ..Preferences::default()
        }));
        let kept_away = row(with(Preferences {
            folder: Some(folder(1)),
            archived: Some(Seq(5)),
            ..Preferences::default()
        }));
        let rows = [quiet, unread, marked, chai, away, kept, kept_away];
        for (filter, expected) in [
            (Filter::All, [0, 1, 2, 3, 5].as_slice()),
            (Filter::Unread, &[1, 2]),
            (Filter::Groups, &[3]),
            (Filter::Archived, &[4, 6]),
            (Filter::Folder(folder(1)), &[5]),
            (Filter::Folder(folder(2)), &[]),
        ] {
            let all = rows.iter().enumerate();
            let shown = all.filter(|(_, row)| filter.shows(row));
            let shown: Vec<usize> = shown.map(|(at, _)| at).collect();
            assert_eq!(shown, expected, "{filter:?}");
        }
    }
}
