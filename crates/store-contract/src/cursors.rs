//! How far members have read, and when they came there.

use protocol::{ConversationId, Seq, Timestamp, UserId};

use super::{Shared, conversation_id, group, member, user_id};
use chat::{Append, CURSOR_MOVES, CursorMove, MemberChange, MemberRecord, ReadCursor};

fn cursor(conversation: ConversationId, user: u64, seq: u64) -> ReadCursor {
    ReadCursor {
        conversation,
        user: user_id(user),
        seq: Seq(seq),
        delivered: Seq::ZERO,
        moved: None,
    }
}

async fn read_seqs(store: &Shared, conversation: ConversationId) -> Vec<u64> {
    let members = store.members(conversation).await.unwrap();
    members.iter().map(|member| member.read_seq.0).collect()
}

pub async fn a_read_cursor_moves_forward_only(store: &Shared) {
    let (first, second) = (group(store, 1).await, group(store, 2).await);
    let save = async |cursors: &[ReadCursor]| store.save_read_cursors(cursors).await.unwrap();
    save(&[cursor(first, 1, 5), cursor(second, 2, 8)]).await;
    assert_eq!(read_seqs(store, first).await, [5, 0]);
    assert_eq!(read_seqs(store, second).await, [0, 8]);
    save(&[cursor(first, 1, 4), cursor(first, 2, 6)]).await;
    assert_eq!(read_seqs(store, first).await, [5, 6]);
    save(&[cursor(first, 1, 5)]).await;
    assert_eq!(read_seqs(store, first).await, [5, 6]);
    // The same cursor several times.
    save(&[
        cursor(first, 1, 9),
        cursor(first, 1, 12),
        cursor(first, 1, 10),
    ])
    .await;
    assert_eq!(read_seqs(store, first).await, [12, 6]);
    save(&[]).await;
    assert_eq!(read_seqs(store, first).await, [12, 6]);
    // Nothing else of the member changes.
    let members = store.members(second).await.unwrap();
    let expected = MemberRecord {
        read_seq: Seq(8),
        ..member(2)
    };
    assert_eq!(members, [member(1), expected]);
}

pub async fn read_cursors_of_nobody_are_passed_over(store: &Shared) {
    let id = group(store, 1).await;
    let unknown = conversation_id(2);
    let cursors = [cursor(id, 3, 5), cursor(unknown, 1, 5), cursor(id, 2, 5)];
    store.save_read_cursors(&cursors).await.unwrap();
    assert_eq!(read_seqs(store, id).await, [0, 5]);
    assert_eq!(store.members(unknown).await.unwrap(), []);
    let theirs = store.conversations_of(user_id(3), 100).await.unwrap();
    assert_eq!(theirs, []);
}

/// A cursor with the move that led to it, at a time of its own.
fn moved(conversation: ConversationId, user: u64, (after, to): (u64, u64)) -> ReadCursor {
    ReadCursor {
        moved: Some(step(after, to)),
        ..cursor(conversation, user, to)
    }
}

const fn step(after: u64, to: u64) -> CursorMove {
    CursorMove {
        after: Seq(after),
        to: Seq(to),
        at: Timestamp::from_millis(1_790_000_000_000 + to),
    }
}

async fn moves(
    store: &Shared,
    id: ConversationId,
    users: &[u64],
) -> Vec<(UserId, Vec<CursorMove>)> {
    let users: Vec<_> = users.iter().map(|user| user_id(*user)).collect();
    let mut moves = store.cursor_moves(id, &users).await.unwrap();
    moves.sort_by_key(|(user, _)| *user);
    moves
}

pub async fn the_moves_of_a_cursor_are_kept_in_order(store: &Shared) {
    let (id, other) = (group(store, 1).await, group(store, 2).await);
    let save = async |cursors: &[ReadCursor]| store.save_read_cursors(cursors).await.unwrap();
    save(&[
        moved(id, 1, (0, 3)),
        moved(id, 2, (0, 1)),
        cursor(other, 1, 7),
    ])
    .await;
    // One that is already further stays, and so does what is kept of it.
    save(&[moved(id, 1, (0, 2)), moved(id, 1, (0, 3))]).await;
    // One goes on without a time.
    save(&[moved(id, 1, (3, 5)), cursor(id, 2, 4)]).await;
    save(&[moved(id, 1, (6, 9))]).await;
    assert_eq!(read_seqs(store, id).await, [9, 4]);
    let first = (user_id(1), vec![step(0, 3), step(3, 5), step(6, 9)]);
    let second = (user_id(2), vec![step(0, 1)]);
    assert_eq!(moves(store, id, &[1]).await, std::slice::from_ref(&first));
    assert_eq!(moves(store, id, &[2, 3, 1]).await, [first, second]);
    assert_eq!(moves(store, id, &[]).await, []);
    assert_eq!(moves(store, other, &[1, 2]).await, []);
    assert_eq!(moves(store, conversation_id(9), &[1]).await, []);
    // A member is otherwise what they were.
    let members = store.members(id).await.unwrap();
    let expected = [(1, 9), (2, 4)].map(|(user, read)| MemberRecord {
        read_seq: Seq(read),
        ..member(user)
    });
    assert_eq!(members, expected);
}

pub async fn the_newest_moves_are_kept(store: &Shared) {
    let id = group(store, 1).await;
    let last = CURSOR_MOVES as u64 + 5;
    for to in 1..=last {
        let cursors = [moved(id, 1, (to - 1, to))];
        store.save_read_cursors(&cursors).await.unwrap();
    }
    let kept: Vec<_> = (6..=last).map(|to| step(to - 1, to)).collect();
    assert_eq!(kept.len(), CURSOR_MOVES);
    assert_eq!(moves(store, id, &[1]).await, [(user_id(1), kept)]);
}

pub async fn moves_end_with_the_membership(store: &Shared) {
    let id = group(store, 1).await;
    let change = async |change: MemberChange| {
        let append = Append {
            members: vec![(id, change)],
            ..Append::default()
        };
        store.append(&append).await.unwrap();
    };
    let save = async |cursors: &[ReadCursor]| store.save_read_cursors(cursors).await.unwrap();
    save(&[moved(id, 1, (0, 3)), moved(id, 2, (0, 3))]).await;
    change(MemberChange::Left(user_id(1))).await;
    save(&[moved(id, 1, (3, 4))]).await;
    assert_eq!(moves(store, id, &[1]).await, []);
    // Whoever comes again begins anew, also where they were not seen to leave.
    for user in [1, 2] {
        change(MemberChange::Joined(member(user))).await;
    }
    assert_eq!(moves(store, id, &[1, 2]).await, []);
    save(&[moved(id, 1, (4, 6))]).await;
    assert_eq!(
        moves(store, id, &[1]).await,
        [(user_id(1), vec![step(4, 6)])]
    );
}

pub async fn what_devices_have_moves_forward_beside_the_cursor(store: &Shared) {
    let id = group(store, 1).await;
    let save = async |read: u64, delivered: u64| {
        let cursor = ReadCursor {
            delivered: Seq(delivered),
            ..cursor(id, 1, read)
        };
        let nobody = ReadCursor {
            user: user_id(3),
            ..cursor
        };
        store.save_read_cursors(&[nobody, cursor]).await.unwrap();
        let members = store.members(id).await.unwrap();
        assert_eq!(members[1], member(2));
        (members[0].read_seq.0, members[0].delivered_seq.0)
    };
    assert_eq!(save(0, 5).await, (0, 5));
    assert_eq!(save(3, 0).await, (3, 5));
    assert_eq!(save(2, 4).await, (3, 5));
    assert_eq!(save(4, 9).await, (4, 9));
    assert_eq!(save(0, 10).await, (4, 10));
    assert_eq!(moves(store, id, &[1]).await, []);
    // With a new membership it begins anew, and somebody who comes has what is said of them.
    let again = MemberRecord {
        delivered_seq: Seq(2),
        ..member(1)
    };
    let append = Append {
        members: vec![(id, MemberChange::Joined(again.clone()))],
        ..Append::default()
    };
    store.append(&append).await.unwrap();
    assert_eq!(store.members(id).await.unwrap(), [again, member(2)]);
}
