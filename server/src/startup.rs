//! From a configuration to something that can be run.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;

use chat::{Chat, ChatError, MemoryStore, Store};
use security::{KeyError, KeyRing};

use crate::Deps;
use crate::clock::Clock;
use crate::config::{Config, StoreKind};

/// Where in the data directory the keys are.
const KEYS: &str = "keys";
/// Where in the data directory the database is.
const DATABASE: &str = "database";

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data directory cannot be used.
    #[error("data directory {path}: {source}")]
    DataDir {
        /// Where.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The keys are missing, weak or readable by others.
    #[error("keys: {0}")]
    Keys(#[from] KeyError),
    /// This build has no database.
    #[error("this build keeps messages in memory only, which production refuses")]
    NoDatabase,
    /// The product does not start over the database.
    #[error(transparent)]
    Chat(#[from] ChatError),
}

/// Opens keys, database and product.
///
/// # Errors
/// [`StartError`], in a sentence that says what to do.
pub async fn open(config: Config) -> Result<Deps, StartError> {
    let clock = Clock::system();
    let keys = keys(&config)?;
    let store = store(&config).await?;
    let defaults = chat::Config::default();
    let deps = chat::Deps {
        store,
        keys: Arc::new(keys),
        config: chat::Config {
            rate_limits: config.limits.rate_limits,
            hash_permits: config.limits.password_hashes,
            ..defaults
        },
    };
    let chat = Chat::open(deps, clock.now()).await?;
    Ok(Deps {
        chat,
        config,
        clock,
    })
}

/// Keys are made for a new database only. Beside an existing one they are never made: what was
/// sealed under lost keys could not be read again.
fn keys(config: &Config) -> Result<KeyRing, StartError> {
    make_private(&config.data_dir)?;
    let dir = config.data_dir.join(KEYS);
    let keys = if config.data_dir.join(DATABASE).exists() {
        KeyRing::load(&dir)?
    } else {
        KeyRing::load_or_create(&dir)?
    };
    Ok(keys)
}

fn make_private(dir: &Path) -> Result<(), StartError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(|source| StartError::DataDir {
            path: dir.to_owned(),
            source,
        })
}

async fn store(config: &Config) -> Result<Arc<dyn Store>, StartError> {
    match config.store {
        StoreKind::Memory => Ok(Arc::new(MemoryStore::default())),
        StoreKind::SurrealKv => open_database(config).await,
    }
}

#[cfg(feature = "surreal")]
async fn open_database(config: &Config) -> Result<Arc<dyn Store>, StartError> {
    let dir = config.data_dir.join(DATABASE);
    make_private(&dir)?;
    let options = store_surreal::Options::at(dir);
    let store = store_surreal::SurrealStore::open(options)
        .await
        .map_err(ChatError::from)?;
    Ok(Arc::new(store))
}

/// A build without the database keeps everything in memory, which only development may do.
#[cfg(not(feature = "surreal"))]
async fn open_database(config: &Config) -> Result<Arc<dyn Store>, StartError> {
    if config.environment == crate::config::Environment::Production {
        return Err(StartError::NoDatabase);
    }
    tracing::warn!("this build has no database: messages are kept in memory only");
    Ok(Arc::new(MemoryStore::default()))
}
