//! What waits, as it is stored on this device.

use protocol::{ConversationId, Intent, MessageBody, SendId, Seq, TextError, Timestamp};
use serde::{Deserialize, Serialize};

use crate::intent;

/// Something to be written that the server has not answered for yet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct OutboxEntry {
    /// Its identity.
    pub send_id: SendId,
    /// Where to.
    pub conversation: ConversationId,
    /// What is to be written.
    pub intent: Intent,
    /// The newest place known when it was made; never raised.
    pub after: Seq,
    /// When it was made.
    pub written_at: Timestamp,
    /// Grows from one entry to the next; the order of sending.
    pub order: u64,
}

impl OutboxEntry {
    /// The text, if it is a message.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.intent.message()
    }
}

/// What lies on people's devices: the first version stored messages only, by their text.
#[derive(Deserialize)]
struct Stored {
    send_id: SendId,
    conversation: ConversationId,
    #[serde(default)]
    intent: Option<Intent>,
    #[serde(default)]
    text: Option<MessageBody>,
    after: Seq,
    written_at: Timestamp,
    order: u64,
}

impl TryFrom<Stored> for OutboxEntry {
    type Error = TextError;

    fn try_from(stored: Stored) -> Result<Self, TextError> {
        let intent = match (stored.intent, stored.text) {
            (Some(intent), _) => intent,
            (None, Some(text)) => Intent::Text {
                text: text.as_str().to_owned(),
                reply_to: None,
            },
            (None, None) => return Err(TextError::Empty),
        };
        intent::content(&intent)?;
        Ok(Self {
            send_id: stored.send_id,
            conversation: stored.conversation,
            intent,
            after: stored.after,
            written_at: stored.written_at,
            order: stored.order,
        })
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Codec, GroupSettings, Role, UserId};

    use super::*;

    fn entry(intent: Intent) -> OutboxEntry {
        OutboxEntry {
            send_id: SendId::from_bytes([1; 16]),
            conversation: ConversationId::from_bytes([2; 16]),
            intent,
            after: Seq(41),
            written_at: Timestamp::from_millis(1_700_000_000_000),
            order: 7,
        }
    }

    fn read(text: &str) -> Option<OutboxEntry> {
        Codec::Json.decode(text.as_bytes()).ok()
    }

    /// What version 1 wrote. The test must not be changed to follow the code.
    const FIRST: &str = r#"{"send_id":"0101010101010101010101010G","conversation":"0202020202020202020202020W","text":"hello","after":41,"written_at":1700000000000,"order":7}"#;
    /// What the present version writes.
    const PRESENT: &str = r#"{"send_id":"01010101010101010101010101","conversation":"02020202020202020202020202","intent":{"edit":{"target":3,"text":"hello"}},"after":41,"written_at":1700000000000,"order":7}"#;

    #[test]
    fn what_the_first_version_stored_is_a_message() {
        let first = read(FIRST).unwrap();
        assert_eq!(first.text(), Some("hello"));
        assert_eq!((first.after, first.order), (Seq(41), 7));
    }

    #[test]
    fn every_intent_survives_the_way_to_the_disk_and_back() {
        let user = UserId::from_bytes([4; 16]);
        let target = Seq(3);
        let text = "चाय? 👩‍👩‍👧".to_owned();
        let intents = [
            Intent::Text {
                text: text.clone(),
                reply_to: Some(Seq(9)),
            },
            Intent::Forward { text: text.clone() },
            Intent::Edit {
                target,
                text: text.clone(),
            },
            Intent::Delete { target },
            Intent::React {
                target,
                emoji: "👍".to_owned(),
                on: false,
            },
            Intent::Pin { target, on: true },
            Intent::Rename {
                title: text.clone(),
            },
            Intent::Describe {
                description: String::new(),
            },
            Intent::Configure {
                settings: GroupSettings::default(),
            },
            Intent::Add { users: vec![user] },
            Intent::Remove { user },
            Intent::Leave,
            Intent::Dissolve,
            Intent::SetRole {
                user,
                role: Role::Owner,
            },
        ];
        for intent in intents {
            let before = entry(intent);
            let text = String::from_utf8(Codec::Json.encode(&before).unwrap()).unwrap();
            assert_eq!(read(&text), Some(before));
        }
    }

    #[test]
    fn what_says_nothing_that_can_be_sent_is_not_an_entry() {
        assert_eq!(read(&FIRST.replace("hello", "  ")), None);
        assert_eq!(read(&FIRST.replace(r#""text":"hello","#, "")), None);
        assert!(read(PRESENT).is_some());
        assert_eq!(read(&PRESENT.replace("hello", "  ")), None);
        assert_eq!(read(&PRESENT.replace("edit", "unheard_of")), None);
    }
}
