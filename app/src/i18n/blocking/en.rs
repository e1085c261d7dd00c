//! English.

use super::{BlockingTexts, Locale};

pub(super) static TEXTS: BlockingTexts = BlockingTexts {
    locale: Locale::En,
    block: "Block",
    unblock: "Unblock",
    block_ask: "Block {name}?",
    block_text: "Neither of you can write to the other, {name} cannot bring you into groups or find you, and you see nothing of each other's coming, typing and reading. In groups that you share you both go on seeing what is written. They are not told, and you can unblock them at any time.",
    block_now: "Block",
    blocked_now: "{name} is blocked.",
    unblocked_now: "{name} is not blocked any more.",
    cannot_write: "You have blocked {name}. Neither of you can write here.",
    block_failed: "{name} could not be blocked. {reason}",
    unblock_failed: "The block could not be ended. {reason}",
    blocked_failed: "The list could not be loaded. {reason}",
    title: "Privacy",
    people: "Blocked people",
    hint: "Whoever is blocked cannot write to you, find you or bring you into groups. They are not told.",
    nobody: "You block nobody. To block somebody, open the menu of your conversation with them.",
    unblock_name: "Unblock {name}",
};
