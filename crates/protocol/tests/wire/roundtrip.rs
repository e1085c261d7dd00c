//! What is encoded is decoded as the same, in both encodings.

use proptest::prelude::*;
use protocol::limits::{
    FRAME_BYTES, MESSAGE_BYTES, MESSAGE_GRAPHEMES, REACTION_KINDS, REACTIONS_PER_MESSAGE,
};
use protocol::{
    ChangeKind, ClientFrame, Codec, Content, ConversationId, Emoji, Intent, Message, MessageBody,
    Origin, SendId, Seq, ServerFrame, Timestamp, UserId,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::arbitrary::{client_frame, server_frame};
use crate::samples;

fn check<T>(frame: &T)
where
    T: Serialize + DeserializeOwned + PartialEq + core::fmt::Debug,
{
    for codec in Codec::ALL {
        let bytes = codec.encode(frame).expect("frames can be encoded");
        if bytes.len() <= FRAME_BYTES {
            let decoded: T = codec.decode(&bytes).expect("what was encoded is a frame");
            assert_eq!(&decoded, frame, "{codec:?}");
        }
    }
}

proptest! {
    #[test]
    fn frames_of_clients_come_back(frame in client_frame()) {
        check(&frame);
    }

    #[test]
    fn frames_of_the_server_come_back(frame in server_frame()) {
        check(&frame);
    }
}

#[test]
fn samples_come_back() {
    for (_, frame) in samples::client() {
        check(&frame);
    }
    for (_, frame) in samples::server() {
        check(&frame);
    }
}

/// The longest text fits into a frame, whatever JSON makes of its characters.
#[test]
fn the_longest_message_fits_into_a_frame() {
    for filling in ["x", "\"", "\\", "ن", "🙂", "नि", "\"\u{301}\u{302}\u{303}"] {
        let count = MESSAGE_GRAPHEMES.min(MESSAGE_BYTES / filling.len());
        let text = filling.repeat(count);
        let body = MessageBody::parse(&text).expect("a text");
        let send = ClientFrame::Send {
            send_id: SendId::from_bytes([0xFF; 16]),
            conversation: ConversationId::from_bytes([0xFF; 16]),
            intent: Intent::Text {
                text,
                reply_to: Some(Seq(u64::MAX)),
            },
            after: Seq(u64::MAX),
            retry: false,
        };
        let event = ServerFrame::Event {
            message: with_most_reactions(samples::message(u64::MAX, Content::Text(body.into()))),
        };
        for codec in Codec::ALL {
            let lengths = [codec.encode(&send), codec.encode(&event)];
            for length in lengths.map(|bytes| bytes.expect("encoded").len()) {
                assert!(length <= FRAME_BYTES, "{filling:?}, {codec:?}: {length}");
            }
        }
    }
}

fn with_most_reactions(mut message: Message) -> Message {
    let kinds: Vec<_> = ('\u{1F600}'..).take(REACTION_KINDS).collect();
    for (at, kind) in (0..REACTIONS_PER_MESSAGE).zip(kinds.iter().cycle()) {
        let family = format!("{kind}\u{200D}👩🏽\u{200D}👧🏽\u{200D}👦🏽");
        let change = ChangeKind::React {
            emoji: Emoji::parse(&family).expect("an emoji"),
            on: true,
        };
        let origin = Origin {
            seq: Seq(u64::MAX - 1_000 + at as u64),
            author: UserId::from_bytes((at as u128).to_be_bytes()),
            at: Timestamp::from_millis(u64::MAX),
        };
        assert!(message.fold(origin, &change));
    }
    message
}

#[test]
fn unit_frames_are_bare_words_in_json() {
    for (frame, word) in [
        (ServerFrame::Resumed, "\"resumed\""),
        (ServerFrame::Resync, "\"resync\""),
    ] {
        let bytes = Codec::Json.encode(&frame).expect("encoded");
        assert_eq!(bytes, word.as_bytes());
    }
}
