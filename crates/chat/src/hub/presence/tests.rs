use super::*;

fn user(n: u8) -> UserId {
    UserId::from_bytes([n; 16])
}

fn room(n: u8, members: &[u8]) -> Arc<Room> {
    Arc::new(Room {
        id: ConversationId::from_bytes([n; 16]),
        members: members.iter().map(|m| user(*m)).collect(),
        blind: false,
    })
}

fn blind(room: &Arc<Room>) -> Arc<Room> {
    Arc::new(Room {
        id: room.id,
        members: room.members.clone(),
        blind: true,
    })
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

fn shown_peers(people: &People, user: UserId) -> Vec<UserId> {
    let mut peers = people.peers(user);
    peers.retain(|peer| people.shown(*peer).is_some());
    peers
}

fn online(n: u8, peers: &[u8]) -> Change {
    Change {
        user: user(n),
        presence: Presence::Online,
        peers: peers.iter().map(|p| user(*p)).collect(),
    }
}

#[test]
fn only_those_who_share_a_room_are_told_and_once() {
    let mut people = People::default();
    people.arrive(user(1), vec![room(1, &[1, 2]), room(2, &[1, 2, 3])]);
    people.arrive(user(9), vec![room(3, &[9, 8])]);
    let changes = people.tick(at(1), 100);
    assert_eq!(changes, vec![online(1, &[2, 3]), online(9, &[8])]);
    assert_eq!(people.tick(at(2), 100), vec![]);
    people.arrive(user(2), vec![room(1, &[1, 2])]);
    assert_eq!(shown_peers(&people, user(2)), vec![user(1)]);
    assert_eq!(shown_peers(&people, user(9)), vec![]);
}

#[test]
fn a_short_absence_is_not_shown() {
    let mut people = People::default();
    people.arrive(user(1), vec![room(1, &[1, 2])]);
    assert_eq!(people.tick(at(1), 100).len(), 1);
    people.leave(user(1), at(2));
    assert_eq!(people.tick(at(3), 100), vec![]);
    assert!(
        people.shown(user(1)).is_some(),
        "to whoever asks in between, too"
    );
    people.arrive(user(1), vec![room(1, &[1, 2])]);
    assert_eq!(people.tick(at(20), 100), vec![]);
    assert_eq!(people.tick(at(40), 100), vec![]);
    assert_eq!(people.shown(user(1)), Some(Presence::Online));
}

#[test]
fn a_long_absence_is_announced_once_with_its_beginning() {
    let mut people = People::default();
    people.arrive(user(1), vec![room(1, &[1, 2])]);
    people.tick(at(1), 100);
    people.leave(user(1), at(2));
    assert_eq!(people.tick(at(11), 100), vec![]);
    let offline = Change {
        user: user(1),
        presence: Presence::Offline { since: Some(at(2)) },
        peers: vec![user(2)],
    };
    assert_eq!(people.tick(at(12), 100), vec![offline]);
    assert_eq!(people.tick(at(60), 100), vec![]);
    assert!(people.known.is_empty(), "whoever is gone is forgotten");
}

#[test]
fn somebody_never_announced_leaves_silently() {
    let mut people = People::default();
    people.arrive(user(1), vec![room(1, &[1, 2])]);
    assert!(people.shown(user(1)).is_none(), "nobody would take it back");
    people.leave(user(1), at(0));
    assert_eq!(people.tick(at(30), 100), vec![]);
    assert!(people.known.is_empty());
}

#[test]
fn the_work_of_a_tick_is_bounded_and_nothing_is_forgotten() {
    let mut people = People::default();
    for n in 1..=10 {
        people.arrive(user(n), vec![room(n, &[n, 100, 101])]);
    }
    assert_eq!(people.tick(at(1), 4).len(), 2);
    assert_eq!(people.tick(at(2), 4).len(), 2);
    assert_eq!(people.tick(at(3), 100).len(), 6);
}

#[test]
fn large_rooms_carry_no_presence_in_either_direction() {
    let everybody: Vec<u8> = (0..=PRESENCE_ROOM as u8).collect();
    let large = room(1, &everybody);
    let mut people = People::default();
    people.arrive(user(1), vec![Arc::clone(&large)]);
    people.arrive(user(2), vec![large]);
    assert!(
        people
            .tick(at(1), 10_000)
            .iter()
            .all(|c| c.peers.is_empty())
    );
    assert_eq!(shown_peers(&people, user(1)), vec![]);
}

#[test]
fn a_room_joined_later_counts() {
    let mut people = People::default();
    people.arrive(user(1), vec![]);
    assert!(people.room(user(1), room(5, &[]).id).is_none());
    people.join(user(1), &room(5, &[1, 2]));
    people.join(user(2), &room(5, &[1, 2]));
    assert!(people.room(user(1), room(5, &[]).id).is_some());
    assert!(people.room(user(2), room(5, &[]).id).is_none(), "not there");
    assert_eq!(people.tick(at(1), 10), vec![online(1, &[2])]);
}

#[test]
fn a_room_that_was_left_counts_no_longer() {
    let mut people = People::default();
    people.arrive(user(1), vec![room(1, &[1, 2]), room(2, &[1, 3])]);
    people.part(user(1), room(1, &[]).id);
    people.part(user(9), room(1, &[]).id);
    assert!(people.room(user(1), room(1, &[]).id).is_none());
    assert_eq!(people.tick(at(1), 10), vec![online(1, &[3])]);
}

fn look(people: &mut People, seconds: u64) -> Vec<Presence> {
    let changes = people.tick(at(seconds), 100);
    changes.into_iter().map(|change| change.presence).collect()
}

fn there() -> People {
    let mut people = People::default();
    people.arrive(user(1), vec![room(1, &[1, 2])]);
    people
}

#[test]
fn being_away_is_told_when_it_has_lasted() {
    let mut people = there();
    assert_eq!(look(&mut people, 1), [Presence::Online]);
    people.note(user(1), false);
    people.note(user(2), false);
    assert_eq!(look(&mut people, 2), []);
    assert_eq!(look(&mut people, 6), [Presence::Away]);
    people.note(user(1), true);
    people.note(user(1), false);
    assert_eq!(look(&mut people, 60), []);
    people.note(user(1), true);
    assert_eq!(look(&mut people, 61), [Presence::Online]);
    assert_eq!(people.shown(user(1)), Some(Presence::Online));
}

#[test]
fn not_to_be_disturbed_ends_by_itself() {
    let mut people = there();
    let until = Some(at(1_000));
    people.choose(user(1), Availability::Busy { until }, at(0));
    assert_eq!(look(&mut people, 1), [Presence::Busy]);
    people.note(user(1), false);
    people.end(at(999));
    assert_eq!(
        look(&mut people, 10),
        [],
        "nobody sees that they are away too"
    );
    people.end(at(1_000));
    assert_eq!(look(&mut people, 20), [Presence::Away]);
    people.end(at(9_000));
    assert_eq!(look(&mut people, 30), []);
}

#[test]
fn another_choice_is_not_ended_with_the_one_before() {
    let mut people = there();
    let until = Some(at(1_000));
    people.choose(user(1), Availability::Busy { until }, at(0));
    people.choose(user(1), Availability::Busy { until: None }, at(0));
    people.end(at(2_000));
    assert_eq!(look(&mut people, 1), [Presence::Busy]);
    assert!(people.ends.is_empty());
}

#[test]
fn of_whoever_is_gone_nothing_is_to_be_ended() {
    let mut people = there();
    let until = Some(at(1_000));
    people.choose(user(1), Availability::Busy { until }, at(0));
    assert_eq!(look(&mut people, 1), [Presence::Busy]);
    people.leave(user(1), at(2));
    assert_eq!(look(&mut people, 11), []);
    assert_eq!(people.ends.len(), 1, "it may be a short absence");
    assert_eq!(look(&mut people, 12).len(), 1);
    assert!(people.known.is_empty() && people.ends.is_empty());
}

#[test]
fn whoever_is_invisible_has_left_for_the_others() {
    let mut people = there();
    assert_eq!(look(&mut people, 1), [Presence::Online]);
    people.choose(user(1), Availability::Invisible, at(2));
    assert!(people.is_veiled(user(1)));
    assert_eq!(look(&mut people, 11), []);
    let gone = Presence::Offline { since: Some(at(2)) };
    assert_eq!(look(&mut people, 12), [gone]);
    assert_eq!(people.shown(user(1)), None);
    // Coming and going moves nothing.
    people.leave(user(1), at(20));
    assert_eq!(look(&mut people, 90), []);
    assert!(people.known.is_empty());
    people.arrive(user(1), vec![room(1, &[1, 2])]);
    people.choose(user(1), Availability::Invisible, at(100));
    assert_eq!(look(&mut people, 200), []);
    assert!(people.room(user(1), room(1, &[]).id).is_some());
    people.choose(user(1), Availability::Automatic, at(300));
    assert_eq!(look(&mut people, 301), [Presence::Online]);
}

#[test]
fn in_a_blind_room_nobody_sees_who_is_there_until_it_is_none_any_more() {
    let between = room(1, &[1, 2]);
    let mut people = People::default();
    for n in [1, 2] {
        people.arrive(user(n), vec![blind(&between)]);
    }
    assert_eq!(
        people.tick(at(1), 100),
        vec![online(1, &[]), online(2, &[])]
    );
    assert_eq!(shown_peers(&people, user(1)), vec![]);
    people.join(user(1), &between);
    assert_eq!(shown_peers(&people, user(1)), vec![user(2)]);
}
