//! How a member has arranged a conversation for themselves: muted, archived, a favourite, marked
//! as unread, in a folder. Nobody else sees it, and all devices of the account agree on it.
//!
//! A change names one field and its whole new value, so that a repetition changes nothing and of
//! two changes the later one wins. What follows from time and from new messages is worked out
//! here and stored nowhere.

use serde::{Deserialize, Serialize};

use crate::limits::MUTE_MS;
use crate::{ErrorCode, FolderId, Seq, Timestamp};

/// For whom and how long a conversation is silent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mute {
    /// It is not.
    #[default]
    Off,
    /// Until this moment of the server's clock.
    Until(Timestamp),
    /// Until that is changed.
    Always,
    /// Until that is changed, but for messages that mention the member.
    ExceptMentions,
}

impl Mute {
    /// Whether it is silent at a moment of the server's clock.
    #[must_use]
    pub fn is_on(self, now: Timestamp) -> bool {
        match self {
            Self::Off => false,
            Self::Until(end) => now < end,
            Self::Always | Self::ExceptMentions => true,
        }
    }
}

/// How a conversation is arranged for one member.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preferences {
    /// Whether it is silent.
    pub mute: Mute,
    /// The newest place when it was archived. What comes later brings it back, unless it is
    /// muted, see [`Preferences::is_archived`].
    pub archived: Option<Seq>,
    /// It stands above the others.
    pub favourite: bool,
    /// It is to be looked at again, whatever has been read.
    pub marked_unread: bool,
    /// The folder it is in. One that is not among the account's folders is none.
    pub folder: Option<FolderId>,
}

/// A part of the conversation list; the parts are in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Section {
    /// On top.
    Favourites,
    /// What is neither.
    Others,
    /// Put away.
    Archive,
    /// What people have written with whom the reader shares nothing, and they have not answered.
    Requests,
    /// Nowhere: what of that has nothing to be read in it, or was put away.
    Hidden,
}

/// A change of one of them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrangement {
    /// It is silent, or no longer.
    Mute(Mute),
    /// It is archived with everything up to this place, or taken out.
    Archive(Option<Seq>),
    /// It is a favourite, or no longer.
    Favourite(bool),
    /// It is marked as unread, or no longer.
    MarkUnread(bool),
    /// It is in this folder, or in none.
    Folder(Option<FolderId>),
}

/// What an [`Arrangement`] changes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PreferenceField {
    /// [`Preferences::mute`].
    Mute,
    /// [`Preferences::archived`].
    Archive,
    /// [`Preferences::favourite`].
    Favourite,
    /// [`Preferences::marked_unread`].
    MarkUnread,
    /// [`Preferences::folder`].
    Folder,
}

impl Arrangement {
    /// What it changes.
    #[must_use]
    pub const fn field(self) -> PreferenceField {
        match self {
            Self::Mute(_) => PreferenceField::Mute,
            Self::Archive(_) => PreferenceField::Archive,
            Self::Favourite(_) => PreferenceField::Favourite,
            Self::MarkUnread(_) => PreferenceField::MarkUnread,
            Self::Folder(_) => PreferenceField::Folder,
        }
    }

    /// What a server takes of it: an end that is not too far away, and no place that nothing has
    /// reached yet.
    ///
    /// # Errors
    /// [`ErrorCode::Malformed`] for an end later than [`MUTE_MS`] from now.
    pub fn checked(self, newest: Seq, now: Timestamp) -> Result<Self, ErrorCode> {
        match self {
            Self::Mute(Mute::Until(end)) if end > now.plus_millis(MUTE_MS) => {
                Err(ErrorCode::Malformed)
            }
            Self::Mute(Mute::Until(end)) if end <= now => Ok(Self::Mute(Mute::Off)),
            Self::Archive(Some(seq)) => Ok(Self::Archive(Some(seq.min(newest)))),
            other => Ok(other),
        }
    }
}

impl Preferences {
    /// Whether the conversation is silent at a moment of the server's clock.
    #[must_use]
    pub fn is_muted(&self, now: Timestamp) -> bool {
        self.mute.is_on(now)
    }

    /// When it stops being silent by itself, if that is still to come.
    #[must_use]
    pub fn mute_ends(&self, now: Timestamp) -> Option<Timestamp> {
        match self.mute {
            Mute::Until(end) if now < end => Some(end),
            _ => None,
        }
    }

    /// Whether it stands in the archive, given the place of the newest entry that a list shows.
    /// Something newer than when it was archived has brought it back, unless it is muted.
    #[must_use]
    pub fn is_archived(&self, shown: Seq, now: Timestamp) -> bool {
        self.archived
            .is_some_and(|at| shown <= at || self.is_muted(now))
    }

    /// Where the conversation stands, given the place of the newest entry that a list shows. What
    /// is archived is put away although it is a favourite, and is one again when it comes back.
    #[must_use]
    pub fn section(&self, shown: Seq, now: Timestamp) -> Section {
        if self.is_archived(shown, now) {
            Section::Archive
        } else if self.favourite {
            Section::Favourites
        } else {
            Section::Others
        }
    }

    /// As they are after a change, given the place of the newest entry that a list shows.
    #[must_use]
    pub fn arranged(mut self, change: Arrangement, shown: Seq, now: Timestamp) -> Self {
        match change {
            Arrangement::Mute(mute) => {
                // What has come back stays where it is when it is muted.
                if !self.is_archived(shown, now) {
                    self.archived = None;
                }
                self.mute = mute;
            }
            Arrangement::Archive(at) => self.archived = at,
            Arrangement::Favourite(on) => self.favourite = on,
            Arrangement::MarkUnread(on) => self.marked_unread = on,
            Arrangement::Folder(folder) => self.folder = folder,
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn later(millis: u64) -> Timestamp {
        NOW.plus_millis(millis)
    }

    fn muted(mute: Mute) -> Preferences {
        Preferences {
            mute,
            ..Preferences::default()
        }
    }

    #[test]
    fn a_mute_ends_by_itself_or_never() {
        for (mute, now, in_an_hour) in [
            (Mute::Off, false, false),
            (Mute::Until(later(1)), true, false),
            (Mute::Until(NOW), false, false),
            (Mute::Always, true, true),
            (Mute::ExceptMentions, true, true),
        ] {
            assert_eq!(mute.is_on(NOW), now, "{mute:?}");
            assert_eq!(mute.is_on(later(3_600_000)), in_an_hour, "{mute:?}");
        }
        let until = muted(Mute::Until(later(5)));
        assert_eq!(until.mute_ends(NOW), Some(later(5)));
        assert_eq!(until.mute_ends(later(5)), None);
        assert_eq!(muted(Mute::Always).mute_ends(NOW), None);
    }

    #[test]
    fn what_is_newer_brings_back_from_the_archive_unless_it_is_muted() {
        let archived =
            Preferences::default().arranged(Arrangement::Archive(Some(Seq(5))), Seq(5), NOW);
        assert!(archived.is_archived(Seq(5), NOW));
        assert!(!archived.is_archived(Seq(6), NOW));
        assert!(!Preferences::default().is_archived(Seq(0), NOW));

        let quiet = archived.arranged(Arrangement::Mute(Mute::Until(later(9))), Seq(5), NOW);
        assert!(quiet.is_archived(Seq(6), NOW));
        // When the mute ends, what was missed meanwhile brings it back.
        assert!(!quiet.is_archived(Seq(6), later(9)));
        assert!(quiet.is_archived(Seq(5), later(9)));
        let loud = quiet.arranged(Arrangement::Mute(Mute::Off), Seq(6), NOW);
        assert!(!loud.is_archived(Seq(6), NOW));
    }

    #[test]
    fn the_archive_is_apart_and_what_comes_back_stands_where_it_stood() {
        let favourite = Preferences {
            favourite: true,
            ..Preferences::default()
        };
        let archived = |at| Preferences {
            archived: Some(Seq(at)),
            ..favourite
        };
        let quiet = Preferences {
            mute: Mute::Until(later(10)),
            ..archived(4)
        };
        for (preferences, now, expected) in [
            (Preferences::default(), 0, Section::Others),
            (favourite, 0, Section::Favourites),
            (archived(5), 0, Section::Archive),
            (archived(4), 0, Section::Favourites),
            (quiet, 0, Section::Archive),
            (quiet, 10, Section::Favourites),
        ] {
            let section = preferences.section(Seq(5), later(now));
            assert_eq!(section, expected, "{preferences:?} {now}");
        }
        assert!(Section::Favourites < Section::Others && Section::Others < Section::Archive);
    }

    #[test]
    fn what_has_come_back_is_not_hidden_again_by_muting_it() {
        let archived = Preferences {
            archived: Some(Seq(5)),
            ..Preferences::default()
        };
        let quiet = archived.arranged(Arrangement::Mute(Mute::Always), Seq(6), NOW);
        assert!(!quiet.is_archived(Seq(6), NOW));
        assert_eq!(quiet.archived, None);
    }

    #[test]
    fn each_change_is_of_one_field_and_may_be_repeated() {
        let folder = Some(FolderId::from_bytes([5; 16]));
        let all = [
            Arrangement::Mute(Mute::Always),
            Arrangement::Archive(Some(Seq(3))),
            Arrangement::Favourite(true),
            Arrangement::MarkUnread(true),
            Arrangement::Folder(folder),
        ];
        let mut now = Preferences::default();
        for change in all {
            now = now.arranged(change, Seq(3), NOW);
            assert_eq!(now.arranged(change, Seq(3), NOW), now, "{change:?}");
        }
        let expected = Preferences {
            mute: Mute::Always,
            archived: Some(Seq(3)),
            favourite: true,
            marked_unread: true,
            folder,
        };
        assert_eq!(now, expected);
        let fields = all.map(Arrangement::field);
        assert!(fields.is_sorted() && fields.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn a_server_takes_no_end_or_place_beyond_what_there_can_be() {
        let check = |change: Arrangement| change.checked(Seq(7), NOW);
        let until = |at| Arrangement::Mute(Mute::Until(at));
        assert_eq!(check(until(later(MUTE_MS))), Ok(until(later(MUTE_MS))));
        assert_eq!(check(until(later(MUTE_MS + 1))), Err(ErrorCode::Malformed));
        // An end that has passed on its way here is an end.
        assert_eq!(check(until(NOW)), Ok(Arrangement::Mute(Mute::Off)));
        let far = Arrangement::Archive(Some(Seq(u64::MAX)));
        assert_eq!(check(far), Ok(Arrangement::Archive(Some(Seq(7)))));
        let near = Arrangement::Archive(Some(Seq(2)));
        assert_eq!(check(near), Ok(near));
        let folder = Arrangement::Folder(Some(FolderId::from_bytes([5; 16])));
        for change in [
            Arrangement::Archive(None),
            Arrangement::Favourite(true),
            folder,
        ] {
            assert_eq!(check(change), Ok(change));
        }
    }
}
