//! Messages that stay for a while only.

use chat::Store as _;
use protocol::{
    Change, ChangeKind, Content, ErrorCode, Intent, Lifespan, Notice, SearchQuery, Seq, Timestamp,
};

use crate::polls::ask;
use crate::support::{NOW, World, config, refused, texts};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

fn days(count: u64) -> Timestamp {
    NOW.plus_millis(count * DAY_MS)
}

const fn set(lifespan: Option<Lifespan>) -> Intent {
    Intent::SetLifespan { lifespan }
}

#[tokio::test]
async fn what_is_written_from_then_on_goes_at_its_time_for_everybody() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut author, mut reader) = (world.tab(&asha).await, world.tab(&bilal).await);
    author.does(world.command(id, "stays")).await.unwrap();
    reader
        .does(world.intend(id, set(Some(Lifespan::Day))))
        .await
        .unwrap();
    let notice = Notice::Lifespan {
        lifespan: Some(Lifespan::Day),
    };
    assert_eq!(author.next_event().await.content, Content::Notice(notice));
    let summary = world.chat.conversation(&asha, id).await.unwrap();
    assert_eq!(summary.lifespan, Some(Lifespan::Day));
    author.does(world.command(id, "a secret")).await.unwrap();
    assert_eq!(world.chat.run_timers(NOW).await, Some(days(1)));
    reader.pending();
    assert_eq!(world.chat.run_timers(days(1)).await, None);
    let event = reader.next_event().await;
    let change = Change {
        target: Seq(3),
        kind: ChangeKind::Expire,
    };
    assert_eq!(event.content, Content::Change(change));
    let all = world.everything(&bilal, id).await;
    assert_eq!(texts(&all), ["stays", "notice", "deleted", "change"]);
    for row in world.opened_rows(id).await {
        assert!(!row.windows(8).any(|it| it == b"a secret"));
    }
}

#[tokio::test]
async fn it_survives_a_restart_and_more_than_one_pass() {
    let mut world = World::new().await;
    let (asha, _, id) = world.pair().await;
    let mut author = world.tab(&asha).await;
    author
        .does(world.intend(id, set(Some(Lifespan::Week))))
        .await
        .unwrap();
    let mut author = world.tab(&asha).await;
    world.write(&mut author, id, 70).await;
    author.does(world.intend(id, set(None))).await.unwrap();
    author.does(world.command(id, "stays")).await.unwrap();
    world.restart().await;
    let now = days(8);
    assert_eq!(world.chat.run_timers(now).await, Some(now));
    assert_eq!(world.chat.run_timers(now).await, None);
    let all = world.everything(&asha, id).await;
    let left: Vec<_> = all
        .iter()
        .filter(|it| it.content.body().is_some())
        .collect();
    assert_eq!(left.len(), 1);
    assert_eq!(world.store.expiries().first().await.unwrap(), None);
}

#[tokio::test]
async fn in_groups_it_is_for_admins() {
    let world = World::new().await;
    let (asha, bilal) = (world.person("asha").await, world.person("bilal").await);
    let id = world.group(&asha, &[&bilal]).await;
    let mut member = world.tab(&bilal).await;
    let refused = member
        .does(world.intend(id, set(Some(Lifespan::Day))))
        .await;
    assert_eq!(refused, Err(ErrorCode::Forbidden));
    let mut owner = world.tab(&asha).await;
    owner
        .does(world.intend(id, set(Some(Lifespan::Quarter))))
        .await
        .unwrap();
    // What somebody wrote who has left goes too, and what is deleted already is passed over.
    member.does(world.command(id, "bye")).await.unwrap();
    let deleted = owner.does(world.command(id, "oops")).await.unwrap();
    owner
        .does(world.intend(id, Intent::Delete { target: deleted }))
        .await
        .unwrap();
    member.does(world.intend(id, Intent::Leave)).await.unwrap();
    assert_eq!(world.chat.run_timers(days(90)).await, None);
    let all = world.everything(&asha, id).await;
    assert!(all.iter().all(|it| it.content.body().is_none()));
}

#[tokio::test]
async fn each_message_says_when_it_is_over_and_what_is_no_message_stays() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut author, mut reader) = (world.tab(&asha).await, world.tab(&bilal).await);
    author
        .does(world.intend(id, set(Some(Lifespan::Hour))))
        .await
        .unwrap();
    let target = author.does(world.command(id, "chai")).await.unwrap();
    let mut told = reader.next_event().await;
    while told.seq != target {
        told = reader.next_event().await;
    }
    let end = Lifespan::Hour.end(NOW);
    assert_eq!(told.marks.expires_at, Some(end));
    let poll = author.does(world.intend(id, ask(false))).await.unwrap();
    // Another lifespan is for what is written after it.
    author.does(world.intend(id, set(None))).await.unwrap();
    let last = author.does(world.command(id, "stays")).await.unwrap();
    let all = world.everything(&bilal, id).await;
    let ends: Vec<_> = all.iter().map(|it| it.marks.expires_at.is_some()).collect();
    assert_eq!(ends, [false, true, true, false, false]);
    assert_eq!(world.chat.run_timers(end).await, None);
    let all = world.everything(&bilal, id).await;
    let over: Vec<_> = all.iter().filter(|it| it.is_over()).collect();
    assert_eq!([over[0].seq, over[1].seq], [target, poll]);
    assert!(all[last.0 as usize - 1].content.is_said());
}

#[tokio::test]
async fn nothing_of_it_is_left_and_nobody_has_read_more_for_it() {
    let world = World::with(chat::Config {
        index: true,
        ..config()
    })
    .await;
    let (asha, bilal, id) = world.pair().await;
    let (mut author, mut reader) = (world.tab(&asha).await, world.tab(&bilal).await);
    author
        .does(world.intend(id, set(Some(Lifespan::Hour))))
        .await
        .unwrap();
    let target = author.does(world.command(id, "samosas")).await.unwrap();
    let text = "pakoras".to_owned();
    for intent in [
        Intent::Edit { target, text },
        Intent::Pin { target, on: true },
    ] {
        author.does(world.intend(id, intent)).await.unwrap();
    }
    let reply_to = Some(target);
    let text = "when?".to_owned();
    reader
        .does(world.intend(id, Intent::Text { text, reply_to }))
        .await
        .unwrap();
    let unread = world.chat.conversation(&asha, id).await.unwrap().unread;
    assert_eq!(unread, 1);

    assert_eq!(world.chat.run_timers(Lifespan::Hour.end(NOW)).await, None);
    let row = world.chat.conversation(&asha, id).await.unwrap();
    assert_eq!((row.unread, row.pins), (1, vec![]));
    for row in world.opened_rows(id).await {
        for word in ["samosas", "pakoras", "when?"] {
            assert!(!row.windows(word.len()).any(|it| it == word.as_bytes()));
        }
    }
    refused(
        world.chat.edits(&asha, id, target).await,
        ErrorCode::NotFound,
    );
    // The index says nothing of it as soon as it has followed.
    let query = SearchQuery::parse("pakoras").unwrap();
    let found = world.chat.search(&asha, &query, None, None, NOW).await;
    assert_eq!(found.unwrap().hits, []);
    let command = world.command(id, "again");
    author.does(command).await.unwrap();
}

#[tokio::test]
async fn what_is_over_when_the_server_starts_is_gone_before_anybody_reads() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut author = world.tab(&asha).await;
    author
        .does(world.intend(id, set(Some(Lifespan::Day))))
        .await
        .unwrap();
    let mut author = world.tab(&asha).await;
    world.write(&mut author, id, 150).await;
    world.restart().await;
    world.chat.expire_overdue(days(2)).await.unwrap();
    let all = world.everything(&bilal, id).await;
    assert_eq!(all.iter().filter(|it| it.is_over()).count(), 150);
    assert!(all.iter().all(|it| it.content.body().is_none()));
}

#[tokio::test]
async fn where_one_blocks_the_other_what_is_over_goes_all_the_same() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut author = world.tab(&asha).await;
    author
        .does(world.intend(id, set(Some(Lifespan::Hour))))
        .await
        .unwrap();
    author.does(world.command(id, "chai")).await.unwrap();
    world
        .chat
        .set_blocked(&bilal, asha.user(), true, NOW)
        .await
        .unwrap();
    let refused = author.does(world.intend(id, set(None))).await;
    assert_eq!(refused, Err(ErrorCode::Forbidden));
    assert_eq!(world.chat.run_timers(Lifespan::Hour.end(NOW)).await, None);
    let all = world.everything(&bilal, id).await;
    assert!(all.iter().all(|it| it.content.body().is_none()));
}
