//! Reminders.

use protocol::{ClientFrame, Reminder, SavedPlace, Seq, ServerFrame, Timestamp};

use super::conversation;

const AT: Timestamp = Timestamp::from_millis(1_764_000_000_000);

fn place() -> SavedPlace {
    SavedPlace {
        conversation: conversation(),
        seq: Seq(41),
    }
}

fn reminder(due: bool) -> Reminder {
    Reminder {
        place: place(),
        at: AT,
        due,
    }
}

pub(super) fn of_client() -> [(&'static str, ClientFrame); 2] {
    [("remind", Some(AT)), ("remind_no_longer", None)].map(|(name, at)| {
        let frame = ClientFrame::Remind {
            request: 9,
            place: place(),
            at,
        };
        (name, frame)
    })
}

pub(super) fn of_server() -> [(&'static str, ServerFrame); 3] {
    let changed = |request, reminder| ServerFrame::Reminder {
        request,
        place: place(),
        reminder,
    };
    let all = ServerFrame::Reminders {
        reminders: vec![reminder(false)],
    };
    [
        ("reminder", changed(None, Some(reminder(true)))),
        ("reminder_no_longer", changed(Some(9), None)),
        ("reminders", all),
    ]
}
