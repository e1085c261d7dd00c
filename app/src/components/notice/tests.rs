use protocol::{Description, DisplayName};

use super::*;
use crate::i18n::Locale;

const ME: UserId = UserId::from_bytes([0; 16]);

fn user(n: u8) -> UserId {
    UserId::from_bytes([n; 16])
}

fn name_of(user: UserId) -> Option<String> {
    let names = [(1, "Meera"), (2, "Imran"), (3, "ज़ोया"), (4, "عمران")];
    let mut names = names.into_iter();
    names
        .find(|(n, _)| UserId::from_bytes([*n; 16]) == user)
        .map(|(_, name)| name.to_owned())
}

fn told(locale: Locale, author: UserId, notice: &Notice) -> String {
    let teller = Teller {
        t: locale.texts(),
        me: ME,
        name_of: &name_of,
    };
    teller.notice(author, notice)
}

fn added(users: &[UserId]) -> Notice {
    Notice::Added {
        users: users.to_vec(),
    }
}

#[test]
fn every_notice_is_told_from_both_sides() {
    let title = DisplayName::parse("Cricket").unwrap();
    let settings = GroupSettings {
        announcements_only: true,
        history_for_new: false,
    };
    let described = Notice::Described {
        description: Some(Description::parse("Sundays").unwrap()),
    };
    let role = |role| Notice::RoleChanged {
        user: user(2),
        role,
    };
    let left = |successor| Notice::Left { successor };
    for (author, notice, expected) in [
        (
            ME,
            Notice::Created {
                title: title.clone(),
            },
            "You created the group “Cricket”",
        ),
        (
            user(1),
            Notice::Renamed { title },
            "Meera named the group “Cricket”",
        ),
        (ME, described, "You changed the description"),
        (
            user(1),
            Notice::Described { description: None },
            "Meera removed the description",
        ),
        (
            user(1),
            Notice::Configured { settings },
            "Meera changed the rules: only admins write, newcomers see only what follows",
        ),
        (ME, Notice::Removed { user: user(2) }, "You removed Imran"),
        (user(1), Notice::Removed { user: ME }, "Meera removed you"),
        (ME, left(None), "You left"),
        (ME, Notice::Dissolved, "You deleted the group"),
        (
            user(1),
            left(Some(ME)),
            "Meera left. You own the group now.",
        ),
        (
            user(1),
            left(Some(user(2))),
            "Meera left. Imran owns the group now.",
        ),
        (user(1), role(Role::Admin), "Meera made Imran an admin"),
        (
            ME,
            role(Role::Member),
            "You made Imran an ordinary member again",
        ),
        (ME, role(Role::Owner), "You handed the group over to Imran"),
    ] {
        assert_eq!(told(Locale::En, author, &notice), expected);
    }
}

#[test]
fn a_few_are_named_and_the_reader_first() {
    let meera = user(1);
    for (users, expected) in [
        (vec![user(2)], "Meera added Imran"),
        (vec![ME], "Meera added you"),
        (vec![user(2), user(3)], "Meera added Imran and ज़ोया"),
        (
            vec![user(2), user(3), ME],
            "Meera added you, Imran and ज़ोया",
        ),
        (
            vec![user(2), user(3), user(9), user(8)],
            "Meera added Imran, ज़ोया and 2 others",
        ),
    ] {
        assert_eq!(told(Locale::En, meera, &added(&users)), expected);
    }
}

#[test]
fn whoever_is_not_known_yet_is_somebody() {
    assert_eq!(
        told(Locale::En, user(9), &added(&[user(8)])),
        "Somebody added somebody"
    );
}

#[test]
fn hindi_and_urdu_say_it_in_their_own_order() {
    for (locale, author, users, expected) in [
        (Locale::Hi, user(3), vec![ME], "ज़ोया ने आपको जोड़ा"),
        (Locale::Hi, ME, vec![user(3)], "आपने ज़ोया को जोड़ा"),
        (
            Locale::Hi,
            user(3),
            vec![ME, user(1)],
            "ज़ोया ने आप और Meera को जोड़ा",
        ),
        (Locale::Ur, user(4), vec![ME], "عمران نے آپ کو شامل کیا"),
        (
            Locale::Ur,
            ME,
            vec![user(4), user(1)],
            "آپ نے عمران اور \u{2068}Meera\u{2069} کو شامل کیا",
        ),
    ] {
        assert_eq!(told(locale, author, &added(&users)), expected);
    }
}

#[test]
fn a_name_of_the_other_direction_turns_nothing_around() {
    assert_eq!(
        told(Locale::En, user(4), &Notice::Left { successor: None }),
        "\u{2068}\u{2068}عمران\u{2069}\u{2069} left"
    );
}

#[test]
fn whose_link_it_was_is_told() {
    let joined = |locale, author, by| told(locale, author, &Notice::Joined { by });
    for (author, by, expected) in [
        (ME, user(2), "You joined by a link of Imran"),
        (user(1), ME, "Meera joined by your link"),
        (user(1), user(9), "Meera joined by a link of somebody"),
    ] {
        assert_eq!(joined(Locale::En, author, by), expected);
    }
    let hindi = joined(Locale::Hi, user(3), user(2));
    assert_eq!(hindi, "ज़ोया ने Imran के लिंक से प्रवेश किया");
}

/// One of each kind, about the reader, somebody with a name, and somebody without.
fn all_kinds(about: UserId) -> Vec<Notice> {
    let title = DisplayName::parse("Cricket").unwrap();
    let description = Some(Description::parse("Sundays").unwrap());
    let role = |role| Notice::RoleChanged { user: about, role };
    let settings = GroupSettings::default();
    let lifespan = Some(protocol::Lifespan::Day);
    vec![
        Notice::Created {
            title: title.clone(),
        },
        Notice::Renamed { title },
        Notice::Described { description },
        Notice::Described { description: None },
        Notice::Configured { settings },
        Notice::Slowed {
            slow_mode: SlowMode::Off,
        },
        Notice::Slowed {
            slow_mode: SlowMode::TenSeconds,
        },
        Notice::Lifespan { lifespan },
        Notice::Lifespan { lifespan: None },
        Notice::Accepted,
        added(&[about]),
        added(&[about, user(1), user(2)]),
        Notice::Joined { by: about },
        Notice::Removed { user: about },
        Notice::Left { successor: None },
        Notice::Left {
            successor: Some(about),
        },
        Notice::Dissolved,
        role(Role::Member),
        role(Role::Admin),
        role(Role::Owner),
    ]
}

#[test]
fn no_notice_says_by_whom_twice_or_leaves_a_place_empty() {
    for locale in Locale::ALL {
        for author in [ME, user(3), user(9)] {
            for about in [ME, user(4), user(8)] {
                for notice in all_kinds(about) {
                    let told = told(locale, author, &notice);
                    let words: Vec<_> = told.split_whitespace().collect();
                    let twice = words.array_windows().any(|[one, next]| one == next);
                    assert!(!twice && !told.contains('{'), "{locale:?} {told}");
                    for postposition in ["ने", "نے"] {
                        let count = words.iter().filter(|word| **word == postposition).count();
                        assert!(count < 2, "{locale:?} {told}");
                    }
                }
            }
        }
    }
}

#[test]
fn somebody_has_another_form_before_a_postposition() {
    let list = |locale: Locale| {
        let teller = Teller {
            t: locale.texts(),
            me: ME,
            name_of: &name_of,
        };
        teller.list(&[user(9)])
    };
    let left = Notice::Left {
        successor: Some(user(8)),
    };
    for (locale, alone, add, leave) in [
        (
            Locale::Hi,
            "कोई",
            "किसी ने किसी को जोड़ा",
            "किसी ने समूह छोड़ दिया। अब समूह किसी का है।",
        ),
        (
            Locale::Ur,
            "کوئی",
            "کسی نے کسی کو شامل کیا",
            "کسی نے گروپ چھوڑ دیا۔ اب گروپ کسی کا ہے۔",
        ),
    ] {
        assert_eq!(list(locale), alone);
        assert_eq!(told(locale, user(9), &added(&[user(8)])), add);
        assert_eq!(told(locale, user(9), &left), leave);
    }
}
