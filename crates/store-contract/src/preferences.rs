//! How members arrange conversations for themselves.

use protocol::{ConversationId, FolderId, Mute, Preferences, Role, Seq, Timestamp};

use super::{Shared, group, member, user_id};
use chat::{Append, ArrangedRecord, MemberChange, MemberRecord, StoreError};

const ALL: Preferences = Preferences {
    mute: Mute::Until(Timestamp::from_millis(1_900_000_000_000)),
    archived: Some(Seq(0)),
    favourite: true,
    marked_unread: true,
    folder: Some(FolderId::from_bytes([0xfe; 16])),
};

fn record(conversation: ConversationId, number: u64, preferences: Preferences) -> ArrangedRecord {
    let member = member(number);
    ArrangedRecord {
        conversation,
        user: member.user,
        joined_at: member.joined_at,
        preferences,
    }
}

async fn read(store: &Shared, id: ConversationId) -> Vec<Preferences> {
    let members = store.members(id).await.unwrap();
    members.iter().map(|member| member.preferences).collect()
}

pub async fn how_a_member_arranges_a_conversation_comes_back(store: &Shared) {
    let id = group(store, 1).await;
    assert_eq!(read(store, id).await, [Preferences::default(); 2]);
    let mutes = [Mute::Always, Mute::ExceptMentions, Mute::Off];
    let ways = mutes.map(|mute| Preferences {
        mute,
        archived: Some(Seq(1 << 40)),
        ..Preferences::default()
    });
    for preferences in ways.into_iter().chain([ALL, Preferences::default(), ALL]) {
        store.arrange(&record(id, 2, preferences)).await.unwrap();
        // Nobody else's are touched.
        assert_eq!(read(store, id).await, [Preferences::default(), preferences]);
    }
}

pub async fn nothing_is_arranged_for_whoever_is_not_in_it(store: &Shared) {
    let id = group(store, 1).await;
    let nobody = store.arrange(&record(id, 3, ALL)).await;
    assert!(matches!(nobody, Err(StoreError::Missing)), "{nobody:?}");
    let earlier = ArrangedRecord {
        joined_at: member(1).joined_at.plus_millis(1),
        ..record(id, 1, ALL)
    };
    let earlier = store.arrange(&earlier).await;
    assert!(matches!(earlier, Err(StoreError::Missing)), "{earlier:?}");
    let members = store.members(id).await.unwrap();
    assert_eq!(members, [member(1), member(2)]);
}

pub async fn whoever_comes_back_has_nothing_arranged(store: &Shared) {
    let id = group(store, 1).await;
    store.arrange(&record(id, 2, ALL)).await.unwrap();
    let change = async |change| {
        let members = vec![(id, change)];
        let append = Append {
            members,
            ..Append::default()
        };
        store.append(&append).await.unwrap();
    };
    change(MemberChange::Left(user_id(2))).await;
    let again = MemberRecord {
        joined_at: member(2).joined_at.plus_millis(5),
        ..member(2)
    };
    change(MemberChange::Joined(again.clone())).await;
    assert_eq!(store.members(id).await.unwrap(), [member(1), again]);
}

pub async fn arranging_changes_nothing_else(store: &Shared) {
    let id = group(store, 1).await;
    store.arrange(&record(id, 1, ALL)).await.unwrap();
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
    let expected = MemberRecord {
        role: Role::Admin,
        preferences: ALL,
        ..member(1)
    };
    assert_eq!(store.members(id).await.unwrap(), [expected, member(2)]);
}
