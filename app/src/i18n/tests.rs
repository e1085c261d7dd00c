use super::*;

/// The `{name}` places of a template.
fn places(text: &str) -> Vec<&str> {
    let mut places: Vec<&str> = text
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect();
    places.sort_unstable();
    places
}

/// Every text of a language.
fn all(locale: Locale) -> Vec<(&'static str, &'static str)> {
    let texts = locale.texts();
    assert_eq!(texts.locale, locale);
    macro_rules! all {
        ($($part:ident)*) => {{
            $(assert_eq!(texts.$part().locale, locale);)*
            [texts.all(), $(texts.$part().all(),)*]
        }};
    }
    let all = all!(about account actions blocking disappearing dismissing folders formatting forwarding groups hiding invites later mentions organising own_data polls reminders requests saved search selecting slow standing threads);
    all.into_iter().flatten().collect()
}

#[test]
fn every_language_says_everything_with_the_same_places() {
    for locale in Locale::ALL {
        for (english, other) in all(Locale::En).iter().zip(all(locale)) {
            assert!(!other.1.trim().is_empty(), "{locale:?} {}", other.0);
            assert_eq!(places(english.1), places(other.1), "{locale:?} {}", other.0);
        }
    }
}

#[test]
fn hindi_and_urdu_are_written_in_their_own_scripts() {
    for (name, text) in all(Locale::Hi) {
        assert!(
            text.chars().any(|c| ('\u{0900}'..='\u{097F}').contains(&c)),
            "{name}: {text}"
        );
    }
    for (name, text) in all(Locale::Ur) {
        assert!(has_rtl(text), "{name}: {text}");
    }
}

#[test]
fn the_heaviest_known_language_wins() {
    for (header, expected) in [
        ("ur-PK,en;q=0.8", Some(Locale::Ur)),
        ("de,hi;q=0.5,en;q=0.4", Some(Locale::Hi)),
        ("en;q=0.4,hi;q=0.9", Some(Locale::Hi)),
        ("en, hi", Some(Locale::En)),
        ("de-AT", None),
        ("hi;q=0", None),
        ("", None),
        (";q=,,;;q=x", None),
    ] {
        assert_eq!(Locale::from_accept_language(header), expected, "{header}");
    }
}

#[test]
fn english_is_written_as_where_the_reader_lives() {
    for (locale, wishes, expected) in [
        (Locale::En, &["hi-IN", "en", "en-US", "en-IN"][..], "en-US"),
        (Locale::En, &["en"], "en-GB"),
        (Locale::En, &["en-", "en_US", "de-AT"], "en-GB"),
        (Locale::Hi, &["en-US"], "hi-IN"),
        (Locale::Ur, &["ur-IN"], "ur-PK"),
    ] {
        let tag = locale.intl(wishes.iter().map(|tag| (*tag).to_owned()));
        assert_eq!(tag, expected, "{locale:?} {wishes:?}");
    }
}

#[test]
fn a_value_is_not_a_template() {
    let values = [("a", "{b}"), ("b", "Zed")];
    assert_eq!(fill("{a} and {b}", &values), "{b} and Zed");
    assert_eq!(fill("{b} {unknown} {", &values), "Zed {unknown} {");
}

#[test]
fn numbers_choose_the_form() {
    let new = |locale: Locale, n| locale.texts().count(&locale.texts().new_count, n);
    assert_eq!(new(Locale::En, 1), "1 new message");
    assert_eq!(new(Locale::En, 3), "3 new messages");
    assert_eq!(new(Locale::Hi, 0), "0 नया संदेश");
    assert_eq!(new(Locale::Hi, 2), "2 नए संदेश");
    assert_eq!(new(Locale::Ur, 0), "0 نئے پیغامات");
    assert_eq!(new(Locale::Ur, 1), "1 نیا پیغام");
}

#[test]
fn both_forms_of_a_number_have_the_same_places() {
    for locale in Locale::ALL {
        // The two stand beside each other; parts may use the same name for other words.
        let (all, mut pairs) = (all(locale), 0);
        for [(name, one), (same, other)] in all.array_windows() {
            if name == same {
                pairs += 1;
                assert_eq!(places(one), places(other), "{locale:?} {name}");
            }
        }
        assert!(pairs > 10, "{pairs}");
    }
}

#[test]
fn what_is_unread_insults_nobody_and_what_is_archived_is_not_saved() {
    for locale in Locale::ALL {
        for (name, text) in all(locale) {
            // These words mean that somebody cannot read.
            let insults = ["अनपढ", "ان پڑھ", "اَن پڑھ"];
            assert!(
                !insults.iter().any(|it| text.contains(it)),
                "{name}: {text}"
            );
        }
        let texts = locale.texts();
        assert_ne!(texts.organising().archived, texts.saved().saved);
    }
}

#[test]
fn a_name_of_the_other_direction_is_isolated() {
    assert_eq!(fill("{name} types", &[("name", "Zoya")]), "Zoya types");
    assert_eq!(
        fill("{name} types", &[("name", "زویا")]),
        "\u{2068}زویا\u{2069} types"
    );
    assert_eq!(fill("{name} لکھ", &[("name", "زویا")]), "زویا لکھ");
    assert_eq!(fill("{count} لکھ", &[("count", "12")]), "12 لکھ");
}

#[test]
fn a_value_with_controls_turns_nothing_around() {
    for (value, expected) in [
        // The override of a text ends with it.
        ("abc\u{202E}def", "“abcdef” is gone"),
        (
            "\u{202E}abc\u{202C}",
            "“\u{2068}\u{202E}abc\u{202C}\u{2069}” is gone",
        ),
        // What would end the isolate first.
        ("\u{2069}\u{202E}abc", "“abc” is gone"),
        ("\u{200F}!", "“\u{2068}\u{200F}!\u{2069}” is gone"),
        // What was isolated before.
        ("\u{2068}abc\u{2069}", "“\u{2068}abc\u{2069}” is gone"),
    ] {
        let filled = fill("“{text}” is gone", &[("text", value)]);
        assert_eq!(filled, expected, "{}", value.escape_unicode());
    }
}
