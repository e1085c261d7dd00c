//! One module per screen.

pub mod arrival;
pub mod conversation;
pub mod entry;
pub mod group;
pub mod hit;
pub mod join;
pub mod login;
pub mod looking;
pub mod new_group;
pub mod people;
pub mod profile;
pub mod refusals;
pub mod reminders;
pub mod saved;
pub mod scheduled;
pub mod search;
pub mod settings;
pub mod sheet;
pub mod side;
pub mod signup;
pub mod system;
pub mod workspace;

pub use conversation::ConversationPage;
pub use join::JoinPage;
pub use login::LoginPage;
pub use new_group::NewGroupPage;
pub use people::PeoplePage;
pub use profile::ProfilePage;
pub use reminders::RemindersPage;
pub use saved::SavedPage;
pub use scheduled::ScheduledPage;
pub use search::SearchPage;
pub use settings::SettingsPage;
pub use signup::SignUpPage;
pub use system::{AccountLeft, NotFound};
pub use workspace::{Home, Workspace};
