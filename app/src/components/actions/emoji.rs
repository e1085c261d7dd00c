//! The emoji that are offered. Any other can come from somebody else's client.

use leptos::prelude::*;

/// One touch away.
pub(super) const QUICK: [&str; 6] = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/// Emoji in a row of the grid; the style sheet has the same number.
pub(super) const COLUMNS: usize = 6;

/// The grid.
const MORE: [&str; 60] = [
    "😀", "😄", "😅", "🤣", "😊", "🙂", //
    "😉", "😍", "🥰", "😘", "😋", "😜", //
    "🤔", "🤨", "😐", "🙄", "😏", "😴", //
    "😌", "😔", "😭", "😱", "😡", "🤯", //
    "🥳", "😎", "🤗", "🤝", "👏", "🙌", //
    "👎", "👌", "✌️", "🤞", "👋", "💪", //
    "🫡", "🤦", "🤷", "👀", "🧡", "💛", //
    "💚", "💙", "💜", "🖤", "💔", "💯", //
    "🔥", "✨", "🎉", "🎂", "🌹", "☕", //
    "🍵", "🏏", "⚽", "✅", "❌", "❓",
];

/// All of them.
pub(in crate::components) fn all_emoji() -> impl Iterator<Item = &'static str> {
    QUICK.into_iter().chain(MORE)
}

/// Those that are not one touch away.
pub(super) fn more_emoji() -> impl Iterator<Item = &'static str> {
    MORE.into_iter()
}

/// Emoji to choose from: one tab stop, arrows in two directions.
pub(in crate::components) fn emoji_grid(
    offered: impl Iterator<Item = &'static str>,
    name: &'static str,
    pick: impl Fn(&'static str) + Copy + 'static,
) -> impl IntoView {
    let stop = RwSignal::new(0);
    let cell = |(at, emoji): (usize, &'static str)| {
        view! {
            <button
                type="button"
                class="emoji"
                tabindex=move || if stop.get() == at { "0" } else { "-1" }
                on:focus=move |_| stop.set(at)
                on:click=move |_| pick(emoji)
            >
                {emoji}
            </button>
        }
    };
    view! {
        <div class="emoji-grid" role="group" aria-label=name>
            {offered.enumerate().map(cell).collect_view()}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use protocol::Emoji;

    use super::*;

    #[test]
    fn the_server_takes_all_that_are_offered_and_none_is_offered_twice() {
        let all: Vec<&str> = all_emoji().collect();
        for emoji in &all {
            assert!(Emoji::parse(emoji).is_ok(), "{emoji}");
        }
        let different: BTreeSet<&str> = all.iter().copied().collect();
        assert_eq!(different.len(), all.len());
        assert_eq!(MORE.len() % COLUMNS, 0);
        assert_eq!(all.len() % COLUMNS, 0);
    }
}
