//! Finding people.

use protocol::SearchTerm;

use super::{Shared, account};

/// Adds people by username and display name, numbered from 1.
async fn add(store: &Shared, people: &[(&str, &str)]) {
    for (number, (username, display_name)) in (1..).zip(people) {
        let user = account(number, username, display_name);
        store.insert_user(&user).await.unwrap();
    }
}

async fn find(store: &Shared, text: &str, limit: usize) -> Vec<String> {
    let term = SearchTerm::parse(text).unwrap();
    let found = store.search_users(&term, limit).await.unwrap();
    found
        .into_iter()
        .map(|user| user.username.to_string())
        .collect()
}

pub async fn people_are_found_by_the_beginning_of_a_name_or_word(store: &Shared) {
    let people = [
        ("asha", "Kumari Devi"),
        ("devika", "Asha Rao"),
        ("kumar.a", "Someone Else"),
    ];
    add(store, &people).await;
    assert_eq!(find(store, "a", 10).await, ["asha", "devika"]);
    assert_eq!(find(store, "asha", 10).await, ["asha", "devika"]);
    assert_eq!(find(store, "dev", 10).await, ["asha", "devika"]);
    assert_eq!(find(store, "kumar", 10).await, ["asha", "kumar.a"]);
    assert_eq!(find(store, "kumar.a", 10).await, ["kumar.a"]);
    assert_eq!(find(store, "@kumar.", 10).await, ["kumar.a"]);
    assert_eq!(find(store, "else", 10).await, ["kumar.a"]);
    // Every word of the term, in any order, of the name or the username.
    assert_eq!(find(store, "asha r", 10).await, ["devika"]);
    assert_eq!(find(store, "  Rao   ASHA", 10).await, ["devika"]);
    assert_eq!(find(store, "asha kum", 10).await, ["asha"]);
    assert!(find(store, "asha else", 10).await.is_empty());
    // Not the middle of a word.
    assert!(find(store, "mari", 10).await.is_empty());
    assert!(find(store, "ashaa", 10).await.is_empty());
}

pub async fn people_are_found_whatever_the_case_and_the_encoding(store: &Shared) {
    let people = [
        ("one", "ÄRGER Straße"),
        ("two", "e\u{301}lan"),
        ("three", "МАРИЯ"),
    ];
    add(store, &people).await;
    assert_eq!(find(store, "ä", 10).await, ["one"]);
    assert_eq!(find(store, "A\u{308}rg", 10).await, ["one"]);
    assert_eq!(find(store, "STRA", 10).await, ["one"]);
    assert_eq!(find(store, "É", 10).await, ["two"]);
    assert_eq!(find(store, "мар", 10).await, ["three"]);
    assert_eq!(find(store, "ONE", 10).await, ["one"]);
    // A letter with a mark is another letter.
    assert!(find(store, "el", 10).await.is_empty());
}

pub async fn people_are_found_in_hindi_and_urdu(store: &Shared) {
    let people = [
        ("aasif", "آصف خان"),
        ("namaste", "नमस्ते कुमार"),
        ("qasim", "\u{958}ासिम अली"),
        ("zoya", "زویا قریشی"),
    ];
    add(store, &people).await;
    assert_eq!(find(store, "न", 10).await, ["namaste"]);
    assert_eq!(find(store, "नमस्", 10).await, ["namaste"]);
    assert_eq!(find(store, "नमस्ते", 10).await, ["namaste"]);
    assert_eq!(find(store, "कुमा", 10).await, ["namaste"]);
    assert!(find(store, "मस्ते", 10).await.is_empty());
    // The same letter, composed and decomposed.
    assert_eq!(find(store, "\u{958}ा", 10).await, ["qasim"]);
    assert_eq!(find(store, "\u{915}\u{93C}ा", 10).await, ["qasim"]);
    assert_eq!(find(store, "آص", 10).await, ["aasif"]);
    assert_eq!(find(store, "\u{627}\u{653}ص", 10).await, ["aasif"]);
    assert_eq!(find(store, "خان", 10).await, ["aasif"]);
    assert_eq!(find(store, "قر", 10).await, ["zoya"]);
    assert!(find(store, "یا", 10).await.is_empty());
}

pub async fn people_found_are_ordered_by_username_and_limited(store: &Shared) {
    // Added in another order than the one they are returned in.
    let numbers: Vec<u32> = (0..40).map(|number| number * 7 % 40).collect();
    let people: Vec<(String, String)> = numbers
        .iter()
        .map(|number| (format!("p{number:02}"), format!("Priya P{number} प्रिया")))
        .collect();
    let people: Vec<(&str, &str)> = people
        .iter()
        .map(|(username, name)| (username.as_str(), name.as_str()))
        .collect();
    add(store, &people).await;
    let all: Vec<String> = (0..40).map(|number| format!("p{number:02}")).collect();
    for term in ["p", "priya", "प्रि"] {
        assert_eq!(find(store, term, 100).await, all);
        assert_eq!(find(store, term, 7).await, all[..7]);
        assert_eq!(find(store, term, 1).await, all[..1]);
        assert!(find(store, term, 0).await.is_empty());
    }
}

pub async fn what_looks_like_a_pattern_finds_nothing(store: &Shared) {
    add(store, &[("asha", "Asha"), ("a.b_c-d", "A*?% B")]).await;
    for term in [
        "%", "_", "*", ".*", "?", "[a]", "' OR 1", "⟨⟩", "$term", "\\",
    ] {
        assert!(find(store, term, 10).await.is_empty(), "{term}");
    }
    assert_eq!(find(store, "a*", 10).await, ["a.b_c-d"]);
    assert_eq!(find(store, "a.b_", 10).await, ["a.b_c-d"]);
}

pub async fn a_long_term_is_compared_in_full(store: &Shared) {
    let begin = "z".repeat(40);
    let names: Vec<String> = (0..9).map(|number| format!("{begin}{number}")).collect();
    let usernames: Vec<String> = (0..9).map(|number| format!("user{number}")).collect();
    let people: Vec<(&str, &str)> = usernames
        .iter()
        .zip(&names)
        .map(|(username, name)| (username.as_str(), name.as_str()))
        .collect();
    add(store, &people).await;
    assert_eq!(find(store, &begin, 3).await, usernames[..3]);
    assert_eq!(find(store, &names[8], 3).await, ["user8"]);
    assert_eq!(find(store, &names[0], 1).await, ["user0"]);
    assert!(find(store, &format!("{begin}x"), 3).await.is_empty());
}
