//! Messages that stay for a while only.

use chat::{Expiries as _, Store as _};
use protocol::{Content, ErrorCode, Intent, Lifespan, Notice, Seq, Timestamp};

use crate::support::{NOW, World, texts};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

fn days(count: u64) -> Timestamp {
    NOW.plus_millis(count * DAY_MS)
}

fn set(lifespan: Option<Lifespan>) -> Intent {
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
    assert!(matches!(event.content, Content::Change(change) if change.target == Seq(3)));
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
