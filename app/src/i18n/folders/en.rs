//! English.

use super::{FolderTexts, Locale, Plural};

pub(super) static TEXTS: FolderTexts = FolderTexts {
    locale: Locale::En,
    title: "Folders",
    folder: "Folder",
    menu: "Folder…",
    of_conversation: "Folder of {name}",
    none: "No folder",
    new: "New folder",
    make: "Make the folder",
    name: "Name of the folder",
    rename_named: "Rename the folder {name}",
    delete_named: "Delete the folder {name}",
    rename: "Rename",
    ask_delete: "Delete the folder {name}?",
    delete_text: "Its conversations stay in your list. The folder goes on all your devices.",
    delete_now: "Delete the folder",
    deleted: "The folder {name} is deleted.",
    put_into: "In the folder {folder}",
    put_nowhere: "In no folder",
    none_here: "There is nothing in this folder. To put a conversation here, choose “Folder…” in its menu.",
    not_changed: "The folder could not be changed. {reason}",
    full: Plural {
        one: "You have {count} folder already. Delete it first.",
        other: "You have {count} folders already. Delete one first.",
    },
};
