//! Messages that were written for another conversation.

use protocol::limits::MENTION_ALL_MEMBERS;
use protocol::{Content, ErrorCode, Intent};

use crate::support::World;

fn forward(text: &str) -> Intent {
    Intent::Forward {
        text: text.to_owned(),
    }
}

#[tokio::test]
async fn a_forwarded_message_says_that_and_nothing_of_where_it_was() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    let mut reader = world.tab(&bilal).await;
    let seq = tab.does(world.intend(id, forward("chai"))).await.unwrap();
    let message = reader.next_event().await;
    assert_eq!((message.seq, message.author), (seq, asha.user()));
    let Content::Text(text) = &message.content else {
        panic!("{message:?}");
    };
    assert_eq!((text.body.as_str(), text.reply_to), ("chai", None));
    assert!(text.forwarded);
    world.restart().await;
    assert_eq!(world.everything(&bilal, id).await, [message]);
}

#[tokio::test]
async fn it_mentions_nobody() {
    let world = World::new().await;
    let owner = world.person("asha").await;
    let mut others = Vec::new();
    for n in 1..=MENTION_ALL_MEMBERS {
        others.push(world.person(&format!("user{n}")).await);
    }
    let id = world
        .group(&owner, &others.iter().collect::<Vec<_>>())
        .await;
    let mut tab = world.tab(&others[0]).await;
    let words = forward("@all and @user2");
    tab.does(world.intend(id, words)).await.unwrap();
    let row = world.chat.conversation(&others[1], id).await.unwrap();
    assert_eq!((row.unread, row.mentions), (1, 0));
}

#[tokio::test]
async fn case_11_nobody_puts_words_into_what_was_forwarded() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    let target = tab.does(world.intend(id, forward("chai"))).await.unwrap();
    for actor in [&asha, &bilal] {
        let text = "coffee".to_owned();
        let edit = world.intend(id, Intent::Edit { target, text });
        let refused = world.tab(actor).await.does(edit).await;
        assert_eq!(refused, Err(ErrorCode::Forbidden));
    }
    // It can be answered, reacted to and deleted like any other.
    let emoji = "👍".to_owned();
    let on = true;
    let react = world.intend(id, Intent::React { target, emoji, on });
    world.tab(&bilal).await.does(react).await.unwrap();
    let delete = world.intend(id, Intent::Delete { target });
    tab.does(delete).await.unwrap();
}
