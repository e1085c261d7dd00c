//! `docs/protocol.md` shows frames in JSON. They have to be frames.
//!
//! A block that begins with ```` ```json client ```` or ```` ```json server ```` holds frames of
//! that side, one after the other.

use std::collections::BTreeSet;

use protocol::{ClientFrame, Codec, ErrorCode, ServerFrame};
use serde_json::Value;

use crate::samples::{CLIENT_NAMES, SERVER_NAMES, client, client_name, server, server_name};

const DOCUMENT: &str = include_str!("../../../../docs/protocol.md");

/// The frames in the document's blocks of one side.
fn frames(side: &str) -> Vec<Value> {
    let opening = format!("```json {side}\n");
    let blocks = DOCUMENT.split(opening.as_str()).skip(1);
    let blocks = blocks.map(|rest| rest.split("```").next().expect("a block ends"));
    blocks
        .flat_map(|block| serde_json::Deserializer::from_str(block).into_iter::<Value>())
        .map(|frame| frame.expect("JSON"))
        .collect()
}

#[test]
fn shows_every_frame_of_a_client_as_it_is() {
    let mut shown = BTreeSet::new();
    for value in frames("client") {
        let frame: ClientFrame = Codec::Json
            .decode(value.to_string().as_bytes())
            .unwrap_or_else(|error| panic!("{error}: {value}"));
        assert_eq!(
            serde_json::to_value(&frame).unwrap(),
            value,
            "all its fields"
        );
        shown.insert(client_name(&frame));
    }
    assert_eq!(shown, CLIENT_NAMES.into_iter().collect());
}

#[test]
fn shows_every_frame_of_the_server_as_it_is() {
    let mut shown = BTreeSet::new();
    for value in frames("server") {
        let frame: ServerFrame = Codec::Json
            .decode(value.to_string().as_bytes())
            .unwrap_or_else(|error| panic!("{error}: {value}"));
        assert_eq!(
            serde_json::to_value(&frame).unwrap(),
            value,
            "all its fields"
        );
        shown.insert(server_name(&frame));
    }
    assert_eq!(shown, SERVER_NAMES.into_iter().collect());
}

/// The binary encoding counts the frames "in the order of this document".
#[test]
fn counts_the_frames_as_binary_does() {
    let headings: Vec<&str> = DOCUMENT
        .lines()
        .filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'))
        .collect();
    let (of_clients, of_the_server) = headings.split_at(CLIENT_NAMES.len());
    for (_, frame) in client() {
        let number = Codec::Binary.encode(&frame).unwrap()[0];
        assert_eq!(of_clients[usize::from(number)], client_name(&frame));
    }
    for (_, frame) in server() {
        let number = Codec::Binary.encode(&frame).unwrap()[0];
        assert_eq!(of_the_server[usize::from(number)], server_name(&frame));
    }
    assert_eq!(of_the_server.len(), SERVER_NAMES.len());
}

#[test]
fn says_which_error_codes_may_pass() {
    for number in 0_u8.. {
        let Ok(code) = Codec::Binary.decode::<ErrorCode>(&[number]) else {
            break;
        };
        let name = serde_json::to_value(code).unwrap();
        let start = format!("| `{}` |", name.as_str().unwrap());
        let row = DOCUMENT
            .lines()
            .find(|line| line.starts_with(&start))
            .unwrap_or_else(|| panic!("no row for {name}"));
        let transient = row.split('|').nth(2).map(str::trim);
        let expected = if code.is_transient() { "yes" } else { "no" };
        assert_eq!(transient, Some(expected), "{name}");
        assert!(row.contains(&code.to_string()), "{name}: its sentence");
    }
}
