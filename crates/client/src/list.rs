//! The conversation list.

use std::cmp::Reverse;

use protocol::{ConversationId, ConversationKind, ConversationSummary, Section, Timestamp};

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
}

impl Filter {
    /// All, in the order in which they are offered.
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
        let rows = [quiet, unread, marked, chai, away];
        for (filter, expected) in [
            (Filter::All, [true, true, true, true, false]),
            (Filter::Unread, [false, true, true, false, false]),
            (Filter::Groups, [false, false, false, true, false]),
            (Filter::Archived, [false, false, false, false, true]),
        ] {
            let shown: Vec<bool> = rows.iter().map(|row| filter.shows(row)).collect();
            assert_eq!(shown, expected, "{filter:?}");
        }
    }
}
