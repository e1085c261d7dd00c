//! Parts that know nothing of chats: what is decided once for every screen, above all how it
//! is named for people who do not see it.

pub mod area;
pub mod avatar;
pub mod choice;
pub mod field;
pub mod focus;
pub mod icon;
pub mod media;
pub mod notes;
pub mod pointer;
pub mod press;
pub mod question;
pub mod share;
pub mod time;
pub mod title;

pub use area::area_text;
pub use avatar::{Avatar, AvatarShape, AvatarSize};
pub use choice::{Choice, Offered};
pub use field::{Field, FieldKind, Summary};
pub use focus::keep_focus;
pub use icon::{Glyph, Icon, IconSize};
pub use media::{media_holds, window_is};
pub use notes::{FieldNotes, Notes};
pub use pointer::has_fine_pointer;
pub use press::Press;
pub use question::{Question, ask};
pub use time::{Clock, Mounted, TimeStyle, local_day, local_text};
pub use title::PageTitle;
