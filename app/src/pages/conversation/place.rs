//! Where in a conversation its address leads.

use leptos::prelude::*;
use leptos_router::hooks::{use_query_map, use_url};
use protocol::{ConversationId, Seq};

use crate::components::permalink::{AT, place_in};
use crate::components::{Actions, conversation_in, is_beside};

/// The place that the address asks for.
pub(super) fn place_asked_for() -> Memo<Option<Seq>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| place_in(query.get_str(AT)?)))
}

/// Goes where the address says, now and whenever one goes there: a link to where one was is
/// followed once more after scrolling away.
pub(super) fn follow_place(id: ConversationId, at: Memo<Option<Seq>>, actions: Actions) {
    let url = use_url();
    Effect::new(move |led: Option<Led>| {
        let path = url.with(|url| url.path().to_owned());
        let asked = asked(id, &path, at.get());
        let led = led.unwrap_or_default();
        let step = led.step(&path, asked);
        match step {
            Step::Jump(seq) => actions.jump(seq),
            Step::Leave => actions.leave_place(),
            Step::Stay => {}
        }
        led.after(step, path, asked)
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

/// Where the reader was led.
#[derive(Default)]
struct Led {
    /// The place where they were led last, if they were not led away from it.
    reached: Option<Seq>,
    /// What the address asked for last.
    before: Option<(String, Asked)>,
}

impl Led {
    /// Decides. Whoever comes back from beside the messages to the place that they were led to
    /// finds them as they left them.
    fn step(&self, path: &str, asked: Asked) -> Step {
        let before = self.before.as_ref();
        let is_again = before.is_some_and(|(before, it)| before == path && *it == asked);
        match asked {
            Asked::Place(seq) if self.reached != Some(seq) || is_again => Step::Jump(seq),
            Asked::Newest if self.reached.is_some() => Step::Leave,
            _ => Step::Stay,
        }
    }

    fn after(self, step: Step, path: String, asked: Asked) -> Self {
        let reached = match step {
            Step::Jump(seq) => Some(seq),
            Step::Leave => None,
            Step::Stay => self.reached,
        };
        Self {
            reached,
            before: Some((path, asked)),
        }
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
        let mut led = Led::default();
        for (path, asked, expected) in [
            ("/c/1", Asked::Newest, Step::Stay),
            ("/c/1", place, Step::Jump(Seq(20))),
            ("/c/1/t-5", Asked::Elsewhere, Step::Stay),
            ("/c/1", place, Step::Stay),
            ("/c/1/t-5", place, Step::Stay),
            ("/c/1", other, Step::Jump(Seq(30))),
            ("/c/1", other, Step::Jump(Seq(30))),
            ("/c/1/t-5", Asked::Elsewhere, Step::Stay),
            ("/c/1", Asked::Newest, Step::Leave),
            ("/c/1", Asked::Newest, Step::Stay),
            ("/c/1", other, Step::Jump(Seq(30))),
        ] {
            let step = led.step(path, asked);
            assert_eq!(step, expected, "{asked:?} at {path}");
            led = led.after(step, path.to_owned(), asked);
        }
    }
}
