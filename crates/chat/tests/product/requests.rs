//! Message requests: what somebody writes to a person with whom they share nothing.

use chat::{Actor, Config};
use protocol::limits::REQUEST_MESSAGES;
use protocol::{
    Codec, Content, ConversationId, ErrorCode, Intent, Lifespan, Notice, Request, Seq, ServerFrame,
    UserId,
};

use crate::blocks::{heard_of, online};
use crate::changes::react;
use crate::closing::{delete, settled};
use crate::support::{NOW, Tab, World, config};

fn asking() -> Config {
    Config {
        message_requests: true,
        ..config()
    }
}

/// Two who share nothing; the first has opened a conversation with the second.
pub(crate) async fn strangers() -> (World, Actor, Actor, ConversationId) {
    let world = World::with(asking()).await;
    let (asha, bilal, id) = world.pair().await;
    (world, asha, bilal, id)
}

async fn request(world: &World, actor: &Actor, id: ConversationId) -> Option<Request> {
    world.chat.conversation(actor, id).await.unwrap().request
}

const fn of(by: UserId, written: u8) -> Request {
    Request { by, written }
}

async fn say(world: &World, tab: &mut Tab, id: ConversationId) -> Result<Seq, ErrorCode> {
    tab.does(world.command(id, "hello")).await
}

async fn ask(world: &World, tab: &mut Tab, id: ConversationId) {
    for _ in 0..REQUEST_MESSAGES {
        say(world, tab, id).await.unwrap();
    }
}

#[tokio::test]
async fn a_stranger_writes_a_few_messages_and_goes_on_when_they_are_answered() {
    let (mut world, asha, bilal, id) = strangers().await;
    assert_eq!(request(&world, &bilal, id).await, Some(of(asha.user(), 0)));
    let mut a = world.tab(&asha).await;
    ask(&world, &mut a, id).await;
    let all = Some(of(asha.user(), REQUEST_MESSAGES));
    // It is stored with the messages, and decided by what is stored.
    for _ in 0..2 {
        let poll = Intent::Poll {
            question: "Hello?".to_owned(),
            answers: vec!["yes".to_owned(), "no".to_owned()],
            several: false,
            anonymous: false,
            lifetime: protocol::Lifetime::Day,
        };
        assert_eq!(say(&world, &mut a, id).await, Err(ErrorCode::NotAccepted));
        let poll = a.does(world.intend(id, poll)).await;
        assert_eq!(poll, Err(ErrorCode::NotAccepted));
        assert_eq!(request(&world, &asha, id).await, all);
        world.restart_with(asking()).await;
        a = world.tab(&asha).await;
    }
    // What is deleted makes no room, and is not refused.
    a.does(world.intend(id, Intent::Delete { target: Seq(1) }))
        .await
        .unwrap();
    assert_eq!(say(&world, &mut a, id).await, Err(ErrorCode::NotAccepted));
    let mut b = world.tab(&bilal).await;
    say(&world, &mut b, id).await.unwrap();
    assert_eq!(a.next_event().await.author, bilal.user());
    let summary = loop {
        let summary = a.next_summary().await;
        if summary.request.is_none() {
            break summary;
        }
    };
    assert_eq!(summary.id, id);
    for _ in 0..=REQUEST_MESSAGES {
        say(&world, &mut a, id).await.unwrap();
    }
    assert_eq!(request(&world, &bilal, id).await, None);
}

#[tokio::test]
async fn whatever_the_other_one_does_there_answers() {
    for answer in [Intent::Accept, react(1, "👍", true), Intent::text("yes?")] {
        let (world, asha, bilal, id) = strangers().await;
        let (mut a, mut b) = (world.tab(&asha).await, world.tab(&bilal).await);
        ask(&world, &mut a, id).await;
        b.does(world.intend(id, answer.clone())).await.unwrap();
        assert_eq!(request(&world, &asha, id).await, None, "{answer:?}");
        say(&world, &mut a, id).await.unwrap();
        // There is nothing to be accepted any more.
        for tab in [&mut a, &mut b] {
            let again = tab.does(world.intend(id, Intent::Accept)).await;
            assert_eq!(again, Err(ErrorCode::Forbidden));
        }
    }
}

#[tokio::test]
async fn accepting_is_said_and_only_whoever_is_asked_accepts() {
    let (world, asha, bilal, id) = strangers().await;
    let (mut a, mut b) = (world.tab(&asha).await, world.tab(&bilal).await);
    say(&world, &mut a, id).await.unwrap();
    let lifespan = Some(Lifespan::Hour);
    for intent in [Intent::Accept, Intent::SetLifespan { lifespan }] {
        let asked = a.does(world.intend(id, intent.clone())).await;
        assert_eq!(asked, Err(ErrorCode::NotAccepted), "{intent:?}");
    }
    b.does(world.intend(id, Intent::Accept)).await.unwrap();
    let entry = a.next_event().await;
    let expected = (bilal.user(), Content::Notice(Notice::Accepted));
    assert_eq!((entry.author, entry.content), expected);
    a.does(world.intend(id, Intent::SetLifespan { lifespan }))
        .await
        .unwrap();
}

#[tokio::test]
async fn nothing_of_presence_typing_and_reading_is_seen_until_it_is_answered() {
    let (world, asha, bilal, id) = strangers().await;
    let (mut a, mut b) = (world.tab(&asha).await, world.tab(&bilal).await);
    say(&world, &mut a, id).await.unwrap();
    world.chat.tick(NOW).await;
    world.chat.mark_read(&bilal, id, Seq(1), NOW).await.unwrap();
    world.chat.typing(&bilal, id, true, NOW);
    world.chat.typing(&asha, id, true, NOW);
    // Whatever was told before is there when this is.
    say(&world, &mut a, id).await.unwrap();
    assert_eq!(heard_of(&mut a, bilal.user()), []);
    assert_eq!(heard_of(&mut b, asha.user()), []);
    let mut late = world.connect(&asha, Codec::Json);
    let told = late.hello(&[(id, 1)]).await;
    let of_other = |frame: &ServerFrame| match frame {
        ServerFrame::Seen { user, .. } | ServerFrame::Presence { user, .. } => {
            *user == bilal.user()
        }
        _ => false,
    };
    assert!(!told.iter().any(of_other), "{told:?}");
    let row = world.chat.conversation(&asha, id).await.unwrap();
    assert!(
        row.members
            .iter()
            .all(|it| it.read_seq == Seq::ZERO || it.person.id == asha.user())
    );
    let readers = world.chat.seen_by(&asha, id, Seq(1)).await.unwrap();
    assert_eq!((readers.seen, readers.waiting), (vec![], vec![]));

    b.does(world.intend(id, Intent::Accept)).await.unwrap();
    loop {
        let summary = a.next_summary().await;
        let read = summary.members.iter().map(|it| it.read_seq).max();
        if summary.request.is_none() && read > Some(Seq::ZERO) {
            break;
        }
    }
    world.chat.tick(NOW).await;
    world.chat.typing(&bilal, id, true, NOW);
    let heard = heard_of(&mut a, bilal.user());
    assert!(heard.contains(&online(bilal.user())), "{heard:?}");
    let types = |frame: &ServerFrame| matches!(frame, ServerFrame::Typing { .. });
    assert!(heard.iter().any(types), "{heard:?}");
}

#[tokio::test]
async fn whoever_shares_a_group_or_has_talked_before_asks_for_nothing() {
    let mut world = World::new().await;
    let (asha, bilal, before) = world.pair().await;
    let chandra = world.person("chandra").await;
    world.group(&asha, &[&chandra]).await;
    world.restart_with(asking()).await;
    assert_eq!(request(&world, &bilal, before).await, None);
    let chat = &world.chat;
    for (me, with) in [(&asha, &bilal), (&bilal, &asha), (&asha, &chandra)] {
        let row = chat.open_direct(me, with.user(), NOW).await.unwrap();
        assert_eq!(row.request, None);
    }
    let notes = chat.open_direct(&asha, asha.user(), NOW).await.unwrap();
    assert_eq!(notes.request, None);
    let strangers = chat.open_direct(&bilal, chandra.user(), NOW).await.unwrap();
    assert_eq!(strangers.request, Some(of(bilal.user(), 0)));
    // Whoever finds the other one later finds the same conversation, and is asked.
    let same = chat.open_direct(&chandra, bilal.user(), NOW).await.unwrap();
    assert_eq!((same.id, same.request), (strangers.id, strangers.request));
}

#[tokio::test]
async fn where_the_server_asks_for_none_nobody_waits() {
    let world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut a = world.tab(&asha).await;
    for _ in 0..=REQUEST_MESSAGES {
        say(&world, &mut a, id).await.unwrap();
    }
    assert_eq!(request(&world, &asha, id).await, None);
}

#[tokio::test]
async fn a_block_is_no_answer_and_refuses_as_ever() {
    let (world, asha, bilal, id) = strangers().await;
    let mut a = world.tab(&asha).await;
    say(&world, &mut a, id).await.unwrap();
    world
        .chat
        .set_blocked(&bilal, asha.user(), true, NOW)
        .await
        .unwrap();
    assert_eq!(say(&world, &mut a, id).await, Err(ErrorCode::Forbidden));
    assert_eq!(request(&world, &bilal, id).await, Some(of(asha.user(), 1)));
}

#[tokio::test]
async fn of_two_commits_at_once_no_more_is_taken_than_may_be() {
    let (world, asha, _, id) = strangers().await;
    let mut a = world.tab(&asha).await;
    let sends: Vec<_> = (0..20)
        .map(|_| a.send(world.command(id, "hello")))
        .collect();
    let outcomes = a.outcomes(sends.len()).await;
    let taken = outcomes.values().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(taken, usize::from(REQUEST_MESSAGES));
}

#[tokio::test]
async fn whoever_asks_may_delete_their_account_and_so_may_whoever_is_asked() {
    for asks in [true, false] {
        let (world, asha, bilal, id) = strangers().await;
        let mut a = world.tab(&asha).await;
        say(&world, &mut a, id).await.unwrap();
        let (goes, stays) = if asks { (asha, bilal) } else { (bilal, asha) };
        delete(&world, &goes).await;
        settled(&world).await;
        let mut tab = world.tab(&stays).await;
        assert_eq!(say(&world, &mut tab, id).await, Err(ErrorCode::AccountGone));
    }
}
