//! Drafts.

use protocol::{ClientFrame, DraftBody, DraftText, Seq, ServerFrame};

use super::conversation;

const TEXT: &str = "haan, main kal ";

pub(super) fn of_client() -> [(&'static str, ClientFrame); 2] {
    let draft = |text: &str, reply_to| ClientFrame::Draft {
        request: 9,
        conversation: conversation(),
        text: text.to_owned(),
        reply_to,
    };
    [
        ("draft", draft(TEXT, Some(Seq(41)))),
        ("draft_no_longer", draft("", None)),
    ]
}

pub(super) fn of_server() -> [(&'static str, ServerFrame); 4] {
    let told = |draft| ServerFrame::Draft {
        conversation: conversation(),
        draft,
    };
    let draft = DraftText {
        text: DraftBody::parse(TEXT).expect("a draft"),
        reply_to: Some(Seq(41)),
    };
    [
        ("draft_kept", ServerFrame::DraftKept { request: 9 }),
        ("draft", told(Some(draft))),
        ("draft_no_longer", told(None)),
        (
            "draft_unavailable",
            ServerFrame::DraftUnavailable {
                conversation: conversation(),
            },
        ),
    ]
}
