//! What travels: each frame as bytes in both encodings, nothing else taken for a frame, and
//! `docs/protocol.md` telling the truth.

#![expect(clippy::expect_used, reason = "a failed expect fails the test")]

mod arbitrary;
mod document;
mod hostile;
mod roundtrip;
mod samples;
mod snapshots;
