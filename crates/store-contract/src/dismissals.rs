//! What members delete for themselves alone.

use std::sync::Arc;

use protocol::{Dismissal, Role, Seq};

use super::{Shared, group, member, user_id};
use chat::{
    Append, Dismissals, DismissedRecord, MemberChange, MemberRecord, ReadCursor, StoreError,
};

fn some() -> Dismissals {
    let mut some = Dismissals::default();
    let steps = [
        (9, Dismissal::ThisAndBefore),
        (1 << 40, Dismissal::This),
        (u64::from(u32::MAX), Dismissal::This),
    ];
    for (seq, dismissal) in steps {
        some.places.apply(Seq(seq), dismissal).unwrap();
    }
    some.answers.insert(Seq(1 << 33), 2);
    some
}

fn record(id: protocol::ConversationId, number: u64, dismissals: Dismissals) -> DismissedRecord {
    let member = member(number);
    DismissedRecord {
        conversation: id,
        user: member.user,
        joined_at: member.joined_at,
        dismissals,
    }
}

fn with(dismissals: Dismissals, member: &MemberRecord) -> MemberRecord {
    MemberRecord {
        dismissals: Some(Arc::new(dismissals)),
        ..member.clone()
    }
}

pub async fn what_a_member_has_dismissed_comes_back(store: &Shared) {
    let id = group(store, 1).await;
    for _ in 0..2 {
        store.dismiss(&record(id, 2, some())).await.unwrap();
        let members = store.members(id).await.unwrap();
        assert_eq!(members, [member(1), with(some(), &member(2))]);
    }
    let nothing = record(id, 2, Dismissals::default());
    store.dismiss(&nothing).await.unwrap();
    assert_eq!(store.members(id).await.unwrap(), [member(1), member(2)]);
}

pub async fn nothing_is_dismissed_by_whoever_is_not_in_it(store: &Shared) {
    let id = group(store, 1).await;
    let nobody = store.dismiss(&record(id, 3, some())).await;
    assert!(matches!(nobody, Err(StoreError::Missing)), "{nobody:?}");
    let earlier = DismissedRecord {
        joined_at: member(1).joined_at.plus_millis(1),
        ..record(id, 1, some())
    };
    let earlier = store.dismiss(&earlier).await;
    assert!(matches!(earlier, Err(StoreError::Missing)), "{earlier:?}");
    assert_eq!(store.members(id).await.unwrap(), [member(1), member(2)]);
}

pub async fn what_is_dismissed_stays_whatever_else_changes(store: &Shared) {
    let id = group(store, 1).await;
    store.dismiss(&record(id, 1, some())).await.unwrap();
    let role = MemberChange::Role {
        user: user_id(1),
        role: Role::Admin,
        wrote_at: None,
    };
    let append = Append {
        members: vec![(id, role)],
        ..Append::default()
    };
    store.append(&append).await.unwrap();
    let cursor = ReadCursor {
        conversation: id,
        user: user_id(1),
        seq: Seq(5),
        delivered: Seq::ZERO,
        moved: None,
    };
    store.save_read_cursors(&[cursor]).await.unwrap();
    let expected = MemberRecord {
        role: Role::Admin,
        read_seq: Seq(5),
        ..with(some(), &member(1))
    };
    assert_eq!(store.members(id).await.unwrap(), [expected, member(2)]);
}
