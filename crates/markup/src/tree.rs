//! What a text is made of.

use core::ops::Range;

use protocol::Username;

/// A part of a message that stands on lines of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Block {
    /// Text with its line breaks, as `\n` in [`Inline::Text`].
    Paragraph(Vec<Inline>),
    /// Lines that began with `>`.
    Quote(Vec<Block>),
    /// A list, its items all with bullets or all with numbers.
    List(Vec<Item>),
    /// Fenced code.
    Code {
        /// The word after the fence, as typed.
        language: Option<String>,
        /// The lines, without a break at the end.
        code: String,
    },
}

/// One item of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// The number it is shown with, none for a bullet. A number that repeats the one before is
    /// counted on; others stay as typed, so that a countdown counts down.
    pub number: Option<u32>,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A part of a paragraph.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Inline {
    /// Text as it is to be shown; `\n` is a line break.
    Text(String),
    /// Code within a line.
    Code(String),
    /// Text that looks or behaves differently.
    Styled(Style, Vec<Inline>),
    /// A link.
    Link {
        /// An address with one of the schemes `http`, `https` and `mailto`, as typed: without
        /// white space, quotes, backslash, invisible characters or a user's name before the
        /// host.
        url: String,
        /// What is shown: no other link, no mention.
        label: Vec<Inline>,
    },
    /// A name with an `@` before it. Whether there is such a person is for others to find out.
    Mention(Mention),
}

/// How a span looks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Style {
    /// `**text**` or `__text__`
    Bold,
    /// `*text*` or `_text_`
    Italic,
    /// `~~text~~`
    Strike,
    /// `||text||`: hidden until it is asked for.
    Spoiler,
}

/// A mention and where it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mention {
    /// Who is meant.
    pub target: Target,
    /// The name as typed, with its `@`.
    pub text: String,
    /// Its place in the message, in bytes of UTF-8.
    pub place: Range<usize>,
}

/// Who is meant by a mention.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Target {
    /// `@all`
    All,
    /// `@username`
    User(Username),
}
