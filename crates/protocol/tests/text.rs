//! What texts may be: graphemes and bytes, control and direction-changing characters, NFC.

use proptest::prelude::*;
use protocol::limits::{
    ABOUT_GRAPHEMES, DESCRIPTION_BYTES, DESCRIPTION_GRAPHEMES, DISPLAY_NAME_BYTES,
    DISPLAY_NAME_GRAPHEMES, EMAIL_BYTES, FOLDER_NAME_BYTES, FOLDER_NAME_GRAPHEMES, MESSAGE_BYTES,
    MESSAGE_GRAPHEMES, PASSWORD_BYTES, SEARCH_TERM_BYTES, STATUS_BYTES, STATUS_GRAPHEMES,
    USERNAME_MAX,
};
use protocol::{
    About, Description, DisplayName, EmailAddress, Emoji, ErrorCode, FolderName, MessageBody,
    Password, SearchTerm, StatusText, TextError, Username,
};

/// Takes no room on screen.
const INVISIBLE: [&str; 8] = [
    "\u{200B}", "\u{200D}", "\u{2060}", "\u{FEFF}", "\u{00AD}", "\u{3164}", "\u{FE0F}", "\u{061C}",
];
/// Changes the direction of what follows.
const BIDI: [char; 9] = [
    '\u{202A}', '\u{202B}', '\u{202C}', '\u{202D}', '\u{202E}', '\u{2066}', '\u{2067}', '\u{2068}',
    '\u{2069}',
];

fn body(text: &str) -> Result<String, TextError> {
    MessageBody::parse(text).map(String::from)
}

fn name(text: &str) -> Result<String, TextError> {
    DisplayName::parse(text).map(String::from)
}

fn username(text: &str) -> Result<String, TextError> {
    Username::parse(text).map(String::from)
}

fn email(text: &str) -> Result<String, TextError> {
    EmailAddress::parse(text).map(|address| address.as_str().to_owned())
}

fn term(text: &str) -> Result<String, TextError> {
    SearchTerm::parse(text).map(|term| term.as_str().to_owned())
}

fn new_password(text: &str) -> Result<(), TextError> {
    Password::parse_new(text.to_owned()).map(|_| ())
}

#[test]
fn a_message_is_counted_as_people_count() {
    // One person, one flag, one syllable, one letter with its accent: one each.
    for unit in ["a", "🙂", "नि", "क़", "e\u{301}", "س", "🇮🇳"] {
        assert_eq!(MessageBody::graphemes(unit), 1, "{unit}");
        let longest = unit.repeat(MESSAGE_GRAPHEMES);
        assert_eq!(body(&longest).as_ref(), Ok(&longest), "{unit}");
        let longer = unit.repeat(MESSAGE_GRAPHEMES + 1);
        assert_eq!(body(&longer), Err(TextError::TooLong), "{unit}");
    }
    assert_eq!(MessageBody::graphemes("👨‍👩‍👧‍👦"), 1);
}

#[test]
fn a_grapheme_without_end_is_bounded_by_bytes() {
    let zalgo = format!("a{}", "\u{301}".repeat(MESSAGE_BYTES / 2));
    assert_eq!(MessageBody::graphemes(&zalgo), 1);
    assert_eq!(body(&zalgo), Err(TextError::TooLong));
    let most = format!("a{}", "\u{301}".repeat((MESSAGE_BYTES - 1) / 2));
    assert!(body(&most).is_ok());
    // What would be trimmed counts too: the length is looked at first.
    assert_eq!(
        body(&" ".repeat(MESSAGE_BYTES + 1)),
        Err(TextError::TooLong)
    );
}

#[test]
fn a_message_keeps_its_spelling_and_loses_its_edges() {
    for (given, kept) in [
        ("hello", "hello"),
        ("\n\r\n\nhello  \n\t ", "hello"),
        ("  indented\n  twice", "  indented\n  twice"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("tab\tstays", "tab\tstays"),
        // Not composed: what somebody wrote stays what they wrote.
        ("e\u{301}", "e\u{301}"),
        (
            "\u{202E}right to left\u{202C}",
            "\u{202E}right to left\u{202C}",
        ),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
    ] {
        assert_eq!(body(given).as_deref(), Ok(kept));
    }
}

#[test]
fn a_message_says_something() {
    for nothing in ["", " ", "\n", "\r\n\t  \n", "\u{3000}", "\u{200B} \u{FEFF}"] {
        assert_eq!(body(nothing), Err(TextError::Empty), "{nothing:?}");
    }
    for nothing in INVISIBLE {
        assert_eq!(body(nothing), Err(TextError::Empty), "{nothing:?}");
    }
    assert!(body(".").is_ok());
}

#[test]
fn a_message_has_no_control_characters() {
    for code in (0..0x20_u32).chain(0x7F..0xA0) {
        let c = char::from_u32(code).expect("a character");
        let expected = match c {
            '\n' | '\t' => Ok(format!("a{c}b")),
            '\r' => Ok("a\nb".to_owned()),
            _ => Err(TextError::ForbiddenCharacter),
        };
        assert_eq!(body(&format!("a{c}b")), expected, "{code:#x}");
    }
}

#[test]
fn a_name_is_one_line_composed() {
    for (given, kept) in [
        ("Meera", "Meera"),
        ("  Meera \t Nair\n", "Meera Nair"),
        ("Rene\u{301}e", "Ren\u{e9}e"),
        ("मीरा", "मीरा"),
        ("عمران خان", "عمران خان"),
        ("a\u{2003}b\u{85}c", "a b c"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
    ] {
        assert_eq!(name(given).as_deref(), Ok(kept));
    }
    let longest = "नि".repeat(DISPLAY_NAME_GRAPHEMES);
    assert_eq!(name(&longest), Ok(longest));
    assert_eq!(
        name(&"x".repeat(DISPLAY_NAME_GRAPHEMES + 1)),
        Err(TextError::TooLong)
    );
    let marks = format!("a{}", "\u{1AB0}".repeat(DISPLAY_NAME_BYTES / 3 + 1));
    assert_eq!(name(&marks), Err(TextError::TooLong));
}

/// Four bytes whose composed form has twelve: Unicode never composes it again.
#[test]
fn a_name_that_grows_when_composed_is_measured_again() {
    let grows = "\u{1D160}".repeat(DISPLAY_NAME_GRAPHEMES.min(DISPLAY_NAME_BYTES / 4));
    assert!(grows.len() <= DISPLAY_NAME_BYTES);
    assert_eq!(name(&grows), Err(TextError::TooLong));
}

#[test]
fn a_name_can_be_seen_and_changes_no_direction() {
    for nothing in ["", " ", "\n\t", "\u{3000}"].into_iter().chain(INVISIBLE) {
        assert_eq!(name(nothing), Err(TextError::Empty), "{nothing:?}");
    }
    for c in BIDI {
        assert_eq!(
            name(&format!("a{c}b")),
            Err(TextError::ForbiddenCharacter),
            "{c:?}"
        );
    }
    for c in ['\0', '\u{7}', '\u{1B}', '\u{7F}', '\u{9B}'] {
        assert_eq!(
            name(&format!("a{c}b")),
            Err(TextError::ForbiddenCharacter),
            "{c:?}"
        );
    }
}

#[test]
fn a_description_has_lines_and_an_end() {
    let parse = |text: &str| Description::parse(text).map(String::from);
    assert_eq!(parse("\nچائے\r\nहर शाम  "), Ok("چائے\nहर शाम".to_owned()));
    assert!(parse(&"नि".repeat(DESCRIPTION_GRAPHEMES)).is_ok());
    let too_long = "a".repeat(DESCRIPTION_GRAPHEMES + 1);
    assert_eq!(parse(&too_long), Err(TextError::TooLong));
    assert_eq!(
        parse(&"\u{301}".repeat(DESCRIPTION_BYTES)),
        Err(TextError::TooLong)
    );
    assert_eq!(parse(" \n"), Err(TextError::Empty));
    assert_eq!(parse("a\u{202E}b"), Err(TextError::ForbiddenCharacter));
}

#[test]
fn what_somebody_says_of_themselves_is_short() {
    let about = |text: &str| About::parse(text).map(String::from);
    assert_eq!(about("\nچائے\r\nहर शाम  "), Ok("چائے\nहर शाम".to_owned()));
    assert!(about(&"नि".repeat(ABOUT_GRAPHEMES)).is_ok());
    let too_long = "a".repeat(ABOUT_GRAPHEMES + 1);
    assert_eq!(about(&too_long), Err(TextError::TooLong));
    assert_eq!(about("a\u{202E}b"), Err(TextError::ForbiddenCharacter));
    let status = |text: &str| StatusText::parse(text).map(String::from);
    assert_eq!(status("  रास्ते \n में "), Ok("रास्ते में".to_owned()));
    let too_long = "a".repeat(STATUS_GRAPHEMES + 1);
    assert_eq!(status(&too_long), Err(TextError::TooLong));
    let heavy = format!("a{}", "\u{301}".repeat(STATUS_BYTES));
    assert_eq!(status(&heavy), Err(TextError::TooLong));
    assert_eq!(status(" "), Err(TextError::Empty));
}

#[test]
fn an_emoji_is_one_picture() {
    for emoji in [
        "👍",
        "👍🏽",
        "❤️",
        "❤",
        "👨‍👩‍👧‍👦",
        "🇮🇳",
        "🇵🇰",
        "1️⃣",
        "#⃣",
        "©",
        "™️",
        "ℹ️",
        "〰️",
        "㊗️",
        "🫶🏿",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    ] {
        assert_eq!(Emoji::parse(emoji).map(String::from), Ok(emoji.to_owned()));
    }
    for other in [
        "a", "1", "अ", "ک", "\u{301}", " ", "\n", ".", "👍👍", "👍a", "\u{200D}", "\u{FE0F}", "<b>",
    ] {
        assert_eq!(
            Emoji::parse(other),
            Err(TextError::InvalidFormat),
            "{other:?}"
        );
    }
    assert_eq!(Emoji::parse(""), Err(TextError::Empty));
    let joined = vec!["👍"; 20].join("\u{200D}");
    assert_eq!(Emoji::parse(&joined), Err(TextError::TooLong));
}

#[test]
fn a_username_is_plain() {
    for (given, kept) in [
        ("meera", "meera"),
        ("@Meera", "meera"),
        (" MEERA.n-2_x ", "meera.n-2_x"),
        ("007", "007"),
    ] {
        assert_eq!(username(given).as_deref(), Ok(kept));
    }
    assert!(username(&"a".repeat(USERNAME_MAX)).is_ok());
    for (given, error) in [
        ("", TextError::Empty),
        ("@", TextError::Empty),
        ("ab", TextError::TooShort),
        ("a", TextError::TooShort),
        (&"a".repeat(USERNAME_MAX + 1), TextError::TooLong),
        ("a b", TextError::InvalidFormat),
        ("@@meera", TextError::InvalidFormat),
        (".meera", TextError::InvalidFormat),
        ("meera-", TextError::InvalidFormat),
        ("_meera", TextError::InvalidFormat),
        ("mееra", TextError::InvalidFormat),
        ("meera\u{200B}x", TextError::InvalidFormat),
        ("ｍｅｅｒａ", TextError::InvalidFormat),
        ("a/../b", TextError::InvalidFormat),
        ("a\nb", TextError::InvalidFormat),
        ("a' OR 1=1", TextError::InvalidFormat),
    ] {
        assert_eq!(username(given), Err(error), "{given:?}");
    }
}

#[test]
fn an_address_has_the_form_of_one() {
    for (given, kept) in [
        ("meera@example.org", "meera@example.org"),
        (" Meera+chat@Example.ORG ", "Meera+chat@example.org"),
        ("o'neil@mail.example.org", "o'neil@mail.example.org"),
        ("मीरा@उदाहरण.भारत", "मीरा@उदाहरण.भारत"),
    ] {
        match email(given) {
            Ok(address) => assert_eq!(address, kept),
            // A vowel sign is neither a letter nor a digit; such addresses are not taken.
            Err(error) => assert_eq!((error, given.is_ascii()), (TextError::InvalidFormat, false)),
        }
    }
    let folded = EmailAddress::parse("Meera@Example.org").expect("an address");
    assert_eq!(folded.fold(), "meera@example.org");
    assert_eq!(format!("{folded:?}"), "EmailAddress(***)");
    assert_eq!(email(""), Err(TextError::Empty));
    let long = format!("a@{}.org", "b".repeat(EMAIL_BYTES));
    assert_eq!(email(&long), Err(TextError::TooLong));
    for bad in [
        "meera",
        "@example.org",
        "meera@",
        "meera@example",
        "meera@.org",
        "meera@example..org",
        "meera@-example.org",
        "meera@exam ple.org",
        ".meera@example.org",
        "me..era@example.org",
        "meera.@example.org",
        "a@b@example.org",
        "meera@example.org\r\nBcc: x@example.org",
        "\"meera\"@example.org",
        "meera@[127.0.0.1]",
    ] {
        assert_eq!(email(bad), Err(TextError::InvalidFormat), "{bad:?}");
    }
}

#[test]
fn a_password_is_taken_as_it_is_typed() {
    for good in [
        "chai at five",
        " leading and trailing ",
        "पासवर्ड१२",
        "nul\0inside",
        "🙂🙃🙂🙃🙂🙃🙂🙃",
    ] {
        assert_eq!(new_password(good), Ok(()), "{good:?}");
        let password = Password::parse_new(good.to_owned()).expect("a password");
        assert_eq!(password.as_bytes(), good.as_bytes());
        assert_eq!(format!("{password:?}"), "Password(***)");
    }
    for (bad, error) in [
        ("", TextError::Empty),
        ("short", TextError::TooShort),
        ("नमस्ते", TextError::TooShort),
        ("password", TextError::TooCommon),
        ("PassWord123", TextError::TooCommon),
        ("aaaaaaaaaaaa", TextError::TooCommon),
        ("        ", TextError::TooCommon),
        ("🙂🙂🙂🙂🙂🙂🙂🙂", TextError::TooCommon),
    ] {
        assert_eq!(new_password(bad), Err(error), "{bad:?}");
    }
    assert_eq!(
        new_password(&format!("{}b", "a".repeat(PASSWORD_BYTES - 1))),
        Ok(())
    );
    assert_eq!(
        new_password(&"ab".repeat(PASSWORD_BYTES)),
        Err(TextError::TooLong)
    );
    // Whoever has an old one may still use it.
    assert!(Password::parse_existing("short".to_owned()).is_ok());
    assert!(Password::parse_existing("x".repeat(PASSWORD_BYTES + 1)).is_err());
}

#[test]
fn a_search_finds_other_spellings() {
    for (given, folded) in [
        (" @Meera ", "meera"),
        ("RENE\u{301}E", "ren\u{e9}e"),
        ("मीरा", "मीरा"),
        ("ΑΣ", "ας"),
    ] {
        assert_eq!(term(given).as_deref(), Ok(folded));
    }
    assert_eq!(term(" @ "), Err(TextError::Empty));
    assert_eq!(term("a\nb"), Err(TextError::ForbiddenCharacter));
    assert_eq!(
        term(&"x".repeat(SEARCH_TERM_BYTES + 1)),
        Err(TextError::TooLong)
    );
}

#[test]
fn a_refusal_has_its_error_code() {
    for (error, code) in [
        (TextError::Empty, ErrorCode::Empty),
        (TextError::TooShort, ErrorCode::TooShort),
        (TextError::TooLong, ErrorCode::TooLong),
        (TextError::ForbiddenCharacter, ErrorCode::ForbiddenCharacter),
        (TextError::InvalidFormat, ErrorCode::InvalidFormat),
        (TextError::TooCommon, ErrorCode::PasswordTooCommon),
    ] {
        assert_eq!(ErrorCode::from(error), code);
        assert!(!code.is_transient(), "the same text is refused again");
    }
}

/// Texts out of what is difficult.
fn difficult() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        prop::sample::select(vec![
            " ", "\n", "\r", "\r\n", "\t", "\u{85}", "\u{2028}", "\u{3000}", "a", "E", "é",
            "e\u{301}", "नि", "🙂", "\u{200D}", "\u{202E}", "\u{FE0F}", "@", ".", "-", "\0",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// What was checked once passes again and stays what it is: a text that went through the
    /// form, the socket and the database is the same at each of them.
    #[test]
    fn what_was_checked_stays_as_it_is(text in difficult()) {
        for parse in [body, name, username, email] {
            if let Ok(kept) = parse(&text) {
                prop_assert_eq!(parse(&kept), Ok(kept.clone()));
            }
        }
    }

    #[test]
    fn what_is_kept_obeys_the_rules(text in difficult()) {
        if let Ok(kept) = body(&text) {
            prop_assert!(!kept.is_empty() && kept.len() <= MESSAGE_BYTES);
            prop_assert!(kept.chars().all(|c| !c.is_control() || c == '\n' || c == '\t'));
            prop_assert!(!kept.ends_with(char::is_whitespace) && !kept.starts_with('\n'));
        }
        if let Ok(kept) = name(&text) {
            prop_assert!(kept.len() <= DISPLAY_NAME_BYTES);
            prop_assert!(!kept.contains(char::is_control) && !kept.contains(BIDI));
        }
        if let Ok(kept) = username(&text) {
            prop_assert!(kept.is_ascii() && kept == kept.to_ascii_lowercase());
        }
    }

    /// A value of a checked type is checked when it comes from outside, too.
    #[test]
    fn deserialising_checks(text in difficult()) {
        let json = serde_json::to_string(&text).expect("JSON");
        let taken = serde_json::from_str::<MessageBody>(&json).map(String::from).ok();
        prop_assert_eq!(taken, body(&text).ok());
        let taken = serde_json::from_str::<DisplayName>(&json).map(String::from).ok();
        prop_assert_eq!(taken, name(&text).ok());
        let taken = serde_json::from_str::<Username>(&json).map(String::from).ok();
        prop_assert_eq!(taken, username(&text).ok());
    }
}

#[test]
fn a_folder_is_called_something_short_on_one_line() {
    let folder = |text: &str| FolderName::parse(text).map(String::from);
    assert_eq!(folder("  घर \n और گھر "), Ok("घर और گھر".to_owned()));
    for unit in ["a", "नि", "س"] {
        let longest = unit.repeat(FOLDER_NAME_GRAPHEMES);
        assert_eq!(folder(&longest).as_ref(), Ok(&longest), "{unit}");
        let longer = unit.repeat(FOLDER_NAME_GRAPHEMES + 1);
        assert_eq!(folder(&longer), Err(TextError::TooLong), "{unit}");
    }
    let heavy = format!("a{}", "\u{301}".repeat(FOLDER_NAME_BYTES / 2));
    assert_eq!(folder(&heavy), Err(TextError::TooLong));
    assert_eq!(folder(" \u{200B}"), Err(TextError::Empty));
    for forbidden in ["a\u{7}", "a\u{202E}b"] {
        assert_eq!(folder(forbidden), Err(TextError::ForbiddenCharacter));
    }
}

#[test]
fn a_deleted_account_is_known_by_its_username_and_is_one_that_can_be_read() {
    let id = protocol::UserId::from_bytes([0xFF; 16]);
    let gone = protocol::Person::gone(id);
    assert!(gone.is_gone());
    assert_eq!(
        username(gone.username.as_str()),
        Ok(gone.username.to_string())
    );
    assert_eq!(
        name(gone.display_name.as_str()),
        Ok(gone.display_name.to_string())
    );
    let other = protocol::Person::gone(protocol::UserId::from_bytes([0xFE; 16]));
    assert_ne!(gone.username, other.username);
    for (text, reserved) in [("deleted_x", true), ("Deleted_x", true), ("deleted", false)] {
        assert_eq!(
            Username::parse(text).unwrap().is_reserved(),
            reserved,
            "{text}"
        );
    }
}
