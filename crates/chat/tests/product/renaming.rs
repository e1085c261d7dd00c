//! Another name and another password, for those who are connected.

use std::sync::Arc;

use chat::PasswordChange;
use protocol::limits::SUMMARY_MEMBERS;
use protocol::{
    CloseCode, Codec, ConversationSummary, DisplayName, ErrorCode, Password, ServerFrame, UserId,
};

use crate::support::{Got, NOW, PASSWORD, Tab, World, config, refused};

fn name(text: &str) -> DisplayName {
    DisplayName::parse(text).unwrap()
}

fn called(summary: &ConversationSummary, user: UserId) -> &str {
    let mut members = summary.members.iter().map(|member| &member.person);
    let person = members.find(|person| person.id == user).unwrap();
    person.display_name.as_str()
}

/// Takes the summaries of so many conversations, in any order.
async fn told(tab: &mut Tab, count: usize) -> Vec<ConversationSummary> {
    let mut told = Vec::new();
    for _ in 0..count {
        told.push(tab.next_summary().await);
    }
    told
}

#[tokio::test]
async fn whoever_shares_a_conversation_is_told_of_another_name() {
    let world = World::new().await;
    let (asha, bilal, direct) = world.pair().await;
    let chandra = world.person("chandra").await;
    let group = world.group(&asha, &[&bilal]).await;
    let on_phone = world.sign_in("asha").await;
    let mut stranger = world.tab(&chandra).await;
    let mut tabs = [
        world.tab(&asha).await,
        world.tab(&on_phone).await,
        world.tab(&bilal).await,
    ];
    let renamed = world.chat.rename(&asha, name("Zoya"), NOW).await;
    assert_eq!(renamed.unwrap().display_name, name("Zoya"));
    for tab in &mut tabs {
        let told = told(tab, 2).await;
        let mut ids: Vec<_> = told.iter().map(|summary| summary.id).collect();
        ids.sort_unstable();
        let mut expected = [direct, group];
        expected.sort_unstable();
        assert_eq!(ids, expected);
        for summary in &told {
            assert_eq!(called(summary, asha.user()), "Zoya");
        }
    }
    assert_eq!(stranger.pending(), []);
    // Whoever comes later sees it at once.
    let mut later = world.connect(&bilal, Codec::Binary);
    let frames = later.hello(&[]).await;
    let shown = frames.iter().filter_map(|frame| match frame {
        ServerFrame::Conversation { summary } => Some(called(summary, asha.user())),
        _ => None,
    });
    assert_eq!(shown.collect::<Vec<_>>(), ["Zoya", "Zoya"]);
    let mut own = world.connect(&asha, Codec::Binary);
    let [ServerFrame::Welcome { me, .. }, ..] = &own.hello(&[]).await[..] else {
        panic!("no welcome");
    };
    assert_eq!(me.display_name, name("Zoya"));
}

#[tokio::test]
async fn a_name_that_changes_again_and_again_ends_as_the_last() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let mut tab = world.tab(&bilal).await;
    for n in 1..=20 {
        let renamed = world.chat.rename(&asha, name(&format!("Asha {n}")), NOW);
        renamed.await.unwrap();
    }
    let mut last = String::new();
    while last != "Asha 20" {
        last = called(&tab.next_summary().await, asha.user()).to_owned();
    }
    tokio::task::yield_now().await;
    for got in tab.pending() {
        let Got::Frame(ServerFrame::Conversation { summary }) = got else {
            continue;
        };
        assert_eq!(called(&summary, asha.user()), "Asha 20");
    }
}

#[tokio::test]
async fn in_a_large_group_nobody_is_told() {
    let world = World::new().await;
    let (asha, bilal, direct) = world.pair().await;
    let mut others = Vec::new();
    for n in 0..SUMMARY_MEMBERS {
        others.push(world.person(&format!("user{n}")).await);
    }
    let group = world.group(&asha, &others.iter().collect::<Vec<_>>()).await;
    let mut member = world.tab(&others[0]).await;
    let mut friend = world.tab(&bilal).await;
    world.chat.rename(&asha, name("Zoya"), NOW).await.unwrap();
    assert_eq!(friend.next_summary().await.id, direct);
    // The group came first: it is newer.
    assert_eq!(member.pending(), []);
    let page = world.chat.group_members(&others[0], group, None).await;
    let mut members = page.unwrap().into_iter();
    let shown = members.find(|member| member.person.id == asha.user());
    assert!(shown.is_none_or(|member| member.person.display_name == name("Zoya")));
}

fn change() -> PasswordChange {
    PasswordChange {
        current: Password::parse_existing(PASSWORD.to_owned()).unwrap(),
        new: Password::parse_new("नई चाबी नया ताला".to_owned()).unwrap(),
    }
}

#[tokio::test]
async fn another_password_closes_the_sockets_of_the_other_devices() {
    let world = World::with(config()).await;
    let (asha, _, id) = world.pair().await;
    let mut phones = Vec::new();
    for _ in 0..3 {
        phones.push(world.tab(&world.sign_in("asha").await).await);
    }
    let mut here = world.tab(&asha).await;
    let address = "192.0.2.7".parse().unwrap();
    let changed = world.chat.change_password(&asha, change(), address, NOW);
    assert_eq!(changed.await.unwrap().ended, Some(3));
    for phone in &mut phones {
        assert_eq!(phone.pending(), [Got::Close(CloseCode::SessionEnded)]);
    }
    world.write(&mut here, id, 1).await;
}

#[tokio::test]
async fn sessions_that_could_not_be_ended_are_told() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let mut phone = world.tab(&world.sign_in("asha").await).await;
    world.store.fail_revocations(true);
    let address = "192.0.2.7".parse().unwrap();
    let changed = world.chat.change_password(&asha, change(), address, NOW);
    let changed = changed.await.unwrap();
    assert_eq!(changed.ended, None);
    assert!(changed.signed_in.is_some());
    assert_eq!(phone.pending(), [Got::Close(CloseCode::SessionEnded)]);
}

#[tokio::test]
async fn a_caller_who_goes_away_leaves_no_session_behind() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let stolen = world.tokens("asha").await;
    let thief = world.actor(&stolen.access_token).await;
    let mut socket = world.tab(&thief).await;
    let chat = Arc::clone(&world.chat);
    let asking = tokio::spawn(async move {
        let address = "192.0.2.7".parse().unwrap();
        chat.change_password(&asha, change(), address, NOW).await
    });
    while Arc::strong_count(&world.chat) < 4 && !asking.is_finished() {
        tokio::task::yield_now().await;
    }
    asking.abort();
    assert_eq!(socket.closed().await, CloseCode::SessionEnded);
    refused(
        world.chat.refresh(&stolen.refresh_token, NOW).await,
        ErrorCode::Unauthenticated,
    );
}
