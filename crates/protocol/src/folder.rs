//! Folders in which somebody keeps conversations together. Nobody else learns of them, and all
//! devices of the account show them. In which one a conversation is is one of its
//! [`crate::Preferences`].

use serde::{Deserialize, Serialize};

use crate::{FolderId, FolderName};

/// A folder.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Folder {
    /// Which; it stays when it is renamed.
    pub id: FolderId,
    /// What it is called.
    pub name: FolderName,
}
