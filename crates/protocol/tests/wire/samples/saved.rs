//! Messages that are saved.

use protocol::{ClientFrame, SavedPlace, Seq, ServerFrame};

use super::conversation;

fn place() -> SavedPlace {
    SavedPlace {
        conversation: conversation(),
        seq: Seq(41),
    }
}

pub(super) fn of_client() -> [(&'static str, ClientFrame); 2] {
    [("save", true), ("save_no_longer", false)].map(|(name, on)| {
        let frame = ClientFrame::Save {
            request: 9,
            place: place(),
            on,
        };
        (name, frame)
    })
}

pub(super) fn of_server() -> [(&'static str, ServerFrame); 2] {
    let saved = ServerFrame::Saved {
        request: Some(9),
        place: place(),
        on: true,
    };
    let all = ServerFrame::AllSaved {
        places: vec![place()],
    };
    [("saved", saved), ("all_saved", all)]
}
