//! Who blocks whom.

use std::collections::BTreeSet;

use async_trait::async_trait;
use protocol::UserId;

use super::super::{Blocks, StoreError};
use super::MemoryStore;

/// Who blocks whom, by who does and by whom it is done to.
#[derive(Default)]
pub(super) struct Pairs {
    of: BTreeSet<(UserId, UserId)>,
    against: BTreeSet<(UserId, UserId)>,
}

fn seconds(pairs: &BTreeSet<(UserId, UserId)>, first: UserId) -> Vec<UserId> {
    let from = (first, UserId::from_bytes([0; 16]));
    let to = (first, UserId::from_bytes([0xff; 16]));
    pairs.range(from..=to).map(|(_, second)| *second).collect()
}

#[async_trait]
impl Blocks for MemoryStore {
    async fn set(&self, user: UserId, other: UserId, blocks: bool) -> Result<(), StoreError> {
        let pairs = &mut self.tables().blocks;
        if blocks {
            pairs.of.insert((user, other));
            pairs.against.insert((other, user));
        } else {
            pairs.of.remove(&(user, other));
            pairs.against.remove(&(other, user));
        }
        Ok(())
    }

    async fn of(&self, user: UserId) -> Result<Vec<UserId>, StoreError> {
        Ok(seconds(&self.tables().blocks.of, user))
    }

    async fn against(&self, user: UserId) -> Result<Vec<UserId>, StoreError> {
        Ok(seconds(&self.tables().blocks.against, user))
    }
}
