//! Who, as a coloured shape with letters.

use leptos::prelude::*;
use protocol::UserId;

use crate::format::{hue, initials};

/// How large.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum AvatarSize {
    /// In a list.
    #[default]
    Normal,
    /// In a bar.
    Small,
}

/// A person's avatar. It stands beside the name, so it says nothing itself.
#[expect(clippy::needless_pass_by_value, reason = "a view owns its properties")]
#[component]
pub fn Avatar(
    /// Decides the hue.
    id: UserId,
    /// Gives the letters.
    name: String,
    /// How large.
    #[prop(optional)]
    size: AvatarSize,
) -> impl IntoView {
    let class = match size {
        AvatarSize::Normal => "avatar",
        AvatarSize::Small => "avatar avatar-small",
    };
    view! {
        <span class=format!("{class} {}", hue(id)) aria-hidden="true">
            {initials(&name)}
        </span>
    }
}
