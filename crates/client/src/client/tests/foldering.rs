//! Folders: at once, through broken connections and reloads, and alike on two devices.

use protocol::limits::FOLDERS;
use protocol::{Arrangement, Folder, FolderId, FolderName};

use super::*;
use crate::{Filter, FolderWish};

fn id(number: u8) -> FolderId {
    FolderId::from_bytes([number; 16])
}

fn name(text: &str) -> Option<FolderName> {
    FolderName::parse(text).ok()
}

fn folder(number: u8, text: &str) -> Folder {
    Folder {
        id: id(number),
        name: name(text).unwrap(),
    }
}

fn call(client: &mut Client, number: u8, text: &str, now: u64) -> Vec<Effect> {
    let input = Input::CallFolder {
        folder: id(number),
        name: name(text),
    };
    client.step(input, at(now))
}

fn put_into(client: &mut Client, number: u8, now: u64) -> Vec<Effect> {
    let input = Input::Arrange {
        conversation: here(),
        change: Arrangement::Folder(Some(id(number))),
    };
    client.step(input, at(now))
}

fn told(client: &mut Client, frame: ServerFrame, now: u64) -> Vec<Effect> {
    client.step(Input::Frame(frame), at(now))
}

fn tells(request: Option<u32>, number: u8, text: &str) -> ServerFrame {
    ServerFrame::Folder {
        request,
        folder: id(number),
        name: name(text),
    }
}

fn wish(number: u8, text: &str) -> FolderWish {
    FolderWish {
        folder: id(number),
        folder_name: name(text),
    }
}

/// What the `Folder`s among the effects ask for.
fn asked(effects: &[Effect]) -> Vec<(u32, FolderId, String)> {
    let asked = frames(effects).into_iter().filter_map(|frame| match frame {
        ClientFrame::Folder {
            request,
            folder,
            name,
        } => Some((request, folder, name)),
        _ => None,
    });
    asked.collect()
}

#[test]
fn it_shows_at_once_is_stored_and_is_forgotten_when_the_server_has_answered() {
    let mut client = live(5, 5, 0);
    let effects = call(&mut client, 1, "Ghar", 1);
    assert!(effects.contains(&Effect::SaveFolderWish(wish(1, "Ghar"))));
    assert!(effects.contains(&Effect::Changed(Change::Folders)));
    assert_eq!(client.folders(), [folder(1, "Ghar")]);
    let [(request, _, text)] = &asked(&effects)[..] else {
        panic!("one thing is asked for: {effects:?}");
    };
    assert_eq!(text, "Ghar");
    assert_eq!(call(&mut client, 1, "Ghar", 2), [], "nothing new");
    let effects = told(&mut client, tells(Some(*request), 1, "Ghar"), 3);
    assert!(effects.contains(&Effect::ForgetFolderWish(id(1))));
    assert!(effects.contains(&Effect::SaveFolders(vec![folder(1, "Ghar")])));
    assert_eq!(client.wishes(), 0);
    assert_eq!(client.folders(), [folder(1, "Ghar")]);
}

#[test]
fn a_folder_is_made_before_a_conversation_is_put_into_it_and_shows_it() {
    let mut client = live(5, 5, 0);
    client.step(Input::SocketClosed { code: None }, at(1));
    put_into(&mut client, 1, 2);
    call(&mut client, 1, "Ghar", 2);
    let filter = Filter::Folder(id(1));
    let shows = |client: &Client| filter.shows(&client.list_row(here()).unwrap());
    assert!(shows(&client));
    client.step(Input::ConnectNow, at(3));
    let effects = connect(&mut client, at(3));
    let kinds: Vec<_> = frames(&effects)
        .into_iter()
        .filter_map(|frame| match frame {
            ClientFrame::Folder { .. } => Some("folder"),
            ClientFrame::Arrange { .. } => Some("arrange"),
            _ => None,
        })
        .collect();
    assert_eq!(kinds, ["folder", "arrange"]);
    // Deleting it leaves the conversation where it is; the folder is none.
    call(&mut client, 1, "", 4);
    assert_eq!(client.folders(), []);
    assert_eq!(client.preferences(here()).folder, Some(id(1)));
    assert!(Filter::All.shows(&client.list_row(here()).unwrap()));
}

#[test]
fn offline_it_is_kept_through_a_reload_and_sent_when_there_is_a_connection() {
    let mut client = live(5, 5, 0);
    client.step(Input::SocketClosed { code: None }, at(1));
    assert!(frames(&call(&mut client, 1, "Ghar", 2)).is_empty());
    let mut client = new_client();
    let restored = Restored {
        folders: vec![folder(2, "Kaam"), folder(3, "Sab")],
        folder_wishes: vec![wish(1, "Ghar"), wish(3, "")],
        ..Restored::default()
    };
    let effects = client.step(Input::Restored(restored), at(3));
    assert!(effects.contains(&Effect::Changed(Change::Folders)));
    assert_eq!(client.folders(), [folder(1, "Ghar"), folder(2, "Kaam")]);
    assert!(!client.knows_folders());
    client.step(Input::Start, at(3));
    let effects = connect(&mut client, at(4));
    assert!(client.knows_folders());
    let wished: Vec<_> = asked(&effects)
        .into_iter()
        .map(|(_, id, name)| (id, name))
        .collect();
    assert_eq!(wished, [(id(1), "Ghar".to_owned()), (id(3), String::new())]);
    // The server has named none: what an earlier page knew is no more.
    assert_eq!(client.folders(), [folder(1, "Ghar")]);
    assert!(effects.contains(&Effect::SaveFolders(Vec::new())));
}

#[test]
fn what_another_device_does_shows_here_at_once_and_the_own_wish_lies_over_it() {
    let mut client = live(5, 5, 0);
    let effects = told(&mut client, tells(None, 1, "Ghar"), 1);
    assert!(effects.contains(&Effect::Changed(Change::Folders)));
    assert_eq!(client.folders(), [folder(1, "Ghar")]);
    let [(request, ..)] = asked(&call(&mut client, 1, "mine", 2))[..] else {
        panic!("it is asked for");
    };
    told(&mut client, tells(None, 1, "theirs"), 3);
    assert_eq!(client.folders(), [folder(1, "mine")]);
    told(&mut client, tells(Some(request), 1, "mine"), 4);
    told(&mut client, tells(None, 1, "later"), 5);
    assert_eq!(client.folders(), [folder(1, "later")]);
    told(&mut client, tells(None, 1, ""), 6);
    assert_eq!(client.folders(), []);
}

#[test]
fn a_device_that_was_away_learns_what_there_is() {
    let mut client = live(5, 5, 0);
    told(&mut client, tells(None, 1, "Ghar"), 1);
    client.step(Input::SocketClosed { code: None }, at(2));
    client.step(Input::ConnectNow, at(3));
    client.step(Input::SocketOpened, at(3));
    told(&mut client, welcome(ME), 3);
    let folders = vec![folder(2, "Kaam")];
    told(&mut client, ServerFrame::Folders { folders }, 3);
    let effects = told(&mut client, ServerFrame::Resumed, 3);
    assert!(effects.contains(&Effect::Changed(Change::Folders)));
    assert!(effects.contains(&Effect::SaveFolders(vec![folder(2, "Kaam")])));
    assert_eq!(client.folders(), [folder(2, "Kaam")]);
}

#[test]
fn what_is_refused_for_good_is_given_up_and_says_why() {
    let mut client = live(5, 5, 0);
    let [(request, ..)] = asked(&call(&mut client, 1, "Ghar", 1))[..] else {
        panic!("it is asked for");
    };
    let code = ErrorCode::TooMany;
    let effects = told(&mut client, ServerFrame::Refused { request, code }, 2);
    assert!(effects.contains(&Effect::ForgetFolderWish(id(1))));
    assert_eq!(client.folders(), []);
    assert_eq!(client.not_foldered(), Some(ErrorCode::TooMany));
    // Another wish says nothing of it any more, also where it changes nothing.
    let effects = call(&mut client, 9, "", 3);
    assert_eq!(effects, [Effect::Changed(Change::Folders)]);
    assert_eq!(client.not_foldered(), None);
}

#[test]
fn beyond_the_limit_none_is_wished() {
    let mut client = live(5, 5, 0);
    let folders = (0..).take(FOLDERS).map(|number| folder(number, "x"));
    for Folder { id, name } in folders {
        let name = Some(name);
        let input = Input::CallFolder { folder: id, name };
        client.step(input, at(1));
    }
    let effects = call(&mut client, 200, "one more", 2);
    assert_eq!(effects, [Effect::Changed(Change::Folders)]);
    assert_eq!(client.not_foldered(), Some(ErrorCode::TooMany));
    assert_eq!(client.folders().len(), FOLDERS);
}
