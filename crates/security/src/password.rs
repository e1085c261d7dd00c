//! Passwords: Argon2id in PHC string format.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::random;

/// Largest memory that a stored hash may ask for, in KiB: a damaged row must not take the
/// machine's memory.
const MAX_MEMORY_KIB: u32 = 1024 * 1024;
/// Most passes and lanes that a stored hash may ask for.
const MAX_PASSES_OR_LANES: u32 = 64;
/// 128 bits (RFC 9106, section 3.1).
const SALT_BYTES: usize = 16;

/// Cost of Argon2id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordParams {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for PasswordParams {
    /// OWASP's minimum: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self {
            memory_kib: 19 * 1024,
            passes: 2,
            lanes: 1,
        }
    }
}

/// Why a password could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The parameters are outside what Argon2 takes.
    #[error("unusable Argon2 parameters: {0}")]
    Params(argon2::Error),
    /// The stored text is no Argon2id hash that this server would have made.
    #[error("the stored password hash is damaged")]
    Damaged,
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness")]
    Randomness,
    /// Hashing failed.
    #[error("hashing failed: {0}")]
    Hash(argon2::password_hash::Error),
}

fn argon2id(params: &PasswordParams) -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(params.memory_kib, params.passes, params.lanes, None)
        .map_err(PasswordError::Params)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password under a fresh salt. Takes the memory and time of the parameters.
///
/// # Errors
/// [`PasswordError`] for unusable parameters or without randomness.
pub fn hash(password: &[u8], params: &PasswordParams) -> Result<String, PasswordError> {
    let salt: [u8; SALT_BYTES] = random::array().map_err(|_| PasswordError::Randomness)?;
    let salt = SaltString::encode_b64(&salt).map_err(PasswordError::Hash)?;
    argon2id(params)?
        .hash_password(password, &salt)
        .map(|hash| hash.to_string())
        .map_err(PasswordError::Hash)
}

/// Whether the password is the one that was hashed, compared in constant time. Takes the
/// memory and time of the parameters in the hash.
///
/// # Errors
/// [`PasswordError::Damaged`] if the text is no hash that this server would have made.
pub fn verify(password: &[u8], hash: &str) -> Result<bool, PasswordError> {
    let (parsed, params) = parse(hash)?;
    match argon2id(&params)?.verify_password(password, &parsed) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::Password) => Ok(false),
        Err(_) => Err(PasswordError::Damaged),
    }
}

/// Whether the hash was made with other parameters than these (or cannot be read), so that it
/// should be replaced at the next sign-in.
#[must_use]
pub fn needs_rehash(hash: &str, params: &PasswordParams) -> bool {
    parse(hash).map_or(true, |(_, used)| used != *params)
}

/// The hash of a password that nobody knows. Comparing with it costs what comparing with a
/// real one costs, which hides whether an account exists. Made once, at the start.
///
/// # Errors
/// As [`hash`].
pub fn dummy_hash(params: &PasswordParams) -> Result<String, PasswordError> {
    let nobody: [u8; 32] = random::array().map_err(|_| PasswordError::Randomness)?;
    hash(&nobody, params)
}

fn parse(hash: &str) -> Result<(PasswordHash<'_>, PasswordParams), PasswordError> {
    let parsed = PasswordHash::new(hash).map_err(|_| PasswordError::Damaged)?;
    if parsed.algorithm != argon2::ARGON2ID_IDENT
        || parsed.version != Some(Version::V0x13.into())
        || parsed.hash.is_none_or(|output| output.len() < 32)
    {
        return Err(PasswordError::Damaged);
    }
    let params = Params::try_from(&parsed).map_err(|_| PasswordError::Damaged)?;
    let used = PasswordParams {
        memory_kib: params.m_cost(),
        passes: params.t_cost(),
        lanes: params.p_cost(),
    };
    let bounded = used.memory_kib <= MAX_MEMORY_KIB
        && used.passes <= MAX_PASSES_OR_LANES
        && used.lanes <= MAX_PASSES_OR_LANES;
    bounded
        .then_some((parsed, used))
        .ok_or(PasswordError::Damaged)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CHEAP: PasswordParams = PasswordParams {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };
    /// From the test suite of the reference implementation.
    const REFERENCE: &str =
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    #[test]
    fn verifies_a_hash_of_the_reference_implementation() {
        assert!(verify(b"password", REFERENCE).unwrap());
        assert!(!verify(b"Password", REFERENCE).unwrap());
    }

    #[test]
    fn default_cost_is_owasps_minimum() {
        let hashed = hash(b"x", &PasswordParams::default()).unwrap();
        assert!(
            hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hashed}"
        );
    }

    #[test]
    fn salts_differ() {
        assert_ne!(hash(b"x", &CHEAP).unwrap(), hash(b"x", &CHEAP).unwrap());
    }

    #[test]
    fn nothing_is_trimmed_or_normalised() {
        for (set, tried) in [
            ("trailing ", "trailing"),
            ("nul\0byte", "nul"),
            ("\u{e9}", "e\u{301}"),
            ("Straße 👩‍👩‍👧", "Strasse 👩‍👩‍👧"),
        ] {
            let hashed = hash(set.as_bytes(), &CHEAP).unwrap();
            assert!(verify(set.as_bytes(), &hashed).unwrap());
            assert!(!verify(tried.as_bytes(), &hashed).unwrap());
        }
    }

    #[test]
    fn other_parameters_ask_for_a_rehash() {
        let hashed = hash(b"x", &CHEAP).unwrap();
        assert!(!needs_rehash(&hashed, &CHEAP));
        let dearer = PasswordParams { passes: 2, ..CHEAP };
        assert!(needs_rehash(&hashed, &dearer));
        assert!(needs_rehash("not a hash", &CHEAP));
    }

    #[test]
    fn dummy_costs_the_same_and_matches_nothing() {
        let dummy = dummy_hash(&CHEAP).unwrap();
        assert!(!needs_rehash(&dummy, &CHEAP));
        assert!(!verify(b"", &dummy).unwrap());
        assert_ne!(dummy, dummy_hash(&CHEAP).unwrap());
    }

    #[test]
    fn foreign_or_greedy_hashes_are_damaged() {
        for text in [
            "",
            "plain",
            // bcrypt, argon2i, argon2d
            "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW",
            "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
            // version 16, no hash, 8 GiB of memory, a thousand passes, an empty and a short hash
            "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ",
            "$argon2id$v=19$m=8388608,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=256,t=1000,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$",
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uI",
        ] {
            assert!(
                matches!(verify(b"password", text), Err(PasswordError::Damaged)),
                "{text}"
            );
        }
    }

    #[test]
    fn unusable_parameters_are_an_error() {
        let params = PasswordParams {
            memory_kib: 0,
            passes: 1,
            lanes: 1,
        };
        assert!(matches!(hash(b"x", &params), Err(PasswordError::Params(_))));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_password_verifies_and_another_does_not(
            set in prop::collection::vec(any::<u8>(), 0..80),
            other in prop::collection::vec(any::<u8>(), 0..80),
        ) {
            let hashed = hash(&set, &CHEAP).unwrap();
            prop_assert!(verify(&set, &hashed).unwrap());
            prop_assert_eq!(verify(&other, &hashed).unwrap(), set == other);
        }
    }
}
