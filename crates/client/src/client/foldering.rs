//! Folders that the user makes, renames and deletes.

use protocol::{ErrorCode, Folder, FolderId, FolderName};

use super::Client;
use crate::{Change, Effect, FolderWish};

impl Client {
    /// A folder is to be made, renamed or deleted. It shows at once, and is told to the server
    /// until that has answered.
    pub(super) fn call_folder(&mut self, folder: FolderId, name: Option<FolderName>) {
        if self.folders.refused.take().is_some() {
            self.change(Change::Folders);
        }
        if self.folders.get(folder) == name {
            return;
        }
        self.change(Change::Folders);
        if name.is_some() && !self.folders.has_room(folder) {
            self.folders.refused = Some(ErrorCode::TooMany);
            return;
        }
        self.folders.wishes.wish(folder, name.clone());
        self.effect(Effect::SaveFolderWish(FolderWish {
            folder,
            folder_name: name,
        }));
    }

    /// The server says what a folder is called.
    pub(super) fn folder_there(
        &mut self,
        request: Option<u32>,
        folder: FolderId,
        name: Option<FolderName>,
    ) {
        if let Some(folder) = request.and_then(|it| self.folders.wishes.answered(it)) {
            self.effect(Effect::ForgetFolderWish(folder));
        }
        if self.folders.told.tell(folder, name) {
            self.keep_folders();
        }
        self.change(Change::Folders);
    }

    /// A resume has named all there are.
    pub(super) fn folders_resumed(&mut self) {
        let was_complete = self.folders.told.is_complete();
        let is_news = !self.folders.told.resumed().is_empty();
        if is_news {
            self.keep_folders();
        }
        if is_news || !was_complete {
            self.change(Change::Folders);
        }
    }

    /// Stores what the server has said, so that it is there without a connection.
    fn keep_folders(&mut self) {
        let folders = self.folders.to_store();
        self.effect(Effect::SaveFolders(folders));
    }

    /// A wish was refused for good: what the server says is so.
    pub(super) fn folder_refused(&mut self, folder: FolderId, code: ErrorCode) {
        self.folders.refused = Some(code);
        self.effect(Effect::ForgetFolderWish(folder));
        self.change(Change::Folders);
    }

    /// Why the last folder that was to be another is not, until one is to be again.
    #[must_use]
    pub const fn not_foldered(&self) -> Option<ErrorCode> {
        self.folders.refused
    }

    /// Whether the server has named all folders on this page.
    #[must_use]
    pub const fn knows_folders(&self) -> bool {
        self.folders.told.is_complete()
    }

    /// All folders, sorted by name, as the user has last wished.
    #[must_use]
    pub fn folders(&self) -> Vec<Folder> {
        self.folders.all()
    }
}
