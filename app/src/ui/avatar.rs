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
    /// In a line of small text.
    Tiny,
}

/// Whose it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum AvatarShape {
    /// A person's, a circle.
    #[default]
    Person,
    /// A group's, a rounded square.
    Group,
}

/// An avatar. It stands beside the name, so it says nothing itself.
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
    /// Whose it is.
    #[prop(optional)]
    shape: AvatarShape,
) -> impl IntoView {
    let size = match size {
        AvatarSize::Normal => "",
        AvatarSize::Small => "avatar-small",
        AvatarSize::Tiny => "avatar-tiny",
    };
    let shape = match shape {
        AvatarShape::Person => "",
        AvatarShape::Group => "avatar-group",
    };
    view! {
        <span class=format!("avatar {size} {shape} {}", hue(id)) aria-hidden="true">
            {initials(&name)}
        </span>
    }
}
