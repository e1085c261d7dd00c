//! Frames as bytes.

use bytes::Bytes;
use protocol::{Codec, EncodeError, ServerFrame};

/// A frame encoded at most once for each codec and shared from then on.
pub(crate) struct Shared<'a> {
    frame: &'a ServerFrame,
    binary: Option<Bytes>,
    json: Option<Bytes>,
}

impl<'a> Shared<'a> {
    pub(crate) const fn new(frame: &'a ServerFrame) -> Self {
        Self {
            frame,
            binary: None,
            json: None,
        }
    }

    pub(crate) fn bytes(&mut self, codec: Codec) -> Bytes {
        let slot = match codec {
            Codec::Binary => &mut self.binary,
            Codec::Json => &mut self.json,
        };
        slot.get_or_insert_with(|| encode(codec, self.frame))
            .clone()
    }
}

/// Frames of the protocol can always be encoded; one that cannot becomes an empty message,
/// which a client refuses as malformed, and the log says why.
pub(crate) fn encode(codec: Codec, frame: &ServerFrame) -> Bytes {
    codec.encode(frame).map_or_else(
        |error: EncodeError| {
            tracing::error!(%error, "a frame could not be encoded");
            Bytes::new()
        },
        Bytes::from,
    )
}
