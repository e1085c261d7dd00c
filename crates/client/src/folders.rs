//! Which folders there are: what the server says, and over it what was wished here. In which one
//! a conversation is is one of its preferences.

use std::collections::BTreeSet;

use protocol::limits::FOLDERS;
use protocol::{ClientFrame, ErrorCode, Folder, FolderId, FolderName, Timestamp};
use serde::{Deserialize, Serialize};

use crate::told::Told;
use crate::wishes::Wishes;

/// A wish as it is stored on this device.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderWish {
    /// Of which folder.
    pub folder: FolderId,
    /// What it is to be called; `None` deletes it.
    pub folder_name: Option<FolderName>,
}

/// All that is known of folders.
#[derive(Debug, Default)]
pub(crate) struct Folders {
    pub(crate) told: Told<FolderId, FolderName>,
    pub(crate) wishes: Wishes<FolderId, Option<FolderName>>,
    /// Why the last wish that was refused was.
    pub(crate) refused: Option<ErrorCode>,
}

impl Folders {
    /// What a folder is called, as was last wished; `None` if it is none.
    pub(crate) fn get(&self, id: FolderId) -> Option<FolderName> {
        match self.wishes.get(id) {
            Some(wished) => wished,
            None => self.told.get(id).cloned(),
        }
    }

    /// All of them, sorted by name.
    pub(crate) fn all(&self) -> Vec<Folder> {
        let ids: BTreeSet<_> = self.told.keys().chain(self.wishes.keys()).collect();
        let all = ids.into_iter().filter_map(|id| {
            let name = self.get(id)?;
            Some(Folder { id, name })
        });
        let mut all: Vec<_> = all.collect();
        all.sort_by_cached_key(|it| (it.name.as_str().to_lowercase(), it.id));
        all
    }

    /// Whether a folder can be called something: a further one only where there is room.
    pub(crate) fn has_room(&self, id: FolderId) -> bool {
        self.get(id).is_some() || self.all().len() < FOLDERS
    }

    /// What the server has said, to an earlier page or now.
    pub(crate) fn to_store(&self) -> Vec<Folder> {
        let told = self.told.iter();
        let told = told.map(|(id, name)| Folder {
            id: *id,
            name: name.clone(),
        });
        told.collect()
    }

    /// Takes what an earlier page stored, unless the server has said more since.
    pub(crate) fn restore(&mut self, folders: Vec<Folder>) {
        let stored = folders.into_iter().map(|it| (it.id, it.name));
        self.told.restore(stored);
    }

    /// A resume names them.
    pub(crate) fn named(&mut self, folders: Vec<Folder>) {
        let named = folders.into_iter().map(|it| (it.id, it.name));
        self.told.named(named);
    }

    /// The frames to transmit now.
    pub(crate) fn frames(
        &mut self,
        now: Timestamp,
        number: impl FnMut() -> u32,
    ) -> Vec<ClientFrame> {
        let requests = self.wishes.transmit(now, number).into_iter();
        let frames = requests.map(|(request, folder, name)| ClientFrame::Folder {
            request,
            folder,
            name: name.map(String::from).unwrap_or_default(),
        });
        frames.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::at;

    fn id(number: u8) -> FolderId {
        FolderId::from_bytes([number; 16])
    }

    fn name(text: &str) -> FolderName {
        FolderName::parse(text).unwrap()
    }

    fn folder(number: u8, text: &str) -> Folder {
        Folder {
            id: id(number),
            name: name(text),
        }
    }

    #[test]
    fn they_are_sorted_by_name_and_a_wish_lies_over_what_the_server_says() {
        let mut it = Folders::default();
        for (number, text) in [(1, "work"), (2, "Family"), (3, "album"), (4, "family")] {
            assert!(it.told.tell(id(number), Some(name(text))));
        }
        let sorted = [
            folder(3, "album"),
            folder(2, "Family"),
            folder(4, "family"),
            folder(1, "work"),
        ];
        assert_eq!(it.all(), sorted);
        it.wishes.wish(id(2), None);
        it.wishes.wish(id(4), None);
        it.wishes.wish(id(1), Some(name("Aachen")));
        it.wishes.wish(id(5), Some(name("Zoo")));
        let wished = [folder(1, "Aachen"), folder(3, "album"), folder(5, "Zoo")];
        assert_eq!(it.all(), wished);
        assert_eq!(it.get(id(2)), None);
        assert_eq!(it.frames(at(0), || 1).len(), 4);
        it.told.welcomed();
        it.told.resumed();
        assert_eq!(it.all().len(), 2, "wishes outlive the connection");
    }

    #[test]
    fn a_resume_names_all_and_what_changes_meanwhile_counts() {
        let mut it = Folders::default();
        it.restore(vec![folder(1, "old")]);
        assert_eq!(it.all(), [folder(1, "old")], "there was no connection yet");
        it.told.welcomed();
        it.named(vec![folder(2, "b"), folder(3, "c"), folder(4, "d")]);
        it.told.tell(id(3), None);
        assert!(it.told.tell(id(2), Some(name("B"))));
        assert!(!it.told.tell(id(2), Some(name("B"))), "it is as it was");
        assert!(it.get(id(1)).is_some(), "as long as it is not known better");
        assert!(!it.told.resumed().is_empty());
        let all = [folder(2, "B"), folder(4, "d")];
        assert_eq!(it.all(), all);
        assert!(it.told.resumed().is_empty(), "there was one resume");
        it.told.welcomed();
        it.named(all.to_vec());
        assert!(it.told.resumed().is_empty(), "it is as it was");
        it.restore(vec![folder(1, "old")]);
        assert_eq!(it.all(), all, "the server has said more since");
        it.told.welcomed();
        assert!(!it.told.resumed().is_empty());
        assert_eq!(it.all(), [], "nothing was named");
    }

    #[test]
    fn there_is_room_for_so_many() {
        let mut it = Folders::default();
        for number in (0..).take(FOLDERS) {
            assert!(it.has_room(id(number)));
            it.wishes.wish(id(number), Some(name("x")));
        }
        assert!(!it.has_room(id(200)));
        assert!(it.has_room(id(3)), "it is there already");
    }
}
