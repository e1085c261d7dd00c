//! Fifty people come and go while others write: nobody hears a place that is not theirs.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chat::Actor;
use protocol::{
    Content, ConversationId, Intent, InviteToken, Lifetime, Message, Notice, Seq, ServerFrame,
    UserId, Uses,
};

use crate::support::{NOW, Tab, World};

const PEOPLE: usize = 50;
const ROUNDS: usize = 2;

/// What one connection heard, in order.
#[derive(Debug)]
enum Heard {
    Described(Seq),
    Event(Seq),
    Gone,
}

/// Places that somebody may hear, both included.
type Spans = Vec<(u64, u64)>;

fn spans(log: &[Message]) -> BTreeMap<UserId, Spans> {
    let mut spans: BTreeMap<UserId, Spans> = BTreeMap::new();
    for entry in log {
        let seq = entry.seq.0;
        let (came, went) = match &entry.content {
            Content::Notice(Notice::Added { users }) => (users.clone(), None),
            Content::Notice(Notice::Joined { .. }) => (vec![entry.author], None),
            Content::Notice(Notice::Removed { user }) => (Vec::new(), Some(*user)),
            Content::Notice(Notice::Left { .. }) => (Vec::new(), Some(entry.author)),
            _ => (Vec::new(), None),
        };
        for user in came {
            spans.entry(user).or_default().push((seq, u64::MAX));
        }
        if let Some(last) = went.and_then(|user| spans.get_mut(&user)?.last_mut()) {
            last.1 = seq;
        }
    }
    spans
}

/// Listens until told to stop and nothing is left.
async fn listen(mut tab: Tab, id: ConversationId, over: Arc<AtomicBool>) -> Vec<Heard> {
    let mut heard = Vec::new();
    loop {
        if tab.waiting() == 0 {
            if over.load(Ordering::SeqCst) && tab.waiting() == 0 {
                return heard;
            }
            tokio::task::yield_now().await;
            continue;
        }
        match tab.next().await {
            ServerFrame::Conversation { summary } if summary.id == id => {
                heard.push(Heard::Described(summary.last_seq));
            }
            ServerFrame::Event { message } => heard.push(Heard::Event(message.seq)),
            ServerFrame::Gone { .. } => heard.push(Heard::Gone),
            ServerFrame::Resync => panic!("it reads all the time"),
            _ => {}
        }
    }
}

/// A connection hears its spans and nothing else, without a hole after what it was told.
fn check(heard: &[Heard], spans: &[(u64, u64)]) {
    let mut known: Option<u64> = None;
    for it in heard {
        match it {
            Heard::Described(last) => {
                let at = known.unwrap_or(0).max(last.0);
                let theirs = spans.iter().any(|(from, to)| *from <= at && at <= *to);
                assert!(theirs, "told of {at} outside of {spans:?}");
                known = Some(at);
            }
            Heard::Event(seq) => {
                let theirs = spans
                    .iter()
                    .any(|(from, to)| *from <= seq.0 && seq.0 <= *to);
                assert!(theirs, "heard {seq} outside of {spans:?}");
                assert_eq!(known.map(|known| known + 1), Some(seq.0), "a hole");
                known = Some(seq.0);
            }
            Heard::Gone => {
                // Whoever went before they were told has heard nothing.
                let ends = known.is_none_or(|known| spans.iter().any(|(_, to)| *to == known));
                assert!(ends, "gone after {known:?} of {spans:?}");
                known = None;
            }
        }
    }
}

async fn add_and_remove(
    world: &World,
    tab: &mut Tab,
    (id, link): (ConversationId, &InviteToken),
    people: &[Actor],
) {
    for round in 0..ROUNDS {
        for (n, person) in people.iter().enumerate() {
            let users = vec![person.user()];
            // Some come by the link, as long as they were never removed.
            let address = std::net::Ipv4Addr::LOCALHOST.into();
            let by_link = n % 4 == 1 && {
                let joined = world.chat.join(person, link, address, NOW);
                joined.await.is_ok()
            };
            if !by_link {
                let come = world.intend(id, Intent::Add { users });
                tab.does(come).await.unwrap();
            }
            // Some of those who came before go again; some leave by themselves.
            let other = people[(n + people.len() - 7 - round) % people.len()].user();
            if n % 3 != 0 {
                let go = Intent::Remove { user: other };
                // They may have left already.
                let _ = tab.does(world.intend(id, go)).await;
            }
        }
        for person in people {
            let go = Intent::Remove {
                user: person.user(),
            };
            let _ = tab.does(world.intend(id, go)).await;
        }
    }
}

async fn leave_by_themselves(
    world: &World,
    mut tabs: Vec<Tab>,
    id: ConversationId,
    over: &AtomicBool,
) {
    while !over.load(Ordering::SeqCst) {
        for tab in &mut tabs {
            let _ = tab.does(world.intend(id, Intent::Leave)).await;
            let _ = tab.does(world.command(id, "may be in or not")).await;
            tab.pending();
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_hears_a_place_outside_their_membership() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let writer = world.person("writer").await;
    let id = world.group(&owner, &[&writer]).await;
    let terms = (Lifetime::Day, Uses::Any);
    let link = world.chat.make_invite(&owner, id, terms, NOW).await;
    let link = link.unwrap();
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        people.push(world.person(&format!("person{n:02}")).await);
    }
    let (over, quiet) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicBool::new(false)),
    );
    let mut listening = Vec::new();
    for person in &people {
        let tab = world.tab(person).await;
        listening.push(tokio::spawn(listen(tab, id, Arc::clone(&quiet))));
    }
    let mut leavers = Vec::new();
    for person in people.iter().step_by(5) {
        leavers.push(world.tab(person).await);
    }
    let (mut admin, mut author) = (world.tab(&owner).await, world.tab(&writer).await);
    let writing = async {
        while !over.load(Ordering::SeqCst) {
            author.does(world.command(id, "meanwhile")).await.unwrap();
        }
    };
    let managing = async {
        add_and_remove(&world, &mut admin, (id, &link.token), &people).await;
        over.store(true, Ordering::SeqCst);
    };
    tokio::join!(
        managing,
        writing,
        leave_by_themselves(&world, leavers, id, &over)
    );
    // Nobody of them is in it any more, so nothing is told to them later.
    quiet.store(true, Ordering::SeqCst);
    let log = world.everything(&owner, id).await;
    let spans = spans(&log);
    let mut events = 0;
    for (person, heard) in people.iter().zip(listening) {
        let heard = heard.await.unwrap();
        check(&heard, spans.get(&person.user()).map_or(&[], Vec::as_slice));
        events += heard.len();
    }
    assert!(events > PEOPLE * ROUNDS, "{events}");
}
