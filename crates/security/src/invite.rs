//! Secrets of links by which groups are joined: 192 bits of the operating system's, in
//! base64url. Only the SHA-256 of one is stored; nothing that long is guessed from its hash.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::cipher::CipherError;
use crate::random;

const BYTES: usize = 24;

/// A fresh secret.
///
/// # Errors
/// If the operating system gives no randomness.
pub fn new_invite() -> Result<String, CipherError> {
    let secret: [u8; BYTES] = random::array()?;
    Ok(URL_SAFE_NO_PAD.encode(secret))
}

/// What is stored of a secret, and what it is found by.
#[must_use]
pub fn invite_hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn secrets_are_long_and_none_comes_twice() {
        let secrets: BTreeSet<String> = (0..1_000).map(|_| new_invite().unwrap()).collect();
        assert_eq!(secrets.len(), 1_000);
        for secret in &secrets {
            assert_eq!(secret.len(), 32);
            let bytes = URL_SAFE_NO_PAD.decode(secret).unwrap();
            assert_eq!(bytes.len() * 8, 192);
        }
    }

    #[test]
    fn a_hash_belongs_to_one_secret() {
        let (a, b) = (new_invite().unwrap(), new_invite().unwrap());
        assert_eq!(invite_hash(&a), invite_hash(&a));
        assert_ne!(invite_hash(&a), invite_hash(&b));
    }
}
