use protocol::{Description, DisplayName, GroupSettings, Person};

use super::*;
use crate::fixtures::*;

fn arrive(summary: &mut ConversationSummary, entry: &Message) -> bool {
    arrived(summary, entry, user(ME), &Names::default())
}

fn notice(seq: u64, author: u8, notice: Notice) -> Message {
    entry(seq, author, Content::Notice(notice))
}

fn roles(summary: &ConversationSummary) -> Vec<(UserId, Role)> {
    let members = summary.members.iter();
    members.map(|it| (it.person.id, it.role)).collect()
}

#[test]
fn only_messages_of_others_are_unread_and_only_once() {
    let mut row = summary(3, 3, 0);
    assert!(arrive(&mut row, &message(4, THEM)));
    assert!(arrive(&mut row, &message(5, ME)));
    assert!(!arrive(&mut row, &message(4, THEM)));
    assert!(arrive(&mut row, &change(6, THEM, 4, edit("after"))));
    let left = Notice::Left { successor: None };
    assert!(arrive(&mut row, &notice(7, THEM, left)));
    assert_eq!((row.unread, row.last_seq), (1, Seq(7)));
}

#[test]
fn what_one_does_after_everything_read_is_read_too() {
    let mut row = summary(3, 3, 0);
    arrive(&mut row, &message(4, ME));
    arrive(&mut row, &change(5, ME, 4, edit("after")));
    assert_eq!((row.unread, row.read_seq), (0, Seq(5)));
    arrive(&mut row, &message(6, THEM));
    arrive(&mut row, &message(7, ME));
    assert_eq!((row.unread, row.read_seq), (1, Seq(5)));
}

#[test]
fn the_count_stops_at_the_cap() {
    let mut row = summary(1, 0, ConversationSummary::UNREAD_CAP);
    arrive(&mut row, &message(2, THEM));
    assert_eq!(row.unread, ConversationSummary::UNREAD_CAP);
}

#[test]
fn the_preview_is_the_newest_that_is_shown_as_it_is_now() {
    let mut row = summary(3, 3, 0);
    let active = row.active_at();
    arrive(&mut row, &change(4, THEM, 3, edit("after")));
    arrive(&mut row, &change(5, THEM, 2, ChangeKind::Delete));
    let last = row.last_message.clone().unwrap();
    assert_eq!(last.content.body(), Some(&body("after")));
    assert_eq!(row.active_at(), active, "a change is no news");
    arrive(&mut row, &change(6, THEM, 3, ChangeKind::Delete));
    let last = row.last_message.clone().unwrap();
    assert_eq!((last.seq, last.content), (Seq(3), Content::Deleted));
    let left = Notice::Left { successor: None };
    arrive(&mut row, &notice(7, THEM, left));
    assert_eq!(row.last_message.as_ref().map(|it| it.seq), Some(Seq(7)));
    assert_eq!(row.active_at(), at(7), "a notice is");
}

#[test]
fn a_page_brings_the_preview_what_was_missed() {
    let mut row = summary(3, 3, 0);
    let mut edited = message(3, THEM);
    edited.fold((&change(4, THEM, 3, edit("after"))).into(), &edit("after"));
    assert!(!arrive(&mut row, &edited));
    assert_eq!(row.last_message, Some(edited.clone()));
    // One from before does not take it back.
    assert!(!arrive(&mut row, &message(3, THEM)));
    assert_eq!(row.last_message, Some(edited));
}

#[test]
fn a_preview_that_missed_a_change_is_mended_by_a_page() {
    let mut row = summary(3, 3, 0);
    let (first, second) = (change(4, THEM, 3, edit("after")), react("👍", true));
    let second = change(5, THEM, 3, second);
    let mut now = message(3, THEM);
    now.fold((&first).into(), &edit("after"));
    now.fold((&second).into(), &react("👍", true));
    // The first lies in a gap that was jumped over.
    arrive(&mut row, &second);
    arrive(&mut row, &now);
    assert_eq!(row.last_message, Some(now));
}

#[test]
fn pins_follow_the_changes() {
    let mut row = summary(3, 3, 0);
    for (seq, target, kind) in [
        (4, 1, ChangeKind::Pin(true)),
        (5, 2, ChangeKind::Pin(true)),
        (6, 3, ChangeKind::Pin(true)),
        (7, 2, ChangeKind::Pin(false)),
        (8, 1, ChangeKind::Delete),
        (9, 3, react("👍", true)),
    ] {
        arrive(&mut row, &change(seq, THEM, target, kind));
    }
    assert_eq!(row.pins, [Seq(3)]);
    // What the summary has in it already changes nothing.
    arrive(&mut row, &change(7, THEM, 3, ChangeKind::Pin(false)));
    assert_eq!(row.pins, [Seq(3)]);
}

#[test]
fn notices_say_what_a_group_is_now() {
    let mut row = group(3, &[ME, THEM]);
    let title = DisplayName::parse("Tea").unwrap();
    let description = Some(Description::parse("at five").unwrap());
    let settings = GroupSettings {
        announcements_only: true,
        history_for_new: false,
    };
    let (name, about) = (title.clone(), description.clone());
    arrive(&mut row, &notice(4, THEM, Notice::Renamed { title }));
    arrive(
        &mut row,
        &notice(5, THEM, Notice::Described { description }),
    );
    arrive(&mut row, &notice(6, THEM, Notice::Configured { settings }));
    assert_eq!(row.title, Some(name));
    assert_eq!(row.description, about);
    assert_eq!(row.settings, settings);
    let description = None;
    arrive(
        &mut row,
        &notice(7, THEM, Notice::Described { description }),
    );
    assert_eq!(row.description, None);
}

#[test]
fn notices_say_who_is_in_a_group() {
    let mut names = Names::default();
    let known: Person = person(3);
    names.learn(&known);
    let mut row = group(3, &[ME, THEM]);
    let mut next = 3;
    let mut happen = |row: &mut ConversationSummary, author, it| {
        next += 1;
        arrived(row, &notice(next, author, it), user(ME), &names);
        (roles(row), row.member_count)
    };
    let users = vec![user(3), user(4), user(THEM)];
    let (now, count) = happen(&mut row, ME, Notice::Added { users });
    let member = |n| (user(n), Role::Member);
    assert_eq!(now, [(user(ME), Role::Owner), member(THEM), member(3)]);
    assert_eq!(count, 4, "counted also where the name is not known");

    let handed = Notice::RoleChanged {
        user: user(THEM),
        role: Role::Owner,
    };
    let (now, _) = happen(&mut row, ME, handed);
    let admin = (user(ME), Role::Admin);
    assert_eq!(now, [admin, (user(THEM), Role::Owner), member(3)]);

    let left = Notice::Left {
        successor: Some(user(ME)),
    };
    let (now, _) = happen(&mut row, THEM, left);
    assert_eq!(now, [(user(ME), Role::Owner), member(3)]);
    let (now, count) = happen(&mut row, ME, Notice::Removed { user: user(3) });
    assert_eq!((now, count), (vec![(user(ME), Role::Owner)], 2));
}

#[test]
fn whoever_comes_by_a_link_is_counted_at_once_and_named_when_their_name_comes() {
    let mut row = group(0, &[ME, THEM]);
    let joined = Notice::Joined { by: user(ME) };
    let notices = [(3, joined.clone()), (4, joined.clone()), (THEM, joined)];
    for (seq, (by, it)) in (1..).zip(&notices) {
        arrive(&mut row, &notice(seq, *by, it.clone()));
    }
    assert_eq!((row.members.len(), row.member_count), (2, 4));
    let mut names = Names::default();
    names.learn(&person(4));
    let held = notices.iter().map(|(by, it)| (user(*by), it));
    assert!(complete(&mut row, held, &names));
    let late = roles(&row).split_off(2);
    assert_eq!(late, [(user(4), Role::Member)]);
}

#[test]
fn a_description_brings_news_and_keeps_what_is_further_here() {
    let mut row = summary(10, 8, 2);
    merge(&mut row, summary(12, 4, 8));
    assert_eq!(
        (row.last_seq, row.read_seq, row.unread),
        (Seq(12), Seq(8), 4)
    );
    let mut row = summary(10, 8, 2);
    merge(&mut row, summary(9, 9, 0));
    assert_eq!(
        (row.last_seq, row.read_seq, row.unread),
        (Seq(10), Seq(9), 1)
    );
}

#[test]
fn an_older_description_brings_no_older_name() {
    let title = |name| Some(DisplayName::parse(name).unwrap());
    let mut row = group(10, &[ME, THEM]);
    row.title = title("new");
    let mut older = group(9, &[ME, THEM, 3]);
    older.title = title("old");
    older.members[1].read_seq = Seq(7);
    merge(&mut row, older);
    assert_eq!(row.title, title("new"));
    assert_eq!(row.members.len(), 2);
    assert_eq!(row.members[1].read_seq, Seq(7), "cursors do not go back");
    let mut newer = group(10, &[ME, THEM, 3]);
    newer.title = title("newest");
    merge(&mut row, newer);
    assert_eq!(row.title, title("newest"));
    assert_eq!(row.members.len(), 3);
    assert_eq!(row.members[1].read_seq, Seq(7));
}

#[test]
fn others_have_seen_what_they_write_after_everything_seen() {
    let mut row = summary(5, 5, 0);
    seen(&mut row, user(THEM), Seq(5));
    arrive(&mut row, &message(6, THEM));
    assert_eq!(row.members[1].read_seq, Seq(6));
    arrive(&mut row, &message(7, ME));
    arrive(&mut row, &message(8, THEM));
    assert_eq!(row.members[1].read_seq, Seq(6), "from a notification");
}

#[test]
fn cursors_of_others_only_move_forward() {
    let mut row = summary(5, 5, 0);
    assert!(seen(&mut row, user(THEM), Seq(4)));
    assert!(!seen(&mut row, user(THEM), Seq(3)));
    assert!(!seen(&mut row, user(7), Seq(5)), "nobody here");
    assert_eq!(row.members[1].read_seq, Seq(4));
}

#[test]
fn members_whose_names_come_late_are_put_in_as_they_are_by_then() {
    let mut row = group(0, &[ME, THEM]);
    let came = |users: &[u8]| Notice::Added {
        users: users.iter().map(|n| user(*n)).collect(),
    };
    let became = |who: u8, role| Notice::RoleChanged {
        user: user(who),
        role,
    };
    let notices = [
        (ME, came(&[3, 4, 5, THEM])),
        (ME, became(4, Role::Admin)),
        (ME, Notice::Removed { user: user(5) }),
        (ME, came(&[6, 7])),
        (7, Notice::Left { successor: None }),
        (ME, became(6, Role::Owner)),
    ];
    for (seq, (by, it)) in (1..).zip(&notices) {
        arrive(&mut row, &notice(seq, *by, it.clone()));
    }
    assert_eq!((row.members.len(), row.member_count), (2, 5));
    assert!(is_incomplete(&row));
    let mut names = Names::default();
    let held = || notices.iter().map(|(by, it)| (user(*by), it));
    assert!(!complete(&mut row, held(), &names));
    for n in [4, 5, 6, 7] {
        names.learn(&person(n));
    }
    assert!(complete(&mut row, held(), &names));
    let late = roles(&row).split_off(2);
    assert_eq!(late, [(user(4), Role::Admin), (user(6), Role::Owner)]);
    assert!(!complete(&mut row, held(), &names), "once");
    names.learn(&person(3));
    assert!(complete(&mut row, held(), &names));
    assert!(!is_incomplete(&row));
}
