//! Polls: who votes, what the others learn of it, and until when.

use chat::{Actor, Config};
use protocol::poll::NOBODY;
use protocol::{
    ChangeKind, Choices, Content, ConversationId, ErrorCode, Intent, Lifetime, Message, Poll,
    SearchQuery, Seq, ServerFrame, Timestamp,
};

use crate::faulty_store::Fault;
use crate::support::{NOW, Tab, World, config, places};

pub(crate) fn ask(anonymous: bool) -> Intent {
    Intent::Poll {
        question: "Where to on Sunday?".to_owned(),
        answers: ["Sea", "Hills", "Nowhere"].map(str::to_owned).into(),
        several: true,
        anonymous,
        lifetime: Lifetime::Day,
    }
}

const fn vote(target: Seq, choices: u16) -> Intent {
    let choices = Choices(choices);
    Intent::Vote { target, choices }
}

const fn close(target: Seq) -> Intent {
    Intent::ClosePoll { target }
}

fn poll_of(message: &Message) -> &Poll {
    match &message.content {
        Content::Poll(poll) => poll,
        other => panic!("{other:?}"),
    }
}

/// The poll as somebody reads it.
async fn read(world: &World, who: &Actor, id: ConversationId, seq: Seq) -> Poll {
    let page = world.chat.history(who, id, seq, seq).await.unwrap();
    poll_of(&page.messages[0]).clone()
}

async fn does(world: &World, tab: &mut Tab, id: ConversationId, intent: Intent) -> Seq {
    tab.does(world.intend(id, intent)).await.unwrap()
}

/// A group of three, the first one its owner.
async fn three(world: &World) -> ([Actor; 3], ConversationId) {
    let people = [
        world.person("asha").await,
        world.person("bilal").await,
        world.person("chitra").await,
    ];
    let id = world.group(&people[0], &[&people[1], &people[2]]).await;
    (people, id)
}

#[tokio::test]
async fn votes_count_once_for_each_person_and_are_there_after_a_restart() {
    let mut world = World::new().await;
    let ([asha, bilal, chitra], id) = three(&world).await;
    let mut a = world.tab(&asha).await;
    let mut b = world.tab(&bilal).await;
    let mut other = world.tab(&bilal).await;
    let poll = does(&world, &mut a, id, ask(false)).await;
    for (tab, choices) in [(&mut b, 0b11), (&mut other, 0b100), (&mut a, 0b100)] {
        does(&world, tab, id, vote(poll, choices)).await;
    }
    let seen = read(&world, &chitra, id, poll).await;
    assert_eq!((seen.voters, &seen.tally[..]), (2, &[0, 0, 2][..]));
    assert_eq!(seen.ballot(bilal.user()), Some(Choices(0b100)));
    world.restart().await;
    assert_eq!(read(&world, &chitra, id, poll).await, seen);
    let mut b = world.tab(&bilal).await;
    does(&world, &mut b, id, vote(poll, 0)).await;
    let seen = read(&world, &chitra, id, poll).await;
    assert_eq!((seen.voters, &seen.tally[..]), (1, &[0, 0, 1][..]));
}

#[tokio::test]
async fn two_devices_at_once_have_one_winner_and_everybody_folds_to_it() {
    let world = World::new().await;
    let ([asha, bilal, _], id) = three(&world).await;
    let mut a = world.tab(&asha).await;
    let (one, two) = (world.tab(&bilal).await, world.tab(&bilal).await);
    let target = does(&world, &mut a, id, ask(true)).await;
    // Both wait for the same commit.
    one.send(world.intend(id, vote(target, 0b1)));
    two.send(world.intend(id, vote(target, 0b10)));
    let mut told = world.chat.history(&asha, id, target, target).await.unwrap();
    let mut told = told.messages.remove(0);
    let mut heard = Vec::new();
    while heard.len() < 2 {
        let event = a.next_event().await;
        if let Content::Change(change) = &event.content {
            told.fold((&event).into(), &change.kind);
            heard.push(event);
        }
    }
    assert_eq!(poll_of(&told), &read(&world, &asha, id, target).await);
    assert_eq!(poll_of(&told).voters, 1);
    assert!(heard.iter().all(|event| event.author == NOBODY));
}

#[tokio::test]
async fn of_an_anonymous_poll_one_learns_ones_own_vote_on_every_way() {
    let mut world = World::new().await;
    let ([asha, bilal, chitra], id) = three(&world).await;
    let mut a = world.tab(&asha).await;
    let mut b = world.tab(&bilal).await;
    let mut device = world.tab(&bilal).await;
    let mut c = world.tab(&chitra).await;
    let target = does(&world, &mut a, id, ask(true)).await;
    c.pending();
    device.pending();
    let voted = does(&world, &mut b, id, vote(target, 0b10)).await;

    let told = c.next_event().await;
    assert_eq!((told.seq, told.author), (voted, NOBODY));
    let own = device.next_event().await;
    assert_eq!((own.seq, own.author), (voted, bilal.user()));

    for restarted in [false, true] {
        if restarted {
            world.restart().await;
        }
        for (who, ballot) in [
            (&bilal, Some(Choices(0b10))),
            (&asha, None),
            (&chitra, None),
        ] {
            let poll = read(&world, who, id, target).await;
            assert_eq!((poll.voters, &poll.tally[..]), (1, &[0, 1, 0][..]));
            assert_eq!(poll.ballots.first().map(|it| it.1), ballot);
            let row = world.chat.conversation(who, id).await.unwrap();
            assert_eq!(poll_of(&row.last_message.unwrap()), &poll);
            // Nor does a cursor tell.
            let reader = row.members.iter().find(|it| it.person.id == bilal.user());
            assert!(reader.unwrap().read_seq < voted);
            let expected = if ballot.is_some() {
                bilal.user()
            } else {
                NOBODY
            };
            let mut tab = world.connect(who, protocol::Codec::Json);
            let frames = tab.hello(&[(id, target.0)]).await;
            let authors = frames.iter().filter_map(|frame| match frame {
                ServerFrame::Event { message } => Some(message.author),
                _ => None,
            });
            assert_eq!(authors.collect::<Vec<_>>(), [expected]);
            let page = world.everything(who, id).await;
            assert_eq!(page.last().unwrap().author, expected);
        }
    }
}

#[tokio::test]
async fn what_is_delivered_after_a_failure_tells_no_more() {
    let world = World::new().await;
    let ([asha, bilal, chitra], id) = three(&world).await;
    let mut a = world.tab(&asha).await;
    let mut b = world.tab(&bilal).await;
    let target = does(&world, &mut a, id, ask(true)).await;
    let mut c = world.tab(&chitra).await;
    world.store.fail_next(&[Fault::StoredAndFailed]);
    let command = world.intend(id, vote(target, 0b1));
    b.send(command.clone());
    let refused = b.outcome(command.send_id).await;
    assert_eq!(refused, Err(ErrorCode::StorageUnavailable));
    let again = chat::SendCommand {
        retry: true,
        ..command
    };
    b.does(again).await.unwrap();
    let told = c.next_event().await;
    assert_eq!(told.author, NOBODY);
    assert_eq!(read(&world, &chitra, id, target).await.tally, [1, 0, 0]);
}

#[tokio::test]
async fn it_takes_votes_until_it_ends_or_is_closed() {
    let world = World::new().await;
    let ([asha, bilal, chitra], id) = three(&world).await;
    let mut b = world.tab(&bilal).await;
    let mut c = world.tab(&chitra).await;
    let mut a = world.tab(&asha).await;
    let target = does(&world, &mut b, id, ask(false)).await;
    let closing = c.does(world.intend(id, close(target))).await;
    assert_eq!(closing, Err(ErrorCode::Forbidden));
    does(&world, &mut c, id, vote(target, 1)).await;
    does(&world, &mut a, id, close(target)).await;
    // The author finds it closed.
    does(&world, &mut b, id, close(target)).await;
    let late = c.does(world.intend(id, vote(target, 2))).await;
    assert_eq!(late, Err(ErrorCode::PollClosed));
    assert_eq!(read(&world, &asha, id, target).await.tally, [1, 0, 0]);

    let target = does(&world, &mut b, id, ask(false)).await;
    let tomorrow = Timestamp::from_millis(NOW.millis() + 24 * 3_600_000);
    let late = c.send_at(world.intend(id, vote(target, 1)), tomorrow);
    assert_eq!(c.outcome(late).await, Err(ErrorCode::PollClosed));
}

#[tokio::test]
async fn case_11_nobody_votes_where_they_may_not_or_for_what_there_is_not() {
    let world = World::new().await;
    let ([asha, bilal, chitra], id) = three(&world).await;
    let stranger = world.person("divya").await;
    let mut a = world.tab(&asha).await;
    let text = a.does(world.command(id, "chai")).await.unwrap();
    let target = does(&world, &mut a, id, ask(false)).await;
    let mut b = world.tab(&bilal).await;
    for (intent, code) in [
        (vote(target, 0b1000), ErrorCode::Malformed),
        (vote(text, 1), ErrorCode::NotFound),
        (vote(Seq(99), 1), ErrorCode::NotFound),
        (close(text), ErrorCode::NotFound),
        (edit(target), ErrorCode::Forbidden),
    ] {
        assert_eq!(b.does(world.intend(id, intent)).await, Err(code));
    }
    let own_words = a.does(world.intend(id, edit(target))).await;
    assert_eq!(own_words, Err(ErrorCode::Forbidden));
    let mut s = world.tab(&stranger).await;
    for intent in [vote(target, 1), close(target), ask(false)] {
        let refused = s.does(world.intend(id, intent)).await;
        assert_eq!(refused, Err(ErrorCode::NotFound));
    }
    let remove = Intent::Remove {
        user: chitra.user(),
    };
    let mut c = world.tab(&chitra).await;
    does(&world, &mut a, id, remove).await;
    let refused = c.does(world.intend(id, vote(target, 1))).await;
    assert_eq!(refused, Err(ErrorCode::NotFound));
}

fn edit(target: Seq) -> Intent {
    Intent::Edit {
        target,
        text: "other".to_owned(),
    }
}

#[tokio::test]
async fn whoever_came_later_votes_in_what_they_may_see() {
    for (history_for_new, expected) in [(true, Ok(())), (false, Err(ErrorCode::NotFound))] {
        let world = World::new().await;
        let ([asha, ..], id) = three(&world).await;
        let late = world.person("divya").await;
        let mut a = world.tab(&asha).await;
        let settings = protocol::GroupSettings {
            history_for_new,
            ..protocol::GroupSettings::default()
        };
        does(&world, &mut a, id, Intent::Configure { settings }).await;
        let target = does(&world, &mut a, id, ask(false)).await;
        does(&world, &mut a, id, vote(target, 0b100)).await;
        let users = vec![late.user()];
        does(&world, &mut a, id, Intent::Add { users }).await;
        let mut tab = world.tab(&late).await;
        let voted = tab.does(world.intend(id, vote(target, 0b1))).await;
        assert_eq!(voted.map(|_| ()), expected);
        if history_for_new {
            assert_eq!(read(&world, &late, id, target).await.tally, [1, 0, 1]);
        }
    }
}

#[tokio::test]
async fn it_is_found_by_its_question_and_its_answers_and_counts_as_unread() {
    let indexing = Config {
        index: true,
        ..config()
    };
    let world = World::with(indexing).await;
    let ([asha, bilal, _], id) = three(&world).await;
    let mut a = world.tab(&asha).await;
    let target = does(&world, &mut a, id, ask(false)).await;
    does(&world, &mut a, id, vote(target, 1)).await;
    let row = world.chat.conversation(&bilal, id).await.unwrap();
    assert_eq!(row.unread, 1);
    for filled in [false, true] {
        if filled {
            world.write(&mut a, id, 70).await;
            world.chat.index_idle().await;
        }
        for (words, found) in [("sunday", 1), ("hills", 1), ("mountains", 0)] {
            let query = SearchQuery::parse(words).unwrap();
            let found_now = world.chat.search(&bilal, &query, None, None, NOW);
            let hits = found_now.await.unwrap().hits;
            assert_eq!(places(&hits), vec![target.0; found], "{words}");
        }
    }
}

#[tokio::test]
async fn deletion_takes_the_votes_along() {
    let world = World::new().await;
    let ([asha, bilal, _], id) = three(&world).await;
    let mut a = world.tab(&asha).await;
    let mut b = world.tab(&bilal).await;
    let target = does(&world, &mut a, id, ask(false)).await;
    does(&world, &mut b, id, vote(target, 1)).await;
    does(&world, &mut a, id, Intent::Delete { target }).await;
    let all = world.everything(&bilal, id).await;
    let deleted = all.iter().find(|message| message.seq == target).unwrap();
    assert_eq!(deleted.content, Content::Deleted);
    let voted = b.does(world.intend(id, vote(target, 2))).await;
    assert_eq!(voted, Err(ErrorCode::NotFound));
    let is_vote = |message: &Message| match &message.content {
        Content::Change(change) => matches!(change.kind, ChangeKind::Vote(_)),
        _ => false,
    };
    assert_eq!(all.iter().filter(|message| is_vote(message)).count(), 1);
}
