//! Randomness from the browser.

use js_sys::Math;
use leptos::prelude::window;
use protocol::{FolderId, SendId, Timestamp};

/// A fresh identity for a message.
pub(super) fn send_id(now: Timestamp) -> SendId {
    SendId::from_parts(now, u128::from_be_bytes(bytes()))
}

/// A fresh identity for a folder.
pub(super) fn folder_id(now: Timestamp) -> FolderId {
    FolderId::from_parts(now, u128::from_be_bytes(bytes()))
}

/// A seed for jitter.
pub(super) fn seed() -> u64 {
    u64::from_be_bytes(bytes())
}

fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let drawn = window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if drawn.is_err() {
        // Identities are to be distinct, not secret.
        bytes.fill_with(|| (Math::random() * 256.0) as u8);
    }
    bytes
}
