//! Sealing at rest: AES-256-GCM.
//!
//! Every conversation has a data key of its own, drawn at random and stored wrapped by the
//! newest master key. A random nonce of 96 bits is safe for 2^32 sealings under one key
//! (NIST SP 800-38D, 8.3), which is per conversation, not per server. Rotating the master key
//! leaves older wrapped keys readable as long as the older version stays in the ring.
//!
//! Forms, all with what stands before the nonce authenticated:
//! - sealed by a data key: `1 | data key version (1) | nonce (12) | ciphertext | tag (16)`
//! - sealed by a master key: `1 | master version (4) | nonce (12) | ciphertext | tag (16)`

use core::fmt;

use aes::Aes256;
use aes_gcm::aead::AeadInPlace;
use aes_gcm::aead::consts::U12;
use aes_gcm::{AesGcm, KeyInit};
use zeroize::{Zeroize, Zeroizing};

use crate::keyring::KeyRing;
use crate::{Key, mac, random};

type Aes256Gcm = AesGcm<Aes256, U12>;

const FORMAT: u8 = 1;
const DATA_KEY_VERSION: u8 = 1;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

const WRAP: &[u8] = b"baatcheet v1 wrap data key";
const SEARCH: &[u8] = b"baatcheet v1 search index";
const EMAIL: &[u8] = b"baatcheet v1 seal e-mail";
const PROFILE: &[u8] = b"baatcheet v1 seal profile";
const FOLDER: &[u8] = b"baatcheet v1 seal folder";
const EMAIL_INDEX: &[u8] = b"baatcheet v1 e-mail index";

/// Why something could not be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CipherError {
    /// Shorter than any sealed value, or of a form that this version does not know.
    #[error("not a sealed value of a known form")]
    UnknownForm,
    /// Sealed under a master key that is not in the ring.
    #[error("sealed under master key {0}, which is not in the key ring")]
    UnknownKey(u32),
    /// The tag does not fit: changed, cut, moved to another place, or another key.
    #[error("the sealed value does not belong here or was changed")]
    Damaged,
    /// Too long to be sealed.
    #[error("too long to be sealed")]
    TooLong,
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness")]
    Randomness,
}

impl From<random::NoRandomness> for CipherError {
    fn from(_: random::NoRandomness) -> Self {
        Self::Randomness
    }
}

/// The key of one conversation. Wiped when dropped.
///
/// It keeps the 32 bytes and expands them at each use: an expanded key takes thirty times the
/// room, and thousands of conversations are held in memory.
#[derive(Clone)]
pub struct DataKey {
    version: u8,
    key: Key,
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(***)")
    }
}

impl DataKey {
    /// Bytes that [`Self::seal`] adds.
    pub const OVERHEAD: usize = 2 + NONCE_BYTES + TAG_BYTES;

    /// Seals a text under a fresh nonce. `aad` says where it belongs; it is not stored, and
    /// [`Self::open`] needs the same.
    ///
    /// # Errors
    /// [`CipherError::Randomness`]; [`CipherError::TooLong`] beyond 64 GiB.
    pub fn seal(&self, aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, CipherError> {
        seal(&self.key, &[FORMAT, self.version], &[aad], plaintext)
    }

    /// Opens what [`Self::seal`] made with the same `aad`. Nothing is returned unless the tag
    /// fits.
    ///
    /// # Errors
    /// [`CipherError::UnknownForm`] or [`CipherError::Damaged`].
    pub fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, CipherError> {
        let (&[format, version], rest) =
            sealed.split_first_chunk().ok_or(CipherError::UnknownForm)?;
        if (format, version) != (FORMAT, self.version) {
            return Err(CipherError::UnknownForm);
        }
        open(&self.key, &[format, version], &[aad], rest)
    }
}

/// The key under which the words of one conversation are searched. Wiped when dropped.
pub struct SearchKey(Key);

impl fmt::Debug for SearchKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SearchKey(***)")
    }
}

impl DataKey {
    /// The key of the conversation's search index.
    #[must_use]
    pub fn search_key(&self) -> SearchKey {
        SearchKey(mac::derive(self.key.as_slice(), SEARCH))
    }
}

impl SearchKey {
    /// What stands for a term in the index: the first 8 bytes of its keyed hash.
    #[must_use]
    pub fn token(&self, term: &[u8]) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = mac::hmac(self.0.as_slice(), &[term]);
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }
}

/// The keys made from one master key. The master key itself is not kept.
pub(crate) struct MasterKey {
    wrap: Key,
    email: Key,
    profile: Key,
    folder: Key,
}

impl MasterKey {
    pub(crate) fn new(master: &Key) -> Self {
        Self {
            wrap: mac::derive(master.as_slice(), WRAP),
            email: mac::derive(master.as_slice(), EMAIL),
            profile: mac::derive(master.as_slice(), PROFILE),
            folder: mac::derive(master.as_slice(), FOLDER),
        }
    }
}

/// The key of the blind index, from the key that is stored for it.
pub(crate) fn index_key(stored: &Key) -> Key {
    mac::derive(stored.as_slice(), EMAIL_INDEX)
}

impl KeyRing {
    /// Draws a key for a new conversation. Returns it with its wrapped form, which is what is
    /// stored.
    ///
    /// # Errors
    /// [`CipherError::Randomness`].
    pub fn new_data_key(&self, conversation: [u8; 16]) -> Result<(DataKey, Vec<u8>), CipherError> {
        let mut key = Key::default();
        random::fill(key.as_mut_slice())?;
        let (version, master) = self.master.newest();
        let mut plaintext = Zeroizing::new(vec![DATA_KEY_VERSION]);
        plaintext.extend_from_slice(key.as_slice());
        let wrapped = seal(
            &master.wrap,
            &master_prefix(version),
            &[WRAP, &conversation],
            &plaintext,
        )?;
        let version = DATA_KEY_VERSION;
        Ok((DataKey { version, key }, wrapped))
    }

    /// Unwraps the key of a conversation.
    ///
    /// # Errors
    /// [`CipherError::UnknownForm`], [`CipherError::UnknownKey`] or [`CipherError::Damaged`],
    /// the last also for the key of another conversation.
    pub fn open_data_key(
        &self,
        conversation: [u8; 16],
        wrapped: &[u8],
    ) -> Result<DataKey, CipherError> {
        let (prefix, master, rest) = self.master_of(wrapped)?;
        let plaintext = open(&master.wrap, &prefix, &[WRAP, &conversation], rest)?;
        let plaintext = Zeroizing::new(plaintext);
        let (&version, key) = plaintext.split_first().ok_or(CipherError::UnknownForm)?;
        let key = <[u8; 32]>::try_from(key).map_err(|_| CipherError::UnknownForm)?;
        let key = Key::new(key);
        Ok(DataKey { version, key })
    }

    /// Seals an account's e-mail address.
    ///
    /// # Errors
    /// [`CipherError::Randomness`].
    pub fn seal_email(&self, user: [u8; 16], address: &str) -> Result<Vec<u8>, CipherError> {
        let (version, master) = self.master.newest();
        seal(
            &master.email,
            &master_prefix(version),
            &[EMAIL, &user],
            address.as_bytes(),
        )
    }

    /// Opens an account's e-mail address.
    ///
    /// # Errors
    /// As [`Self::open_data_key`].
    pub fn open_email(&self, user: [u8; 16], sealed: &[u8]) -> Result<String, CipherError> {
        let (prefix, master, rest) = self.master_of(sealed)?;
        let plaintext = open(&master.email, &prefix, &[EMAIL, &user], rest)?;
        String::from_utf8(plaintext).map_err(|_| CipherError::UnknownForm)
    }

    /// Seals what an account says of itself.
    ///
    /// # Errors
    /// [`CipherError::Randomness`].
    pub fn seal_profile(&self, user: [u8; 16], profile: &[u8]) -> Result<Vec<u8>, CipherError> {
        let (version, master) = self.master.newest();
        seal(
            &master.profile,
            &master_prefix(version),
            &[PROFILE, &user],
            profile,
        )
    }

    /// Opens what an account says of itself.
    ///
    /// # Errors
    /// As [`Self::open_data_key`].
    pub fn open_profile(&self, user: [u8; 16], sealed: &[u8]) -> Result<Vec<u8>, CipherError> {
        let (prefix, master, rest) = self.master_of(sealed)?;
        open(&master.profile, &prefix, &[PROFILE, &user], rest)
    }

    /// Seals the name of a folder of an account.
    ///
    /// # Errors
    /// [`CipherError::Randomness`].
    pub fn seal_folder(
        &self,
        user: [u8; 16],
        folder: [u8; 16],
        name: &str,
    ) -> Result<Vec<u8>, CipherError> {
        let (version, master) = self.master.newest();
        seal(
            &master.folder,
            &master_prefix(version),
            &[FOLDER, &user, &folder],
            name.as_bytes(),
        )
    }

    /// Opens the name of a folder.
    ///
    /// # Errors
    /// As [`Self::open_data_key`].
    pub fn open_folder(
        &self,
        user: [u8; 16],
        folder: [u8; 16],
        sealed: &[u8],
    ) -> Result<String, CipherError> {
        let (prefix, master, rest) = self.master_of(sealed)?;
        let name = open(&master.folder, &prefix, &[FOLDER, &user, &folder], rest)?;
        String::from_utf8(name).map_err(|_| CipherError::UnknownForm)
    }

    /// The blind index of an e-mail address: finds the account and is unique, and says nothing
    /// without the key. The caller folds the address first.
    #[must_use]
    pub fn email_index(&self, folded: &str) -> [u8; 32] {
        mac::hmac(self.index.as_slice(), &[folded.as_bytes()])
    }

    fn master_of<'a>(
        &self,
        sealed: &'a [u8],
    ) -> Result<([u8; 5], &MasterKey, &'a [u8]), CipherError> {
        let (&prefix, rest) = sealed
            .split_first_chunk::<5>()
            .ok_or(CipherError::UnknownForm)?;
        let [format, version @ ..] = prefix;
        if format != FORMAT {
            return Err(CipherError::UnknownForm);
        }
        let version = u32::from_be_bytes(version);
        let master = self
            .master
            .get(version)
            .ok_or(CipherError::UnknownKey(version))?;
        Ok((prefix, master, rest))
    }
}

fn master_prefix(version: u32) -> [u8; 5] {
    let [a, b, c, d] = version.to_be_bytes();
    [FORMAT, a, b, c, d]
}

/// What the tag covers beside the ciphertext. The prefix has a fixed length for each form,
/// and so has every part but the last, so two different lists never join to the same bytes.
fn associated(prefix: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    [prefix]
        .iter()
        .chain(parts)
        .copied()
        .flatten()
        .copied()
        .collect()
}

fn seal(key: &Key, prefix: &[u8], aad: &[&[u8]], plaintext: &[u8]) -> Result<Vec<u8>, CipherError> {
    seal_with_nonce(key, random::array()?, prefix, aad, plaintext)
}

fn seal_with_nonce(
    key: &Key,
    nonce: [u8; NONCE_BYTES],
    prefix: &[u8],
    aad: &[&[u8]],
    plaintext: &[u8],
) -> Result<Vec<u8>, CipherError> {
    let head = prefix.len() + NONCE_BYTES;
    let mut out = Vec::with_capacity(head + plaintext.len() + TAG_BYTES);
    out.extend_from_slice(prefix);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(plaintext);
    let (_, body) = out.split_at_mut(head);
    let tag = Aes256Gcm::new(key.as_slice().into())
        .encrypt_in_place_detached(&nonce.into(), &associated(prefix, aad), body)
        .map_err(|_| CipherError::TooLong)?;
    out.extend_from_slice(&tag);
    Ok(out)
}

fn open(key: &Key, prefix: &[u8], aad: &[&[u8]], rest: &[u8]) -> Result<Vec<u8>, CipherError> {
    let (nonce, rest) = rest
        .split_first_chunk::<NONCE_BYTES>()
        .ok_or(CipherError::UnknownForm)?;
    let (body, tag) = rest
        .split_last_chunk::<TAG_BYTES>()
        .ok_or(CipherError::UnknownForm)?;
    let mut out = body.to_vec();
    let opened = Aes256Gcm::new(key.as_slice().into()).decrypt_in_place_detached(
        nonce.into(),
        &associated(prefix, aad),
        &mut out,
        tag.into(),
    );
    if opened.is_err() {
        out.zeroize();
        return Err(CipherError::Damaged);
    }
    Ok(out)
}

#[cfg(test)]
#[path = "cipher_tests.rs"]
mod tests;
