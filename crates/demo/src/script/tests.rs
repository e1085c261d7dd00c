use super::*;

fn one(text: &str) -> Scene {
    let mut scenes = scenes("test", text).unwrap();
    assert_eq!(scenes.len(), 1);
    scenes.remove(0)
}

fn step(who: &str, line: Line) -> Step {
    Step {
        who: who.to_owned(),
        line,
    }
}

fn say(text: &str, answers: Option<Back>) -> Line {
    Line::Say {
        text: text.to_owned(),
        answers,
    }
}

#[test]
fn a_conversation_is_read_with_everything_that_happens_in_it() {
    let scene = one("\
== group The Vermas | asha bilal
// a remark
-- 3d 07:05
asha: Chai: now?
+ - one
+
bilal <1: Yes

! asha 1 👍🏽
~ bilal 1: Yes: please
x asha 2
* asha 1
# asha add: zara omar
# asha announcements: on
# bilal leave
-- 25m
asha: so
% unread bilal 2
** hello asha bilal | 9 2 3 08:00
");
    assert_eq!(scene.members, ["asha", "bilal"]);
    let title = "The Vermas".to_owned();
    assert_eq!(scene.kind, Kind::Group(Group { title }));
    let [first, second] = &scene.stretches[..] else {
        panic!("{:?}", scene.stretches)
    };
    assert_eq!(
        first.begin,
        Begin::Day {
            days: 3,
            minute: 425
        }
    );
    let emoji = "👍🏽".to_owned();
    let text = "Yes: please".to_owned();
    let new = vec!["zara".to_owned(), "omar".to_owned()];
    let expected = [
        step("asha", say("Chai: now?\n- one\n", None)),
        step("bilal", say("Yes", Some(1))),
        step("asha", Line::React { back: 1, emoji }),
        step("bilal", Line::Edit { back: 1, text }),
        step("asha", Line::Delete { back: 2 }),
        step("asha", Line::Pin { back: 1 }),
        step("asha", Line::Add(new)),
        step("asha", Line::Announcements(true)),
        step("bilal", Line::Leave),
    ];
    assert_eq!(first.steps, expected);
    assert_eq!(second.begin, Begin::Minutes(25));
    assert_eq!(scene.unread, [("bilal".to_owned(), 2)]);
    assert_eq!(scene.recurring[0].minute, 480);
}

#[test]
fn what_is_not_understood_is_refused_with_its_line() {
    let direct = "== direct a b\n-- 1d 10:00\n";
    for (text, problem) in [
        ("a: before anything", Problem::Misplaced),
        ("== direct a", Problem::Incomplete),
        ("== group Alone | a", Problem::Incomplete),
        ("== party a b", Problem::Unknown),
        ("== direct a b\na: without a time", Problem::Misplaced),
        ("== direct a b\n-- 0d 10:00", Problem::Number),
        ("== direct a b\n-- 1d 24:00", Problem::Number),
        ("== direct a b\n-- yesterday", Problem::Incomplete),
        ("== direct a b\n** x a b | 2 5 1 10:00", Problem::Number),
        ("== direct a b\n** x a b | 5 2 0 10:00", Problem::Number),
        ("== direct a b\n** x a b | 5 2 10:00", Problem::Incomplete),
    ] {
        let line = text.lines().count();
        let refused = scenes("test", text).unwrap_err();
        assert_eq!(refused, at("test", line, problem), "{text}");
    }
    for (line, problem) in [
        ("+ nothing to go on with", Problem::Misplaced),
        ("a <0: nothing", Problem::Number),
        ("a b: two names", Problem::Unknown),
        ("says nothing", Problem::Unknown),
        ("! a 1", Problem::Incomplete),
        ("# a dance: on", Problem::Unknown),
        ("# a rename", Problem::Incomplete),
        ("x a one", Problem::Number),
    ] {
        let refused = scenes("test", &format!("{direct}{line}")).unwrap_err();
        assert_eq!(refused, at("test", 3, problem), "{line}");
    }
    let nameless = cast("test", "person asha").unwrap_err();
    assert_eq!(nameless.problem, Problem::Incomplete);
    let said = nameless.to_string();
    assert!(
        said.contains("line 1") && said.contains("not complete"),
        "{said}"
    );
}
