//! Fields of several lines.

use leptos::prelude::*;

/// A text as the content of a `textarea`. Leptos writes what is in one as it is, so on the server
/// what would end it or would be read as another character is escaped here; in a browser it
/// becomes a node, which needs none of that.
#[must_use]
pub fn area_text(text: String) -> String {
    if is_server() {
        text.replace('&', "&amp;").replace('<', "&lt;")
    } else {
        text
    }
}
