//! Parts that know nothing of chats: what is decided once for every screen, above all how it
//! is named for people who do not see it.

mod avatar;
mod field;
mod icon;
mod time;

pub use avatar::{Avatar, AvatarSize};
pub use field::{Field, FieldKind, Summary};
pub use icon::{Glyph, Icon, IconSize};
pub use time::{Clock, Mounted, TimeStyle, local_day, local_text};
