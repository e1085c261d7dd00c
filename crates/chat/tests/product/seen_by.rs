//! Who has seen a message.

use chat::{Actor, Store as _};
use protocol::{ConversationId, ErrorCode, Intent, Person, PrivacyField, Readers, Seq, Timestamp};

use crate::support::{NOW, World, refused};

fn names<'a>(people: impl IntoIterator<Item = &'a Person>) -> Vec<&'a str> {
    let mut names: Vec<_> = people.into_iter().map(|it| it.username.as_str()).collect();
    names.sort_unstable();
    names
}

/// Who has seen it, and who has not.
fn both(readers: &Readers) -> (Vec<&str>, Vec<&str>) {
    let seen = readers.seen.iter().map(|it| &it.person);
    (names(seen), names(&readers.waiting))
}

const fn after(seconds: u64) -> Timestamp {
    Timestamp::from_millis(NOW.millis() + seconds * 1_000)
}

async fn reads(world: &World, actor: &Actor, (id, seq): (ConversationId, Seq), seconds: u64) {
    let at = after(seconds);
    world.chat.mark_read(actor, id, seq, at).await.unwrap();
}

/// Who has seen it, in the order in which they are named, and how many seconds after the
/// beginning.
async fn times(
    world: &World,
    actor: &Actor,
    (id, seq): (ConversationId, Seq),
) -> Vec<(String, Option<u64>)> {
    let readers = world.chat.seen_by(actor, id, seq).await.unwrap();
    let seconds = |at: Timestamp| at.millis_since(NOW) / 1_000;
    let of = readers.seen.into_iter();
    of.map(|it| (it.person.username.to_string(), it.at.map(seconds)))
        .collect()
}

fn named(expected: &[(&str, Option<u64>)]) -> Vec<(String, Option<u64>)> {
    let owned = expected.iter();
    owned.map(|(name, at)| ((*name).to_owned(), *at)).collect()
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
        assert_eq!(both(&readers), (seen, waiting));
    }
    // Of somebody else's message neither they nor the one who asks.
    let readers = world.chat.seen_by(&chandra, id, first).await.unwrap();
    assert_eq!(both(&readers), (vec!["bilal"], vec![]));
}

#[tokio::test]
async fn each_has_the_time_at_which_they_first_had_read_it() {
    let mut world = World::new().await;
    let asha = world.person("asha").await;
    let (bilal, chandra) = (world.person("bilal").await, world.person("chandra").await);
    let id = world.group(&asha, &[&bilal, &chandra]).await;
    let mut tab = world.tab(&asha).await;
    let mut said = Vec::new();
    for text in ["one", "two", "three"] {
        said.push((id, tab.does(world.command(id, text)).await.unwrap()));
    }
    let [one, two, three] = said[..] else {
        panic!("{said:?}");
    };
    reads(&world, &bilal, one, 10).await;
    world.chat.tick(NOW).await;
    reads(&world, &chandra, two, 20).await;
    world.chat.tick(NOW).await;
    reads(&world, &bilal, three, 30).await;
    // Reading it again changes nothing.
    reads(&world, &bilal, one, 40).await;
    // The same whether the last of it is saved, and after a restart; the last reader first.
    for round in 0..3 {
        for (message, expected) in [
            (one, vec![("chandra", Some(20)), ("bilal", Some(10))]),
            (two, vec![("bilal", Some(30)), ("chandra", Some(20))]),
            (three, vec![("bilal", Some(30))]),
        ] {
            let found = times(&world, &asha, message).await;
            assert_eq!(found, named(&expected), "{round}");
        }
        world.chat.tick(NOW).await;
        if round == 1 {
            world.restart().await;
        }
    }
}

#[tokio::test]
async fn what_is_read_between_two_ticks_is_one_step() {
    let world = World::new().await;
    let (asha, bilal) = (world.person("asha").await, world.person("bilal").await);
    let id = world.group(&asha, &[&bilal]).await;
    let mut tab = world.tab(&asha).await;
    let mut theirs = world.tab(&bilal).await;
    let one = (id, tab.does(world.command(id, "one")).await.unwrap());
    reads(&world, &bilal, one, 1).await;
    // What they write takes their cursor along, and no time of its own.
    theirs.does(world.command(id, "mine")).await.unwrap();
    let two = (id, tab.does(world.command(id, "two")).await.unwrap());
    reads(&world, &bilal, two, 2).await;
    for _ in 0..2 {
        assert_eq!(
            times(&world, &asha, one).await,
            named(&[("bilal", Some(2))])
        );
        assert_eq!(
            times(&world, &asha, two).await,
            named(&[("bilal", Some(2))])
        );
        world.chat.tick(NOW).await;
    }
    let moves = world.store.cursor_moves(id, &[bilal.user()]).await.unwrap();
    assert_eq!(moves[0].1.len(), 1, "{moves:?}");
}

#[tokio::test]
async fn what_was_read_before_the_kept_steps_has_no_time() {
    let world = World::new().await;
    let (asha, bilal) = (world.person("asha").await, world.person("bilal").await);
    let id = world.group(&asha, &[&bilal]).await;
    let mut tab = world.tab(&asha).await;
    let mut said = Vec::new();
    for second in 1..=chat::CURSOR_MOVES as u64 + 1 {
        let message = (id, tab.does(world.command(id, "more")).await.unwrap());
        reads(&world, &bilal, message, second).await;
        world.chat.tick(NOW).await;
        said.push(message);
    }
    assert_eq!(
        times(&world, &asha, said[0]).await,
        named(&[("bilal", None)])
    );
    assert_eq!(
        times(&world, &asha, said[1]).await,
        named(&[("bilal", Some(2))])
    );
    let last = said[said.len() - 1];
    let newest = said.len() as u64;
    assert_eq!(
        times(&world, &asha, last).await,
        named(&[("bilal", Some(newest))])
    );
}

#[tokio::test]
async fn when_somebody_read_is_kept_while_they_show_it_alone() {
    let world = World::new().await;
    let (asha, bilal) = (world.person("asha").await, world.person("bilal").await);
    let id = world.group(&asha, &[&bilal]).await;
    let mut tab = world.tab(&asha).await;
    let mut said = Vec::new();
    let hide = async |hides| {
        let field = PrivacyField::Reading;
        let set = world.chat.set_privacy(&bilal, field, hides, NOW).await;
        set.unwrap();
    };
    for (second, hides) in [(1, false), (2, true), (3, false)] {
        hide(hides).await;
        let message = (id, tab.does(world.command(id, "more")).await.unwrap());
        reads(&world, &bilal, message, second).await;
        said.push(message);
        if hides {
            for message in &said {
                assert_eq!(times(&world, &asha, *message).await, []);
            }
        }
        world.chat.tick(NOW).await;
    }
    for (message, at) in said.into_iter().zip([Some(1), None, Some(3)]) {
        assert_eq!(times(&world, &asha, message).await, named(&[("bilal", at)]));
    }
}

#[tokio::test]
async fn between_two_people_no_times_are_kept() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    let message = (id, tab.does(world.command(id, "one")).await.unwrap());
    reads(&world, &bilal, message, 1).await;
    for _ in 0..2 {
        assert_eq!(
            times(&world, &asha, message).await,
            named(&[("bilal", None)])
        );
        world.chat.tick(NOW).await;
    }
    let moves = world.store.cursor_moves(id, &[bilal.user()]).await.unwrap();
    assert_eq!(moves, []);
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
    assert_eq!(both(&readers), (vec![], vec!["bilal"]));

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
