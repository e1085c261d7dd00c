//! Bytes that are no frame: refused, whatever they are, and nothing worse than refused.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use protocol::limits::FRAME_BYTES;
use protocol::{ClientFrame, Codec, ConversationId, DecodeError, ServerFrame};

use crate::arbitrary::{client_frame, server_frame};
use crate::samples;

const CONVERSATION: &str = "01KAVQJ9R7E2H5N8A4T3W6C0ZM";

/// Decodes for both sides. What is taken for a frame is one: encoded again it comes back.
fn survives(bytes: &[u8]) {
    for codec in Codec::ALL {
        if let Ok(frame) = codec.decode::<ClientFrame>(bytes) {
            let again = codec.encode(&frame).expect("encoded");
            assert_eq!(codec.decode::<ClientFrame>(&again).expect("decoded"), frame);
        }
        if let Ok(frame) = codec.decode::<ServerFrame>(bytes) {
            let again = codec.encode(&frame).expect("encoded");
            assert_eq!(codec.decode::<ServerFrame>(&again).expect("decoded"), frame);
        }
    }
}

#[track_caller]
fn refused(codec: Codec, bytes: &[u8]) {
    let shown = String::from_utf8_lossy(bytes.get(..bytes.len().min(200)).unwrap_or_default());
    for outcome in [
        codec
            .decode::<ClientFrame>(bytes)
            .map(|frame| format!("{frame:?}")),
        codec
            .decode::<ServerFrame>(bytes)
            .map(|frame| format!("{frame:?}")),
    ] {
        let taken = outcome.ok();
        assert_eq!(taken, None, "{codec:?}: {shown}");
    }
}

#[track_caller]
fn json(text: &str) -> bool {
    Codec::Json.decode::<ClientFrame>(text.as_bytes()).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..2_000)) {
        survives(&bytes);
    }

    /// Begins like a frame, so that decoding gets further than its first byte.
    #[test]
    fn any_bytes_after_a_number_of_a_frame(number in 0_u8..16, bytes in vec(any::<u8>(), 0..200)) {
        let mut all = vec![number];
        all.extend(bytes);
        survives(&all);
    }

    #[test]
    fn any_text(text in any::<String>()) {
        survives(text.as_bytes());
    }

    #[test]
    fn a_client_frame_with_changed_bytes(
        frame in client_frame(),
        changes in vec((any::<Index>(), any::<u8>()), 1..6),
    ) {
        for codec in Codec::ALL {
            let bytes = codec.encode(&frame).expect("encoded");
            survives(&changed(bytes, &changes));
        }
    }

    #[test]
    fn a_server_frame_with_changed_bytes(
        frame in server_frame(),
        changes in vec((any::<Index>(), any::<u8>()), 1..6),
    ) {
        for codec in Codec::ALL {
            let bytes = codec.encode(&frame).expect("encoded");
            survives(&changed(bytes, &changes));
        }
    }
}

fn changed(mut bytes: Vec<u8>, changes: &[(Index, u8)]) -> Vec<u8> {
    for (at, value) in changes {
        let at = at.index(bytes.len());
        if let Some(byte) = bytes.get_mut(at) {
            *byte = *value;
        }
    }
    bytes
}

#[test]
fn a_frame_cut_short_is_refused() {
    for codec in Codec::ALL {
        let clients = samples::client().into_iter().map(|(_, f)| codec.encode(&f));
        let servers = samples::server().into_iter().map(|(_, f)| codec.encode(&f));
        for bytes in clients {
            let bytes = bytes.unwrap();
            for length in 0..bytes.len() {
                assert!(codec.decode::<ClientFrame>(&bytes[..length]).is_err());
            }
        }
        for bytes in servers {
            let bytes = bytes.unwrap();
            for length in 0..bytes.len() {
                assert!(codec.decode::<ServerFrame>(&bytes[..length]).is_err());
            }
        }
    }
}

#[test]
fn bytes_after_a_frame_are_refused() {
    for codec in Codec::ALL {
        for (name, frame) in samples::client() {
            let bytes = codec.encode(&frame).unwrap();
            for rest in [&b"x"[..], b"\0", &bytes] {
                let long = [bytes.as_slice(), rest].concat();
                let error = codec.decode::<ClientFrame>(&long).unwrap_err();
                assert!(
                    matches!(error, DecodeError::Malformed(_)),
                    "{name}: {error}"
                );
            }
        }
    }
    assert!(
        json("{\"ping\":{\"nonce\":1}} \n"),
        "white space is nothing"
    );
}

#[test]
fn a_frame_too_large_is_refused_before_it_is_looked_at() {
    for length in [FRAME_BYTES + 1, 100 * FRAME_BYTES] {
        for codec in Codec::ALL {
            let error = codec
                .decode::<ClientFrame>(&vec![b'['; length])
                .unwrap_err();
            assert!(
                matches!(error, DecodeError::TooLarge(is) if is == length),
                "{error}"
            );
        }
    }
    let mut padded = b"{\"ping\":{\"nonce\":1}}".to_vec();
    padded.resize(FRAME_BYTES, b' ');
    let frame: ClientFrame = Codec::Json.decode(&padded).unwrap();
    assert_eq!(frame, ClientFrame::Ping { nonce: 1 });
}

/// A few bytes that promise many: none of it is made room for.
#[test]
fn a_length_that_lies_is_refused() {
    const HUGE: [u8; 9] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F];
    let hello = [&[0][..], &HUGE].concat();
    refused(Codec::Binary, &hello);
    let places = [&hello[..], &[1; 1_000]].concat();
    refused(Codec::Binary, &places);
    let send = [&[1][..], &[7; 32], &[0], &HUGE, b"text"].concat();
    refused(Codec::Binary, &send);
    let page = [&[5, 1][..], &[7; 16], &HUGE].concat();
    refused(Codec::Binary, &page);
}

#[test]
fn values_that_binary_does_not_know_are_refused() {
    for number in 18_u8..=255 {
        refused(Codec::Binary, &[number]);
        refused(Codec::Binary, &[number, 0, 0, 0, 0]);
    }
    let typing = |active: u8| [&[3][..], &[7; 16], &[active]].concat();
    assert!(Codec::Binary.decode::<ClientFrame>(&typing(1)).is_ok());
    assert!(Codec::Binary.decode::<ClientFrame>(&typing(2)).is_err());
    let text = |bytes: &[u8]| [&[1][..], &[7; 32], &[0, 2], bytes, &[0, 0, 0]].concat();
    assert!(Codec::Binary.decode::<ClientFrame>(&text(b"ok")).is_ok());
    assert!(
        Codec::Binary
            .decode::<ClientFrame>(&text(b"\xC3\x28"))
            .is_err()
    );
}

#[test]
fn json_as_deep_as_a_frame_is_long_is_refused() {
    let deep =
        |open: &str, close: &str, depth: usize| [open.repeat(depth), close.repeat(depth)].concat();
    for depth in [2, 127, 128, 129, 1_000, 10_000, 30_000, 100_000] {
        for value in [
            deep("[", "]", depth),
            "[".repeat(depth),
            deep("{\"a\":", "}", depth),
            "{\"a\":".repeat(depth),
        ] {
            refused(Codec::Json, value.as_bytes());
            for frame in [
                format!("{{\"ping\":{value}}}"),
                format!("{{\"ping\":{{\"nonce\":{value}}}}}"),
                format!("{{\"ping\":{{\"nonce\":1,\"more\":{value}}}}}"),
                format!("{{\"hello\":{{\"resume\":{value}}}}}"),
                format!("{{\"unknown\":{value}}}"),
            ] {
                refused(Codec::Json, frame.as_bytes());
            }
        }
    }
}

/// JSON and what looks like it, with one thing wrong each.
const NO_FRAMES: &[&str] = &[
    // Not an object with one known name.
    "",
    " ",
    "null",
    "true",
    "7",
    "\"ping\"",
    "\"hello\"",
    "{}",
    "[]",
    "[\"ping\",{\"nonce\":1}]",
    "{\"Ping\":{\"nonce\":1}}",
    "{\"ping \":{\"nonce\":1}}",
    "{\"welcome\":{}}",
    "{\"type\":\"ping\",\"nonce\":1}",
    "{\"ping\":{\"nonce\":1},\"x\":1}",
    "{\"ping\":{\"nonce\":1},\"ping\":{\"nonce\":1}}",
    "{\"ping\":{\"nonce\":1}}{\"ping\":{\"nonce\":1}}",
    // Fields missing, unknown, doubled, of another type.
    "{\"ping\":null}",
    "{\"ping\":1}",
    "{\"ping\":{}}",
    "{\"ping\":{\"nonce\":null}}",
    "{\"ping\":{\"nonce\":\"1\"}}",
    "{\"ping\":{\"nonce\":4294967296}}",
    "{\"ping\":{\"nonce\":1,\"role\":\"admin\"}}",
    "{\"ping\":{\"nonce\":1,\"nonce\":2}}",
    "{\"hello\":{}}",
    "{\"hello\":{\"resume\":null}}",
    "{\"hello\":{\"resume\":{}}}",
    "{\"hello\":{\"resume\":[null]}}",
    // Not JSON.
    "{\"ping\":{\"nonce\":1}",
    "{\"ping\":{\"nonce\":1,}}",
    "{'ping':{'nonce':1}}",
    "{ping:{nonce:1}}",
    "{\"ping\":{\"nonce\":1}} // note",
    "\u{FEFF}{\"ping\":{\"nonce\":1}}",
];

#[test]
fn a_number_that_is_none_is_refused() {
    let seq = |value: &str| {
        format!("{{\"mark_read\":{{\"conversation\":\"{CONVERSATION}\",\"seq\":{value}}}}}")
    };
    assert!(json(&seq("1")));
    assert!(json(&seq("18446744073709551615")));
    for value in [
        "-1",
        "1.0",
        "1.5",
        "1e3",
        "1e400",
        "-1e400",
        "18446744073709551616",
        "99999999999999999999999999999999999999999",
        "01",
        "+1",
        "0x1",
        "NaN",
        "Infinity",
        "\"1\"",
        "true",
        "null",
        "[]",
        "[1]",
        "{}",
        "{\"seq\":1}",
        "",
    ] {
        assert!(!json(&seq(value)), "{value}");
    }
}

#[test]
fn json_that_is_no_frame_is_refused() {
    for frame in NO_FRAMES {
        assert!(!json(frame), "{frame}");
    }
}

#[test]
fn json_texts_have_to_be_unicode() {
    let send = |text: &[u8]| {
        let before = format!(
            "{{\"send\":{{\"send_id\":\"{CONVERSATION}\",\"conversation\":\"{CONVERSATION}\",\
             \"after\":0,\"retry\":false,\"intent\":{{\"text\":{{\"text\":\""
        );
        [before.as_bytes(), text, b"\"}}}}"].concat()
    };
    let is_taken = |text: &[u8]| Codec::Json.decode::<ClientFrame>(&send(text)).is_ok();
    assert!(is_taken("नमस्ते 🙂".as_bytes()));
    assert!(is_taken(b"\\u0928\\ud83d\\ude42\\u0000"));
    for text in [
        &b"\xFF"[..],
        b"\xC3\x28",
        b"\xED\xA0\x80",
        b"\xF4\x90\x80\x80",
        b"\\ud83d",
        b"\\ude42",
        b"\\ud83dx",
        b"\\x41",
        b"a\nb",
        b"\0",
    ] {
        assert!(!is_taken(text), "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn an_id_is_26_characters_of_its_alphabet() {
    let id = |text: &str| text.parse::<ConversationId>();
    let canonical = id(CONVERSATION).unwrap();
    assert_eq!(canonical.to_string(), CONVERSATION);
    assert_eq!(id(&CONVERSATION.to_lowercase()), Ok(canonical));
    assert!(id("7ZZZZZZZZZZZZZZZZZZZZZZZZZ").is_ok());
    for text in [
        "",
        "01KAVQJ9R7E2H5N8A4T3W6C0Z",
        "01KAVQJ9R7E2H5N8A4T3W6C0ZMM",
        "01KAVQJ9R7E2H5N8A4T3W6C0Z ",
        "01KAVQJ9R7E2H5N8A4T3W6C0ZI",
        "01KAVQJ9R7E2H5N8A4T3W6C0ZL",
        "01KAVQJ9R7E2H5N8A4T3W6C0ZO",
        "01KAVQJ9R7E2H5N8A4T3W6C0ZU",
        "01KAVQJ9R7-E2H5N8A4T3W6C0Z",
        "01KAVQJ9R7E2H5N8A4T3W6C0é",
        "conversation:01KAVQJ9R7E2H",
        "c:x OR 1=1; DELETE member;",
        // More than 128 bits.
        "80000000000000000000000000",
        "ZZZZZZZZZZZZZZZZZZZZZZZZZZ",
    ] {
        assert!(id(text).is_err(), "{text}");
    }
}
