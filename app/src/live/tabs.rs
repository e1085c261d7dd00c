//! What the tabs of one account tell each other, and all tabs of a browser.

use std::str::FromStr;

use client::Draft;
use protocol::{ConversationId, SendId, UserId};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

/// Why nothing of the account may be seen in this tab any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Left {
    /// It was signed out on this device, by this tab or by another.
    SignedOut,
    /// Somebody else has signed in in this browser.
    SomebodyElse,
}

/// Something one tab tells the others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Word {
    /// The account was signed out on this device.
    SignedOut,
    /// A tab goes away while messages wait; who is left takes them over.
    Left,
    /// A message was given up and must not be sent by anybody.
    Discarded(SendId),
    /// A draft was changed, or is gone.
    Drafted(ConversationId, Option<Draft>),
}

const SIGNED_OUT: &str = "signed-out";
const LEFT: &str = "left";
const DISCARDED: &str = "discarded ";
const DRAFTED: &str = "drafted ";
const UNDRAFTED: &str = "undrafted ";

impl Word {
    fn text(&self) -> String {
        match self {
            Self::SignedOut => SIGNED_OUT.to_owned(),
            Self::Left => LEFT.to_owned(),
            Self::Discarded(id) => format!("{DISCARDED}{id}"),
            Self::Drafted(conversation, Some(draft)) => {
                // The form in which it is stored; it always has one.
                let json = serde_json::to_string(&(*conversation, draft.clone()));
                format!("{DRAFTED}{}", json.unwrap_or_default())
            }
            Self::Drafted(conversation, None) => format!("{UNDRAFTED}{conversation}"),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            SIGNED_OUT => Some(Self::SignedOut),
            LEFT => Some(Self::Left),
            _ => {
                if let Some(json) = text.strip_prefix(DRAFTED) {
                    let (conversation, draft): (_, Draft) =
                        serde_json::from_slice(json.as_bytes()).ok()?;
                    return Some(Self::Drafted(conversation, Some(draft)));
                }
                if let Some(id) = text.strip_prefix(UNDRAFTED) {
                    let conversation = ConversationId::from_str(id).ok()?;
                    return Some(Self::Drafted(conversation, None));
                }
                let id = text.strip_prefix(DISCARDED)?;
                SendId::from_str(id).ok().map(Self::Discarded)
            }
        }
    }
}

/// The line that every tab of the browser hears, whoever it belongs to.
const EVERYBODY: &str = "baatcheet";

/// Tells every tab that somebody has signed in. They ask the server who that is.
pub fn announce_sign_in() {
    if let Ok(channel) = BroadcastChannel::new(EVERYBODY) {
        let _ = channel.post_message(&JsValue::NULL);
        channel.close();
    }
}

/// A line to other tabs.
pub(super) struct Tabs {
    channel: BroadcastChannel,
    _heard: Closure<dyn Fn(MessageEvent)>,
}

impl Tabs {
    /// Joins the account's line; `None` where the browser has none.
    pub(super) fn join(me: UserId, hear: impl Fn(Word) + 'static) -> Option<Self> {
        Self::listen(&format!("baatcheet-{me}"), move |event| {
            let text = event.data().as_string().unwrap_or_default();
            // Another version of the page may say what this one does not know.
            if let Some(word) = Word::parse(&text) {
                hear(word);
            }
        })
    }

    /// Hears that somebody has signed in.
    pub(super) fn hear_sign_ins(hear: impl Fn() + 'static) -> Option<Self> {
        Self::listen(EVERYBODY, move |_| hear())
    }

    fn listen(name: &str, hear: impl Fn(MessageEvent) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let heard = Closure::<dyn Fn(MessageEvent)>::new(hear);
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        Some(Self {
            channel,
            _heard: heard,
        })
    }

    /// Tells all other tabs.
    pub(super) fn tell(&self, word: &Word) {
        let _ = self.channel.post_message(&JsValue::from_str(&word.text()));
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_understood_and_nothing_else() {
        let id = SendId::from_bytes([7; 16]);
        let here = ConversationId::from_bytes([8; 16]);
        let draft = Draft {
            text: "haan, \"kal\"\n".to_owned(),
            caret: 3,
            reply_to: Some(protocol::Seq(7)),
        };
        for word in [
            Word::SignedOut,
            Word::Left,
            Word::Discarded(id),
            Word::Drafted(here, Some(draft)),
            Word::Drafted(here, None),
        ] {
            assert_eq!(Word::parse(&word.text()), Some(word));
        }
        for other in [
            "",
            "signed",
            "discarded",
            "discarded x",
            "drafted []",
            "left ",
        ] {
            assert_eq!(Word::parse(other), None, "{other}");
        }
    }
}
