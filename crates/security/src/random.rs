//! Randomness from the operating system, asked each time: a generator of our own could repeat
//! itself after a snapshot of the machine is restored, and GCM does not survive a repeated nonce.

use rand::TryRngCore;
use rand::rngs::OsRng;

/// The operating system gave no randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no randomness")]
pub(crate) struct NoRandomness;

pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    OsRng.try_fill_bytes(bytes).map_err(|_| NoRandomness)
}

pub(crate) fn array<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Ok(bytes)
}
