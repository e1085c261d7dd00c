use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::keyring::KeyParts;

const NOW: u64 = 1_800_000_000;
const SESSION: [u8; 16] = [5; 16];

fn key(seed: u8) -> [u8; 32] {
    *mac::derive(&[seed], b"test")
}

fn ring(token: &[(u32, u8)], refresh: &[(u32, u8)]) -> KeyRing {
    let list = |keys: &[(u32, u8)]| keys.iter().map(|(v, seed)| (*v, key(*seed))).collect();
    KeyRing::from_parts(&KeyParts {
        master: vec![(1, key(201))],
        token: list(token),
        refresh: list(refresh),
        index: vec![(1, key(202))],
    })
    .unwrap()
}

fn keys() -> KeyRing {
    ring(&[(1, 1)], &[(1, 11)])
}

fn claims() -> AccessClaims {
    AccessClaims {
        subject: "01HZZZZZZZZZZZZZZZZZZZZZZZ".to_owned(),
        session: "01HYYYYYYYYYYYYYYYYYYYYYYY".to_owned(),
        issued_at: NOW,
        expires_at: NOW + 900,
    }
}

fn header() -> Value {
    json!({"typ": "JWT", "alg": "HS256", "kid": "1"})
}

fn body() -> Value {
    json!({
        "sub": claims().subject, "sid": claims().session, "iat": NOW, "nbf": NOW,
        "exp": NOW + 900, "iss": "baatcheet", "aud": "baatcheet", "typ": "access",
    })
}

/// A token as anybody could write it, signed by an HMAC of its own under the key given.
fn forge(header: &str, body: &str, signed_with: &[u8]) -> String {
    let message = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(body)
    );
    let signature = mac::hmac(signed_with, &[message.as_bytes()]);
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

fn without(mut object: Value, name: &str) -> Value {
    object.as_object_mut().unwrap().remove(name);
    object
}

/// The forger's own tool must make good tokens, or the refusals below would prove nothing.
#[test]
fn a_token_made_by_hand_with_our_key_is_good() {
    let token = forge(&header().to_string(), &body().to_string(), &key(1));
    assert_eq!(keys().verify_access(&token, NOW), Ok(claims()));
}

#[test]
fn what_was_signed_verifies_until_it_expires() {
    let token = keys().sign_access(&claims()).unwrap();
    assert!(token.len() < MAX_ACCESS_BYTES);
    assert_eq!(keys().verify_access(&token, NOW), Ok(claims()));
    assert_eq!(keys().verify_access(&token, NOW + 899), Ok(claims()));
    assert_eq!(
        keys().verify_access(&token, NOW + 900),
        Err(TokenError::Expired)
    );
    assert_eq!(
        keys().verify_access(&token, u64::MAX),
        Err(TokenError::Expired)
    );
    assert_eq!(keys().verify_access(&token, NOW - LEEWAY), Ok(claims()));
    assert_eq!(
        keys().verify_access(&token, NOW - LEEWAY - 1),
        Err(TokenError::NotYet)
    );
}

#[test]
fn no_algorithm_but_ours() {
    for alg in ["none", "None", "NONE", "nOnE", "", "HS257", "hs256"] {
        let token = forge(
            &with(header(), "alg", json!(alg)).to_string(),
            &body().to_string(),
            &key(1),
        );
        assert_eq!(
            keys().verify_access(&token, NOW),
            Err(TokenError::Malformed),
            "{alg}"
        );
        let (message, _) = token.rsplit_once('.').unwrap();
        assert!(
            keys().verify_access(&format!("{message}."), NOW).is_err(),
            "{alg} unsigned"
        );
        assert!(
            keys().verify_access(message, NOW).is_err(),
            "{alg} in two parts"
        );
    }
    for alg in [
        "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
        "EdDSA",
    ] {
        let token = forge(
            &with(header(), "alg", json!(alg)).to_string(),
            &body().to_string(),
            &key(1),
        );
        assert_eq!(
            keys().verify_access(&token, NOW),
            Err(TokenError::Algorithm),
            "{alg}"
        );
    }
}

#[test]
fn no_key_but_ours() {
    let body = body().to_string();
    for kid in [
        "2",
        "0",
        "01",
        "+1",
        " 1",
        "1 ",
        "-1",
        "",
        "../../dev/null",
        "1' OR '1'='1",
        "1\u{0}",
        "token.keys",
        "4294967297",
    ] {
        let token = forge(
            &with(header(), "kid", json!(kid)).to_string(),
            &body,
            &key(1),
        );
        assert_eq!(
            keys().verify_access(&token, NOW),
            Err(TokenError::UnknownKey),
            "{kid:?}"
        );
        // The classic: a kid that names an empty file makes the key empty.
        let token = forge(&with(header(), "kid", json!(kid)).to_string(), &body, b"");
        assert!(keys().verify_access(&token, NOW).is_err(), "{kid:?}");
    }
    let nameless = forge(&without(header(), "kid").to_string(), &body, &key(1));
    assert_eq!(
        keys().verify_access(&nameless, NOW),
        Err(TokenError::UnknownKey)
    );
    for kid in [json!(1), json!(["1"]), json!({"1": "1"}), json!(true)] {
        let token = forge(
            &with(header(), "kid", kid.clone()).to_string(),
            &body,
            &key(1),
        );
        assert!(keys().verify_access(&token, NOW).is_err(), "{kid}");
    }
    for other in [&[][..], &key(2), b"secret"] {
        let token = forge(&header().to_string(), &body, other);
        assert_eq!(keys().verify_access(&token, NOW), Err(TokenError::Invalid));
    }
}

#[test]
fn a_header_that_brings_a_key_is_refused() {
    let attacker = key(66);
    let jwk = json!({"kty": "oct", "alg": "HS256", "k": URL_SAFE_NO_PAD.encode(attacker)});
    let additions = [
        ("jwk", jwk),
        ("jku", json!("https://evil.example/keys")),
        ("x5u", json!("https://evil.example/cert")),
        ("x5c", json!(["AAAA"])),
        ("x5t", json!("AAAA")),
        ("x5t#S256", json!("AAAA")),
        ("crit", json!(["exp"])),
        ("b64", json!("false")),
        ("cty", json!("JWT")),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
        ("typ", json!("at+jwt")),
    ];
    for (name, value) in additions {
        let header = with(header(), name, value).to_string();
        for signed_with in [attacker, key(1)] {
            let token = forge(&header, &body().to_string(), &signed_with);
            assert_eq!(
                keys().verify_access(&token, NOW),
                Err(TokenError::Malformed),
                "{name}"
            );
        }
    }
}

#[test]
fn every_claim_must_be_there_and_ours() {
    for name in ["sub", "sid", "iat", "nbf", "exp", "iss", "aud", "typ"] {
        let token = forge(
            &header().to_string(),
            &without(body(), name).to_string(),
            &key(1),
        );
        assert_eq!(
            keys().verify_access(&token, NOW),
            Err(TokenError::Invalid),
            "no {name}"
        );
        for wrong in [json!(null), json!({}), json!([]), json!(-1), json!("x")] {
            let replaced = with(body(), name, wrong.clone());
            let token = forge(&header().to_string(), &replaced.to_string(), &key(1));
            let accepted = keys().verify_access(&token, NOW).is_ok();
            let any_text = matches!(name, "sub" | "sid") && wrong == json!("x");
            assert_eq!(accepted, any_text, "{name} = {wrong}");
        }
    }
    for (name, value) in [
        ("iss", json!("someone-else")),
        ("aud", json!("another-service")),
        ("aud", json!(["another-service"])),
        ("typ", json!("refresh")),
        ("typ", json!("Access")),
    ] {
        let token = forge(
            &header().to_string(),
            &with(body(), name, value).to_string(),
            &key(1),
        );
        assert_eq!(
            keys().verify_access(&token, NOW),
            Err(TokenError::Invalid),
            "{name}"
        );
    }
    let twice = body().to_string().replacen('{', "{\"exp\":99999999999,", 1);
    let token = forge(&header().to_string(), &twice, &key(1));
    assert_eq!(keys().verify_access(&token, NOW), Err(TokenError::Invalid));
}

#[test]
fn every_changed_character_is_noticed() {
    let token = keys().sign_access(&claims()).unwrap();
    for at in 0..token.len() {
        for other in ["A", "B", ".", "=", " "] {
            let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
            if changed != token {
                assert!(
                    keys().verify_access(&changed, NOW).is_err(),
                    "character {at}"
                );
            }
        }
    }
}

#[test]
fn malformed_and_oversized_texts_are_refused() {
    let good = keys().sign_access(&claims()).unwrap();
    for text in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        format!("{good}."),
        format!(".{good}"),
        format!("{good}.{good}"),
        format!(" {good}"),
        format!("{good}\n"),
        "a".repeat(1 << 20),
        "\u{0}\u{202e}नमस्ते".to_owned(),
    ] {
        assert!(keys().verify_access(&text, NOW).is_err());
    }
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let token = forge(&header().to_string(), &deep, &key(1));
    assert!(keys().verify_access(&token, NOW).is_err());
}

#[test]
fn token_keys_rotate_without_signing_anybody_out() {
    let old = keys().sign_access(&claims()).unwrap();
    let both = ring(&[(1, 1), (2, 2)], &[(1, 11)]);
    assert_eq!(both.verify_access(&old, NOW), Ok(claims()));
    let new = both.sign_access(&claims()).unwrap();
    assert_eq!(keys().verify_access(&new, NOW), Err(TokenError::UnknownKey));
    let retired = ring(&[(2, 2)], &[(1, 11)]);
    assert_eq!(retired.verify_access(&new, NOW), Ok(claims()));
    assert_eq!(
        retired.verify_access(&old, NOW),
        Err(TokenError::UnknownKey)
    );
}

#[test]
fn a_refresh_token_is_the_same_each_time_and_differs_by_session_and_generation() {
    let first = keys().refresh_secret(SESSION, 3);
    assert_eq!(first.encode(), keys().refresh_secret(SESSION, 3).encode());
    assert_eq!(first.encode().len(), RefreshSecret::ENCODED);
    assert_eq!(first.generation(), 3);
    for (session, generation) in [(SESSION, 2), (SESSION, 4), ([6; 16], 3)] {
        assert_ne!(keys().refresh_secret(session, generation).mac, first.mac);
    }
    assert!(first.has_hash(&first.hash()));
    assert!(!first.has_hash(&keys().refresh_secret(SESSION, 4).hash()));
}

#[test]
fn only_our_refresh_tokens_are_ours() {
    let secret = keys().refresh_secret(SESSION, 3);
    assert!(keys().made_refresh(SESSION, &secret));
    assert!(!keys().made_refresh([6; 16], &secret));
    assert!(!ring(&[(1, 1)], &[(1, 12)]).made_refresh(SESSION, &secret));
    let mut bytes = *secret.to_bytes();
    for at in 0..bytes.len() {
        bytes[at] ^= 1;
        let forged = RefreshSecret::parse(&URL_SAFE_NO_PAD.encode(bytes)).unwrap();
        assert!(!keys().made_refresh(SESSION, &forged), "byte {at}");
        bytes[at] ^= 1;
    }
}

#[test]
fn refresh_keys_rotate_without_signing_anybody_out() {
    let before = keys();
    let secret = before.refresh_secret(SESSION, 3);
    let after = ring(&[(1, 1)], &[(1, 11), (2, 12)]);
    assert!(after.made_refresh(SESSION, &secret));
    let found = after.stored_refresh(SESSION, 3, &secret.hash()).unwrap();
    assert_eq!(found.encode(), secret.encode());
    assert_ne!(after.refresh_secret(SESSION, 3).encode(), secret.encode());
    assert!(after.stored_refresh(SESSION, 4, &secret.hash()).is_none());
}

#[test]
fn malformed_refresh_tokens_are_refused() {
    let good = keys().refresh_secret(SESSION, 3).encode();
    for text in [
        String::new(),
        good[1..].to_owned(),
        format!("{good}A"),
        format!("{}=", &good[1..]),
        format!("{}+", &good[1..]),
        format!("{}/", &good[1..]),
        format!("{} ", &good[1..]),
        "é".repeat(RefreshSecret::ENCODED / 2),
        "A".repeat(1 << 20),
    ] {
        assert_eq!(
            RefreshSecret::parse(&text).err(),
            Some(TokenError::Malformed),
            "{text:.60}"
        );
    }
}

#[test]
fn debug_prints_no_secret() {
    let secret = keys().refresh_secret(SESSION, 3);
    assert_eq!(format!("{secret:?}"), "RefreshSecret(generation 3, ***)");
}

proptest! {
    #[test]
    fn access_tokens_round_trip(
        subject in "[0-9A-Z]{26}",
        session in "[0-9A-Z]{26}",
        issued_at in 0_u64..1 << 40,
        ttl in 1_u64..100_000,
        version in 1_u32..,
    ) {
        let keys = ring(&[(version, 1)], &[(1, 11)]);
        let claims = AccessClaims { subject, session, issued_at, expires_at: issued_at + ttl };
        let token = keys.sign_access(&claims).unwrap();
        prop_assert_eq!(keys.verify_access(&token, issued_at), Ok(claims));
        prop_assert_eq!(keys.verify_access(&token, issued_at + ttl), Err(TokenError::Expired));
    }

    #[test]
    fn refresh_tokens_round_trip(session: [u8; 16], generation: u32) {
        let secret = keys().refresh_secret(session, generation);
        let parsed = RefreshSecret::parse(&secret.encode()).unwrap();
        prop_assert!(keys().made_refresh(session, &parsed));
        prop_assert_eq!(parsed.generation(), generation);
        prop_assert_eq!(parsed.hash(), secret.hash());
    }

    #[test]
    fn noise_never_verifies(noise in ".{0,200}") {
        prop_assert!(keys().verify_access(&noise, NOW).is_err());
        prop_assert!(RefreshSecret::parse(&noise).is_err());
    }
}
