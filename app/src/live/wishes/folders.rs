//! Folders, as the user has last wished.

use client::{Client, Input};
use leptos::prelude::*;
use protocol::{ErrorCode, Folder, FolderId, FolderName};

use crate::live::{Live, random, time_now};

/// What has last become of folders.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FolderNews {
    /// The folders, sorted by name.
    pub list: Vec<Folder>,
    /// Whether the server has named all of them.
    pub complete: bool,
    /// Why the last one that was to be another is not.
    pub refused: Option<ErrorCode>,
}

impl FolderNews {
    pub(in crate::live) fn of(client: &Client) -> Self {
        Self {
            list: client.folders(),
            complete: client.knows_folders(),
            refused: client.not_foldered(),
        }
    }

    /// What a folder is called, if it is one.
    #[must_use]
    pub fn name(&self, id: FolderId) -> Option<&FolderName> {
        let found = self.list.iter().find(|folder| folder.id == id);
        found.map(|folder| &folder.name)
    }
}

impl Live {
    /// Makes a folder; shows at once.
    pub fn make_folder(&self, name: FolderName) -> FolderId {
        let folder = random::folder_id(time_now());
        self.call_folder(folder, Some(name));
        folder
    }

    /// Renames a folder or, without a name, deletes it; shows at once.
    pub fn call_folder(&self, folder: FolderId, name: Option<FolderName>) {
        self.post(Input::CallFolder { folder, name });
    }

    /// What has last become of folders.
    #[must_use]
    pub fn folder_news(&self) -> Signal<FolderNews> {
        self.signals.folders.into()
    }
}
