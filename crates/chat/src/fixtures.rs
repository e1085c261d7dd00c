//! What tests of sealed rows share.

use security::{DataKey, KeyRing};

/// A data key of a conversation, another each time.
pub(crate) fn new_data_key() -> DataKey {
    KeyRing::for_tests().new_data_key([7; 16]).unwrap().0
}

/// The bytes as often as there are some, each time with another one of them changed.
pub(crate) fn each_byte_changed(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len()).map(|at| {
        let mut changed = bytes.to_vec();
        changed[at] ^= 1;
        changed
    })
}
