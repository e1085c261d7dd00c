//! The bytes of each frame. A change here is a change of the protocol: other people's clients
//! stop working, so it belongs into a new version (`docs/protocol.md`).

use std::collections::BTreeSet;
use std::fmt::Write as _;

use protocol::{Codec, ErrorCode};
use serde::Serialize;

use crate::samples::{CLIENT_NAMES, SERVER_NAMES, client, client_name, server, server_name};

/// Bytes in one line of a snapshot.
const LINE: usize = 32;

fn check<T: Serialize>(name: &str, frame: &T) {
    let json = Codec::Json.encode(frame).expect("encoded");
    let binary = Codec::Binary.encode(frame).expect("encoded");
    let mut text = String::from_utf8(json).expect("UTF-8");
    for line in binary.chunks(LINE) {
        text.push('\n');
        for byte in line {
            write!(text, "{byte:02x}").expect("written");
        }
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn every_frame_of_a_client_has_its_bytes() {
    for (name, frame) in client() {
        check(&format!("client_{name}"), &frame);
    }
}

#[test]
fn every_frame_of_the_server_has_its_bytes() {
    for (name, frame) in server() {
        check(&format!("server_{name}"), &frame);
    }
}

#[test]
fn every_variant_has_a_sample() {
    let client: BTreeSet<_> = client().iter().map(|(_, f)| client_name(f)).collect();
    let server: BTreeSet<_> = server().iter().map(|(_, f)| server_name(f)).collect();
    assert_eq!(client, CLIENT_NAMES.into_iter().collect());
    assert_eq!(server, SERVER_NAMES.into_iter().collect());
}

#[test]
fn a_frame_is_named_in_json_as_the_document_names_it() {
    for (_, frame) in client() {
        let value = serde_json::to_value(&frame).unwrap();
        assert_eq!(
            value.as_object().unwrap().keys().next().unwrap(),
            client_name(&frame)
        );
    }
    for (_, frame) in server() {
        let value = serde_json::to_value(&frame).unwrap();
        let name = value
            .as_str()
            .or_else(|| value.as_object()?.keys().next().map(String::as_str));
        assert_eq!(name, Some(server_name(&frame)));
    }
}

#[test]
fn error_codes_keep_their_names_and_numbers() {
    let mut text = String::new();
    // Until the first number that is none.
    for number in 0_u8.. {
        let Ok(code) = Codec::Binary.decode::<ErrorCode>(&[number]) else {
            break;
        };
        let json = String::from_utf8(Codec::Json.encode(&code).unwrap()).unwrap();
        let transient = if code.is_transient() {
            " transient"
        } else {
            ""
        };
        writeln!(text, "{number:>2} {json}{transient}: {code}").unwrap();
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("error_codes", text));
}
