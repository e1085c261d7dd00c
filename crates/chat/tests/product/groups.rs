//! Making groups, their details and roles.

use std::sync::Arc;

use chat::{Actor, SendCommand};
use protocol::limits::ADD_MEMBERS;
use protocol::{
    Content, ConversationId, ConversationKind, DisplayName, ErrorCode, GroupSettings, Intent,
    Member, Notice, Role, Seq, ServerFrame, UserId,
};

use crate::changes::at_once;
use crate::support::{Got, NOW, Tab, World, places, refused};

pub(crate) fn title(text: &str) -> DisplayName {
    DisplayName::parse(text).unwrap()
}

fn rename(title: &str) -> Intent {
    Intent::Rename {
        title: title.to_owned(),
    }
}

fn describe(description: &str) -> Intent {
    Intent::Describe {
        description: description.to_owned(),
    }
}

pub(crate) fn configure(announcements_only: bool, history_for_new: bool) -> Intent {
    Intent::Configure {
        settings: GroupSettings {
            announcements_only,
            history_for_new,
        },
    }
}

pub(crate) fn set_role(user: UserId, role: Role) -> Intent {
    Intent::SetRole { user, role }
}

/// Owner, and two others.
pub(crate) async fn three(world: &World) -> ([Actor; 3], ConversationId) {
    let asha = world.person("asha").await;
    let bilal = world.person("bilal").await;
    let chandra = world.person("chandra").await;
    let id = world.group(&asha, &[&bilal, &chandra]).await;
    ([asha, bilal, chandra], id)
}

pub(crate) async fn tabs(world: &World, people: &[Actor; 3]) -> [Tab; 3] {
    let [a, b, c] = people;
    [world.tab(a).await, world.tab(b).await, world.tab(c).await]
}

fn roles(members: &[Member]) -> Vec<(UserId, Role)> {
    let mut roles: Vec<_> = members.iter().map(|m| (m.person.id, m.role)).collect();
    roles.sort_unstable();
    roles
}

#[tokio::test]
async fn a_group_begins_with_its_first_entry_and_everybody_is_told() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let bilal = world.person("bilal").await;
    let outsider = world.person("chandra").await;
    let mut a = world.tab(&asha).await;
    let mut b = world.tab(&bilal).await;
    let mut c = world.tab(&outsider).await;
    let nobody = UserId::from_parts(NOW, 5);
    let users = vec![bilal.user(), nobody, asha.user(), bilal.user()];
    let send_id = world.send_id();
    let made = world
        .chat
        .create_group(&asha, send_id, title("चाय"), users, NOW)
        .await
        .unwrap();
    assert_eq!(made.kind, ConversationKind::Group);
    assert_eq!(made.title, Some(title("चाय")));
    assert_eq!((made.member_count, made.last_seq), (2, Seq(1)));
    assert_eq!(made.members[0].person.id, asha.user(), "the caller first");
    let expected = [(asha.user(), Role::Owner), (bilal.user(), Role::Member)];
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(roles(&made.members), expected);
    let first = made.last_message.clone().unwrap();
    assert_eq!((first.seq, first.author), (Seq(1), asha.user()));
    assert_eq!(first.send_id, send_id);
    let created = Notice::Created {
        title: title("चाय"),
    };
    assert_eq!(first.content, Content::Notice(created));
    for tab in [&mut a, &mut b] {
        let told = tab.next_summary().await;
        assert_eq!((told.id, told.unread), (made.id, 0));
        assert_eq!(told.members[0].person.id, tab.user());
    }
    assert_eq!(c.pending(), []);
    world.write(&mut a, made.id, 1).await;
    assert_eq!(b.next_event().await.seq, Seq(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_request_for_a_group_makes_one_however_often_it_comes() {
    let mut world = World::new().await;
    let asha = world.person("asha").await;
    let bilal = world.person("bilal").await;
    let send_id = world.send_id();
    let asking: Vec<_> = (0..8)
        .map(|_| {
            let chat = Arc::clone(&world.chat);
            let users = vec![bilal.user()];
            tokio::spawn(async move {
                let made = chat.create_group(&asha, send_id, title("x"), users, NOW);
                made.await.unwrap().id
            })
        })
        .collect();
    let mut ids = std::collections::HashSet::new();
    for asked in asking {
        ids.insert(asked.await.unwrap());
    }
    assert_eq!(ids.len(), 1);
    world.restart().await;
    let again = world
        .chat
        .create_group(&asha, send_id, title("y"), vec![], NOW)
        .await
        .unwrap();
    assert!(ids.contains(&again.id));
    assert_eq!(again.title, Some(title("x")));
    // The same id of somebody else, and another id, are others.
    let theirs = world
        .chat
        .create_group(&bilal, send_id, title("z"), vec![], NOW)
        .await
        .unwrap();
    let other = world.group(&asha, &[]).await;
    assert!(!ids.contains(&theirs.id) && !ids.contains(&other));
    assert_eq!(theirs.member_count, 1);
    assert_eq!(world.chat.conversations(&asha).await.unwrap().len(), 2);
    let crowd = vec![bilal.user(); ADD_MEMBERS + 1];
    let made = world
        .chat
        .create_group(&asha, world.send_id(), title("x"), crowd, NOW)
        .await;
    refused(made, ErrorCode::TooMany);
}

#[tokio::test]
async fn name_description_and_rules_are_told_as_an_entry_and_a_summary() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [mut a, mut b, _] = tabs(&world, &people).await;
    for (n, intent) in [
        rename("  Chai   at five "),
        describe("first\nsecond"),
        configure(true, false),
        describe(""),
    ]
    .into_iter()
    .enumerate()
    {
        let seq = Seq(n as u64 + 2);
        assert_eq!(a.does(world.intend(id, intent)).await, Ok(seq));
        let event = b.next().await;
        assert!(matches!(event, ServerFrame::Event { .. }), "{event:?}");
        let summary = b.next_summary().await;
        assert_eq!(summary.last_seq, seq);
        assert_eq!(summary.title, Some(title("Chai at five")));
        assert_eq!(summary.description.is_some(), n == 1 || n == 2);
        assert_eq!(summary.settings.announcements_only, n >= 2);
        assert_eq!(summary.unread, 0, "notices do not count");
        let own = a.next_summary().await;
        assert_eq!(own.members[0].person.id, a.user());
    }
    assert_eq!(b.pending(), [], "one summary for each");
}

#[tokio::test]
async fn one_commit_is_one_summary() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [mut a, mut b, _] = tabs(&world, &people).await;
    let sends = ["one", "two", "three"].map(|name| (0, world.intend(id, rename(name))));
    at_once(&world, &mut [&mut a], sends.into()).await;
    let mut got = Vec::new();
    for _ in 0..5 {
        got.push(b.next().await);
    }
    let Some(ServerFrame::Conversation { summary }) = got.pop() else {
        panic!("{got:?}");
    };
    assert_eq!(crate::support::events(&got), [2, 3, 4, 5]);
    assert_eq!(summary.title, Some(title("three")));
    assert_eq!(b.pending(), []);
}

#[tokio::test]
async fn only_admins_write_where_only_admins_write() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [mut a, mut b, _] = tabs(&world, &people).await;
    // In one commit: what comes before is in, what comes after is not.
    let sends = [
        (1, world.command(id, "in time")),
        (0, world.intend(id, configure(true, false))),
        (1, world.command(id, "too late")),
        (0, world.command(id, "of an admin")),
        (0, world.intend(id, configure(false, false))),
        (1, world.command(id, "again")),
    ];
    let outcomes = at_once(&world, &mut [&mut a, &mut b], sends.into()).await;
    let expected = [
        Ok(Seq(3)),
        Ok(Seq(4)),
        Err(ErrorCode::Forbidden),
        Ok(Seq(5)),
        Ok(Seq(6)),
        Ok(Seq(7)),
    ];
    assert_eq!(outcomes, expected);
}

#[tokio::test]
async fn case_11_whoever_may_not_write_any_more_edits_nothing() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [mut a, mut b, mut c] = tabs(&world, &people).await;
    let edit = |target, text: &str| {
        let text = text.to_owned();
        world.intend(id, Intent::Edit { target, text })
    };
    let remove = world.intend(
        id,
        Intent::Remove {
            user: people[2].user(),
        },
    );
    let sends = [
        (1, world.command(id, "of bilal")),
        (2, world.command(id, "of chand")),
        (1, edit(Seq(3), "of bilal, better")),
        (0, world.intend(id, configure(true, false))),
        (1, edit(Seq(3), "smuggled in")),
        (1, world.intend(id, Intent::Delete { target: Seq(3) })),
        (0, world.intend(id, configure(false, false))),
        (0, remove),
        (2, edit(Seq(4), "from outside")),
        (1, world.intend(id, Intent::Leave)),
        (1, edit(Seq(3), "from outside")),
    ];
    let outcomes = at_once(&world, &mut [&mut a, &mut b, &mut c], sends.into()).await;
    let expected = [
        Ok(Seq(3)),
        Ok(Seq(4)),
        Ok(Seq(5)),
        Ok(Seq(6)),
        Err(ErrorCode::Forbidden),
        Ok(Seq(7)),
        Ok(Seq(8)),
        Ok(Seq(9)),
        Err(ErrorCode::NotFound),
        Ok(Seq(10)),
        Err(ErrorCode::NotFound),
    ];
    assert_eq!(outcomes, expected);
}

#[tokio::test]
async fn case_06_a_role_that_changes_in_mid_send_is_the_same_for_everybody() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let bilal = people[1].user();
    let [mut a, mut b, mut c] = tabs(&world, &people).await;
    let promote = |role| (0, world.intend(id, set_role(bilal, role)));
    let renames: Vec<_> = (0..3)
        .map(|n| (1, world.intend(id, rename(&format!("name {n}")))))
        .collect();
    let sends: Vec<(usize, SendCommand)> = vec![
        renames[0].clone(),
        promote(Role::Admin),
        renames[1].clone(),
        promote(Role::Member),
        renames[2].clone(),
    ];
    let outcomes = at_once(&world, &mut [&mut a, &mut b], sends).await;
    let expected = [
        Err(ErrorCode::Forbidden),
        Ok(Seq(3)),
        Ok(Seq(4)),
        Ok(Seq(5)),
        Err(ErrorCode::Forbidden),
    ];
    assert_eq!(outcomes, expected);
    let summary = c.next_summary().await;
    assert_eq!(summary.title, Some(title("name 1")));
    assert!(roles(&summary.members).contains(&(bilal, Role::Member)));
}

#[tokio::test]
async fn a_group_is_handed_over() {
    let mut world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, bilal, _] = people;
    let [mut a, mut b, _] = tabs(&world, &people).await;
    let hand_over = world.intend(id, set_role(bilal.user(), Role::Owner));
    a.does(hand_over).await.unwrap();
    let back = world.intend(id, set_role(bilal.user(), Role::Member));
    assert_eq!(a.does(back).await, Err(ErrorCode::Forbidden));
    let remove = world.intend(id, Intent::Remove { user: asha.user() });
    assert_eq!(b.does(remove).await, Ok(Seq(3)), "the owner is another");
    world.restart().await;
    let row = world.chat.conversation(&bilal, id).await.unwrap();
    assert_eq!((row.member_count, row.members[0].role), (2, Role::Owner));
    refused(
        world.chat.conversation(&asha, id).await,
        ErrorCode::NotFound,
    );
}

#[tokio::test]
async fn what_belongs_to_groups_is_refused_elsewhere_and_to_members_forbidden() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, bilal, chandra] = people;
    let direct = world
        .chat
        .open_direct(&bilal, asha.user(), NOW)
        .await
        .unwrap()
        .id;
    let mut b = world.tab(&bilal).await;
    for conversation in [direct, id] {
        for intent in [
            rename("x"),
            describe("x"),
            configure(true, true),
            Intent::Add {
                users: vec![chandra.user()],
            },
            Intent::Remove {
                user: chandra.user(),
            },
            set_role(bilal.user(), Role::Admin),
        ] {
            let outcome = b.does(world.intend(conversation, intent.clone())).await;
            assert_eq!(outcome, Err(ErrorCode::Forbidden), "{intent:?}");
        }
    }
    let outcome = b.does(world.intend(direct, Intent::Leave)).await;
    assert_eq!(outcome, Err(ErrorCode::Forbidden));
    let all = world.everything(&bilal, id).await;
    assert_eq!(places(&all), [1]);
}

#[tokio::test]
async fn the_list_names_some_and_the_others_are_read_by_page() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let mut others = Vec::new();
    for n in 0..150 {
        others.push(world.person(&format!("person{n:03}")).await);
    }
    let id = world
        .group(&asha, &others.iter().take(100).collect::<Vec<_>>())
        .await;
    let mut a = world.tab(&asha).await;
    let users = others[90..].iter().map(Actor::user).collect();
    a.does(world.intend(id, Intent::Add { users }))
        .await
        .unwrap();
    let row = world.chat.conversation(&others[120], id).await.unwrap();
    assert_eq!((row.members.len(), row.member_count), (100, 151));
    assert_eq!(row.members[0].person.id, others[120].user());
    let mut all = Vec::new();
    loop {
        let after = all.last().map(|member: &Member| member.person.id);
        let page = world.chat.group_members(&asha, id, after).await.unwrap();
        if page.is_empty() {
            break;
        }
        all.extend(page);
    }
    let ids: Vec<_> = all.iter().map(|member| member.person.id).collect();
    assert_eq!(ids.len(), 151);
    assert!(ids.is_sorted());
    assert!(all.iter().all(|member| member.read_seq == Seq::ZERO));
    let stranger = world.person("stranger").await;
    let page = world.chat.group_members(&stranger, id, None).await;
    refused(page, ErrorCode::NotFound);
    // So many do not see how far the others have read.
    let mut b = world.tab(&others[0]).await;
    world.chat.mark_read(&asha, id, Seq(2), NOW).await.unwrap();
    world
        .chat
        .mark_read(&others[1], id, Seq(2), NOW)
        .await
        .unwrap();
    assert_eq!(b.pending(), Vec::<Got>::new());
}

#[tokio::test]
async fn people_are_found_by_their_ids() {
    let world = World::new().await;
    let (people, _) = three(&world).await;
    let stranger = world.person("stranger").await;
    let nobody = UserId::from_parts(NOW, 3);
    let ids = [people[2].user(), nobody, people[0].user()];
    let found = world.chat.persons(&stranger, &ids).await.unwrap();
    let names: Vec<_> = found
        .iter()
        .map(|person| person.username.as_str())
        .collect();
    assert_eq!(names, ["chandra", "asha"]);
    let crowd = vec![nobody; 101];
    refused(
        world.chat.persons(&stranger, &crowd).await,
        ErrorCode::TooMany,
    );
}
