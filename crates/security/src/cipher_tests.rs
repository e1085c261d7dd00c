use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::keyring::KeyParts;

const CONVERSATION: [u8; 16] = [7; 16];

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(c.to_digit(16).unwrap()).unwrap())
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

fn key(hex: &str) -> Key {
    Key::new(unhex(hex).try_into().unwrap())
}

fn ring(masters: &[(u32, u8)]) -> KeyRing {
    let fresh = |seed: u8| mac::derive(&[seed], b"test");
    KeyRing::from_parts(&KeyParts {
        master: masters
            .iter()
            .map(|(version, seed)| (*version, *fresh(*seed)))
            .collect(),
        token: vec![(1, *fresh(101))],
        refresh: vec![(1, *fresh(102))],
        index: vec![(1, *fresh(103))],
    })
    .unwrap()
}

/// Test cases 13 to 16 of the GCM specification (McGrew and Viega, appendix B): the keys of
/// 256 bits.
#[test]
fn gives_the_values_of_the_gcm_specification() {
    let zero = "0".repeat(64);
    let feff = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
    let text = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
                1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
    let sealed = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
                  8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad";
    let cases = [
        (
            zero.as_str(),
            "000000000000000000000000",
            "",
            "",
            "",
            "530f8afbc74536b9a963b4f1c4cb738b",
        ),
        (
            zero.as_str(),
            "000000000000000000000000",
            "",
            "00000000000000000000000000000000",
            "cea7403d4d606b6e074ec5d3baf39d18",
            "d0d1c8a799996bf0265b98b5d48ab919",
        ),
        (
            feff,
            "cafebabefacedbaddecaf888",
            "",
            text,
            sealed,
            "b094dac5d93471bdec1a502270e3cc6c",
        ),
        (
            feff,
            "cafebabefacedbaddecaf888",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            &text[..120],
            &sealed[..120],
            "76fc6ece0f4e1768cddf8853bb2d551b",
        ),
    ];
    for (k, nonce, aad, plaintext, ciphertext, tag) in cases {
        let nonce: [u8; 12] = unhex(nonce).try_into().unwrap();
        let out = seal_with_nonce(&key(k), nonce, &[], &[&unhex(aad)], &unhex(plaintext)).unwrap();
        let expected = [nonce.to_vec(), unhex(ciphertext), unhex(tag)].concat();
        assert_eq!(out, expected);
        assert_eq!(
            open(&key(k), &[], &[&unhex(aad)], &out).unwrap(),
            unhex(plaintext)
        );
    }
}

#[test]
fn every_changed_byte_is_noticed() {
    let (key, wrapped) = ring(&[(1, 1)]).new_data_key(CONVERSATION).unwrap();
    let sealed = key.seal(b"place", "नमस्ते".as_bytes()).unwrap();
    assert_eq!(sealed.len(), "नमस्ते".len() + DataKey::OVERHEAD);
    for at in 0..sealed.len() {
        for flip in [1, 0x80, 0xff] {
            let mut changed = sealed.clone();
            changed[at] ^= flip;
            let expected = if at < 2 {
                CipherError::UnknownForm
            } else {
                CipherError::Damaged
            };
            assert_eq!(key.open(b"place", &changed), Err(expected), "byte {at}");
        }
    }
    for at in 0..wrapped.len() {
        let mut changed = wrapped.clone();
        changed[at] ^= 1;
        assert!(
            ring(&[(1, 1)])
                .open_data_key(CONVERSATION, &changed)
                .is_err(),
            "byte {at}"
        );
    }
}

#[test]
fn every_cut_and_every_addition_is_noticed() {
    let (key, wrapped) = ring(&[(1, 1)]).new_data_key(CONVERSATION).unwrap();
    let sealed = key.seal(b"", b"text").unwrap();
    for length in 0..sealed.len() {
        assert!(key.open(b"", &sealed[..length]).is_err(), "cut to {length}");
    }
    assert!(key.open(b"", &[sealed.as_slice(), &[0]].concat()).is_err());
    for length in 0..wrapped.len() {
        assert!(
            ring(&[(1, 1)])
                .open_data_key(CONVERSATION, &wrapped[..length])
                .is_err()
        );
    }
}

#[test]
fn a_message_moved_elsewhere_does_not_open() {
    let keys = ring(&[(1, 1)]);
    let (here, _) = keys.new_data_key(CONVERSATION).unwrap();
    let (there, _) = keys.new_data_key([8; 16]).unwrap();
    let sealed = here.seal(b"place 1", b"text").unwrap();
    assert_eq!(here.open(b"place 2", &sealed), Err(CipherError::Damaged));
    assert_eq!(here.open(b"", &sealed), Err(CipherError::Damaged));
    assert_eq!(there.open(b"place 1", &sealed), Err(CipherError::Damaged));
    assert_eq!(here.open(b"place 1", &sealed).unwrap(), b"text");
}

#[test]
fn a_wrapped_key_or_address_moved_elsewhere_does_not_open() {
    let keys = ring(&[(1, 1)]);
    let (_, wrapped) = keys.new_data_key(CONVERSATION).unwrap();
    assert_eq!(
        keys.open_data_key([8; 16], &wrapped).err(),
        Some(CipherError::Damaged)
    );
    let sealed = keys.seal_email([1; 16], "a@example.org").unwrap();
    assert_eq!(keys.open_email([2; 16], &sealed), Err(CipherError::Damaged));
    assert_eq!(
        keys.open_email([1; 16], &wrapped),
        Err(CipherError::Damaged)
    );
    assert_eq!(keys.open_email([1; 16], &sealed).unwrap(), "a@example.org");
    let readable = sealed.windows(7).any(|part| part == b"example");
    assert!(!readable);
}

#[test]
fn a_profile_opens_for_its_own_account_and_as_nothing_else() {
    let keys = ring(&[(1, 1)]);
    let sealed = keys.seal_profile([1; 16], b"about").unwrap();
    assert_eq!(keys.open_profile([1; 16], &sealed).unwrap(), b"about");
    let moved = keys.open_profile([2; 16], &sealed);
    assert_eq!(moved, Err(CipherError::Damaged));
    assert_eq!(keys.open_email([1; 16], &sealed), Err(CipherError::Damaged));
    let email = keys.seal_email([1; 16], "a@example.org").unwrap();
    assert_eq!(
        keys.open_profile([1; 16], &email),
        Err(CipherError::Damaged)
    );
    let later = ring(&[(1, 1), (2, 2)]);
    assert_eq!(later.open_profile([1; 16], &sealed).unwrap(), b"about");
    assert!(!sealed.windows(5).any(|part| part == b"about"));
}

#[test]
fn a_folder_opens_in_its_own_place_and_as_nothing_else() {
    let keys = ring(&[(1, 1)]);
    let sealed = keys.seal_folder([1; 16], [2; 16], "family").unwrap();
    let opened = keys.open_folder([1; 16], [2; 16], &sealed);
    assert_eq!(opened.unwrap(), "family");
    for (user, folder) in [([3; 16], [2; 16]), ([1; 16], [3; 16]), ([2; 16], [1; 16])] {
        let moved = keys.open_folder(user, folder, &sealed);
        assert_eq!(moved, Err(CipherError::Damaged));
    }
    let profile = keys.open_profile([1; 16], &sealed);
    assert_eq!(profile, Err(CipherError::Damaged));
    let later = ring(&[(1, 1), (2, 2)]);
    let opened = later.open_folder([1; 16], [2; 16], &sealed);
    assert_eq!(opened.unwrap(), "family");
    assert!(!sealed.windows(6).any(|part| part == b"family"));
}

#[test]
fn older_master_keys_open_and_the_newest_seals() {
    let before = ring(&[(1, 1)]);
    let (key, wrapped) = before.new_data_key(CONVERSATION).unwrap();
    let email = before.seal_email([1; 16], "a@example.org").unwrap();
    let sealed = key.seal(b"", b"text").unwrap();

    let after = ring(&[(1, 1), (2, 2)]);
    let reopened = after.open_data_key(CONVERSATION, &wrapped).unwrap();
    assert_eq!(reopened.open(b"", &sealed).unwrap(), b"text");
    assert_eq!(after.open_email([1; 16], &email).unwrap(), "a@example.org");
    let (_, newer) = after.new_data_key(CONVERSATION).unwrap();
    assert_eq!(newer[..5], [1, 0, 0, 0, 2]);

    let retired = ring(&[(2, 2)]);
    assert_eq!(
        retired.open_data_key(CONVERSATION, &wrapped).err(),
        Some(CipherError::UnknownKey(1))
    );
    // Relabelling an old blob as sealed by the newer key does not help.
    let mut relabelled = wrapped;
    relabelled[4] = 2;
    assert_eq!(
        after.open_data_key(CONVERSATION, &relabelled).err(),
        Some(CipherError::Damaged)
    );
}

#[test]
fn nonces_and_keys_do_not_repeat() {
    let keys = ring(&[(1, 1)]);
    let (key, _) = keys.new_data_key(CONVERSATION).unwrap();
    let mut seen = HashSet::new();
    for _ in 0..100_000 {
        let sealed = key.seal(b"", b"").unwrap();
        let nonce: [u8; 12] = sealed[2..14].try_into().unwrap();
        assert!(seen.insert(nonce), "a nonce came twice");
    }
    let (other, _) = keys.new_data_key(CONVERSATION).unwrap();
    assert_ne!(*key.key, *other.key);
}

#[test]
fn the_index_depends_on_address_and_key_only() {
    let keys = ring(&[(1, 1)]);
    assert_eq!(
        keys.email_index("a@example.org"),
        ring(&[(1, 1), (2, 2)]).email_index("a@example.org"),
        "a new master key must not lose accounts"
    );
    assert_ne!(
        keys.email_index("a@example.org"),
        keys.email_index("b@example.org")
    );
    assert_ne!(
        keys.email_index("a@example.org"),
        KeyRing::for_tests().email_index("a@example.org")
    );
}

#[test]
fn debug_prints_no_key() {
    let (key, _) = ring(&[(1, 1)]).new_data_key(CONVERSATION).unwrap();
    assert_eq!(format!("{key:?}"), "DataKey(***)");
}

proptest! {
    #[test]
    fn what_was_sealed_opens(
        aad in prop::collection::vec(any::<u8>(), 0..64),
        plaintext in prop::collection::vec(any::<u8>(), 0..2048),
    ) {
        let keys = KeyRing::for_tests();
        let (key, wrapped) = keys.new_data_key(CONVERSATION).unwrap();
        let sealed = key.seal(&aad, &plaintext).unwrap();
        let reopened = keys.open_data_key(CONVERSATION, &wrapped).unwrap();
        prop_assert_eq!(reopened.open(&aad, &sealed).unwrap(), plaintext);
    }

    #[test]
    fn noise_never_opens(noise in prop::collection::vec(any::<u8>(), 0..256)) {
        let keys = KeyRing::for_tests();
        let (key, _) = keys.new_data_key(CONVERSATION).unwrap();
        prop_assert!(key.open(b"", &noise).is_err());
        prop_assert!(keys.open_data_key(CONVERSATION, &noise).is_err());
        prop_assert!(keys.open_email(CONVERSATION, &noise).is_err());
    }
}

#[test]
fn a_term_has_another_token_in_every_conversation() {
    let ring = KeyRing::for_tests();
    let (one, wrapped) = ring.new_data_key([1; 16]).unwrap();
    let (other, _) = ring.new_data_key([1; 16]).unwrap();
    let again = ring.open_data_key([1; 16], &wrapped).unwrap();
    let token = |key: &DataKey, term: &[u8]| key.search_key().token(term);
    assert_eq!(token(&one, b"kal"), token(&again, b"kal"));
    assert_ne!(token(&one, b"kal"), token(&other, b"kal"));
    assert_ne!(token(&one, b"kal"), token(&one, b"kul"));
    assert_eq!(format!("{:?}", one.search_key()), "SearchKey(***)");
}
