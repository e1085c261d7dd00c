//! Where in a conversation its address leads.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};
use protocol::{ConversationId, Seq};

use crate::components::permalink::{AT, place_in};
use crate::components::{Actions, conversation_in, is_beside};

/// The place that the address asks for.
pub(super) fn place_asked_for() -> Memo<Option<Seq>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| place_in(query.get_str(AT)?)))
}

/// Goes where the address says, now and whenever it says something else.
pub(super) fn follow_place(id: ConversationId, at: Memo<Option<Seq>>, actions: Actions) {
    let path = use_location().pathname;
    let asked = Memo::new(move |_| path.with(|path| asked(id, path, at.get())));
    Effect::new(move |reached: Option<Option<Seq>>| {
        let step = step(reached.flatten(), asked.get());
        match step {
            Step::Jump(seq) => actions.jump(seq),
            Step::Leave => actions.leave_place(),
            Step::Stay => {}
        }
        reached_by(step, reached.flatten())
    });
}

/// What the address asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Asked {
    /// The message at a place.
    Place(Seq),
    /// The conversation, and so its newest message.
    Newest,
    /// What is beside the messages, or another page.
    Elsewhere,
}

fn asked(id: ConversationId, path: &str, at: Option<Seq>) -> Asked {
    match at {
        _ if conversation_in(path) != Some(id) => Asked::Elsewhere,
        Some(seq) => Asked::Place(seq),
        None if is_beside(path) => Asked::Elsewhere,
        None => Asked::Newest,
    }
}

/// What is to be done about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    Jump(Seq),
    Leave,
    Stay,
}

/// Decides. Whoever comes back from beside the messages to the place that they were `reached` at
/// finds them as they left them.
fn step(reached: Option<Seq>, asked: Asked) -> Step {
    match asked {
        Asked::Place(seq) if reached != Some(seq) => Step::Jump(seq),
        Asked::Newest if reached.is_some() => Step::Leave,
        _ => Step::Stay,
    }
}

/// The place where the reader was led last, if they were not led away from it.
const fn reached_by(step: Step, before: Option<Seq>) -> Option<Seq> {
    match step {
        Step::Jump(seq) => Some(seq),
        Step::Leave => None,
        Step::Stay => before,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::trail::{details_path, thread_path};

    const ID: ConversationId = ConversationId::from_bytes([7; 16]);

    #[test]
    fn only_the_conversation_itself_asks_for_its_newest_message() {
        let plain = format!("/c/{ID}");
        let other = format!("/c/{}", ConversationId::from_bytes([8; 16]));
        let place = Some(Seq(20));
        for (path, at, expected) in [
            (plain.as_str(), None, Asked::Newest),
            (&plain, place, Asked::Place(Seq(20))),
            (&thread_path(ID, Seq(5)), None, Asked::Elsewhere),
            (&thread_path(ID, Seq(5)), place, Asked::Place(Seq(20))),
            (&details_path(ID), None, Asked::Elsewhere),
            // The pane goes after the address.
            (&other, None, Asked::Elsewhere),
            (&other, place, Asked::Elsewhere),
            ("/search", None, Asked::Elsewhere),
        ] {
            assert_eq!(asked(ID, path, at), expected, "{path} {at:?}");
        }
    }

    #[test]
    fn what_opens_beside_a_place_leaves_the_reader_there() {
        let (place, other) = (Asked::Place(Seq(20)), Asked::Place(Seq(30)));
        let mut reached = None;
        for (asked, expected) in [
            (Asked::Newest, Step::Stay),
            (place, Step::Jump(Seq(20))),
            (Asked::Elsewhere, Step::Stay),
            (place, Step::Stay),
            (Asked::Elsewhere, Step::Stay),
            (other, Step::Jump(Seq(30))),
            (Asked::Elsewhere, Step::Stay),
            (Asked::Newest, Step::Leave),
            (Asked::Newest, Step::Stay),
            (other, Step::Jump(Seq(30))),
        ] {
            let step = step(reached, asked);
            assert_eq!(step, expected, "{asked:?} after {reached:?}");
            reached = reached_by(step, reached);
        }
    }
}
