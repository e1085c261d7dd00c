//! The way through the pages, so that Back leads where the reader came from: from a
//! conversation to the list, without leaving a second copy of the list in the history.

use leptos::prelude::*;
use protocol::{ConversationId, Seq};

use super::permalink::place_in;

/// Steps that are remembered; Back never needs more than one, the rest is for going on.
const MOST_STEPS: usize = 50;
/// Where messages are looked for.
pub const SEARCH: &str = "/search";
/// What follows a conversation in the path of its details.
pub const DETAILS: &str = "info";
/// What follows it in the path of a thread, before the place of its root.
const THREAD: &str = "t-";

/// The paths since the page was loaded, in the context of the signed-in pages.
#[derive(Clone, Copy)]
pub struct Trail(StoredValue<Vec<String>>);

impl Trail {
    /// Makes the trail and puts it into the context.
    pub fn provide() -> Self {
        let trail = Self(StoredValue::new(Vec::new()));
        provide_context(trail);
        trail
    }

    /// From the context.
    #[must_use]
    pub fn current() -> Option<Self> {
        use_context()
    }

    /// The reader is on this page now; the one before.
    pub fn step(&self, path: &str) -> Option<String> {
        self.0
            .try_update_value(|paths| {
                let before = paths.last().cloned();
                step(paths, path);
                before
            })
            .flatten()
    }

    /// Goes to the list: back if that is where the reader came from. Whether it went.
    #[must_use]
    pub fn back_to_list(&self) -> bool {
        self.back_to("/")
    }

    /// Goes to a conversation, if that is where the reader came from. Whether it went.
    #[must_use]
    pub fn back_to_conversation(&self) -> bool {
        let path = self
            .0
            .try_with_value(|paths| before(paths).map(str::to_owned))
            .flatten();
        let path = path.filter(|path| conversation_in(path).is_some());
        path.is_some_and(|path| self.back_to(&path))
    }

    /// Goes to a page: back if that is where the reader came from. Whether it went.
    #[must_use]
    pub fn back_to(&self, path: &str) -> bool {
        let came_from_it = self.0.try_with_value(|paths| before(paths) == Some(path));
        came_from_it == Some(true)
            && window()
                .history()
                .is_ok_and(|history| history.back().is_ok())
    }
}

fn before(paths: &[String]) -> Option<&str> {
    paths.iter().rev().nth(1).map(String::as_str)
}

/// A step to where the reader came from is a step back.
fn step(paths: &mut Vec<String>, path: &str) {
    if paths.last().is_some_and(|last| last == path) {
        return;
    }
    if before(paths) == Some(path) {
        paths.pop();
        return;
    }
    paths.push(path.to_owned());
    let surplus = paths.len().saturating_sub(MOST_STEPS);
    paths.drain(..surplus);
}

/// Where the details of a conversation are.
#[must_use]
pub fn details_path(id: ConversationId) -> String {
    format!("/c/{id}/{DETAILS}")
}

/// Where a thread of a conversation is.
#[must_use]
pub fn thread_path(id: ConversationId, root: Seq) -> String {
    format!("/c/{id}/{THREAD}{root}")
}

/// Whether a path shows something beside the messages of a conversation.
#[must_use]
pub fn is_beside(path: &str) -> bool {
    let rest = path.strip_prefix("/c/");
    let part = rest.and_then(|rest| rest.split_once('/'));
    part.is_some_and(|(_, part)| !part.is_empty())
}

/// The root of the thread that a path shows.
#[must_use]
pub fn thread_in(path: &str) -> Option<Seq> {
    let rest = path.strip_prefix("/c/")?;
    let (_, rest) = rest.split_once('/')?;
    thread_of(rest)
}

/// The same of what follows the conversation in it.
#[must_use]
pub fn thread_of(part: &str) -> Option<Seq> {
    place_in(part.strip_prefix(THREAD)?)
}

/// The conversation that a path shows.
#[must_use]
pub fn conversation_in(path: &str) -> Option<ConversationId> {
    let rest = path.strip_prefix("/c/")?;
    let id = rest.split('/').next()?;
    id.parse().ok()
}

#[cfg(test)]
mod tests {
    use protocol::Timestamp;

    use super::*;

    #[test]
    fn a_step_back_shortens_the_trail() {
        let mut paths = Vec::new();
        for (path, expected) in [
            ("/", None),
            ("/c/1", Some("/")),
            ("/c/1", Some("/")),
            ("/c/2", Some("/c/1")),
            ("/c/1", Some("/")),
            ("/", None),
        ] {
            step(&mut paths, path);
            assert_eq!(before(&paths), expected, "{path}");
        }
        assert_eq!(paths, ["/"]);
    }

    #[test]
    fn the_trail_stays_short() {
        let mut paths = Vec::new();
        for number in 0..3 * MOST_STEPS {
            step(&mut paths, &format!("/c/{number}"));
        }
        assert_eq!(paths.len(), MOST_STEPS);
    }

    #[test]
    fn paths_of_conversations_name_them() {
        let id = ConversationId::from_parts(Timestamp::from_millis(1), 1);
        assert_eq!(conversation_in(&format!("/c/{id}")), Some(id));
        assert_eq!(conversation_in(&details_path(id)), Some(id));
        assert_eq!(conversation_in(&thread_path(id, Seq(41))), Some(id));
        assert!(is_beside(&details_path(id)) && is_beside(&thread_path(id, Seq(41))));
        assert!(!is_beside(&format!("/c/{id}")) && !is_beside(&format!("/c/{id}/")));
        for path in ["/", "/c/", "/c/1", "/new", "c/x"] {
            assert_eq!(conversation_in(path), None, "{path}");
        }
    }

    #[test]
    fn paths_of_threads_name_their_root() {
        let id = ConversationId::from_parts(Timestamp::from_millis(1), 1);
        let path = thread_path(id, Seq(41));
        assert_eq!(path, format!("/c/{id}/t-41"));
        assert_eq!(thread_in(&path), Some(Seq(41)));
        for rest in ["", "/info", "/t", "/t-", "/t-0", "/t-x", "/t-1/2", "/t/1"] {
            assert_eq!(thread_in(&format!("/c/{id}{rest}")), None, "{rest}");
        }
    }
}
