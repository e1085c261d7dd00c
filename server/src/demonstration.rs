//! `seed-demo`: an empty server gets people who have talked for some weeks.
//!
//! Their passwords are made at random and said once. Known ones would let everybody into every
//! server that was ever tried out.

use std::io::{self, Write};

use chat::ChatError;
use demo::{FillError, Plan, ScriptError, fill};
use protocol::{Password, TextError};

use crate::config::{Config, StoreKind};
use crate::startup::{StartError, open_unlimited};

/// Letters that nobody takes for others.
const LETTERS: &[u8; 28] = b"abcdefghijkmnpqrstuvwxyz2345";
/// Letters of a password, 4.8 bits each, in groups of five.
const GROUPS: usize = 4;
const GROUP: usize = 5;

/// Why there is no demonstration.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The server cannot be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// There are people already.
    #[error(
        "refused: there are accounts already, and a demonstration is for an empty server; \
         name another `data_dir`, or remove what is in this one"
    )]
    NotEmpty,
    /// What would be made would be gone at once.
    #[error("refused: `store` is `memory`, which keeps nothing when this ends")]
    Memory,
    /// The texts are not right.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// A password that was made is none.
    #[error("a password was refused: {0:?}")]
    Password(TextError),
    /// It was not made to its end.
    #[error("{0}; remove what is in `data_dir` before another try")]
    Fill(#[from] FillError),
    /// The product failed.
    #[error(transparent)]
    Chat(#[from] ChatError),
    /// Nobody reads what is said.
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// Fills an empty server and tells `out` how it goes and who can sign in.
///
/// # Errors
/// [`SeedError`], in a sentence that says what to do.
pub async fn seed_demo(config: Config, mut out: impl Write) -> Result<(), SeedError> {
    if config.store == StoreKind::Memory {
        return Err(SeedError::Memory);
    }
    // What weeks brought comes in seconds.
    let deps = open_unlimited(config).await?;
    let done = seed(&deps, &mut out).await;
    deps.chat.drain(deps.clock.now()).await;
    done
}

async fn seed(deps: &crate::Deps, out: &mut impl Write) -> Result<(), SeedError> {
    if deps.chat.has_accounts().await? {
        return Err(SeedError::NotEmpty);
    }
    let plan = Plan::new(deps.clock.now())?;
    let texts: Vec<String> = plan.people.iter().map(|_| password()).collect();
    let passwords = texts.iter().cloned().map(Password::parse_new);
    let passwords: Vec<_> = passwords
        .collect::<Result<_, _>>()
        .map_err(SeedError::Password)?;
    let (people, all) = (plan.people.len(), plan.conversations.len());
    writeln!(out, "Making {people} people and {all} conversations")?;
    let filled = fill(&deps.chat, &plan, &passwords, |so_far| {
        // Whether somebody reads it is found out at the end.
        let _ = writeln!(
            out,
            "  {:>2} of {all} conversations, {} messages",
            so_far.conversations, so_far.messages
        );
    });
    filled.await?;
    writeln!(
        out,
        "\nWho can sign in, and their passwords, which are said this once:\n"
    )?;
    for (person, password) in plan.people.iter().zip(&texts) {
        writeln!(
            out,
            "  {:<10} {password}   {}",
            person.username, person.name
        )?;
    }
    writeln!(out, "\nStart the server and sign in as one of them.")?;
    Ok(())
}

/// 20 letters by the system's randomness: 96 bits.
fn password() -> String {
    let letter = |_| {
        let at = rand::random_range(0..LETTERS.len());
        LETTERS.get(at).copied().map_or('a', char::from)
    };
    let groups = (0..GROUPS).map(|_| (0..GROUP).map(letter).collect::<String>());
    groups.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_and_never_the_same() {
        let (one, other) = (password(), password());
        assert_ne!(one, other);
        assert_eq!(one.len(), GROUPS * GROUP + GROUPS - 1);
        assert!(Password::parse_new(one).is_ok());
    }
}
