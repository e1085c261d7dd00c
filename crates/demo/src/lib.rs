//! A demonstration: a dozen people and what they have said to each other over some weeks, so
//! that whoever tries BaatCheet finds something to look at.
//!
//! The texts are written by hand in `texts/`. [`Plan::new`] makes deeds with times of them,
//! always the same for one day; [`fill`] has an empty [`chat::Chat`] do them, by the verbs that
//! clients use and no others.

mod dice;
mod episodes;
mod fill;
mod plan;
mod script;

pub use fill::{FillError, Progress, fill};
pub use plan::{Act, Deed, Place, Plan, PlannedConversation};
pub use script::{Group, Kind, PersonScript, Problem, ScriptError};
