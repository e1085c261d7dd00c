//! The binary encoding for values that are stored, not sent: without the limit of a frame.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A value that cannot be packed, or bytes that are none.
#[derive(Debug, thiserror::Error)]
#[error("not a packed value: {0}")]
pub struct PackError(String);

/// Packs a value.
///
/// # Errors
/// [`PackError`] if it cannot be represented, which types of this crate can.
pub fn pack<T: Serialize>(value: &T) -> Result<Vec<u8>, PackError> {
    postcard::to_stdvec(value).map_err(|e| PackError(e.to_string()))
}

/// Unpacks exactly one value; bytes after it make it none.
///
/// # Errors
/// [`PackError`] for everything that is not exactly one value.
pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, PackError> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        Ok((_, rest)) => Err(PackError(format!("{} bytes too many", rest.len()))),
        Err(e) => Err(PackError(e.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Content, MessageBody, limits};

    #[test]
    fn what_is_larger_than_a_frame_comes_back_and_nothing_may_follow() {
        let body = MessageBody::parse(&"x".repeat(4_000)).unwrap();
        let many = vec![Content::Text(body.into()); 50];
        let mut bytes = pack(&many).unwrap();
        assert!(bytes.len() > limits::FRAME_BYTES);
        assert_eq!(unpack::<Vec<Content>>(&bytes).unwrap(), many);
        bytes.push(0);
        assert!(unpack::<Vec<Content>>(&bytes).is_err());
        bytes.truncate(100);
        assert!(unpack::<Vec<Content>>(&bytes).is_err());
    }
}
