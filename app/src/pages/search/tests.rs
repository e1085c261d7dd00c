use super::*;
use crate::i18n::Locale;

fn answer(q: &str, found: Option<Result<Found, ApiError>>) -> Answer {
    let asked = Asked {
        q: q.to_owned(),
        ..Asked::default()
    };
    Answer { asked, found }
}

#[test]
fn the_status_says_how_far_the_search_is() {
    let t = Locale::En.texts();
    let s = t.search();
    let found = || Some(Ok(Found::default()));
    for (q, found, count, pending, expected) in [
        ("", None, (0, false), false, s.hint),
        ("", None, (0, false), true, s.searching),
        (
            "x in:",
            None,
            (0, false),
            false,
            "“in:”: the name of a group or a username follows, as in in:@asha.",
        ),
        ("chai", found(), (1, false), false, "1 message found"),
        ("chai", found(), (20, true), false, "20 messages found"),
        ("chai", found(), (0, true), false, s.nothing_yet),
        (
            "chai ",
            found(),
            (0, false),
            false,
            "No messages match “chai”. Everything was searched.",
        ),
    ] {
        assert_eq!(status(t, &answer(q, found), count, pending), expected);
    }
    let failed = Some(Err(ApiError::new(ErrorCode::Internal)));
    assert_eq!(status(t, &answer("chai", failed), (0, false), false), "");
}

#[test]
fn a_failure_says_what_is_to_be_done() {
    let t = Locale::En.texts();
    let failed = |q, error| failure(t, &answer(q, Some(Err(error)))).unwrap();
    let offline = ApiError {
        unreachable: true,
        ..ApiError::new(ErrorCode::Internal)
    };
    assert_eq!(failed("chai", offline), t.search().offline);
    assert_eq!(
        failed("chai in:twins", ApiError::new(ErrorCode::NotFound)),
        "You have no single conversation called “twins”."
    );
    let internal = failed("chai", ApiError::new(ErrorCode::Internal));
    assert!(internal.starts_with("The search failed."), "{internal}");
    assert_eq!(failure(t, &answer("chai", None)), None);
}
