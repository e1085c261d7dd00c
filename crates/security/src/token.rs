//! Access tokens (JWT) and refresh tokens.
//!
//! **Access tokens** are JWS with HS256, and with nothing else: the header of a token chooses
//! which of our keys is tried, never how. They live for minutes and name the session, whose
//! row decides whether it still counts.
//!
//! **Refresh tokens** are derived: generation `g` of a session is
//! `HMAC-SHA-256(refresh key, session id | g)`, sent together with `g`. Only the SHA-256 of the
//! one that is valid is stored, and yet two tabs that rotate at the same moment can both be
//! given the same successor. A token that was never ours is told from one that was rotated
//! away without asking the database, so noise cannot revoke anybody's session.

use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::keyring::KeyRing;
use crate::mac;

/// Ours are about 330 bytes.
const MAX_ACCESS_BYTES: usize = 1024;
const ALGORITHM: Algorithm = Algorithm::HS256;
const NAME: &str = "baatcheet";
const ACCESS: &str = "access";
/// Seconds that a token may seem to come from the future, because two threads read the clock.
const LEEWAY: u64 = 5;
const REFRESH: &[u8] = b"baatcheet v1 refresh";

/// Why a token was refused. For logs and tests; callers outside learn only that it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a token of the form that this server makes.
    #[error("malformed token")]
    Malformed,
    /// Signed, or said to be signed, otherwise than by HS256.
    #[error("token with another algorithm")]
    Algorithm,
    /// The key it names is not in the ring.
    #[error("token of an unknown key")]
    UnknownKey,
    /// The signature or a claim does not fit.
    #[error("token with a wrong signature or claim")]
    Invalid,
    /// Not valid any more.
    #[error("expired token")]
    Expired,
    /// Not valid yet.
    #[error("token from the future")]
    NotYet,
    /// Signing failed.
    #[error("signing failed")]
    Signing,
}

/// What an access token says. Times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessClaims {
    /// The account.
    pub subject: String,
    /// The session.
    pub session: String,
    /// When it was made.
    pub issued_at: u64,
    /// From when on it counts no more.
    pub expires_at: u64,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    sid: String,
    iat: u64,
    nbf: u64,
    exp: u64,
    iss: String,
    aud: String,
    typ: String,
}

/// What every access token must satisfy, built once.
pub(crate) struct AccessRules(Validation);

impl Default for AccessRules {
    fn default() -> Self {
        let mut rules = Validation::new(ALGORITHM);
        rules.set_issuer(&[NAME]);
        rules.set_audience(&[NAME]);
        rules.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // The times are compared below with the time given: the library would read the clock.
        rules.validate_exp = false;
        rules.validate_nbf = false;
        rules.leeway = 0;
        Self(rules)
    }
}

impl KeyRing {
    /// Signs an access token with the newest token key.
    ///
    /// # Errors
    /// [`TokenError::Signing`].
    pub fn sign_access(&self, claims: &AccessClaims) -> Result<String, TokenError> {
        let (version, key) = self.token.newest();
        let mut header = Header::new(ALGORITHM);
        header.kid = Some(version.to_string());
        let claims = Claims {
            sub: claims.subject.clone(),
            sid: claims.session.clone(),
            iat: claims.issued_at,
            nbf: claims.issued_at,
            exp: claims.expires_at,
            iss: NAME.to_owned(),
            aud: NAME.to_owned(),
            typ: ACCESS.to_owned(),
        };
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(key.as_slice()))
            .map_err(|_| TokenError::Signing)
    }

    /// Checks an access token at the time `now`, in seconds since 1970.
    ///
    /// # Errors
    /// [`TokenError`] unless every part is as [`Self::sign_access`] makes it and `now` lies in
    /// its time.
    pub fn verify_access(&self, token: &str, now: u64) -> Result<AccessClaims, TokenError> {
        if token.len() > MAX_ACCESS_BYTES {
            return Err(TokenError::Malformed);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Malformed)?;
        let key = self
            .token
            .get(version_of(&header)?)
            .ok_or(TokenError::UnknownKey)?;
        let key = DecodingKey::from_secret(key.as_slice());
        let Claims {
            sub,
            sid,
            iat,
            nbf,
            exp,
            typ,
            ..
        } = jsonwebtoken::decode::<Claims>(token, &key, &self.access_rules.0)
            .map_err(|_| TokenError::Invalid)?
            .claims;
        if typ != ACCESS || iat > exp {
            return Err(TokenError::Invalid);
        }
        if nbf > now.saturating_add(LEEWAY) {
            return Err(TokenError::NotYet);
        }
        if exp <= now {
            return Err(TokenError::Expired);
        }
        Ok(AccessClaims {
            subject: sub,
            session: sid,
            issued_at: iat,
            expires_at: exp,
        })
    }
}

/// The key version of a header as this server writes it. A header that brings a key, points to
/// one or asks for an extension is refused as a whole.
fn version_of(header: &Header) -> Result<u32, TokenError> {
    if header.alg != ALGORITHM {
        return Err(TokenError::Algorithm);
    }
    let expected = Header {
        kid: header.kid.clone(),
        ..Header::new(ALGORITHM)
    };
    if *header != expected {
        return Err(TokenError::Malformed);
    }
    let kid = header.kid.as_deref().ok_or(TokenError::UnknownKey)?;
    let version: u32 = kid.parse().map_err(|_| TokenError::UnknownKey)?;
    // "+1" and "01" parse too, but are no names that this server gives.
    if version.to_string() != kid {
        return Err(TokenError::UnknownKey);
    }
    Ok(version)
}

/// The secret half of a refresh token. Wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct RefreshSecret {
    generation: u32,
    mac: [u8; 32],
}

impl fmt::Debug for RefreshSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RefreshSecret(generation {}, ***)", self.generation)
    }
}

impl RefreshSecret {
    const BYTES: usize = 36;
    /// Length of [`Self::encode`].
    pub const ENCODED: usize = Self::BYTES / 3 * 4;

    fn to_bytes(&self) -> zeroize::Zeroizing<[u8; Self::BYTES]> {
        let mut bytes = zeroize::Zeroizing::new([0; Self::BYTES]);
        let (generation, mac) = bytes.split_at_mut(4);
        generation.copy_from_slice(&self.generation.to_be_bytes());
        mac.copy_from_slice(&self.mac);
        bytes
    }

    /// The generation and the derived 256 bits in base64url.
    #[must_use]
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.to_bytes().as_slice())
    }

    /// The inverse of [`Self::encode`], for nothing but exactly such a text.
    ///
    /// # Errors
    /// [`TokenError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        if text.len() != Self::ENCODED {
            return Err(TokenError::Malformed);
        }
        let mut bytes = [0; Self::BYTES];
        let parsed = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes);
        let (generation, mac) = bytes.split_at(4);
        let secret = match (parsed, generation.try_into(), mac.try_into()) {
            (Ok(Self::BYTES), Ok(generation), Ok(mac)) => Ok(Self {
                generation: u32::from_be_bytes(generation),
                mac,
            }),
            _ => Err(TokenError::Malformed),
        };
        bytes.zeroize();
        secret
    }

    /// How often the session was rotated before this one was given out.
    #[must_use]
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// SHA-256 of it: what is stored.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.to_bytes().as_slice()).into()
    }

    /// Whether it is the one whose hash was stored, compared in constant time.
    #[must_use]
    pub fn has_hash(&self, stored: &[u8; 32]) -> bool {
        self.hash().ct_eq(stored).into()
    }
}

impl KeyRing {
    /// The refresh token of a generation of a session, under the newest refresh key.
    #[must_use]
    pub fn refresh_secret(&self, session: [u8; 16], generation: u32) -> RefreshSecret {
        derive(self.refresh.newest().1.as_slice(), session, generation)
    }

    /// Whether this server made the secret for the session, be it valid now or rotated away.
    #[must_use]
    pub fn made_refresh(&self, session: [u8; 16], secret: &RefreshSecret) -> bool {
        self.refresh.iter().any(|key| {
            let ours = derive(key.as_slice(), session, secret.generation);
            bool::from(ours.mac.ct_eq(&secret.mac))
        })
    }

    /// The secret of a generation whose hash was stored, under whichever key it was made.
    #[must_use]
    pub fn stored_refresh(
        &self,
        session: [u8; 16],
        generation: u32,
        stored: &[u8; 32],
    ) -> Option<RefreshSecret> {
        self.refresh
            .iter()
            .map(|key| derive(key.as_slice(), session, generation))
            .find(|secret| secret.has_hash(stored))
    }
}

fn derive(key: &[u8], session: [u8; 16], generation: u32) -> RefreshSecret {
    let mac = mac::hmac(key, &[REFRESH, &session, &generation.to_be_bytes()]);
    RefreshSecret { generation, mac }
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
