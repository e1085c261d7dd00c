use std::collections::BTreeSet;

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

fn plan() -> Plan {
    Plan::new(NOW).unwrap()
}

#[test]
fn it_is_as_large_as_a_life_of_some_weeks() {
    let plan = plan();
    let groups = plan.conversations.iter();
    let groups = groups.filter(|c| matches!(c.kind, Kind::Group(_))).count();
    assert!(
        (12..=15).contains(&plan.people.len()),
        "{}",
        plan.people.len()
    );
    assert!((5..=8).contains(&groups), "{groups} groups");
    assert!(
        plan.conversations.len() >= 18,
        "{}",
        plan.conversations.len()
    );
    assert!(
        (1_500..=4_000).contains(&plan.messages()),
        "{}",
        plan.messages()
    );
}

#[test]
fn everything_happens_in_order_and_nothing_in_the_future() {
    let plan = plan();
    for conversation in &plan.conversations {
        assert!(plan.begins < conversation.begins);
        let times: Vec<_> = conversation.deeds.iter().map(|deed| deed.at).collect();
        assert!(times.is_sorted(), "{:?}", conversation.kind);
        assert!(conversation.begins <= times[0]);
        assert!(times.last() <= Some(&NOW));
    }
}

#[test]
fn one_moment_gives_one_plan() {
    assert_eq!(plan(), plan());
    let later = Plan::new(NOW.plus_millis(DAY_MS)).unwrap();
    assert_eq!(later.messages(), plan().messages());
}

#[test]
fn everything_that_can_be_done_is_done() {
    let plan = plan();
    let deeds = plan.conversations.iter().flat_map(|c| &c.deeds);
    let kinds: BTreeSet<&str> = deeds
        .map(|deed| match deed.act {
            Act::Say { answers: None, .. } => "say",
            Act::Say { .. } => "answer",
            Act::React(..) => "react",
            Act::Edit(..) => "edit",
            Act::Delete(_) => "delete",
            Act::Pin(_) => "pin",
            Act::Rename(_) => "rename",
            Act::Describe(_) => "describe",
            Act::Add(_) => "add",
            Act::Remove(_) => "remove",
            Act::Leave => "leave",
            Act::Admin(_) => "admin",
            Act::Announcements(_) => "announcements",
        })
        .collect();
    assert_eq!(kinds.len(), 13, "{kinds:?}");
}

#[test]
fn three_languages_and_four_ways_of_writing_them_are_there() {
    let plan = plan();
    let said = |is: &dyn Fn(&str) -> bool| {
        let deeds = plan.conversations.iter().flat_map(|c| &c.deeds);
        let texts = deeds.filter_map(|deed| match &deed.act {
            Act::Say { text, .. } => Some(text),
            _ => None,
        });
        texts.filter(|text| is(text)).count()
    };
    let devanagari = said(&|text| text.chars().any(|c| ('\u{900}'..='\u{97F}').contains(&c)));
    let urdu = said(&|text| text.chars().any(|c| ('\u{600}'..='\u{6FF}').contains(&c)));
    let roman = said(&|text| {
        [" hai", "nahi", " kya"]
            .iter()
            .any(|word| text.contains(word))
    });
    let code = said(&|text| text.contains("```"));
    let links = said(&|text| text.contains("https://"));
    for (count, least) in [
        (devanagari, 150),
        (urdu, 150),
        (roman, 100),
        (code, 2),
        (links, 5),
    ] {
        assert!(count >= least, "{devanagari} {urdu} {roman} {code} {links}");
    }
}

#[test]
fn nobody_says_the_same_twice_in_a_row() {
    for conversation in plan().conversations {
        let mut before: Option<(Place, String)> = None;
        for deed in conversation.deeds {
            if let Act::Say { text, .. } = deed.act {
                let now = Some((deed.who, text));
                assert_ne!(now, before);
                before = now;
            }
        }
    }
}

#[test]
fn what_speaks_of_somebody_who_is_not_there_is_refused() {
    let people = || cast("test", "person asha | Asha\nperson bilal | Bilal").unwrap();
    for text in [
        "== direct asha nobody\n-- 1d 10:00\nasha: Hello?",
        "== direct asha bilal\n-- 1d 10:00\nnobody: Hello?",
        "== direct asha bilal\n-- 1d 10:00\nasha <1: to nothing",
        "== direct asha bilal\n-- 1d 10:00\nasha: x\n! bilal 2 👍",
        "== direct asha bilal\n-- 1d 10:00\nasha: x\n** nothing asha bilal | 3 2 1 10:00",
        "== notes asha\n-- 1d 10:00\nasha: x\n% unread nobody 1",
    ] {
        let scenes = scenes("test", text).unwrap();
        let scenes: Vec<_> = scenes.into_iter().map(|scene| ("test", scene)).collect();
        let refused = Plan::of(people(), &scenes, &Episodes::new(), NOW).unwrap_err();
        assert_eq!(refused.problem, Problem::Nobody, "{text}");
    }
}
