//! The emoji that are offered. Any other can come from somebody else's client.

/// One touch away.
pub(super) const QUICK: [&str; 6] = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/// Emoji in a row of the grid; the style sheet has the same number.
pub(super) const COLUMNS: usize = 6;

/// The grid.
pub(super) const MORE: [&str; 60] = [
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use protocol::Emoji;

    use super::*;

    #[test]
    fn the_server_takes_all_that_are_offered_and_none_is_offered_twice() {
        let all: Vec<&str> = QUICK.into_iter().chain(MORE).collect();
        for emoji in &all {
            assert!(Emoji::parse(emoji).is_ok(), "{emoji}");
        }
        let different: BTreeSet<&str> = all.iter().copied().collect();
        assert_eq!(different.len(), all.len());
        assert_eq!(MORE.len() % COLUMNS, 0);
    }
}
