//! Who has seen a message.

use protocol::{ErrorCode, Intent, Person, Readers, Seq, Timestamp};

use crate::support::{NOW, World, refused};

fn names(people: &[Person]) -> Vec<&str> {
    let mut names: Vec<_> = people.iter().map(|it| it.username.as_str()).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn those_whose_cursor_has_passed_it_have_seen_it() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let (bilal, chandra) = (world.person("bilal").await, world.person("chandra").await);
    let id = world.group(&asha, &[&bilal, &chandra]).await;
    let mut tab = world.tab(&asha).await;
    let first = tab.does(world.command(id, "one")).await.unwrap();
    let second = tab.does(world.command(id, "two")).await.unwrap();
    world.chat.mark_read(&bilal, id, first, NOW).await.unwrap();
    for (seq, seen, waiting) in [
        (first, vec!["bilal"], vec!["chandra"]),
        (second, vec![], vec!["bilal", "chandra"]),
    ] {
        let readers = world.chat.seen_by(&asha, id, seq).await.unwrap();
        assert_eq!(
            (names(&readers.seen), names(&readers.waiting)),
            (seen, waiting)
        );
    }
    // Of somebody else's message neither they nor the one who asks.
    let readers = world.chat.seen_by(&chandra, id, first).await.unwrap();
    assert_eq!(
        (names(&readers.seen), names(&readers.waiting)),
        (vec!["bilal"], vec![])
    );
}

#[tokio::test]
async fn who_came_later_is_neither_and_who_left_is_gone() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let (bilal, chandra) = (world.person("bilal").await, world.person("chandra").await);
    let id = world.group(&asha, &[&bilal]).await;
    let mut tab = world.tab(&asha).await;
    let first = tab.does(world.command(id, "one")).await.unwrap();
    let users = vec![chandra.user()];
    let add = world.intend(id, Intent::Add { users });
    let later = Timestamp::from_millis(NOW.millis() + 1);
    let send_id = tab.send_at(add, later);
    tab.outcome(send_id).await.unwrap();
    let readers = world.chat.seen_by(&asha, id, first).await.unwrap();
    assert_eq!(
        (names(&readers.seen), names(&readers.waiting)),
        (vec![], vec!["bilal"])
    );

    let user = bilal.user();
    let remove = world.intend(id, Intent::Remove { user });
    tab.does(remove).await.unwrap();
    let readers = world.chat.seen_by(&asha, id, first).await.unwrap();
    assert_eq!(readers, Readers::default());
}

#[tokio::test]
async fn case_02_nobody_else_learns_who_has_seen_what() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let (bilal, stranger) = (world.person("bilal").await, world.person("chandra").await);
    let id = world.group(&asha, &[&bilal]).await;
    let mut tab = world.tab(&asha).await;
    let first = tab.does(world.command(id, "one")).await.unwrap();
    let chat = &world.chat;
    refused(
        chat.seen_by(&stranger, id, first).await,
        ErrorCode::NotFound,
    );
    for seq in [Seq::ZERO, Seq(1), Seq(900), Seq(u64::MAX)] {
        refused(chat.seen_by(&bilal, id, seq).await, ErrorCode::NotFound);
    }
    // Whoever came later may not ask about what they may not read, nor who has left.
    let users = vec![stranger.user()];
    tab.does(world.intend(id, Intent::Add { users }))
        .await
        .unwrap();
    refused(
        chat.seen_by(&stranger, id, first).await,
        ErrorCode::NotFound,
    );
    let user = bilal.user();
    tab.does(world.intend(id, Intent::Remove { user }))
        .await
        .unwrap();
    refused(chat.seen_by(&bilal, id, first).await, ErrorCode::NotFound);
}
