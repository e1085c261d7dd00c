use super::*;

#[test]
fn there_are_at_least_two_fields_and_at_most_ten_and_empty_ones_are_none() {
    Owner::new().with(|| {
        let asking = Asking::new();
        let count = || asking.answers.with_untracked(Vec::len);
        assert_eq!(count(), POLL_ANSWERS_MIN);
        asking.remove(0);
        assert_eq!(count(), POLL_ANSWERS_MIN);
        while asking.add().is_some() {}
        assert_eq!(count(), POLL_ANSWERS_MAX);

        asking.question.set(" Where to? ".to_owned());
        assert_eq!(asking.intent(), Err(TextError::TooShort));
        let fields = asking.answers.get_untracked();
        for (at, text) in [(0, "Sea"), (3, " "), (9, "Hills")] {
            fields[at].text.set(text.to_owned());
        }
        let Ok(Intent::Poll { answers, .. }) = asking.intent() else {
            panic!("{:?}", asking.intent());
        };
        assert_eq!(answers, ["Sea", "Hills"]);
        fields[3].text.set("Sea".to_owned());
        assert_eq!(asking.intent(), Err(TextError::InvalidFormat));
        asking.clear();
        assert_eq!(count(), POLL_ANSWERS_MIN);
        assert_eq!(asking.intent(), Err(TextError::Empty));
    });
}
