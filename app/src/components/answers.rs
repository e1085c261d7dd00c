//! Threads: the line under a message that was answered, and what a thread at the side is made of.

pub mod field;
pub mod line;
pub mod row;

pub use field::AnswerField;
pub use row::answer_row;
