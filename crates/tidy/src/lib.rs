//! Reading this repository's own source, for the house rules in `tests/tidy.rs`.
//!
//! Only the standard library, and no parser: the rules are about lines, names and files, and
//! for those it is enough to know what is code and what is a comment or a string.

mod code;
mod files;
mod modules;

pub use code::{Function, code_only, functions};
pub use files::{Source, repository, sources};
pub use modules::unreachable;
