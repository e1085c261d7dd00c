//! From a configuration to something that can be run.

use std::fs::DirBuilder;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::Path;
use std::sync::Arc;

use chat::{Chat, ChatError, MemoryStore, Store};
use security::{KeyError, KeyRing};

use crate::Deps;
use crate::clock::Clock;
use crate::config::{Config, Environment, StoreKind};

/// Where in the data directory the keys are.
const KEYS: &str = "keys";
/// Where in the data directory the database is.
const DATABASE: &str = "database";
/// The permission bits of everybody but the owner.
const OTHERS: u32 = 0o077;

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
    /// Others may look into the data directory.
    #[error("refused in production: others may use {path} (mode {mode:03o}); chmod 700 it")]
    Exposed {
        /// Which folder.
        path: std::path::PathBuf,
        /// Its permissions.
        mode: u32,
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
    open_product(config, Config::product).await
}

/// As [`open`], for a command that does at once what people do in weeks.
pub(crate) async fn open_unlimited(config: Config) -> Result<Deps, StartError> {
    let unlimited = |config: &Config| chat::Config {
        rate_limits: false,
        message_requests: false,
        ..config.product()
    };
    open_product(config, unlimited).await
}

async fn open_product(
    config: Config,
    product: impl Fn(&Config) -> chat::Config,
) -> Result<Deps, StartError> {
    let clock = Clock::system();
    let keys = keys(&config)?;
    let store = store(&config).await?;
    let deps = chat::Deps {
        store,
        keys: Arc::new(keys),
        config: product(&config),
    };
    let chat = Chat::open(deps, clock.now()).await?;
    Ok(Deps {
        chat,
        config,
        clock,
    })
}

impl Config {
    /// What of it the product is told.
    fn product(&self) -> chat::Config {
        chat::Config {
            rate_limits: self.limits.rate_limits,
            hash_permits: self.limits.password_hashes,
            message_requests: self.message_requests,
            ..chat::Config::default()
        }
    }
}

/// Keys are made for a new database only. Beside an existing one they are never made: what was
/// sealed under lost keys could not be read again.
fn keys(config: &Config) -> Result<KeyRing, StartError> {
    make_private(&config.data_dir, config.environment)?;
    let dir = config.data_dir.join(KEYS);
    let keys = if config.data_dir.join(DATABASE).exists() {
        KeyRing::load(&dir)?
    } else {
        KeyRing::load_or_create(&dir)?
    };
    Ok(keys)
}

/// Makes a folder that is its owner's alone. In production one that was there has to be so
/// too; it is not changed, since it may not be the one that was meant.
fn make_private(dir: &Path, environment: Environment) -> Result<(), StartError> {
    let failed = |source| StartError::DataDir {
        path: dir.to_owned(),
        source,
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(failed)?;
    let mode = dir.metadata().map_err(failed)?.mode() & 0o777;
    if environment == Environment::Production && mode & OTHERS != 0 {
        return Err(StartError::Exposed {
            path: dir.to_owned(),
            mode,
        });
    }
    Ok(())
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
    make_private(&dir, config.environment)?;
    let options = store_surreal::Options::at(dir);
    let store = store_surreal::SurrealStore::open(options)
        .await
        .map_err(ChatError::from)?;
    Ok(Arc::new(store))
}

/// A build without the database keeps everything in memory, which only development may do.
#[cfg(not(feature = "surreal"))]
async fn open_database(config: &Config) -> Result<Arc<dyn Store>, StartError> {
    if config.environment == Environment::Production {
        return Err(StartError::NoDatabase);
    }
    tracing::warn!("this build has no database: messages are kept in memory only");
    Ok(Arc::new(MemoryStore::default()))
}

#[cfg(test)]
mod tests {
    use std::fs::{Permissions, create_dir, set_permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn in_production_the_data_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let made = folder.path().join("made/data");
        make_private(&made, Environment::Production).unwrap();
        assert_eq!(made.metadata().unwrap().mode() & 0o777, 0o700);
        make_private(&made, Environment::Production).unwrap();

        let found = folder.path().join("found");
        create_dir(&found).unwrap();
        for mode in [0o755, 0o710, 0o701] {
            set_permissions(&found, Permissions::from_mode(mode)).unwrap();
            let refused = make_private(&found, Environment::Production).unwrap_err();
            let said = refused.to_string();
            assert!(said.contains(&format!("mode {mode:o}")), "{said}");
            assert_eq!(found.metadata().unwrap().mode() & 0o777, mode);
            make_private(&found, Environment::Development).unwrap();
        }
    }
}
