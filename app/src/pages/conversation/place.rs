//! The message that the address names.

use leptos::prelude::*;
use leptos_router::hooks::{use_query_map, use_url};
use protocol::Seq;

use crate::components::Actions;
use crate::components::permalink::{AT, place_in};

/// The place that the address asks for.
pub(super) fn place_asked_for() -> Memo<Option<Seq>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| place_in(query.get_str(AT)?)))
}

/// What an address asks to be shown.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Asked {
    path: String,
    at: Option<Seq>,
}

/// Where an address leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Way {
    To(Seq),
    /// It does not name a place any more.
    Off,
    Nowhere,
}

/// What another address changes, or the same that was gone to again.
fn way(before: Option<&Asked>, now: &Asked) -> Way {
    let earlier = before.and_then(|before| before.at);
    match now.at {
        Some(seq) if earlier != Some(seq) || before == Some(now) => Way::To(seq),
        // The details or a thread were opened or closed.
        Some(_) => Way::Nowhere,
        None if earlier.is_some() => Way::Off,
        None => Way::Nowhere,
    }
}

/// Goes where the address says, now and whenever one goes there: a link to where one was is
/// followed once more after scrolling away.
pub(super) fn follow_place(at: Memo<Option<Seq>>, actions: Actions) {
    let url = use_url();
    Effect::new(move |before: Option<Asked>| {
        let path = url.with(|url| url.path().to_owned());
        let now = Asked { path, at: at.get() };
        match way(before.as_ref(), &now) {
            Way::To(seq) => actions.jump(seq),
            Way::Off => actions.leave_place(),
            Way::Nowhere => {}
        }
        now
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_gone_to_as_often_as_it_is_asked_for() {
        let asked = |path: &str, at: Option<u64>| Asked {
            path: path.to_owned(),
            at: at.map(Seq),
        };
        for (before, now, expected) in [
            (None, asked("/c/1", None), Way::Nowhere),
            (None, asked("/c/1", Some(5)), Way::To(Seq(5))),
            (
                Some(asked("/c/1", None)),
                asked("/c/1", Some(5)),
                Way::To(Seq(5)),
            ),
            (
                Some(asked("/c/1", Some(4))),
                asked("/c/1", Some(5)),
                Way::To(Seq(5)),
            ),
            (
                Some(asked("/c/1", Some(5))),
                asked("/c/1", Some(5)),
                Way::To(Seq(5)),
            ),
            (
                Some(asked("/c/1", Some(5))),
                asked("/c/1/details", Some(5)),
                Way::Nowhere,
            ),
            (Some(asked("/c/1", Some(5))), asked("/c/1", None), Way::Off),
            (
                Some(asked("/c/1/details", None)),
                asked("/c/1", None),
                Way::Nowhere,
            ),
        ] {
            assert_eq!(way(before.as_ref(), &now), expected, "{before:?} {now:?}");
        }
    }
}
