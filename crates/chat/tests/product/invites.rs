//! Links by which groups are joined: who makes them, who comes by them, and who does not.

use std::net::IpAddr;
use std::sync::Arc;

use chat::{Actor, Append, ChatError, Config, MemberChange, MemberRecord, Store};
use protocol::limits::{GROUP_INVITES, GROUP_MEMBERS};
use protocol::{
    Content, ConversationId, ConversationSummary, ErrorCode, Intent, Invitation, Invite, InviteId,
    InviteState, InviteToken, Lifetime, Notice, Role, Seq, ServerFrame, Timestamp, UserId, Uses,
};

use crate::faulty_store::Fault;
use crate::groups::{configure, set_role, tabs, three};
use crate::support::{Got, NOW, World, config, places, refused};

const HOUR: u64 = 60 * 60 * 1_000;
const LASTING: (Lifetime, Uses) = (Lifetime::Forever, Uses::Any);

fn address() -> IpAddr {
    "192.0.2.7".parse().unwrap()
}

/// The secret of a link that an actor makes.
async fn link(
    world: &World,
    actor: &Actor,
    id: ConversationId,
    terms: (Lifetime, Uses),
) -> InviteToken {
    let made = world.chat.make_invite(actor, id, terms, NOW).await;
    made.unwrap().token
}

async fn join(
    world: &World,
    actor: &Actor,
    token: &InviteToken,
) -> Result<ConversationSummary, ChatError> {
    world.chat.join(actor, token, address(), NOW).await
}

async fn look(
    world: &World,
    actor: &Actor,
    token: &InviteToken,
    now: Timestamp,
) -> Result<Invitation, ChatError> {
    world.chat.invitation(actor, token, address(), now).await
}

async fn listed(world: &World, actor: &Actor, id: ConversationId) -> Vec<Invite> {
    world.chat.invites(actor, id, NOW).await.unwrap()
}

/// Who came by a link, as the log says.
async fn came(world: &World, actor: &Actor, id: ConversationId) -> Vec<UserId> {
    let log = world.everything(actor, id).await;
    let came = |content: &Content| matches!(content, Content::Notice(Notice::Joined { .. }));
    let entries = log.iter().filter(|entry| came(&entry.content));
    entries.map(|entry| entry.author).collect()
}

fn unknown() -> InviteToken {
    InviteToken::parse(&"x".repeat(32)).unwrap()
}

#[tokio::test]
async fn a_link_brings_somebody_in_and_everybody_hears_it() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, ..] = people;
    let [_, mut b, _] = tabs(&world, &people).await;
    let dilip = world.person("dilip").await;
    let mut d = world.tab(&dilip).await;
    let terms = (Lifetime::Day, Uses::Ten);
    let made = world.chat.make_invite(&asha, id, terms, NOW).await.unwrap();
    assert_eq!(made.invite.expires_at, Some(NOW.plus_millis(24 * HOUR)));
    assert_eq!((made.invite.limit, made.invite.used), (Some(10), 0));
    // Looking changes nothing.
    for _ in 0..2 {
        let seen = look(&world, &dilip, &made.token, NOW).await.unwrap();
        assert_eq!(seen.title.unwrap().as_str(), "चाय");
        assert_eq!((seen.conversation, seen.member_count), (id, 3));
        assert_eq!(seen.by.id, asha.user());
        assert!(!seen.is_member && !seen.is_full);
    }
    assert_eq!(places(&world.everything(&asha, id).await), [1]);
    let row = join(&world, &dilip, &made.token).await.unwrap();
    assert_eq!((row.id, row.last_seq, row.unread), (id, Seq(2), 0));
    assert_eq!(row.member_count, 4);
    let event = b.event().await;
    assert_eq!((event.author, event.seq), (dilip.user(), Seq(2)));
    let joined = Notice::Joined { by: asha.user() };
    assert_eq!(event.content, Content::Notice(joined));
    let told = d.next_summary().await;
    assert_eq!((told.id, told.last_seq), (id, Seq(2)));
    // What was before is not theirs, what follows is.
    assert_eq!(places(&world.everything(&dilip, id).await), [2]);
    world.write_skipping(&mut b, id).await;
    assert_eq!(d.next_event().await.seq, Seq(3));
    let [of_list] = &listed(&world, &asha, id).await[..] else {
        panic!("one link");
    };
    assert_eq!((of_list.used, of_list.state), (1, InviteState::Open));
    assert_eq!(of_list.made_by.id, asha.user());
}

#[tokio::test]
async fn a_group_that_shows_everything_shows_it_to_those_who_come_by_link() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [mut a, ..] = tabs(&world, &people).await;
    let shows = world.intend(id, configure(false, true));
    a.does(shows).await.unwrap();
    let dilip = world.person("dilip").await;
    let token = link(&world, &people[0], id, LASTING).await;
    join(&world, &dilip, &token).await.unwrap();
    assert_eq!(places(&world.everything(&dilip, id).await), [1, 2, 3]);
}

#[tokio::test]
async fn whoever_is_in_the_group_is_led_into_it_and_uses_nothing_up() {
    let mut world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, bilal, _] = people;
    let token = link(&world, &asha, id, (Lifetime::Hour, Uses::One)).await;
    let late = NOW.plus_millis(2 * HOUR);
    for now in [NOW, late] {
        assert!(look(&world, &bilal, &token, now).await.unwrap().is_member);
        let row = world.chat.join(&bilal, &token, address(), now).await;
        assert_eq!(row.unwrap().id, id);
    }
    world.restart().await;
    assert_eq!(listed(&world, &asha, id).await[0].used, 0);
    assert_eq!(came(&world, &asha, id).await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn case_45_of_those_who_redeem_the_last_use_at_once_one_comes() {
    let mut world = World::new().await;
    let (people, id) = three(&world).await;
    let mut guests = Vec::new();
    for n in 0..20 {
        guests.push(world.person(&format!("guest{n}")).await);
    }
    for round in 0..5 {
        let token = link(&world, &people[0], id, (Lifetime::Hour, Uses::One)).await;
        let guests = &guests[round * 4..][..4];
        let start = Arc::new(tokio::sync::Barrier::new(guests.len()));
        let racing = guests.iter().map(|guest| {
            let (chat, start) = (Arc::clone(&world.chat), Arc::clone(&start));
            let (guest, token) = (*guest, token.clone());
            tokio::spawn(async move {
                start.wait().await;
                chat.join(&guest, &token, address(), NOW).await
            })
        });
        let racing: Vec<_> = racing.collect();
        let mut winners = Vec::new();
        for (guest, outcome) in guests.iter().zip(racing) {
            match outcome.await.unwrap() {
                Ok(row) => {
                    assert_eq!(row.id, id);
                    winners.push(guest.user());
                }
                Err(error) => assert_eq!(error.code(), ErrorCode::NotFound),
            }
        }
        let came = came(&world, &people[0], id).await;
        assert_eq!(came.len(), round + 1);
        assert_eq!(winners[..], came[round..]);
        if round == 3 {
            world.restart().await;
        }
    }
    for link in listed(&world, &people[0], id).await {
        assert_eq!((link.used, link.state), (1, InviteState::UsedUp));
    }
}

#[tokio::test]
async fn the_last_use_is_redeemed_once_in_one_commit() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [mut a, ..] = tabs(&world, &people).await;
    let token = link(&world, &people[0], id, (Lifetime::Forever, Uses::One)).await;
    let (dilip, esha) = (world.person("dilip").await, world.person("esha").await);
    let gate = world.store.hold_appends();
    let before = a.send(world.command(id, "holds the place"));
    tokio::task::yield_now().await;
    let spawn = |guest: Actor| {
        let (chat, token) = (Arc::clone(&world.chat), token.clone());
        tokio::spawn(async move { chat.join(&guest, &token, address(), NOW).await })
    };
    let both = [spawn(dilip), spawn(esha)];
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    world.store.let_appends_go(&gate);
    a.outcome(before).await.unwrap();
    let [first, second] = both;
    let outcomes = [first.await.unwrap(), second.await.unwrap()];
    assert_eq!(outcomes.iter().filter(|it| it.is_ok()).count(), 1);
    assert_eq!(came(&world, &people[0], id).await.len(), 1);
}

#[tokio::test]
async fn a_link_ends_at_its_time() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let dilip = world.person("dilip").await;
    for (lifetime, hours) in [
        (Lifetime::Hour, 1),
        (Lifetime::Day, 24),
        (Lifetime::Week, 168),
    ] {
        let token = link(&world, &people[0], id, (lifetime, Uses::Any)).await;
        let end = NOW.plus_millis(hours * HOUR);
        let before = Timestamp::from_millis(end.millis() - 1);
        look(&world, &dilip, &token, before).await.unwrap();
        refused(look(&world, &dilip, &token, end).await, ErrorCode::NotFound);
        let late = world.chat.join(&dilip, &token, address(), end).await;
        refused(late, ErrorCode::NotFound);
    }
    let end = NOW.plus_millis(168 * HOUR);
    let states = world.chat.invites(&people[0], id, end).await.unwrap();
    assert!(states.iter().all(|it| it.state == InviteState::Expired));
    assert_eq!(came(&world, &people[0], id).await, []);
}

#[tokio::test]
async fn a_revoked_link_leads_nowhere_also_for_whoever_looked_before() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, bilal, _] = people;
    let [mut a, ..] = tabs(&world, &people).await;
    a.does(world.intend(id, set_role(bilal.user(), Role::Admin)))
        .await
        .unwrap();
    let dilip = world.person("dilip").await;
    let kept = link(&world, &asha, id, LASTING).await;
    let made = world.chat.make_invite(&asha, id, LASTING, NOW).await;
    let (token, invite) = made.map(|made| (made.token, made.invite)).unwrap();
    look(&world, &dilip, &token, NOW).await.unwrap();
    assert_eq!(listed(&world, &bilal, id).await.len(), 2);
    // Another admin may, and again.
    for _ in 0..2 {
        let revoked = world.chat.revoke_invite(&bilal, id, invite.id).await;
        revoked.unwrap();
    }
    refused(join(&world, &dilip, &token).await, ErrorCode::NotFound);
    let left = listed(&world, &asha, id).await;
    assert_eq!(left.len(), 1);
    assert_ne!(left[0].id, invite.id);
    join(&world, &dilip, &kept).await.unwrap();
}

#[tokio::test]
async fn a_link_does_no_more_than_its_maker() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, bilal, _] = people;
    let [mut a, mut b, _] = tabs(&world, &people).await;
    let role = |role| world.intend(id, set_role(bilal.user(), role));
    a.does(role(Role::Admin)).await.unwrap();
    let token = link(&world, &bilal, id, LASTING).await;
    let dilip = world.person("dilip").await;
    a.does(role(Role::Member)).await.unwrap();
    refused(join(&world, &dilip, &token).await, ErrorCode::NotFound);
    assert_eq!(listed(&world, &asha, id).await[0].state, InviteState::Void);
    a.does(role(Role::Admin)).await.unwrap();
    look(&world, &dilip, &token, NOW).await.unwrap();
    b.does(world.intend(id, Intent::Leave)).await.unwrap();
    refused(join(&world, &dilip, &token).await, ErrorCode::NotFound);
    // Whoever left by themselves comes back by a link, but makes none.
    let other = link(&world, &asha, id, LASTING).await;
    join(&world, &bilal, &other).await.unwrap();
    refused(join(&world, &dilip, &token).await, ErrorCode::NotFound);
}

#[tokio::test]
async fn case_24_whoever_was_removed_does_not_come_back_by_a_link() {
    let mut world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, bilal, _] = people;
    let [mut a, ..] = tabs(&world, &people).await;
    let token = link(&world, &asha, id, LASTING).await;
    let user = bilal.user();
    a.does(world.intend(id, Intent::Remove { user }))
        .await
        .unwrap();
    for _ in 0..2 {
        refused(look(&world, &bilal, &token, NOW).await, ErrorCode::NotFound);
        refused(join(&world, &bilal, &token).await, ErrorCode::NotFound);
        world.restart().await;
    }
    let mut a = world.tab(&asha).await;
    let users = vec![user];
    a.does(world.intend(id, Intent::Add { users }))
        .await
        .unwrap();
    let mut b = world.tab(&bilal).await;
    b.does(world.intend(id, Intent::Leave)).await.unwrap();
    join(&world, &bilal, &token).await.unwrap();
}

#[tokio::test]
async fn a_removal_before_a_coming_in_one_commit_bars_it() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, bilal, _] = people;
    let [mut a, mut b, _] = tabs(&world, &people).await;
    let token = link(&world, &asha, id, LASTING).await;
    b.does(world.intend(id, Intent::Leave)).await.unwrap();
    let gate = world.store.hold_appends();
    let before = a.send(world.command(id, "holds the place"));
    tokio::task::yield_now().await;
    let users = vec![bilal.user()];
    let add = a.send(world.intend(id, Intent::Add { users }));
    let user = bilal.user();
    let remove = a.send(world.intend(id, Intent::Remove { user }));
    let coming = {
        let (chat, token) = (Arc::clone(&world.chat), token.clone());
        tokio::spawn(async move { chat.join(&bilal, &token, address(), NOW).await })
    };
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    world.store.let_appends_go(&gate);
    for send in [before, add, remove] {
        a.outcome(send).await.unwrap();
    }
    refused(coming.await.unwrap(), ErrorCode::NotFound);
    assert_eq!(came(&world, &asha, id).await, []);
}

#[tokio::test]
async fn who_may_make_list_and_revoke_links() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, bilal, _] = people;
    let stranger = world.person("stranger").await;
    let direct = world.chat.open_direct(&asha, bilal.user(), NOW).await;
    let direct = direct.unwrap().id;
    let token = link(&world, &asha, id, LASTING).await;
    let known = listed(&world, &asha, id).await[0].id;
    let nowhere = ConversationId::from_parts(NOW, 77);
    for (actor, id, code) in [
        (&bilal, id, ErrorCode::Forbidden),
        (&stranger, id, ErrorCode::NotFound),
        (&asha, direct, ErrorCode::Forbidden),
        (&asha, nowhere, ErrorCode::NotFound),
    ] {
        refused(world.chat.make_invite(actor, id, LASTING, NOW).await, code);
        refused(world.chat.invites(actor, id, NOW).await, code);
        refused(world.chat.revoke_invite(actor, id, known).await, code);
    }
    // A link of another group is none of this one.
    let other = world.group(&asha, &[]).await;
    world.chat.revoke_invite(&asha, other, known).await.unwrap();
    let unknown_id = InviteId::from_parts(NOW, 5);
    let revoked = world.chat.revoke_invite(&asha, id, unknown_id).await;
    revoked.unwrap();
    join(&world, &stranger, &token).await.unwrap();
}

#[tokio::test]
async fn a_group_has_so_many_links_and_dead_ones_make_room() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let asha = people[0];
    for n in 0..GROUP_INVITES {
        let lifetime = if n < 2 {
            Lifetime::Hour
        } else {
            Lifetime::Week
        };
        link(&world, &asha, id, (lifetime, Uses::Any)).await;
    }
    let one_more = |now| world.chat.make_invite(&asha, id, LASTING, now);
    refused(one_more(NOW).await, ErrorCode::TooMany);
    let late = NOW.plus_millis(HOUR);
    for _ in 0..2 {
        one_more(late).await.unwrap();
    }
    refused(one_more(late).await, ErrorCode::TooMany);
    assert_eq!(listed(&world, &asha, id).await.len(), GROUP_INVITES);
}

#[tokio::test]
async fn a_thousand_members_are_the_end_also_by_link() {
    let mut world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, ..] = people;
    let token = link(&world, &asha, id, LASTING).await;
    let crowd = (0..GROUP_MEMBERS as u128 - 4).map(|n| {
        let user = UserId::from_parts(NOW, n << 8);
        let member = MemberRecord::beginning(user, Role::Member, NOW);
        (id, MemberChange::Joined(member))
    });
    let append = Append {
        members: crowd.collect(),
        ..Append::default()
    };
    world.store.append(&append).await.unwrap();
    world.restart().await;
    let (dilip, esha) = (world.person("dilip").await, world.person("esha").await);
    let row = join(&world, &dilip, &token).await.unwrap();
    assert_eq!(row.member_count as usize, GROUP_MEMBERS);
    let seen = look(&world, &esha, &token, NOW).await.unwrap();
    assert!(seen.is_full && !seen.is_member);
    assert_eq!(seen.member_count as usize, GROUP_MEMBERS);
    refused(join(&world, &esha, &token).await, ErrorCode::TooMany);
    // The link is not used up by that.
    assert_eq!(listed(&world, &asha, id).await[0].used, 1);
    assert!(look(&world, &dilip, &token, NOW).await.unwrap().is_member);
}

#[tokio::test]
async fn case_24_guesses_are_limited_and_links_that_lead_somewhere_are_not() {
    let limited = Config {
        rate_limits: true,
        ..config()
    };
    let world = World::with(limited).await;
    let (people, id) = three(&world).await;
    let token = link(&world, &people[0], id, LASTING).await;
    let dilip = world.person("dilip").await;
    for _ in 0..200 {
        look(&world, &dilip, &token, NOW).await.unwrap();
    }
    for _ in 0..20 {
        let guess = look(&world, &dilip, &unknown(), NOW).await;
        refused(guess, ErrorCode::NotFound);
    }
    // From another address too, and whatever the link.
    let elsewhere: IpAddr = "198.51.100.9".parse().unwrap();
    for token in [&unknown(), &token] {
        let guess = world.chat.join(&dilip, token, elsewhere, NOW).await;
        refused(guess, ErrorCode::RateLimited);
    }
    // Further accounts of one address have as many guesses together.
    let mut guesses = 20;
    'accounts: for n in 0..10 {
        let account = world.person(&format!("helper{n}")).await;
        for _ in 0..20 {
            match look(&world, &account, &unknown(), NOW).await {
                Err(error) if error.code() == ErrorCode::NotFound => guesses += 1,
                Err(error) => {
                    assert_eq!(error.code(), ErrorCode::RateLimited);
                    break 'accounts;
                }
                Ok(found) => panic!("{found:?}"),
            }
        }
    }
    assert_eq!(guesses, 60);
    let later = NOW.plus_millis(30_000);
    look(&world, &dilip, &token, later).await.unwrap();
}

#[tokio::test]
async fn a_coming_whose_commit_fails_counts_nothing_and_one_that_was_stored_counts_once() {
    for (fault, came_after) in [
        (Fault::Full, false),
        (Fault::Lost, false),
        (Fault::Panic, false),
        (Fault::StoredAndFailed, true),
        (Fault::StoredAndPanic, true),
    ] {
        let world = World::new().await;
        let (people, id) = three(&world).await;
        let token = link(&world, &people[0], id, (Lifetime::Day, Uses::One)).await;
        let dilip = world.person("dilip").await;
        let mut d = world.tab(&dilip).await;
        world.store.fail_next(&[fault]);
        let outcome = join(&world, &dilip, &token).await;
        // Whoever is in by the time that they are told of the failure is told so instead.
        match outcome {
            Ok(row) => assert!(came_after && row.id == id, "{fault:?}"),
            Err(error) => assert_eq!(error.code(), ErrorCode::StorageUnavailable),
        }
        world.chat.tick(NOW).await;
        let used = listed(&world, &people[0], id).await[0].used;
        assert_eq!(used, u32::from(came_after), "{fault:?}");
        join(&world, &dilip, &token).await.unwrap();
        assert_eq!(d.next_summary().await.id, id);
        assert_eq!(came(&world, &people[0], id).await, [dilip.user()]);
        assert_eq!(listed(&world, &people[0], id).await[0].used, 1);
    }
}

#[tokio::test]
async fn whoever_has_a_link_and_has_not_come_hears_nothing() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [mut a, ..] = tabs(&world, &people).await;
    let token = link(&world, &people[0], id, LASTING).await;
    let dilip = world.person("dilip").await;
    let mut d = world.tab(&dilip).await;
    look(&world, &dilip, &token, NOW).await.unwrap();
    world.write_skipping(&mut a, id).await;
    let pages = world.chat.history(&dilip, id, Seq(1), Seq(9)).await;
    refused(pages, ErrorCode::NotFound);
    let heard: Vec<_> = d.pending();
    let of_group = |got: &Got| {
        matches!(
            got,
            Got::Frame(ServerFrame::Event { .. } | ServerFrame::Conversation { .. })
        )
    };
    assert!(!heard.iter().any(of_group), "{heard:?}");
}

#[tokio::test]
async fn nobody_comes_by_a_link_after_it_was_revoked_however_soon() {
    let world = World::new().await;
    let (people, id) = three(&world).await;
    let [asha, ..] = people;
    let (dilip, esha) = (world.person("dilip").await, world.person("esha").await);
    let token = link(&world, &asha, id, LASTING).await;
    let made = listed(&world, &asha, id).await[0].id;
    let gate = world.store.hold_links();
    let coming = {
        let (chat, token) = (Arc::clone(&world.chat), token.clone());
        tokio::spawn(async move { chat.join(&dilip, &token, address(), NOW).await })
    };
    // He may look; what writes his coming has found the link and goes no further.
    gate.add_permits(1);
    while world.store.held_links() < 2 {
        tokio::task::yield_now().await;
    }
    let chat = Arc::clone(&world.chat);
    let revoking = tokio::spawn(async move { chat.revoke_invite(&asha, id, made).await });
    // Whatever does not wait for it is done after so many turns.
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    assert!(!revoking.is_finished(), "he would come after it");
    gate.add_permits(9);
    coming.await.unwrap().unwrap();
    revoking.await.unwrap().unwrap();
    assert_eq!(came(&world, &asha, id).await, [dilip.user()]);
    assert!(listed(&world, &asha, id).await.is_empty());
    refused(join(&world, &esha, &token).await, ErrorCode::NotFound);
    assert_eq!(came(&world, &asha, id).await, [dilip.user()]);
}
