//! The contract of the port, over the engine in memory and over files.
#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::sync::Arc;

use store_surreal::{Options, SurrealStore};

async fn open(options: Options) -> Arc<dyn chat::Store> {
    Arc::new(SurrealStore::open(options).await.unwrap())
}

mod memory {
    use super::{Arc, Options, open};

    async fn fresh() -> (Arc<dyn chat::Store>, ()) {
        (open(Options::in_memory()).await, ())
    }

    store_contract::store_contract!(fresh);
}

mod files {
    use super::{Arc, Options, open};

    async fn fresh() -> (Arc<dyn chat::Store>, tempfile::TempDir) {
        let directory = tempfile::tempdir().unwrap();
        (open(Options::at(directory.path())).await, directory)
    }

    store_contract::store_contract!(fresh);
}
