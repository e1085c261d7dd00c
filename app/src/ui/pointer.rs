//! What the reader points with.

use super::media::media_holds;

/// Whether there is a mouse or the like: then there is a keyboard too, and focus brings none
/// over half the screen. To be called in a browser only.
#[must_use]
pub fn has_fine_pointer() -> bool {
    media_holds("(pointer: fine)")
}
