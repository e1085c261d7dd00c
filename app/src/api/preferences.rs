//! Language, theme, size of text and filter of the list, for browsers without script. With script the page sets
//! the same cookies itself, see [`crate::preferences`].

use leptos::prelude::*;

use super::ApiError;

/// Remembers what is given; empty values are left alone. Unknown values are refused.
#[server(endpoint = "set_preferences")]
pub async fn set_preferences(
    /// A language's code.
    #[server(default)]
    locale: String,
    /// A theme's code.
    #[server(default)]
    theme: String,
    /// Pixels.
    #[server(default)]
    text_size: String,
    /// A filter's code.
    #[server(default)]
    filter: String,
) -> Result<(), ApiError> {
    super::backend::preferences::set_preferences(&locale, &theme, &text_size, &filter)
}
