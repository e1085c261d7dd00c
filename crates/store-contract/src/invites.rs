//! Links by which groups are joined, and who may not come by them.

use protocol::{ConversationId, InviteId, Seq};

use super::{
    NOW, ROUNDS, Shared, append, assert_taken, conversation_id, group, member, race, user_id,
};
use chat::{Append, Bar, InviteRecord, MemberChange, MessageRow, Redeemed, Unique};

fn hash(number: u64) -> [u8; 32] {
    let mut hash = [0xC3; 32];
    hash[..8].copy_from_slice(&number.to_be_bytes());
    hash
}

fn link(conversation: ConversationId, number: u64) -> InviteRecord {
    InviteRecord {
        id: InviteId::from_parts(NOW.plus_millis(number), u128::from(number) << 20),
        hash: hash(number),
        conversation,
        made_by: user_id(1),
        made_at: NOW.plus_millis(number),
        expires_at: (number.is_multiple_of(2)).then(|| NOW.plus_millis(1 << 40)),
        limit: (number.is_multiple_of(3)).then_some(u32::MAX),
        used: 0,
    }
}

fn row(conversation: ConversationId, seq: u64) -> MessageRow {
    MessageRow {
        conversation,
        seq: Seq(seq),
        bytes: b"came".to_vec().into(),
    }
}

/// Somebody comes by a link.
fn coming(conversation: ConversationId, seq: u64, number: u64, used: u32) -> Append {
    Append {
        rows: vec![row(conversation, seq)],
        members: vec![(conversation, MemberChange::Joined(member(9)))],
        redeemed: vec![Redeemed {
            hash: hash(number),
            used,
        }],
        ..Append::default()
    }
}

async fn used(store: &Shared, number: u64) -> Option<u32> {
    let found = store.invites().by_hash(&hash(number)).await.unwrap();
    found.map(|link| link.used)
}

pub async fn a_link_is_found_by_the_hash_of_its_secret(store: &Shared) {
    let (a, b) = (group(store, 1).await, group(store, 2).await);
    let links: Vec<_> = [(a, 3), (b, 2), (a, 1), (a, 6)]
        .map(|(conversation, number)| link(conversation, number))
        .to_vec();
    for link in &links {
        store.invites().insert(link).await.unwrap();
    }
    for link in &links {
        let found = store.invites().by_hash(&link.hash).await.unwrap();
        assert_eq!(found.as_ref(), Some(link));
    }
    assert_eq!(store.invites().by_hash(&hash(4)).await.unwrap(), None);
    let of_a = [2, 0, 3].map(|at: usize| links[at].clone());
    assert_eq!(store.invites().of(a).await.unwrap(), of_a);
    assert_eq!(store.invites().of(b).await.unwrap(), links[1..2]);
    let nowhere = store.invites().of(conversation_id(99)).await.unwrap();
    assert_eq!(nowhere, []);
}

pub async fn a_secret_is_taken_once(store: &Shared) {
    let (a, b) = (group(store, 1).await, group(store, 2).await);
    store.invites().insert(&link(a, 1)).await.unwrap();
    let other = InviteRecord {
        hash: hash(1),
        ..link(b, 2)
    };
    assert_taken(store.invites().insert(&other).await, Unique::Id);
    assert_eq!(store.invites().of(b).await.unwrap(), []);
    let found = store.invites().by_hash(&hash(1)).await.unwrap();
    assert_eq!(found, Some(link(a, 1)));
}

pub async fn a_use_is_written_with_its_entry_or_not_at_all(store: &Shared) {
    let id = group(store, 1).await;
    store.invites().insert(&link(id, 1)).await.unwrap();
    store.append(&coming(id, 1, 1, 1)).await.unwrap();
    assert_eq!(used(store, 1).await, Some(1));
    let members = store.members(id).await.unwrap();
    assert!(members.iter().any(|member| member.user == user_id(9)));
    // Its place is taken.
    assert_taken(store.append(&coming(id, 1, 1, 2)).await, Unique::Place);
    assert_eq!(used(store, 1).await, Some(1));
    store.append(&coming(id, 2, 1, 2)).await.unwrap();
    assert_eq!(used(store, 1).await, Some(2));
}

pub async fn a_deleted_link_stays_deleted(store: &Shared) {
    let id = group(store, 1).await;
    for number in 1..=3 {
        store.invites().insert(&link(id, number)).await.unwrap();
    }
    let gone = [hash(1), hash(3), hash(77)];
    for _ in 0..2 {
        store.invites().delete(&gone).await.unwrap();
        assert_eq!(store.invites().of(id).await.unwrap(), [link(id, 2)]);
    }
    store.invites().delete(&[]).await.unwrap();
    store.append(&coming(id, 1, 1, 1)).await.unwrap();
    assert_eq!(used(store, 1).await, None);
    for round in 0..ROUNDS {
        let number = 100 + round;
        store.invites().insert(&link(id, number)).await.unwrap();
        let (ours, theirs) = (store.clone(), store.clone());
        let append = coming(id, 2 + round, number, 1);
        let use_it = async move { ours.append(&append).await };
        let delete_it = async move { theirs.invites().delete(&[hash(number)]).await };
        let both: Vec<std::pin::Pin<Box<dyn Future<Output = _> + Send>>> =
            vec![Box::pin(use_it), Box::pin(delete_it)];
        for outcome in race(both).await {
            outcome.unwrap();
        }
        assert_eq!(used(store, number).await, None);
    }
}

pub async fn who_is_barred_is_remembered_until_they_are_not(store: &Shared) {
    let (a, b) = (group(store, 1).await, group(store, 2).await);
    let bar = |conversation, user, barred| Bar {
        conversation,
        user: user_id(user),
        barred,
    };
    let write = async |seq, bars: &[Bar]| {
        let append = Append {
            rows: vec![row(a, seq)],
            bars: bars.to_vec(),
            ..Append::default()
        };
        store.append(&append).await
    };
    let is_barred = async |conversation, user| {
        let asked = store.invites().is_barred(conversation, user_id(user));
        asked.await.unwrap()
    };
    assert!(!is_barred(a, 1).await);
    for seq in 1..=2 {
        write(seq, &[bar(a, 1, true), bar(a, 2, false)])
            .await
            .unwrap();
        assert!(is_barred(a, 1).await);
    }
    assert!(!is_barred(a, 2).await);
    assert!(!is_barred(b, 1).await);
    assert_taken(write(1, &[bar(a, 1, false)]).await, Unique::Place);
    assert!(is_barred(a, 1).await);
    write(3, &[bar(a, 1, false)]).await.unwrap();
    assert!(!is_barred(a, 1).await);
    append(store, &[row(b, 1)], &[]).await.unwrap();
}

/// Something of everything, to be found again by [`check`].
pub(super) async fn fill(store: &Shared, id: ConversationId, number: u64, seq: u64) {
    store.invites().insert(&link(id, number)).await.unwrap();
    let bar = Bar {
        conversation: id,
        user: user_id(number),
        barred: true,
    };
    let append = Append {
        rows: vec![row(id, seq)],
        redeemed: vec![Redeemed {
            hash: hash(number),
            used: 7,
        }],
        bars: vec![bar],
        ..Append::default()
    };
    store.append(&append).await.unwrap();
}

pub(super) async fn check(store: &Shared, id: ConversationId, number: u64) {
    let expected = InviteRecord {
        used: 7,
        ..link(id, number)
    };
    assert_eq!(store.invites().of(id).await.unwrap(), [expected]);
    let barred = store.invites().is_barred(id, user_id(number)).await;
    assert!(barred.unwrap());
}
