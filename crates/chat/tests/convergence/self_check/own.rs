//! The same for what belongs to one account alone, and for threads.

use client::Row;
use protocol::{
    Answers, Availability, Content, CustomStatus, Dismissal, Intent, Marks, Message, OwnProfile,
    Reminder, Request, SavedPlace, Seq, StatusText, Text, Thread, Timestamp,
};

use super::{CONVERSATION, in_history, message, row, rows, sound, text, user};
use crate::checker::{Picture, complaints};
use crate::threading::ShownThread;

#[track_caller]
fn finds_in(sound: Picture, what: &str, plant: impl FnOnce(&mut Picture)) {
    let mut picture = sound;
    plant(&mut picture);
    assert!(!complaints(&picture).is_empty(), "{what} was not found");
}

/// What is left of a message for whoever has dismissed it.
fn silent(message: &Message) -> Message {
    Message {
        content: Content::Dismissed,
        marks: Marks::default(),
        ..message.clone()
    }
}

/// Of two unread messages the second person has dismissed the one at place 4.
fn dismissing() -> Picture {
    let mut picture = sound();
    let place = Seq(4);
    let (truth, view) = (&mut picture.truths[1], &mut picture.views[1]);
    truth.dismissed.apply(place, Dismissal::This).unwrap();
    truth.has_dismissed = true;
    let gone = silent(&truth.history[3]);
    truth.history[3] = gone.clone();
    view.dismissed.insert(CONVERSATION, vec![place]);
    view.stored.insert((CONVERSATION, place), gone);
    view.rows.get_mut(&CONVERSATION).unwrap().remove(3);
    let listed = &mut view.list[0].summary;
    let stored = view.stored_list.get_mut(&CONVERSATION).unwrap();
    for summary in [&mut truth.summary, listed, stored] {
        summary.unread = 1;
    }
    picture
}

#[test]
fn the_checker_is_content_with_what_was_dismissed_and_finds_what_is_wrong_with_it() {
    assert_eq!(complaints(&dismissing()), Vec::<String>::new());
    let finds = |what: &str, plant: fn(&mut Picture)| finds_in(dismissing(), what, plant);
    finds("a dismissed message on the screen", |picture| {
        rows(picture).insert(3, row(&message(4)));
    });
    finds(
        "a message that another has dismissed and misses",
        |picture| {
            picture.views[0]
                .rows
                .get_mut(&CONVERSATION)
                .unwrap()
                .remove(3);
        },
    );
    finds("a dismissed message that counts as unread", |picture| {
        picture.truths[1].summary.unread = 2;
    });
    finds("a dismissed message that counts on the screen", |picture| {
        picture.views[1].list[0].summary.unread = 2;
    });
    finds("a device that has not heard of it", |picture| {
        picture.views[1].dismissed.clear();
    });
    finds("a device that dismisses something else", |picture| {
        picture.views[0]
            .dismissed
            .insert(CONVERSATION, vec![Seq(2)]);
    });
    finds("words of it that are read out", |picture| {
        picture.truths[1].history[3] = message(4);
    });
    finds("words of it that are stored on the device", |picture| {
        picture.views[1]
            .stored
            .insert((CONVERSATION, Seq(4)), message(4));
    });
    finds("something silent that nobody has dismissed", |picture| {
        in_history(picture, |history| history[1] = silent(&message(2)));
    });
    finds("a dismissed message that the list shows", |picture| {
        let truth = &mut picture.truths[1];
        truth.dismissed.apply(Seq(6), Dismissal::This).unwrap();
        truth.history[5] = silent(&message(6));
        truth.summary.unread = 0;
    });
}

/// The fifth message answers the second; both look at the thread.
fn threaded() -> Picture {
    let mut picture = sound();
    let answers = Answers {
        count: 1,
        last: Seq(5),
        last_at: Timestamp::from_millis(5),
        authors: vec![user(2)],
    };
    let mut root = message(2);
    root.marks.thread = Some(Thread::Root(Box::new(answers)));
    root.marks.version = Seq(5);
    let mut answer = message(5);
    answer.marks.thread = Some(Thread::Under(Seq(2)));
    if let Content::Text(Text { reply_to, .. }) = &mut answer.content {
        *reply_to = Some(Seq(2));
    }
    in_history(&mut picture, |history| {
        history[1] = root.clone();
        history[4] = answer.clone();
    });
    for view in &mut picture.views {
        let rows = view.rows.get_mut(&CONVERSATION).unwrap();
        (rows[1], rows[4]) = (row(&root), row(&answer));
        view.threads = vec![ShownThread {
            conversation: CONVERSATION,
            root: Seq(2),
            rows: vec![row(&root), row(&answer)],
        }];
        for entry in [&root, &answer] {
            view.stored.insert((CONVERSATION, entry.seq), entry.clone());
        }
    }
    picture.views[1].written[2].intent = Intent::Text {
        text: "number 5".to_owned(),
        reply_to: Some(Seq(2)),
    };
    picture
}

fn shown(picture: &mut Picture) -> &mut Vec<Row> {
    &mut picture.views[0].threads[0].rows
}

fn count(marks: &mut Marks, to: u32) {
    if let Some(Thread::Root(answers)) = &mut marks.thread {
        answers.count = to;
    }
}

#[test]
fn the_checker_is_content_with_a_thread_and_finds_what_is_wrong_with_it() {
    assert_eq!(complaints(&threaded()), Vec::<String>::new());
    let finds = |what: &str, plant: fn(&mut Picture)| finds_in(threaded(), what, plant);
    finds("a thread without its answer", |picture| {
        shown(picture).pop();
    });
    finds("a thread without its root", |picture| {
        shown(picture).remove(0);
    });
    finds("a thread with what is no answer", |picture| {
        shown(picture).push(row(&message(6)));
    });
    finds("an answer with other words", |picture| {
        shown(picture)[1].content = text("forged");
    });
    finds("a root in a thread that counts wrongly", |picture| {
        count(&mut shown(picture)[0].marks, 2);
    });
    finds("a root on the screen that counts wrongly", |picture| {
        count(&mut rows(picture)[1].marks, 2);
    });
    finds("a root that counts wrongly everywhere", |picture| {
        in_history(picture, |history| count(&mut history[1].marks, 2));
        for view in &mut picture.views {
            let rows = view.rows.get_mut(&CONVERSATION).unwrap();
            count(&mut rows[1].marks, 2);
            count(&mut view.threads[0].rows[0].marks, 2);
            let stored = view.stored.get_mut(&(CONVERSATION, Seq(2))).unwrap();
            count(&mut stored.marks, 2);
        }
    });
    finds("a dismissed answer that still counts", |picture| {
        let (truth, view) = (&mut picture.truths[0], &mut picture.views[0]);
        truth.dismissed.apply(Seq(5), Dismissal::This).unwrap();
        truth.has_dismissed = true;
        truth.history[4] = silent(&message(5));
        view.dismissed.insert(CONVERSATION, vec![Seq(5)]);
        view.stored
            .insert((CONVERSATION, Seq(5)), silent(&message(5)));
        view.rows.get_mut(&CONVERSATION).unwrap().remove(4);
        view.threads[0].rows.pop();
    });
}

fn reminder() -> Reminder {
    Reminder {
        place: SavedPlace {
            conversation: CONVERSATION,
            seq: Seq(3),
        },
        at: Timestamp::from_millis(9),
        due: true,
    }
}

/// The first person was reminded of a message, and has begun to write.
fn kept() -> Picture {
    let mut picture = sound();
    picture.reminders.insert(user(1), vec![reminder()]);
    picture.views[0].reminders = vec![reminder()];
    let text = "half a thought".to_owned();
    picture.truths[0].draft = Some(text.clone());
    picture.views[0].drafts.insert(CONVERSATION, text.clone());
    picture.views[0].stored_drafts.insert(CONVERSATION, text);
    picture
}

#[test]
fn the_checker_is_content_with_reminders_and_drafts_and_finds_what_is_wrong_with_them() {
    assert_eq!(complaints(&kept()), Vec::<String>::new());
    let finds = |what: &str, plant: fn(&mut Picture)| finds_in(kept(), what, plant);
    finds("a reminder that a device does not know of", |picture| {
        picture.views[0].reminders.clear();
    });
    finds("a reminder that has come without a word", |picture| {
        picture.views[0].reminders[0].due = false;
    });
    finds("a reminder of somebody else", |picture| {
        picture.views[1].reminders = vec![reminder()];
    });
    finds("a draft that a device does not show", |picture| {
        picture.views[0].drafts.clear();
    });
    finds("a draft that a device does not store", |picture| {
        picture.views[0].stored_drafts.clear();
    });
    finds("a draft that the server has lost", |picture| {
        picture.truths[0].draft = None;
    });
}

/// The first person says something of themselves and is not to be disturbed.
fn standing() -> Picture {
    let mut picture = sound();
    let text = StatusText::parse("busy").ok();
    let status = CustomStatus::new(None, text, None).unwrap();
    let profile = OwnProfile {
        status: Some(status.clone()),
        availability: Availability::Busy { until: None },
        ..OwnProfile::default()
    };
    picture.views[0].availability = profile.availability;
    picture.profiles.insert(user(1), profile);
    for view in &mut picture.views {
        view.statuses.insert(user(1), status.clone());
    }
    picture
}

#[test]
fn the_checker_is_content_with_how_people_stand_and_finds_what_is_wrong_with_it() {
    assert_eq!(complaints(&standing()), Vec::<String>::new());
    let finds = |what: &str, plant: fn(&mut Picture)| finds_in(standing(), what, plant);
    finds("a status that the other one does not see", |picture| {
        picture.views[1].statuses.clear();
    });
    finds(
        "a status of one's own that a device does not know",
        |picture| {
            picture.views[0].statuses.clear();
        },
    );
    finds("a status that nobody says", |picture| {
        picture.profiles.clear();
        picture.views[0].availability = Availability::Automatic;
    });
    finds("a choice that a device does not know", |picture| {
        picture.views[0].availability = Availability::Automatic;
    });
}

#[test]
fn the_checker_finds_faults_of_requests() {
    let request = |by| Some(Request { by, written: 2 });
    finds_in(sound(), "a request on the screen alone", |picture| {
        picture.views[0].list[0].summary.request = request(user(1));
    });
    finds_in(
        sound(),
        "a request that a device has not heard of",
        |picture| {
            picture.truths[1].summary.request = request(user(1));
        },
    );
    finds_in(
        sound(),
        "a request in the list in which there is nothing",
        |picture| {
            let truth = &mut picture.truths[1];
            (truth.summary.request, truth.summary.last_message) = (request(user(1)), None);
            (truth.history, truth.summary.unread) = (Vec::new(), 0);
        },
    );
}
