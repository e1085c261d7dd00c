//! What is wrong with a text, and where.

use core::fmt;

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// It is none of the kinds that there are.
    Unknown,
    /// It stands before what it belongs to.
    Misplaced,
    /// A number or time is none.
    Number,
    /// It speaks of somebody who is not there, or of no message.
    Nobody,
    /// Something is missing.
    Incomplete,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "is not understood",
            Self::Misplaced => "belongs to nothing",
            Self::Number => "has a number that is none",
            Self::Nobody => "speaks of somebody or something that is not there",
            Self::Incomplete => "is not complete",
        })
    }
}

/// A line that is not right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the demonstration's {file} {problem}")]
pub struct ScriptError {
    /// Which text.
    pub file: &'static str,
    /// Which line, from 1.
    pub line: usize,
    /// Why.
    pub problem: Problem,
}
