use protocol::{Message, Notice, Seq, Text};

use super::*;
use crate::Delivery;
use crate::fixtures::*;

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

fn row(message: Message) -> Row {
    Row::new(message, Delivery::Sent)
}

fn rows(messages: impl IntoIterator<Item = Message>) -> Vec<Row> {
    messages.into_iter().map(row).collect()
}

fn notice(seq: u64) -> Message {
    let left = Notice::Left { successor: None };
    entry(seq, THEM, Content::Notice(left))
}

/// A message at a time of its own.
fn said_at(seq: u64, author: u8, millis: u64) -> Message {
    Message {
        sent_at: at(millis),
        ..message(seq, author)
    }
}

/// The items in short: a day, the divider, a message with the ends of its group, a notice.
fn shape(rows: &[Row], divider: Option<Divider>) -> String {
    let day = |at: Timestamp| i64::try_from(at.millis() / DAY_MS).unwrap();
    let items = layout(rows, user(ME), divider, day);
    let words: Vec<String> = items
        .iter()
        .map(|item| match item {
            Item::Day { .. } => "day".to_owned(),
            Item::UnreadDivider => "new".to_owned(),
            Item::Notice { row } => format!("note{}", row.seq.unwrap()),
            Item::Message {
                row,
                first_of_group,
                last_of_group,
            } => {
                let mark = |is, mark| if is { mark } else { "" };
                format!(
                    "{}{}{}",
                    mark(*first_of_group, "("),
                    row.seq.unwrap(),
                    mark(*last_of_group, ")")
                )
            }
        })
        .collect();
    words.join(" ")
}

#[test]
fn one_author_without_a_pause_is_a_group() {
    let minute = 60_000;
    let told = [
        said_at(1, THEM, 0),
        said_at(2, THEM, 5 * minute - 1),
        said_at(3, THEM, 10 * minute - 1),
        said_at(4, ME, 10 * minute),
        said_at(5, THEM, 10 * minute),
    ];
    assert_eq!(shape(&rows(told), None), "day (1 2) (3) (4) (5)");
}

#[test]
fn a_notice_parts_a_group_and_is_in_none() {
    let told = [
        message(1, THEM),
        message(2, THEM),
        notice(3),
        message(4, THEM),
    ];
    assert_eq!(shape(&rows(told), None), "day (1 2) note3 (4)");
    let told = [notice(1), notice(2)];
    assert_eq!(shape(&rows(told), None), "day note1 note2");
}

#[test]
fn an_answer_begins_a_group() {
    let mut answer = message(2, THEM);
    answer.content = Content::Text(Text {
        body: body("yes"),
        reply_to: Some(Seq(1)),
        forwarded: false,
    });
    let told = [message(1, THEM), answer, message(3, THEM)];
    assert_eq!(shape(&rows(told), None), "day (1) (2 3)");
}

#[test]
fn a_deleted_message_keeps_its_place_in_the_group() {
    let deleted = entry(2, THEM, Content::Deleted);
    let told = [message(1, THEM), deleted, message(3, THEM)];
    assert_eq!(shape(&rows(told), None), "day (1 2 3)");
}

#[test]
fn a_day_begins_with_whatever_is_first_in_it() {
    let mut tomorrow = notice(2);
    tomorrow.sent_at = at(DAY_MS);
    let told = [message(1, THEM), tomorrow, said_at(3, THEM, DAY_MS)];
    assert_eq!(shape(&rows(told), None), "day (1) day note2 (3)");
    // A clock that runs backwards makes no second heading.
    let told = [said_at(1, THEM, DAY_MS), said_at(2, THEM, 0)];
    assert_eq!(shape(&rows(told), None), "day (1 2)");
}

#[test]
fn the_divider_stands_before_the_first_message_that_is_unread() {
    let divider = Some(Divider {
        after: Seq(1),
        until: Seq(5),
    });
    let told = [
        message(1, THEM),
        notice(2),
        message(3, ME),
        message(4, THEM),
        message(5, THEM),
    ];
    assert_eq!(
        shape(&rows(told), divider),
        "day (1) note2 (3) new (4 5)",
        "neither a notice nor an own message is unread"
    );
    let told = [message(1, THEM), message(2, THEM)];
    assert_eq!(shape(&rows(told), divider), "day (1) new (2)");
    let told = [message(1, THEM), message(6, THEM)];
    assert_eq!(shape(&rows(told), divider), "day (1 6)", "new on its own");
}

#[test]
fn headings_are_worded_by_their_distance() {
    let labels = [9, 8, 7, 3, 2, 10].map(|day| day_label(day, 9));
    assert_eq!(
        labels,
        [
            DayLabel::Today,
            DayLabel::Yesterday,
            DayLabel::Weekday,
            DayLabel::Weekday,
            DayLabel::Date,
            DayLabel::Date,
        ]
    );
}
