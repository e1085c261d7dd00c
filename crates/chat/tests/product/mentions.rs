//! Who is mentioned: counted apart from what is unread, whatever becomes of the message.

use protocol::limits::{MENTION_ALL_MEMBERS, MENTION_PLACES, MENTIONS_PER_MESSAGE};
use protocol::{ConversationId, ErrorCode, GroupSettings, Intent, Role, Seq, ServerFrame};

use chat::Actor;

use crate::support::{NOW, Tab, World, config};

/// A group of three, and the tab of its owner.
async fn group(world: &World) -> (Actor, Actor, Actor, ConversationId, Tab) {
    let owner = world.person("asha").await;
    let bilal = world.person("bilal").await;
    let chandra = world.person("chandra").await;
    let id = world.group(&owner, &[&bilal, &chandra]).await;
    let tab = world.tab(&owner).await;
    (owner, bilal, chandra, id, tab)
}

async fn say(world: &World, tab: &mut Tab, id: ConversationId, text: &str) -> Seq {
    tab.does(world.command(id, text)).await.unwrap()
}

async fn edit(world: &World, tab: &mut Tab, id: ConversationId, target: Seq, text: &str) {
    let text = text.to_owned();
    let edit = world.intend(id, Intent::Edit { target, text });
    tab.does(edit).await.unwrap();
}

async fn delete(world: &World, tab: &mut Tab, id: ConversationId, target: Seq) {
    let delete = world.intend(id, Intent::Delete { target });
    tab.does(delete).await.unwrap();
}

/// What somebody's list says: unread, and mentions among them.
async fn counts(world: &World, who: &Actor, id: ConversationId) -> (u32, u32) {
    let row = world.chat.conversation(who, id).await.unwrap();
    (row.unread, row.mentions)
}

/// What a connection is told next of what is unread.
async fn told(tab: &mut Tab) -> (u32, u32) {
    loop {
        if let ServerFrame::Read {
            unread, mentions, ..
        } = tab.next().await
        {
            return (unread, mentions);
        }
    }
}

#[tokio::test]
async fn whoever_is_named_has_a_mention_and_nobody_else() {
    let world = World::new().await;
    let (asha, bilal, chandra, id, mut tab) = group(&world).await;
    for text in [
        "@bilal, chai?",
        "@Bilal @bilal",
        "`@bilal`",
        "@asha @nobody",
    ] {
        say(&world, &mut tab, id, text).await;
    }
    assert_eq!(counts(&world, &bilal, id).await, (4, 2));
    assert_eq!(counts(&world, &chandra, id).await, (4, 0));
    assert_eq!(counts(&world, &asha, id).await, (0, 0), "one's own");
    say(&world, &mut tab, id, "@all").await;
    assert_eq!(counts(&world, &bilal, id).await, (5, 3));
    assert_eq!(counts(&world, &chandra, id).await, (5, 1));
}

#[tokio::test]
async fn between_two_people_a_name_is_a_mention_and_all_is_a_word() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut tab = world.tab(&asha).await;
    say(&world, &mut tab, id, "@all").await;
    assert_eq!(counts(&world, &bilal, id).await, (1, 0));
    say(&world, &mut tab, id, "@bilal").await;
    assert_eq!(counts(&world, &bilal, id).await, (2, 1));
}

#[tokio::test]
async fn a_mention_that_is_edited_away_or_deleted_does_not_stay_counted() {
    let world = World::new().await;
    let (_, bilal, _, id, mut tab) = group(&world).await;
    let mut phone = world.tab(&bilal).await;
    let first = say(&world, &mut tab, id, "@bilal").await;
    let second = say(&world, &mut tab, id, "chai").await;
    assert_eq!(counts(&world, &bilal, id).await, (2, 1));

    edit(&world, &mut tab, id, first, "nobody").await;
    assert_eq!(told(&mut phone).await, (2, 0));
    edit(&world, &mut tab, id, second, "chai, @bilal?").await;
    assert_eq!(told(&mut phone).await, (2, 1));
    edit(&world, &mut tab, id, first, "@all").await;
    assert_eq!(told(&mut phone).await, (2, 2));
    delete(&world, &mut tab, id, second).await;
    assert_eq!(told(&mut phone).await, (2, 1));
    assert_eq!(counts(&world, &bilal, id).await, (2, 1));
    // Who is named as before hears nothing of it.
    edit(&world, &mut tab, id, first, "@all, chai").await;
    say(&world, &mut tab, id, "the end").await;
    loop {
        match phone.next().await {
            ServerFrame::Event { message } if message.seq > second.next() => {
                if message.content.counts() {
                    break;
                }
            }
            ServerFrame::Read { .. } => panic!("told again"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn what_is_read_on_one_device_is_no_mention_on_the_others() {
    let world = World::new().await;
    let (_, bilal, _, id, mut tab) = group(&world).await;
    let first = say(&world, &mut tab, id, "@bilal").await;
    let second = say(&world, &mut tab, id, "@bilal again").await;
    let phone = world.sign_in("bilal").await;
    let mut tabs = [world.tab(&bilal).await, world.tab(&phone).await];
    world.chat.mark_read(&phone, id, first, NOW).await.unwrap();
    for tab in &mut tabs {
        assert_eq!(told(tab).await, (1, 1));
    }
    world.chat.mark_read(&bilal, id, second, NOW).await.unwrap();
    for tab in &mut tabs {
        assert_eq!(told(tab).await, (0, 0));
    }
    // What was read is no news, whatever it says later.
    edit(&world, &mut tab, id, first, "@all").await;
    assert_eq!(counts(&world, &bilal, id).await, (0, 0));
}

#[tokio::test]
async fn whoever_comes_back_to_a_group_begins_with_no_mention() {
    let mut world = World::new().await;
    let (asha, bilal, _, id, mut tab) = group(&world).await;
    say(&world, &mut tab, id, "@bilal").await;
    let user = bilal.user();
    let gone = world.intend(id, Intent::Remove { user });
    tab.does(gone).await.unwrap();
    let missed = say(&world, &mut tab, id, "@bilal, are you there?").await;
    let users = vec![user];
    let back = world.intend(id, Intent::Add { users });
    tab.does(back).await.unwrap();
    assert_eq!(counts(&world, &bilal, id).await, (0, 0));
    edit(&world, &mut tab, id, missed, "@bilal @all").await;
    assert_eq!(counts(&world, &bilal, id).await, (0, 0));
    say(&world, &mut tab, id, "@bilal, welcome").await;
    assert_eq!(counts(&world, &bilal, id).await, (1, 1));
    // The same after a restart, and where newcomers see what was before.
    world.restart().await;
    assert_eq!(counts(&world, &bilal, id).await, (1, 1));
    let mut tab = world.tab(&asha).await;
    let settings = GroupSettings {
        history_for_new: true,
        ..GroupSettings::default()
    };
    let open = world.intend(id, Intent::Configure { settings });
    tab.does(open).await.unwrap();
    let dilip = world.person("dilip").await;
    say(&world, &mut tab, id, "@dilip, come").await;
    let users = vec![dilip.user()];
    let come = world.intend(id, Intent::Add { users });
    tab.does(come).await.unwrap();
    assert_eq!(counts(&world, &dilip, id).await, (0, 0));
}

#[tokio::test]
async fn mentions_far_back_are_counted_and_corrected() {
    let mut world = World::new().await;
    let (asha, bilal, _, id, mut tab) = group(&world).await;
    let first = say(&world, &mut tab, id, "@bilal").await;
    let second = say(&world, &mut tab, id, "@bilal").await;
    for _ in 0..200 {
        world.write_skipping(&mut tab, id).await;
    }
    world.restart().await;
    let mut tab = world.tab(&asha).await;
    let mut phone = world.tab(&bilal).await;
    assert_eq!(counts(&world, &bilal, id).await, (202, 2));
    delete(&world, &mut tab, id, first).await;
    assert_eq!(told(&mut phone).await, (202, 1));
    edit(&world, &mut tab, id, second, "nobody").await;
    assert_eq!(told(&mut phone).await, (202, 0));
    world.restart().await;
    assert_eq!(counts(&world, &bilal, id).await, (202, 0));
}

#[tokio::test]
async fn what_is_not_in_memory_any_more_is_corrected_too() {
    let world = World::with(chat::Config {
        loaded_conversations: 1,
        ..config()
    })
    .await;
    let (asha, bilal, _, id, mut tab) = group(&world).await;
    let first = say(&world, &mut tab, id, "@bilal").await;
    for _ in 0..100 {
        world.write_skipping(&mut tab, id).await;
    }
    let mut phone = world.tab(&bilal).await;
    assert_eq!(counts(&world, &bilal, id).await, (101, 1));
    for name in ["dilip", "esha", "farid"] {
        let person = world.person(name).await;
        let opened = world.chat.open_direct(&person, asha.user(), NOW).await;
        opened.unwrap();
        world.chat.tick(NOW).await;
    }
    assert!(world.chat.metrics().loaded_conversations <= 1);
    delete(&world, &mut tab, id, first).await;
    assert_eq!(told(&mut phone).await, (101, 0));
}

#[tokio::test]
async fn mentions_are_looked_for_in_the_newest_places_only() {
    let mut world = World::new().await;
    let (_, bilal, _, id, mut tab) = group(&world).await;
    say(&world, &mut tab, id, "@bilal").await;
    for _ in 1..MENTION_PLACES {
        world.write_skipping(&mut tab, id).await;
    }
    assert_eq!(counts(&world, &bilal, id).await.1, 1);
    world.restart().await;
    assert_eq!(counts(&world, &bilal, id).await.1, 1);
    let mut tab = world.tab(&bilal).await;
    let mut other = world.tab(&world.sign_in("asha").await).await;
    world.write_skipping(&mut other, id).await;
    assert_eq!(counts(&world, &bilal, id).await.1, 0);
    // Whoever comes back with what they have is told the same.
    let frames = tab.hello(&[(id, 1)]).await;
    let mentions = frames.iter().find_map(|frame| match frame {
        ServerFrame::Read { mentions, .. } => Some(*mentions),
        _ => None,
    });
    assert_eq!(mentions, Some(0));
}

#[tokio::test]
async fn in_a_large_group_only_admins_mention_everybody() {
    let world = World::new().await;
    let owner = world.person("asha").await;
    let mut others = Vec::new();
    for n in 1..=MENTION_ALL_MEMBERS {
        others.push(world.person(&format!("user{n}")).await);
    }
    let id = world
        .group(&owner, &others.iter().collect::<Vec<_>>())
        .await;
    let (member, reader) = (&others[0], &others[1]);
    let mut tab = world.tab(member).await;
    let refused = tab.does(world.command(id, "@all")).await;
    assert_eq!(refused, Err(ErrorCode::Forbidden));
    let mine = say(&world, &mut tab, id, "`@all`, @user2").await;
    let text = "@all".to_owned();
    let edit_in = world.intend(id, Intent::Edit { target: mine, text });
    assert_eq!(tab.does(edit_in).await, Err(ErrorCode::Forbidden));
    assert_eq!(counts(&world, reader, id).await, (1, 1));

    let mut owners = world.tab(&owner).await;
    say(&world, &mut owners, id, "@all").await;
    assert_eq!(counts(&world, reader, id).await, (2, 2));
    let role = Role::Admin;
    let user = member.user();
    let raise = world.intend(id, Intent::SetRole { user, role });
    owners.does(raise).await.unwrap();
    let theirs = say(&world, &mut tab, id, "@all").await;
    assert_eq!(counts(&world, reader, id).await, (3, 3));
    // What they were allowed to say stays theirs to mend.
    let role = Role::Member;
    let lower = world.intend(id, Intent::SetRole { user, role });
    owners.does(lower).await.unwrap();
    edit(&world, &mut tab, id, theirs, "@all, chai").await;
    assert_eq!(counts(&world, reader, id).await, (3, 3));
    // One less, and everybody may.
    let leave = world.intend(id, Intent::Leave);
    world.tab(&others[5]).await.does(leave).await.unwrap();
    say(&world, &mut tab, id, "@all").await;
    assert_eq!(counts(&world, reader, id).await, (4, 4));
}

#[tokio::test]
async fn case_15_nobody_hears_of_mentions_where_they_are_not() {
    let world = World::new().await;
    let (_, bilal, _, id, mut tab) = group(&world).await;
    let stranger = world.person("dilip").await;
    let mut theirs = world.tab(&stranger).await;
    let first = say(&world, &mut tab, id, "@dilip @bilal").await;
    edit(&world, &mut tab, id, first, "@bilal").await;
    let user = bilal.user();
    let mut gone = world.tab(&bilal).await;
    let remove = world.intend(id, Intent::Remove { user });
    tab.does(remove).await.unwrap();
    edit(&world, &mut tab, id, first, "@dilip").await;
    say(&world, &mut tab, id, "@bilal @dilip").await;
    // Everything of before is told when this is.
    let direct = world.chat.open_direct(&stranger, user, NOW).await.unwrap();
    for tab in [&mut theirs, &mut gone] {
        let row = loop {
            match tab.next().await {
                ServerFrame::Conversation { summary } if summary.id == direct.id => break summary,
                ServerFrame::Read { mentions, .. } => panic!("told of {mentions}"),
                _ => {}
            }
        };
        assert_eq!(row.mentions, 0);
    }
}

#[tokio::test]
async fn case_41_a_message_of_ten_thousand_names_mentions_few() {
    let world = World::new().await;
    let (_, bilal, chandra, id, mut tab) = group(&world).await;
    let names: String = (0..MENTIONS_PER_MESSAGE)
        .map(|n| format!("@n{n:02} "))
        .collect();
    say(&world, &mut tab, id, &format!("@chandra {names} @bilal")).await;
    assert_eq!(counts(&world, &chandra, id).await, (1, 1));
    assert_eq!(counts(&world, &bilal, id).await, (1, 0), "text, no mention");
    let many = "@a".repeat(1_900);
    say(&world, &mut tab, id, &many).await;
    assert_eq!(counts(&world, &bilal, id).await, (2, 0));
}
