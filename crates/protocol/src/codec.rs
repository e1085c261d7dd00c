//! How frames become bytes: compact binary (postcard) for our own client, JSON for everybody
//! else's. Which one a connection speaks is negotiated by the WebSocket subprotocol.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::limits::FRAME_BYTES;

/// An encoding of frames, named by its WebSocket subprotocol (RFC 6455, 1.9).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Codec {
    /// `baatcheet.v1`: postcard in binary messages.
    Binary,
    /// `baatcheet.v1+json`: JSON in text messages.
    Json,
}

/// The bytes are not a frame. Nothing more is said on the wire: the cause is for the log.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// Longer than [`FRAME_BYTES`].
    #[error("frame of {0} bytes")]
    TooLarge(usize),
    /// Not a frame in this encoding.
    #[error("not a frame: {0}")]
    Malformed(String),
}

/// The frame could not be encoded; a defect of the caller.
#[derive(Debug, thiserror::Error)]
#[error("frame cannot be encoded: {0}")]
pub struct EncodeError(String);

impl Codec {
    /// All, the preferred first.
    pub const ALL: [Self; 2] = [Self::Binary, Self::Json];

    /// The subprotocol's name.
    #[must_use]
    pub const fn subprotocol(self) -> &'static str {
        match self {
            Self::Binary => "baatcheet.v1",
            Self::Json => "baatcheet.v1+json",
        }
    }

    /// The encoding with this subprotocol's name.
    #[must_use]
    pub fn from_subprotocol(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|codec| codec.subprotocol() == name)
    }

    /// Encodes a frame.
    ///
    /// # Errors
    /// [`EncodeError`] if the value cannot be represented, which frames of this crate can.
    pub fn encode<T: Serialize>(self, frame: &T) -> Result<Vec<u8>, EncodeError> {
        match self {
            Self::Binary => postcard::to_stdvec(frame).map_err(|e| EncodeError(e.to_string())),
            Self::Json => serde_json::to_vec(frame).map_err(|e| EncodeError(e.to_string())),
        }
    }

    /// Decodes exactly one frame; bytes after it make it malformed.
    ///
    /// # Errors
    /// [`DecodeError`] for everything that is not exactly one frame within the size limit.
    pub fn decode<T: DeserializeOwned>(self, bytes: &[u8]) -> Result<T, DecodeError> {
        if bytes.len() > FRAME_BYTES {
            return Err(DecodeError::TooLarge(bytes.len()));
        }
        match self {
            Self::Binary => match postcard::take_from_bytes(bytes) {
                Ok((frame, [])) => Ok(frame),
                Ok((_, rest)) => Err(DecodeError::Malformed(format!(
                    "{} bytes too many",
                    rest.len()
                ))),
                Err(e) => Err(DecodeError::Malformed(e.to_string())),
            },
            Self::Json => {
                serde_json::from_slice(bytes).map_err(|e| DecodeError::Malformed(e.to_string()))
            }
        }
    }
}
