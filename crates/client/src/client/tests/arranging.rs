//! Conversations that the user has arranged: at once, through broken connections and reloads.

use protocol::{Arrangement, Mute, PreferenceField, Preferences, Section};

use super::*;
use crate::SavedArrangement;

const FAVOURITE: Arrangement = Arrangement::Favourite(true);
const ARCHIVE: Arrangement = Arrangement::Archive(Some(Seq(5)));

fn arrange(client: &mut Client, change: Arrangement, now: u64) -> Vec<Effect> {
    let conversation = here();
    let input = Input::Arrange {
        conversation,
        change,
    };
    client.step(input, at(now))
}

/// What the only `Arrange` among the effects asks for.
fn asked(effects: &[Effect]) -> (u32, Arrangement) {
    let asked = frames(effects).into_iter().filter_map(|frame| match frame {
        ClientFrame::Arrange {
            request, change, ..
        } => Some((request, change)),
        _ => None,
    });
    let asked: Vec<_> = asked.collect();
    let [one] = asked[..] else {
        panic!("one thing is asked for: {effects:?}");
    };
    one
}

fn told(
    client: &mut Client,
    request: Option<u32>,
    preferences: Preferences,
    now: u64,
) -> Vec<Effect> {
    let frame = ServerFrame::Arranged {
        request,
        conversation: here(),
        preferences,
    };
    client.step(Input::Frame(frame), at(now))
}

fn favourite() -> Preferences {
    Preferences {
        favourite: true,
        ..Preferences::default()
    }
}

fn muted(mute: Mute) -> Preferences {
    Preferences {
        mute,
        ..Preferences::default()
    }
}

fn announced(effects: &[Effect]) -> usize {
    let is_said = |it: &&Effect| matches!(it, Effect::Changed(Change::Announce { .. }));
    effects.iter().filter(is_said).count()
}

#[test]
fn it_shows_at_once_is_stored_and_is_forgotten_when_the_server_has_answered() {
    let mut client = live(5, 5, 0);
    let effects = arrange(&mut client, FAVOURITE, 1);
    let saved = SavedArrangement {
        conversation: here(),
        change: FAVOURITE,
    };
    assert!(effects.contains(&Effect::SaveArrangement(saved)));
    let (request, change) = asked(&effects);
    assert_eq!(change, FAVOURITE);
    let row = client.list_row(here()).unwrap();
    assert_eq!(row.section, Section::Favourites);
    // Wishing it again is nothing new.
    assert!(arrange(&mut client, FAVOURITE, 2).is_empty());

    let effects = told(&mut client, Some(request), favourite(), 3);
    let forgotten = Effect::ForgetArrangement {
        conversation: here(),
        field: PreferenceField::Favourite,
    };
    assert!(effects.contains(&forgotten));
    assert_eq!(client.preferences(here()), favourite());
}

#[test]
fn what_another_device_has_done_is_so() {
    let mut client = live(5, 5, 0);
    told(&mut client, None, favourite(), 1);
    assert_eq!(client.preferences(here()), favourite());
    // A wish stands over it until it is answered for.
    arrange(&mut client, ARCHIVE, 2);
    told(&mut client, None, muted(Mute::Always), 3);
    let row = client.list_row(here()).unwrap();
    assert_eq!((row.section, row.muted), (Section::Archive, true));
}

#[test]
fn offline_it_is_kept_through_a_reload_and_sent_when_there_is_a_connection() {
    let mut client = live(5, 5, 0);
    client.step(Input::SocketClosed { code: None }, at(1));
    let effects = arrange(&mut client, ARCHIVE, 2);
    assert!(frames(&effects).is_empty());
    arrange(&mut client, Arrangement::Archive(None), 3);
    let effects = arrange(&mut client, ARCHIVE, 4);
    assert!(frames(&effects).is_empty());
    let saved = SavedArrangement {
        conversation: here(),
        change: ARCHIVE,
    };
    assert!(effects.contains(&Effect::SaveArrangement(saved)));

    let mut client = new_client();
    let conversations = vec![SavedConversation {
        summary: summary(5, 5, 0),
        confirmed_read: Seq(5),
        threads: Vec::new(),
    }];
    let restored = Restored {
        conversations,
        arrangements: vec![saved],
        ..Restored::default()
    };
    client.step(Input::Restored(restored), at(5));
    let row = client.list_row(here()).unwrap();
    assert_eq!(row.section, Section::Archive);
    client.step(Input::Start, at(6));
    let effects = connect(&mut client, at(7));
    assert_eq!(asked(&effects).1, ARCHIVE);
    // What is told of the conversation meanwhile does not undo it.
    told(&mut client, None, Preferences::default(), 8);
    assert_eq!(client.list_row(here()).unwrap().section, Section::Archive);
}

#[test]
fn a_lost_answer_is_asked_for_again_and_a_refusal_takes_it_back() {
    let mut client = live(5, 5, 0);
    asked(&arrange(&mut client, FAVOURITE, 1));
    client.step(Input::SocketClosed { code: None }, at(2));
    client.step(Input::ConnectNow, at(3));
    let (request, _) = asked(&connect(&mut client, at(4)));
    let code = ErrorCode::NotFound;
    let refused = ServerFrame::Refused { request, code };
    client.step(Input::Frame(refused), at(5));
    assert_eq!(client.preferences(here()), Preferences::default());
}

#[test]
fn a_new_message_brings_back_what_was_archived_unless_it_is_muted() {
    let mut client = live(5, 5, 0);
    let archived = Preferences {
        archived: Some(Seq(5)),
        ..Preferences::default()
    };
    told(&mut client, None, archived, 1);
    assert_eq!(client.list_row(here()).unwrap().section, Section::Archive);
    client.step(event(message(6, THEM)), at(2));
    assert_eq!(client.list_row(here()).unwrap().section, Section::Others);

    let quiet = Preferences {
        mute: Mute::Always,
        ..archived
    };
    told(&mut client, None, quiet, 3);
    client.step(event(message(7, THEM)), at(4));
    assert_eq!(client.list_row(here()).unwrap().section, Section::Archive);
}

#[test]
fn what_is_muted_is_not_announced_and_counts_for_nothing() {
    let mut client = live(5, 4, 1);
    assert_eq!(client.unread(), 1);
    told(&mut client, None, muted(Mute::Always), 1);
    assert_eq!(client.unread(), 0);
    let effects = client.step(event(message(6, THEM)), at(2));
    assert_eq!(announced(&effects), 0);
    assert_eq!(client.list_row(here()).unwrap().summary.unread, 2);

    told(&mut client, None, Preferences::default(), 3);
    assert_eq!(client.unread(), 2);
    let effects = client.step(event(message(7, THEM)), at(4));
    assert_eq!(announced(&effects), 1);
}

#[test]
fn where_all_but_mentions_are_muted_those_count() {
    let mut client = live(5, 2, 3);
    told(&mut client, None, muted(Mute::ExceptMentions), 1);
    assert_eq!(client.unread(), 0);
    let read = ServerFrame::Read {
        conversation: here(),
        seq: Seq(2),
        unread: 3,
        mentions: 1,
    };
    client.step(Input::Frame(read), at(2));
    assert_eq!(client.unread(), 1);
}

#[test]
fn a_mute_ends_by_the_clock_of_the_server() {
    // The device is a minute behind.
    let mut client = new_client();
    let seeded = Seeded {
        summaries: vec![summary(5, 4, 1)],
        pages: Vec::new(),
    };
    client.step(Input::Seeded(seeded), at(0));
    client.step(Input::Start, at(0));
    client.step(Input::SocketOpened, at(0));
    let mut hello = welcome(ME);
    if let ServerFrame::Welcome { now, .. } = &mut hello {
        *now = at(60_000);
    }
    client.step(Input::Frame(hello), at(0));
    client.step(Input::Frame(ServerFrame::Resumed), at(0));
    assert_eq!(client.server_now(), at(60_000));

    let effects = told(&mut client, None, muted(Mute::Until(at(65_000))), 1_000);
    assert!(effects.contains(&Effect::WakeAt(at(5_000))));
    assert!(client.list_row(here()).unwrap().muted);
    client.step(Input::Tick, at(4_999));
    assert!(client.list_row(here()).unwrap().muted);
    let effects = client.step(Input::Tick, at(5_000));
    assert!(effects.contains(&Effect::Changed(Change::List(here()))));
    assert!(!client.list_row(here()).unwrap().muted);
    assert_eq!(client.unread(), 1);
}

#[test]
fn opening_what_is_marked_takes_the_mark_away() {
    let marked = Preferences {
        marked_unread: true,
        ..Preferences::default()
    };
    let mut client = live(5, 5, 0);
    told(&mut client, None, marked, 1);
    assert_eq!(client.unread(), 1);
    assert!(client.list_row(here()).unwrap().is_unread());
    let effects = client.step(Input::Open(here()), at(2));
    assert_eq!(asked(&effects).1, Arrangement::MarkUnread(false));
    assert_eq!(client.unread(), 0);
    // What is marked while it is open stays so.
    arrange(&mut client, Arrangement::MarkUnread(true), 3);
    client.step(Input::Open(here()), at(4));
    assert!(client.list_row(here()).unwrap().is_unread());

    // It may be known only after it was opened.
    let mut client = new_client();
    client.step(Input::Open(here()), at(0));
    let mut known = summary(5, 5, 0);
    known.preferences = marked;
    let seeded = Seeded {
        summaries: vec![known],
        pages: Vec::new(),
    };
    client.step(Input::Seeded(seeded), at(1));
    assert!(!client.preferences(here()).marked_unread);
}

#[test]
fn favourites_come_first_and_the_archive_last() {
    let other = |n: u8, preferences| {
        let id = ConversationId::from_bytes([n; 16]);
        let mut summary = summary(5, 5, 0);
        summary.id = id;
        summary.created_at = at(u64::from(n));
        summary.last_message = None;
        summary.preferences = preferences;
        summary
    };
    let archived = Preferences {
        archived: Some(Seq(0)),
        favourite: true,
        ..Preferences::default()
    };
    let mut client = new_client();
    let summaries = vec![
        other(1, favourite()),
        other(2, Preferences::default()),
        other(3, archived),
        other(4, Preferences::default()),
        other(5, favourite()),
    ];
    let pages = Vec::new();
    client.step(Input::Seeded(Seeded { summaries, pages }), at(0));
    let list = client.list();
    let order: Vec<u8> = list.iter().map(|id| id.to_bytes()[0]).collect();
    assert_eq!(order, [5, 1, 4, 2, 3]);
}

#[test]
fn whoever_is_not_in_it_any_more_wishes_nothing_of_it() {
    let mut client = live(5, 5, 0);
    client.step(Input::SocketClosed { code: None }, at(1));
    arrange(&mut client, FAVOURITE, 2);
    client.step(Input::ConnectNow, at(3));
    client.step(Input::SocketOpened, at(4));
    client.step(Input::Frame(welcome(ME)), at(4));
    let conversation = here();
    let effects = client.step(Input::Frame(ServerFrame::Gone { conversation }), at(5));
    let field = PreferenceField::Favourite;
    let forgotten = Effect::ForgetArrangement {
        conversation,
        field,
    };
    assert!(effects.contains(&forgotten));
    let effects = client.step(Input::Frame(ServerFrame::Resumed), at(6));
    assert!(frames(&effects).is_empty(), "{effects:?}");
}
