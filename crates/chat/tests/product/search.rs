//! Looking for messages by their words.

use chat::{Actor, ChatError, Config, IndexCursor, IndexKey, IndexRow, IndexSave, Store};
use protocol::{
    ConversationId, ErrorCode, Intent, Message, SearchPage, SearchQuery, Seq, Timestamp,
};

use crate::support::{NOW, Tab, World, config, places, texts};

const NOTHING: [u64; 0] = [];

/// With an index that is made at once.
async fn indexed() -> World {
    World::with(indexing()).await
}

fn indexing() -> Config {
    Config {
        index: true,
        ..config()
    }
}

async fn page(
    world: &World,
    who: &Actor,
    text: &str,
    within: Option<ConversationId>,
    from: Option<&str>,
) -> Result<SearchPage, ChatError> {
    let query = SearchQuery::parse(text).unwrap();
    let from = from.map(|from| from.parse().unwrap());
    world.chat.search(who, &query, within, from, NOW).await
}

/// Everything that is found, page by page.
async fn find(
    world: &World,
    who: &Actor,
    text: &str,
    within: Option<ConversationId>,
) -> Vec<Message> {
    let mut all = Vec::new();
    let mut next: Option<String> = None;
    loop {
        let found = page(world, who, text, within, next.as_deref()).await;
        let found = found.unwrap();
        all.extend(found.hits);
        match found.next {
            Some(further) => next = Some(further),
            None => return all,
        }
    }
}

async fn found(world: &World, who: &Actor, text: &str) -> Vec<u64> {
    places(&find(world, who, text, None).await)
}

async fn say(world: &World, tab: &mut Tab, id: ConversationId, text: &str) -> Seq {
    tab.does(world.command(id, text)).await.unwrap()
}

async fn change(world: &World, tab: &mut Tab, id: ConversationId, intent: Intent) -> Seq {
    tab.does(world.intend(id, intent)).await.unwrap()
}

fn edit(target: u64, text: &str) -> Intent {
    let text = text.to_owned();
    Intent::Edit {
        target: Seq(target),
        text,
    }
}

const fn delete(target: u64) -> Intent {
    Intent::Delete {
        target: Seq(target),
    }
}

/// Messages without a word of their own, to fill blocks of the index.
async fn fill(world: &World, tab: &mut Tab, id: ConversationId, count: usize) {
    let mut sent = Vec::new();
    for _ in 0..count {
        sent.push(tab.send(world.command(id, "filler of no account")));
        if sent.len() == 50 {
            tab.outcomes(sent.len()).await;
            sent.clear();
        }
    }
    tab.outcomes(sent.len()).await;
}

#[tokio::test]
async fn words_are_found_in_any_script_whether_indexed_or_not() {
    for index in [false, true] {
        let world = World::with(Config { index, ..config() }).await;
        let (asha, bilal, id) = world.pair().await;
        let mut tab = world.tab(&asha).await;
        for text in ["kaise ho bhai", "कैसे हो", "کیسے ہو", "something else"] {
            say(&world, &mut tab, id, text).await;
        }
        fill(&world, &mut tab, id, 40).await;
        world.chat.index_idle().await;
        assert_eq!(world.chat.metrics().index_entries >= 32, index);
        for who in [&asha, &bilal] {
            // The script of the query first, then the newest first.
            assert_eq!(found(&world, who, "kaise").await, [1, 3, 2]);
            assert_eq!(found(&world, who, "कैसे").await, [2, 3, 1]);
            assert_eq!(found(&world, who, "kaise bhai").await, [1]);
            assert_eq!(found(&world, who, "else some").await, [4]);
            // Beginnings of the last word only.
            assert_eq!(found(&world, who, "some else").await, NOTHING);
            assert_eq!(found(&world, who, "somewhere").await, NOTHING);
            assert_eq!(found(&world, who, "thing").await, NOTHING);
        }
    }
}

#[tokio::test]
async fn filters_hold_whether_indexed_or_not() {
    for index in [false, true] {
        let world = World::with(Config { index, ..config() }).await;
        let (asha, bilal, id) = world.pair().await;
        let (mut a, mut b) = (world.tab(&asha).await, world.tab(&bilal).await);
        let day = |n: u64| Timestamp::from_millis(NOW.millis() + n * 24 * 60 * 60 * 1_000);
        let links = ["chai here", "chai https://example.org/chai", "nothing"];
        for (n, text) in (0..).zip(links) {
            let sent = a.send_at(world.command(id, text), day(n));
            a.outcome(sent).await.unwrap();
        }
        let sent = b.send_at(world.command(id, "chai of bilal"), day(9));
        b.outcome(sent).await.unwrap();
        fill(&world, &mut a, id, 30).await;
        world.chat.index_idle().await;
        for (query, expected) in [
            ("chai from:bilal", &[4][..]),
            ("chai from:@ASHA", &[2, 1]),
            ("from:bilal", &[4]),
            ("chai from:nobody", &[]),
            ("has:link", &[2]),
            ("has:link nothing", &[]),
            // The first message is of 2027-01-15.
            ("chai before:2027-01-16", &[1]),
            ("chai after:2027-01-16", &[4, 2]),
            ("chai after:2027-01-16 before:2027-01-17", &[2]),
            ("chai before:2026-01-01", &[]),
            ("chai after:2030-01-01", &[]),
        ] {
            assert_eq!(found(&world, &asha, query).await, expected, "{query}");
        }
    }
}

#[tokio::test]
async fn an_edited_text_is_found_and_the_one_before_is_not() {
    let world = indexed().await;
    let (asha, bilal, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    say(&world, &mut tab, id, "mango").await;
    fill(&world, &mut tab, id, 300).await;
    world.chat.index_idle().await;
    for (now, gone) in [("papaya", "mango"), ("guava", "papaya")] {
        change(&world, &mut tab, id, edit(1, now)).await;
        for _ in 0..2 {
            assert_eq!(found(&world, &bilal, now).await, [1]);
            assert_eq!(found(&world, &bilal, gone).await, NOTHING);
            world.chat.index_idle().await;
        }
    }
    // As the newest message, before any of it is indexed.
    let seq = say(&world, &mut tab, id, "lychee").await;
    change(&world, &mut tab, id, edit(seq.0, "cherry")).await;
    assert_eq!(found(&world, &bilal, "cherry").await, [seq.0]);
    assert_eq!(found(&world, &bilal, "lychee").await, NOTHING);
}

#[tokio::test]
async fn a_deleted_text_is_not_found_and_nothing_of_it_stays_in_the_index() {
    let world = indexed().await;
    let (asha, bilal, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    fill(&world, &mut tab, id, 20).await;
    world.chat.index_idle().await;
    let before = world.index_of(id).await;
    say(&world, &mut tab, id, "mango").await;
    fill(&world, &mut tab, id, 11).await;
    world.chat.index_idle().await;
    assert_eq!(found(&world, &bilal, "mango").await, [21]);
    let with_it = world.index_of(id).await;
    assert_eq!(with_it.len(), before.len() + 1);
    change(&world, &mut tab, id, edit(21, "papaya")).await;
    change(&world, &mut tab, id, delete(21)).await;
    for query in ["mango", "papaya"] {
        assert_eq!(found(&world, &bilal, query).await, NOTHING);
    }
    world.chat.index_idle().await;
    for query in ["mango", "papaya"] {
        assert_eq!(found(&world, &bilal, query).await, NOTHING);
    }
    // The fourth block has fillers in the same places, and nothing else was ever indexed in it.
    fill(&world, &mut tab, id, 18).await;
    say(&world, &mut tab, id, "guava").await;
    fill(&world, &mut tab, id, 11).await;
    change(&world, &mut tab, id, delete(53)).await;
    world.chat.index_idle().await;
    let after = world.index_of(id).await;
    let lengths: Vec<usize> = after.iter().map(Vec::len).collect();
    assert!(lengths[1] < with_it[1].len(), "{lengths:?}");
    assert_eq!(lengths[1], lengths[3], "{lengths:?}");
}

#[tokio::test]
async fn whoever_is_not_in_a_conversation_finds_nothing_of_it() {
    let world = indexed().await;
    let (asha, bilal, id) = world.pair().await;
    let stranger = world.person("chand").await;
    world
        .chat
        .open_direct(&stranger, asha.user(), NOW)
        .await
        .unwrap();
    let mut tab = world.tab(&asha).await;
    say(&world, &mut tab, id, "secret mango").await;
    fill(&world, &mut tab, id, 40).await;
    world.chat.index_idle().await;
    assert_eq!(found(&world, &bilal, "mango").await, [1]);
    let empty = SearchPage {
        hits: Vec::new(),
        next: None,
    };
    for query in ["mango", "from:asha", "secret from:asha"] {
        let all = page(&world, &stranger, query, None, None).await.unwrap();
        assert_eq!(all, empty);
        let there = page(&world, &stranger, query, Some(id), None).await;
        assert!(
            matches!(there, Err(ChatError::Refused(ErrorCode::NotFound))),
            "{there:?}"
        );
        let nowhere = ConversationId::from_bytes([9; 16]);
        let there = page(&world, &stranger, query, Some(nowhere), None).await;
        assert!(matches!(
            there,
            Err(ChatError::Refused(ErrorCode::NotFound))
        ));
        // Nor by a mark of where a search of somebody else goes on.
        let forged = format!("{}.{id}.100", NOW.millis() + 1);
        let all = page(&world, &stranger, query, None, Some(&forged))
            .await
            .unwrap();
        assert_eq!(all, empty);
    }
}

#[tokio::test]
async fn nothing_is_found_before_somebody_came_or_after_they_left() {
    let world = indexed().await;
    let (asha, bilal, _) = world.pair().await;
    let late = world.person("chand").await;
    let id = world.group(&asha, &[&bilal]).await;
    let mut tab = world.tab(&asha).await;
    let before = say(&world, &mut tab, id, "mango one").await;
    fill(&world, &mut tab, id, 20).await;
    let users = vec![late.user()];
    change(&world, &mut tab, id, Intent::Add { users }).await;
    let between = say(&world, &mut tab, id, "mango two").await;
    fill(&world, &mut tab, id, 20).await;
    world.chat.index_idle().await;
    assert_eq!(found(&world, &bilal, "mango").await, [between.0, before.0]);
    assert_eq!(found(&world, &late, "mango").await, [between.0]);
    // A change of what they may not see does not show it.
    change(&world, &mut tab, id, edit(before.0, "mango three")).await;
    assert_eq!(found(&world, &late, "mango three").await, NOTHING);
    let user = late.user();
    change(&world, &mut tab, id, Intent::Remove { user }).await;
    assert_eq!(found(&world, &late, "mango").await, NOTHING);
    let there = page(&world, &late, "mango", Some(id), None).await;
    assert!(matches!(
        there,
        Err(ChatError::Refused(ErrorCode::NotFound))
    ));
}

#[tokio::test]
async fn pages_follow_each_other_over_all_conversations() {
    let world = indexed().await;
    let (asha, bilal, first) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    let second = world.group(&asha, &[&bilal]).await;
    for n in 0..600_u64 {
        let id = if n % 5 == 0 { second } else { first };
        let text = if n % 3 == 0 {
            "mango juice"
        } else {
            "anything"
        };
        say(&world, &mut tab, id, text).await;
    }
    world.chat.index_idle().await;
    let mut all = find(&world, &bilal, "mango", None).await;
    assert_eq!(all.len(), 200);
    let in_one = find(&world, &bilal, "mango", Some(second)).await;
    assert_eq!(in_one.len(), 40);
    assert!(in_one.windows(2).all(|pair| pair[0].seq > pair[1].seq));
    all.sort_by_key(|message| (message.conversation, message.seq));
    all.dedup();
    assert_eq!(all.len(), 200, "each once");
    assert!(texts(&all).iter().all(|text| *text == "mango juice"));
}

#[tokio::test]
async fn an_index_that_lags_shows_nowhere_and_goes_on_after_a_restart() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    say(&world, &mut tab, id, "mango").await;
    fill(&world, &mut tab, id, 700).await;
    say(&world, &mut tab, id, "mango again").await;
    assert_eq!(world.store.index_cursors(&[id]).await.unwrap().len(), 0);
    assert_eq!(found(&world, &bilal, "mango").await, [702, 1]);
    // The first search after the start notices that there is no index.
    world.restart_with(indexing()).await;
    assert_eq!(found(&world, &bilal, "mango").await, [702, 1]);
    world.chat.index_idle().await;
    let cursor = world.index_cursor(id).await;
    assert_eq!((cursor.built_to, cursor.followed_to), (Seq(688), Seq(702)));
    assert_eq!(found(&world, &bilal, "mango").await, [702, 1]);
    // Changes that were made while nobody indexed are seen at once, and followed later.
    world.restart_with(config()).await;
    let mut tab = world.tab(&asha).await;
    change(&world, &mut tab, id, edit(1, "papaya")).await;
    fill(&world, &mut tab, id, 100).await;
    for _ in 0..2 {
        assert_eq!(found(&world, &bilal, "mango").await, [702]);
        assert_eq!(found(&world, &bilal, "papaya").await, [1]);
        world.restart_with(indexing()).await;
        assert_eq!(found(&world, &bilal, "papaya").await, [1]);
        world.chat.index_idle().await;
    }
}

#[tokio::test]
async fn great_blocks_are_joined_little_by_little_and_nobody_sees_it() {
    const GREAT: u64 = 65_536;
    let world = indexed().await;
    let (asha, bilal, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    say(&world, &mut tab, id, "mango").await;
    fill(&world, &mut tab, id, 40_000).await;
    say(&world, &mut tab, id, "mango").await;
    world.store.join_up_to(64);
    fill(&world, &mut tab, id, 25_600).await;
    world.chat.index_idle().await;
    let cursor = world.index_cursor(id).await;
    assert_eq!((cursor.joined_to, cursor.joined_shards), (Seq::ZERO, 64));
    assert_eq!(found(&world, &bilal, "mango").await, [40_002, 1]);
    // What is changed meanwhile is joined as it is then, in whatever shards its words are.
    let fruit = "papaya guava lychee cherry banana apricot quince pomelo durian melon";
    change(&world, &mut tab, id, edit(1, fruit)).await;
    for _ in 0..2 {
        assert_eq!(found(&world, &bilal, "mango").await, [40_002]);
        assert_eq!(found(&world, &bilal, "papaya").await, [1]);
        world.chat.index_idle().await;
    }
    assert_eq!(world.index_cursor(id).await.joined_shards, 64);
    world.store.join_up_to(u16::MAX);
    world.chat.tick(NOW).await;
    world.chat.index_idle().await;
    let cursor = world.index_cursor(id).await;
    assert_eq!(
        (cursor.joined_to, cursor.swept_to),
        (Seq(GREAT), Seq(GREAT))
    );
    assert_eq!(world.index_rows(id, 2, 17).await, 0);
    assert_eq!(found(&world, &bilal, "mango").await, [40_002]);
    for word in fruit.split(' ') {
        assert_eq!(found(&world, &bilal, word).await, [1], "{word}");
    }
    // Of what is deleted nothing stays.
    let with_it = world.index_rows(id, 3, 1).await;
    change(&world, &mut tab, id, delete(1)).await;
    for _ in 0..2 {
        assert_eq!(found(&world, &bilal, "papaya").await, NOTHING);
        world.chat.index_idle().await;
    }
    let without = world.index_rows(id, 3, 1).await;
    assert!(without < with_it && without > 0, "{without} of {with_it}");
    assert_eq!(found(&world, &bilal, "mango").await, [40_002]);
}

#[tokio::test]
async fn what_cannot_be_indexed_is_found_and_indexed_later() {
    let world = indexed().await;
    let (asha, bilal, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    world.store.fail_index(true);
    say(&world, &mut tab, id, "mango").await;
    fill(&world, &mut tab, id, 40).await;
    world.chat.index_idle().await;
    let metrics = world.chat.metrics();
    assert!(metrics.index_failures > 0);
    assert_eq!((metrics.index_waiting, metrics.index_entries), (1, 0));
    assert_eq!(found(&world, &bilal, "mango").await, [1]);
    world.store.fail_index(false);
    world.chat.tick(NOW).await;
    world.chat.index_idle().await;
    assert_eq!(world.chat.metrics().index_waiting, 0);
    assert_eq!(found(&world, &bilal, "mango").await, [1]);
}

#[tokio::test]
async fn a_damaged_row_of_the_index_spoils_nothing_else() {
    let world = indexed().await;
    let (asha, bilal, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    for _ in 0..2 {
        say(&world, &mut tab, id, "mango").await;
        fill(&world, &mut tab, id, 15).await;
    }
    world.chat.index_idle().await;
    assert_eq!(found(&world, &bilal, "mango").await, [17, 1]);
    world.damage_index(id).await;
    assert_eq!(found(&world, &bilal, "mango").await, [17]);
}

#[tokio::test]
async fn too_many_searches_are_refused() {
    let world = World::with(Config {
        rate_limits: true,
        ..indexing()
    })
    .await;
    let (asha, ..) = world.pair().await;
    let mut refused = false;
    for _ in 0..40 {
        let page = page(&world, &asha, "mango", None, None).await;
        refused |= matches!(page, Err(ChatError::RateLimited { .. }));
    }
    assert!(refused);
}

#[tokio::test]
async fn what_says_nothing_is_refused() {
    let world = indexed().await;
    let (asha, ..) = world.pair().await;
    let nothing = page(&world, &asha, "… !?", None, None).await;
    assert!(matches!(nothing, Err(ChatError::Refused(ErrorCode::Empty))));
    let much = vec!["a"; 200].join(".");
    let much = page(&world, &asha, &much, None, None).await;
    assert!(
        matches!(much, Err(ChatError::Refused(ErrorCode::TooLong))),
        "{much:?}"
    );
}

#[tokio::test]
async fn what_is_erased_is_not_indexed_for_ever() {
    let world = indexed().await;
    let asha = world.person("asha").await;
    let id = world.group(&asha, &[]).await;
    let mut tab = world.tab(&asha).await;
    world.write(&mut tab, id, 20).await;
    change(&world, &mut tab, id, edit(3, "other words")).await;
    change(&world, &mut tab, id, Intent::Dissolve).await;
    while world.store.conversation(id).await.unwrap().is_some() {
        tokio::task::yield_now().await;
    }
    for _ in 0..2 {
        world.chat.tick(NOW).await;
        world.chat.index_idle().await;
    }
    let metrics = world.chat.metrics();
    assert_eq!((metrics.index_waiting, metrics.index_failures), (0, 0));
    assert_eq!(world.store.index_cursors(&[id]).await.unwrap(), []);
}

#[tokio::test]
async fn an_index_of_another_version_is_made_anew_and_nothing_of_it_stays() {
    let world = indexed().await;
    let asha = world.person("asha").await;
    let id = world.group(&asha, &[]).await;
    let mut tab = world.tab(&asha).await;
    say(&world, &mut tab, id, "mango").await;
    world.write(&mut tab, id, 40).await;
    let old = |level, block, shard| IndexRow {
        key: IndexKey {
            conversation: id,
            level,
            block,
            shard,
        },
        bytes: vec![0, 0, 0, 1, 7, 7, 7].into(),
    };
    let rows = vec![old(0, 0, 0), old(0, 900, 0), old(1, 0, 3), old(2, 7, 200)];
    let keys: Vec<_> = rows.iter().map(|row| row.key).collect();
    let save = IndexSave {
        conversation: id,
        rows,
        removed: Vec::new(),
        cursor: IndexCursor {
            version: 1,
            built_to: Seq(32),
            ..IndexCursor::default()
        },
    };
    world.store.save_index(&save).await.unwrap();
    assert_eq!(found(&world, &asha, "mango").await, [2]);
    world.chat.index_idle().await;
    let left = world.store.index_rows(&keys[1..]).await.unwrap();
    assert_eq!(left, []);
    assert_eq!(found(&world, &asha, "mango").await, [2]);
    assert!(world.index_cursor(id).await.built_to >= Seq(32));
}
