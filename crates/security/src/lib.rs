//! Pure cryptography of the server: no clock, and no I/O except reading and writing key files.
//!
//! The names of the product (accounts, sessions, conversations) come in as bytes; this crate
//! knows none of its types.

mod cipher;
mod invite;
mod key_file;
mod keyring;
mod mac;
pub mod password;
mod random;
mod secret;
mod token;

pub use cipher::{CipherError, DataKey, SearchKey};
pub use invite::{invite_hash, new_invite};
pub use keyring::{KeyError, KeyParts, KeyRing};
pub use password::{PasswordError, PasswordParams};
pub use secret::Redacted;
pub use token::{AccessClaims, RefreshSecret, TokenError};

/// 32 bytes that are wiped when they go.
type Key = zeroize::Zeroizing<[u8; 32]>;
