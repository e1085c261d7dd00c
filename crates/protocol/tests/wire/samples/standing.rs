//! What people say of themselves, and how they are there.

use protocol::{Availability, ClientFrame, CustomStatus, Emoji, Presence, ServerFrame, StatusText};

use super::{IMRAN, NOW, user};

pub(super) fn of_client() -> [(&'static str, ClientFrame); 1] {
    [("active", ClientFrame::Active { active: false })]
}

fn presence(presence: Presence) -> ServerFrame {
    ServerFrame::Presence {
        user: user(IMRAN),
        presence,
    }
}

fn status() -> CustomStatus {
    let emoji = Emoji::parse("🚌").expect("an emoji");
    let text = StatusText::parse("रास्ते में").expect("a text");
    CustomStatus::new(Some(emoji), Some(text), Some(NOW)).expect("a status")
}

pub(super) fn of_server() -> [(&'static str, ServerFrame); 7] {
    let status_of = |status| ServerFrame::Status {
        user: user(IMRAN),
        status,
    };
    let chosen = |availability| ServerFrame::Availability { availability };
    [
        ("presence_away", presence(Presence::Away)),
        ("presence_busy", presence(Presence::Busy)),
        ("status", status_of(Some(status()))),
        ("status_no_longer", status_of(None)),
        (
            "availability_busy",
            chosen(Availability::Busy { until: Some(NOW) }),
        ),
        ("availability_invisible", chosen(Availability::Invisible)),
        ("availability_automatic", chosen(Availability::Automatic)),
    ]
}
