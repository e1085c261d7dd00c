//! The socket: `GET /ws`, described for writers of clients in `docs/protocol.md`.
//!
//! [`upgrade`] decides who may open one; [`connection`] is the actor that owns it afterwards.

mod connection;
mod flood;
mod transport;
mod upgrade;

pub(crate) use upgrade::upgrade;
