//! Folders.

use protocol::{ClientFrame, Folder, FolderId, FolderName, ServerFrame};

const FOLDER: &str = "01KAVQJ9R7E2H5N8A4T3W6C0ZM";
const NAME: &str = "घर · گھر";

pub(super) fn folder() -> FolderId {
    FOLDER.parse().expect("an id")
}

fn name() -> FolderName {
    FolderName::parse(NAME).expect("a name")
}

pub(super) fn of_client() -> [(&'static str, ClientFrame); 2] {
    let call = |name: &str| ClientFrame::Folder {
        request: 9,
        folder: folder(),
        name: name.to_owned(),
    };
    [("folder", call(NAME)), ("folder_no_longer", call(""))]
}

pub(super) fn of_server() -> [(&'static str, ServerFrame); 3] {
    let told = |request, name| ServerFrame::Folder {
        request,
        folder: folder(),
        name,
    };
    let folders = vec![Folder {
        id: folder(),
        name: name(),
    }];
    [
        ("folder", told(Some(9), Some(name()))),
        ("folder_no_longer", told(None, None)),
        ("folders", ServerFrame::Folders { folders }),
    ]
}
