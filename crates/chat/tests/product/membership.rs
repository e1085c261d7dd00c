//! Coming and going: who hears what, from when and until when.

use std::sync::Arc;

use chat::{Actor, SendCommand};
use protocol::{
    Codec, Content, ConversationId, ErrorCode, Intent, Notice, Presence, Role, Seq, ServerFrame,
};

use crate::changes::{at_once, react};
use crate::faulty_store::Fault;
use crate::groups::{configure, set_role, tabs, three};
use crate::support::{Got, NOW, World, events, places, refused, text};

fn add(people: &[&Actor]) -> Intent {
    let users = people.iter().map(|actor| actor.user()).collect();
    Intent::Add { users }
}

fn remove(actor: &Actor) -> Intent {
    Intent::Remove { user: actor.user() }
}

fn gone(conversation: ConversationId) -> ServerFrame {
    ServerFrame::Gone { conversation }
}

fn again(command: &SendCommand) -> SendCommand {
    SendCommand {
        retry: true,
        ..command.clone()
    }
}

#[tokio::test]
async fn whoever_is_added_is_told_at_once_and_reads_from_there() {
    for (history_for_new, first) in [(false, 3), (true, 1)] {
        let world = World::new().await;
        let (people, id) = three(&world).await;
        let [mut a, mut b, _] = tabs(&world, &people).await;
        let dilip = world.person("dilip").await;
        let mut d = world.tab(&dilip).await;
        let (mut expected, mut seq) = (first, 3);
        if history_for_new {
            a.does(world.intend(id, configure(false, true)))
                .await
                .unwrap();
            seq += 1;
        } else {
            expected = 3;
        }
        world.write_skipping(&mut a, id).await;
        let outcome = a.does(world.intend(id, add(&[&dilip]))).await;
        assert_eq!(outcome, Ok(Seq(seq)));
        let summary = d.next_summary().await;
        assert_eq!((summary.id, summary.last_seq), (id, Seq(seq)));
        assert_eq!((summary.unread, summary.member_count), (0, 4));
        assert_eq!(summary.members[0].person.id, dilip.user());
        let last = summary.last_message.unwrap();
        let added = Notice::Added {
            users: vec![dilip.user()],
        };
        assert_eq!(last.content, Content::Notice(added));
        let all = world.everything(&dilip, id).await;
        assert_eq!(places(&all), (expected..=seq).collect::<Vec<_>>());
        // Everybody else has the entry and then the summary.
        assert_eq!(
            b.next_summary().await.member_count,
            if history_for_new { 3 } else { 4 }
        );
        // From now on everything comes to them.
        world.write_skipping(&mut b, id).await;
        assert_eq!(d.next_event().await.seq, Seq(seq + 1));
        let row = world.chat.conversation(&dilip, id).await.unwrap();
        assert_eq!(row.unread, 1);
    }
}

#[tokio::test]
async fn whoever_is_added_hears_no_event_before_they_are_told() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [mut a, ..] = tabs(&world, &people).await;
    let dilip = world.person("dilip").await;
    let mut d = world.tab(&dilip).await;
    let sends = [
        world.command(id, "before"),
        world.intend(id, add(&[&dilip])),
        world.command(id, "after"),
    ];
    at_once(&world, &mut [&mut a], sends.map(|send| (0, send)).into()).await;
    world.write_skipping(&mut a, id).await;
    let ServerFrame::Conversation { summary } = d.next().await else {
        panic!("the summary is first");
    };
    let mut heard = Vec::new();
    while heard.last() < Some(&6) {
        if summary.last_seq == Seq(6) {
            break;
        }
        heard.push(d.next_event().await.seq.0);
    }
    let expected: Vec<_> = (summary.last_seq.0 + 1..=6).collect();
    assert_eq!(heard, expected);
    assert_eq!(places(&world.everything(&dilip, id).await), [4, 5, 6]);
}

#[tokio::test]
async fn whoever_is_removed_has_that_as_their_last() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, bilal, chandra] = people;
    let [mut a, mut b, mut c] = tabs(&world, &people).await;
    let mut json = world.connect(&bilal, Codec::Json);
    json.hello(&[]).await;
    world.write_skipping(&mut a, id).await;
    let outcomes = at_once(
        &world,
        &mut [&mut a, &mut b],
        vec![
            (1, world.command(id, "in time")),
            (0, world.intend(id, remove(&bilal))),
            (1, world.command(id, "too late")),
            (0, world.command(id, "among us")),
        ],
    )
    .await;
    let expected = [Ok(Seq(4)), Ok(Seq(5)), Err(ErrorCode::NotFound), Ok(Seq(6))];
    assert_eq!(outcomes, expected);
    let mut heard = Vec::new();
    loop {
        match json.next().await {
            ServerFrame::Event { message } => heard.push(message.seq.0),
            ServerFrame::Gone { conversation } => {
                assert_eq!(conversation, id);
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(heard, [2, 3, 4, 5], "the removal is the last");

    // Whatever happens there from now on.
    world.write_skipping(&mut c, id).await;
    world.chat.typing(&chandra, id, true, NOW);
    world
        .chat
        .mark_read(&chandra, id, Seq(7), NOW)
        .await
        .unwrap();
    world.chat.tick(NOW).await;
    let rename = Intent::Rename {
        title: "without him".to_owned(),
    };
    a.does(world.intend(id, rename)).await.unwrap();
    a.next_summary().await;
    assert_eq!(json.pending(), []);
    // Nor does anything of theirs get in.
    let outcome = b.does(world.command(id, "let me in")).await;
    assert_eq!(outcome, Err(ErrorCode::NotFound));
    let outcome = b.does(world.intend(id, react(1, "👍", true))).await;
    assert_eq!(outcome, Err(ErrorCode::NotFound));
    world.chat.typing(&bilal, id, true, NOW);
    let chat = &world.chat;
    refused(chat.conversation(&bilal, id).await, ErrorCode::NotFound);
    refused(chat.newest(&bilal, id, 10).await, ErrorCode::NotFound);
    refused(
        chat.mark_read(&bilal, id, Seq(9), NOW).await,
        ErrorCode::NotFound,
    );
    refused(chat.edits(&bilal, id, Seq(4)).await, ErrorCode::NotFound);
    assert_eq!(chat.conversations(&bilal).await.unwrap(), []);
    let others: Vec<_> = c.pending();
    let is_typing = |got: &Got| matches!(got, Got::Frame(ServerFrame::Typing { .. }));
    assert!(!others.iter().any(is_typing), "{others:?}");
    let row = chat.conversation(&asha, id).await.unwrap();
    assert_eq!((row.member_count, row.last_seq), (2, Seq(8)));
}

#[tokio::test]
async fn presence_follows_membership() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, bilal, _] = people;
    let mut a = world.tab(&asha).await;
    let dilip = world.person("dilip").await;
    let mut d = world.tab(&dilip).await;
    world.chat.tick(NOW).await;
    a.does(world.intend(id, add(&[&dilip]))).await.unwrap();
    d.next_summary().await;
    let online = |actor: &Actor| ServerFrame::Presence {
        user: actor.user(),
        presence: Presence::Online,
    };
    assert_eq!(d.next().await, online(&asha));
    a.next_summary().await;
    assert_eq!(a.next().await, online(&dilip));
    let b = world.tab(&bilal).await;
    world.chat.tick(NOW).await;
    assert_eq!(d.next().await, online(&bilal));
    assert_eq!(a.next().await, online(&bilal));
    // Whoever is gone does not see them go.
    a.does(world.intend(id, remove(&dilip))).await.unwrap();
    assert!(matches!(d.next().await, ServerFrame::Event { .. }));
    assert_eq!(d.next().await, gone(id));
    b.close();
    world.chat.tick(NOW.plus_millis(60_000)).await;
    assert_eq!(d.pending(), []);
    let told = a.pending();
    let is_presence = |got: &&Got| matches!(got, Got::Frame(ServerFrame::Presence { .. }));
    assert_eq!(told.iter().filter(is_presence).count(), 1, "{told:?}");
}

#[tokio::test]
async fn whoever_leaves_is_acked_and_gone_everywhere_and_ownership_passes_on() {
    let mut world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, bilal, chandra] = people;
    let [mut a, mut b, mut c] = tabs(&world, &people).await;
    let mut phone = world.tab(&asha).await;
    let promote = world.intend(id, set_role(chandra.user(), Role::Admin));
    a.does(promote).await.unwrap();
    let sends = vec![
        (0, world.command(id, "goodbye")),
        (0, world.intend(id, Intent::Leave)),
        (0, world.command(id, "one more thing")),
    ];
    let outcomes = at_once(&world, &mut [&mut a], sends).await;
    let expected = [Ok(Seq(4)), Ok(Seq(5)), Err(ErrorCode::NotFound)];
    assert_eq!(outcomes, expected);
    loop {
        match phone.next().await {
            ServerFrame::Gone { .. } => break,
            ServerFrame::Event { message } => assert!(message.seq <= Seq(5)),
            ServerFrame::Conversation { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(phone.pending(), []);
    let left = loop {
        let message = b.next_event().await;
        if message.seq == Seq(5) {
            break message.content;
        }
    };
    let expected = Notice::Left {
        successor: Some(chandra.user()),
    };
    assert_eq!(left, Content::Notice(expected), "the eldest admin");
    // The last one leaves nothing that anybody could reach.
    for tab in [&mut b, &mut c] {
        tab.does(world.intend(id, Intent::Leave)).await.unwrap();
    }
    world.restart().await;
    for actor in [&asha, &bilal, &chandra] {
        refused(
            world.chat.conversation(actor, id).await,
            ErrorCode::NotFound,
        );
        let mut tab = world.tab(actor).await;
        let outcome = tab.does(world.command(id, "hello?")).await;
        assert_eq!(outcome, Err(ErrorCode::NotFound));
    }
}

#[tokio::test]
async fn of_those_who_are_gone_repetitions_are_still_answered() {
    let mut world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, bilal, _] = people;
    let [mut a, mut b, _] = tabs(&world, &people).await;
    let written = world.command(id, "mine");
    let reacted = world.intend(id, react(2, "👍", true));
    let left = world.intend(id, Intent::Leave);
    let mut first = Vec::new();
    for command in [&written, &reacted, &left] {
        first.push(b.does(command.clone()).await);
    }
    assert_eq!(first, [Ok(Seq(2)), Ok(Seq(3)), Ok(Seq(4))]);
    for round in 0..3 {
        if round == 1 {
            for _ in 0..200 {
                world.write_skipping(&mut a, id).await;
            }
        }
        if round == 2 {
            world.restart().await;
            a = world.tab(&asha).await;
            b = world.tab(&bilal).await;
        }
        for (command, first) in [&written, &reacted, &left].into_iter().zip(&first) {
            assert_eq!(b.does(again(command)).await, *first, "round {round}");
        }
        // What was never stored is not stored now.
        let never = again(&world.command(id, "never"));
        assert_eq!(b.does(never).await, Err(ErrorCode::NotFound));
    }
    assert_eq!(world.everything(&asha, id).await.len(), 204);
}

#[tokio::test]
async fn each_kind_of_management_is_done_once_however_late_it_is_repeated() {
    let mut world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, bilal, chandra] = people;
    let dilip = world.person("dilip").await;
    let mut a = world.tab(&asha).await;
    let commands: Vec<_> = [
        Intent::Rename {
            title: "first".to_owned(),
        },
        Intent::Describe {
            description: "first".to_owned(),
        },
        configure(true, false),
        add(&[&dilip]),
        remove(&dilip),
        set_role(bilal.user(), Role::Admin),
        set_role(bilal.user(), Role::Member),
        Intent::Rename {
            title: "second".to_owned(),
        },
    ]
    .into_iter()
    .map(|intent| world.intend(id, intent))
    .collect();
    let mut first = Vec::new();
    for command in &commands {
        first.push(a.does(command.clone()).await);
    }
    assert!(first.iter().all(Result::is_ok));
    for round in 0..3 {
        if round == 1 {
            for _ in 0..200 {
                world.write_skipping(&mut a, id).await;
            }
        }
        if round == 2 {
            world.restart().await;
            a = world.tab(&asha).await;
        }
        for (command, first) in commands.iter().zip(&first) {
            assert_eq!(a.does(again(command)).await, *first, "round {round}");
        }
    }
    assert_eq!(world.everything(&asha, id).await.len(), 209);
    let row = world.chat.conversation(&chandra, id).await.unwrap();
    assert_eq!(row.title.unwrap().as_str(), "second");
    assert_eq!(row.member_count, 3);
    assert!(row.members.iter().all(|m| m.role != Role::Admin));
}

#[tokio::test]
async fn whoever_comes_back_sees_nothing_of_the_time_between() {
    let mut world = World::new().await;
    let (people, id) = three(&world).await;
    let bilal = people[1];
    let [mut a, mut b, _] = tabs(&world, &people).await;
    let lost = world.command(id, "first");
    assert_eq!(b.does(lost.clone()).await, Ok(Seq(2)));
    a.does(world.intend(id, remove(&bilal))).await.unwrap();
    for _ in 0..100 {
        world.write_skipping(&mut a, id).await;
    }
    a.does(world.intend(id, add(&[&bilal]))).await.unwrap();
    let summary = b.next_summary().await;
    assert_eq!((summary.last_seq, summary.unread), (Seq(104), 0));
    world.restart().await;
    assert_eq!(places(&world.everything(&bilal, id).await), [104]);
    // What was sent before is not stored again.
    let mut b = world.connect(&bilal, Codec::Binary);
    let frames = b.hello(&[(id, 2)]).await;
    assert_eq!(events(&frames), [104]);
    assert_eq!(b.does(again(&lost)).await, Ok(Seq(2)));
}

#[tokio::test]
async fn a_connection_that_comes_back_learns_that_it_is_gone_or_what_changed() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [_, bilal, chandra] = people;
    let [mut a, ..] = tabs(&world, &people).await;
    a.does(world.intend(id, remove(&bilal))).await.unwrap();
    let mut b = world.connect(&bilal, Codec::Binary);
    let frames = b.hello(&[(id, 1)]).await;
    assert_eq!(frames[1..], [gone(id)]);
    let mut c = world.connect(&chandra, Codec::Binary);
    let frames = c.hello(&[(id, 1)]).await;
    assert_eq!(events(&frames), [2]);
    let summary = frames.iter().find_map(|frame| match frame {
        ServerFrame::Conversation { summary } => Some(summary),
        _ => None,
    });
    assert_eq!(summary.unwrap().member_count, 2);
}

#[tokio::test]
async fn whoever_is_removed_during_a_resume_gets_nothing_of_it_afterwards() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let bilal = people[1];
    let [mut a, _, mut c] = tabs(&world, &people).await;
    // A resume that waits: a conversation whose messages have to be read first.
    let other = world.person("dilip").await;
    let direct = world.chat.open_direct(&bilal, other.user(), NOW).await;
    let direct = direct.unwrap().id;
    let mut writer = world.tab(&other).await;
    world.write(&mut writer, direct, 99).await;
    let tab = world.connect(&bilal, Codec::Binary);
    let gate = world.store.hold_reads();
    let reads = world.store.message_reads();
    let (chat, connection) = (Arc::clone(&world.chat), tab.id);
    let points = crate::support::resume_points(&[(id, 1), (direct, 0)]);
    let hello = tokio::spawn(async move { chat.hello(&bilal, connection, points, NOW).await });
    while world.store.message_reads() == reads {
        tokio::task::yield_now().await;
    }
    // The group is caught up with already.
    a.does(world.intend(id, remove(&bilal))).await.unwrap();
    world.write_skipping(&mut c, id).await;
    world.store.release_reads();
    drop(gate);
    let mut tab = tab;
    let frames = tab.until_resumed().await;
    hello.await.unwrap().unwrap();
    let of_group = |frame: &&ServerFrame| matches!(frame, ServerFrame::Event { message } if message.conversation == id);
    let heard: Vec<_> = frames.iter().filter(of_group).cloned().collect();
    assert_eq!(events(&heard), [2]);
    assert!(frames.contains(&gone(id)));
    let told = |frame: &ServerFrame| matches!(frame, ServerFrame::Conversation { summary } if summary.id == id);
    assert!(!frames.iter().any(told));
    world.write_skipping(&mut c, id).await;
    world.chat.typing(&people[2], id, true, NOW);
    assert_eq!(tab.pending(), []);
}

#[tokio::test]
async fn a_removal_whose_commit_fails_is_told_when_it_turns_out_to_be_stored() {
    for fault in [Fault::StoredAndFailed, Fault::StoredAndPanic] {
        let world = World::new().await;
        let (people, id) = three(&world).await;
        let bilal = people[1];
        let [mut a, mut b, mut c] = tabs(&world, &people).await;
        let dilip = world.person("dilip").await;
        let mut d = world.tab(&dilip).await;
        let send = |n| match n {
            0 => world.command(id, "before"),
            1 => world.intend(id, remove(&bilal)),
            2 => world.intend(id, add(&[&dilip])),
            _ => world.command(id, "after"),
        };
        let sends: Vec<_> = (0..4).map(send).collect();
        let gate = world.store.hold_appends();
        let blocking = a.send(world.command(id, "blocks"));
        while world.store.appends() == 0 {
            tokio::task::yield_now().await;
        }
        for command in &sends {
            a.send(command.clone());
        }
        gate.add_permits(1);
        a.outcome(blocking).await.unwrap();
        world.store.fail_next(&[fault]);
        world.store.let_appends_go(&gate);
        for command in &sends {
            let outcome = a.outcome(command.send_id).await;
            assert_eq!(outcome, Err(ErrorCode::StorageUnavailable), "{fault:?}");
        }
        world.chat.tick(NOW).await;
        let mut heard = Vec::new();
        loop {
            match b.next().await {
                ServerFrame::Event { message } => heard.push(message.seq.0),
                ServerFrame::Gone { .. } => break,
                ServerFrame::Presence { .. } => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(heard, [2, 3, 4], "{fault:?}");
        let summary = d.next_summary().await;
        assert_eq!((summary.last_seq, summary.member_count), (Seq(6), 3));
        loop {
            let message = c.next_event().await;
            if message.seq == Seq(6) {
                assert_eq!(text(&message), "after");
                break;
            }
        }
        assert_eq!(c.next_summary().await.member_count, 3);
        for (command, seq) in sends.iter().zip(3..) {
            assert_eq!(a.does(again(command)).await, Ok(Seq(seq)));
        }
        world.write_skipping(&mut a, id).await;
        assert_eq!(d.next_event().await.seq, Seq(7));
        assert_eq!(b.pending(), [], "{fault:?}");
    }
}
