//! English.

use super::{Locale, OwnDataTexts};

pub(super) static TEXTS: OwnDataTexts = OwnDataTexts {
    locale: Locale::En,
    title: "Your data",
    take_along: "Take it along",
    take_hint: "Everything that you can read here, as a file: your profile, your devices, whom you block, what you saved and scheduled, and your conversations with their members and messages. What was deleted is not in it.",
    take_page: "Download as a page",
    take_page_hint: "To read, to print and to keep.",
    take_json: "Download as JSON",
    take_json_hint: "For other programs.",
    take_limit: "A few times an hour. The file is not encrypted: keep it where others cannot read it.",
    file_title: "Your data from BaatCheet",
    file_made: "As of",
    file_began: "Since",
    file_answer: "Answers an earlier message",
    file_cut: "The rest of this conversation is missing: you left it meanwhile, or it cannot be read.",
    file_end: "This is the end of the file; nothing is missing behind it.",
    delete_title: "Delete your account",
    delete_goes: "Your name, email address, password, devices and notes are deleted at once, and nobody finds you any more. This cannot be undone.",
    delete_stays: "What you wrote to others stays in their conversations, under “Deleted account”. Groups that you own pass on to their longest admin or member. Your username stays taken, so that nobody can pretend to be you.",
    delete_first: "Take your data along first if you want to keep them: afterwards you cannot.",
    delete_confirm: "Your username, to confirm",
    delete_button: "Delete my account",
    deleting: "Deleting…",
    not_your_username: "This is not your username.",
    deleted_account: "Deleted account",
    account_gone: "This account was deleted. You can still read the conversation, but nobody would get what you write.",
};
