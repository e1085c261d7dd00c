//! The words on the screen, in every language, checked by the compiler: [`Texts`] has a field
//! for each, and a language that lacks one does not build.
//!
//! Deliberately small: no catalogue is parsed at run time, and dates and numbers are left to
//! the browser's `Intl` (see [`crate::format`]).

mod en;
mod hi;
mod ur;

use leptos::prelude::*;
use protocol::ErrorCode;

use crate::bidi::{paired, turns};

/// A language of the interface.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// हिन्दी
    Hi,
    /// اردو
    Ur,
}

impl Locale {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::En, Self::Hi, Self::Ur];

    /// The code for `lang` and for the cookie.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Hi => "hi",
            Self::Ur => "ur",
        }
    }

    /// The tag for `Intl`. English is written as the reader's browser asks for it, of whose
    /// wishes the first counts. Plain `ur` may mean the digits ۰–۹ of `ur-IN`; people in
    /// Pakistan write dates with 0–9.
    #[must_use]
    pub fn intl(self, wishes: impl Iterator<Item = String>) -> String {
        // `Intl` throws at what is no tag.
        let is_tag = |tag: &String| {
            tag.split('-').all(|part| {
                matches!(part.len(), 1..=8) && part.bytes().all(|b| b.is_ascii_alphanumeric())
            })
        };
        match self {
            Self::En => wishes
                .filter(is_tag)
                .find(|tag| tag.contains('-') && Self::from_tag(tag) == Some(self))
                .unwrap_or_else(|| "en-GB".to_owned()),
            Self::Hi => "hi-IN".to_owned(),
            Self::Ur => "ur-PK".to_owned(),
        }
    }

    /// The direction of the interface. Texts of people have their own, whatever this is.
    #[must_use]
    pub const fn dir(self) -> &'static str {
        match self {
            Self::En | Self::Hi => "ltr",
            Self::Ur => "rtl",
        }
    }

    /// Its name in itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Hi => "हिन्दी",
            Self::Ur => "اردو",
        }
    }

    /// The words.
    #[must_use]
    pub const fn texts(self) -> &'static Texts {
        match self {
            Self::En => &en::TEXTS,
            Self::Hi => &hi::TEXTS,
            Self::Ur => &ur::TEXTS,
        }
    }

    /// The language of a tag such as `ur-PK`, if it is one of ours.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?;
        Self::ALL
            .into_iter()
            .find(|locale| locale.code().eq_ignore_ascii_case(primary))
    }

    /// The best of ours for an `Accept-Language` header: the highest weight, the first of
    /// equals. Only the beginning of an absurdly long header is read.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(Self, f32)> = None;
        for part in header.split(',').take(16) {
            let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
            let weight: f32 = weight.trim().parse().unwrap_or(0.0);
            if let Some(locale) = Self::from_tag(tag.trim())
                && weight > 0.0
                && best.is_none_or(|(_, highest)| weight > highest)
            {
                best = Some((locale, weight));
            }
        }
        best.map(|(locale, _)| locale)
    }
}

/// A sentence about a number.
#[derive(Clone, Copy, Debug)]
pub struct Plural {
    /// For the category `one`.
    pub one: &'static str,
    /// For all others.
    pub other: &'static str,
}

/// Puts values into `{name}` places. A value whose direction may differ from the sentence's, or
/// that has controls of it, is isolated, so that it cannot turn its surroundings (Unicode Bidi
/// Algorithm, 6.3). Plain figures read the same in both.
#[must_use]
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let sentence_is_rtl = has_rtl(template);
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, place)) = rest.split_once('{') {
        text.push_str(before);
        let filled = place.split_once('}').and_then(|(name, after)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((*value, after))
        });
        if let Some((value, after)) = filled {
            push_value(&mut text, value, sentence_is_rtl);
            rest = after;
        } else {
            text.push('{');
            rest = place;
        }
    }
    text.push_str(rest);
    text
}

fn push_value(text: &mut String, value: &str, sentence_is_rtl: bool) {
    let is_figure = value.bytes().all(|byte| byte.is_ascii_digit());
    // One that ends what it did not begin would end the isolate around it.
    let value = &paired(value);
    if is_figure || (has_rtl(value) == sentence_is_rtl && !turns(value)) {
        text.push_str(value);
    } else {
        text.push('\u{2068}');
        text.push_str(value);
        text.push('\u{2069}');
    }
}

/// Whether a text has letters of a script that is written from right to left.
#[must_use]
pub fn has_rtl(text: &str) -> bool {
    text.chars().any(
        |c| matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}'),
    )
}

/// The words of the current language, for a view that is made anew when it changes.
///
/// # Panics
/// Never: outside the application the words are English.
#[must_use]
pub fn texts() -> &'static Texts {
    locale().get_untracked().texts()
}

/// The current language.
#[must_use]
pub fn locale() -> RwSignal<Locale> {
    use_context::<crate::preferences::Preferences>()
        .map_or_else(|| RwSignal::new(Locale::default()), |p| p.locale)
}

macro_rules! texts {
    ($name:ident; $($field:ident)*; $($plural:ident)*) => {
        /// The words on the screen in one language. `{name}` and `{count}` are filled in.
        #[derive(Debug)]
        #[expect(missing_docs, reason = "each field is named after what it says in English")]
        pub struct $name {
            pub locale: Locale,
            $(pub $field: &'static str,)*
            $(pub $plural: Plural,)*
        }

        impl $name {
            /// Every text, for tests of the languages against each other.
            #[must_use]
            pub fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![
                    $((stringify!($field), self.$field),)*
                    $((stringify!($plural), self.$plural.one), (stringify!($plural), self.$plural.other),)*
                ]
            }
        }
    };
}

/// Words of one part of the product, in files of their own.
macro_rules! part {
    ($part:ident: $name:ident; $($words:tt)*) => {
        texts! { $name; $($words)* }

        impl Texts {
            /// The words of this part in the same language.
            #[must_use]
            pub const fn $part(&self) -> &'static $name {
                match self.locale {
                    Locale::En => &en::TEXTS,
                    Locale::Hi => &hi::TEXTS,
                    Locale::Ur => &ur::TEXTS,
                }
            }
        }
    };
}

mod about;
mod account;
mod actions;
mod blocking;
mod disappearing;
mod dismissing;
mod folders;
mod formatting;
mod forwarding;
mod groups;
mod hiding;
mod invites;
mod later;
mod mentions;
mod organising;
mod own_data;
mod polls;
mod reminders;
mod requests;
mod saved;
mod search;
mod selecting;
mod slow;
mod standing;
mod threads;

pub use about::AboutTexts;
pub use account::AccountTexts;
pub use actions::ActionTexts;
pub use blocking::BlockingTexts;
pub use disappearing::DisappearingTexts;
pub use dismissing::DismissingTexts;
pub use folders::FolderTexts;
pub use formatting::FormattingTexts;
pub use forwarding::ForwardingTexts;
pub use groups::GroupTexts;
pub use hiding::HidingTexts;
pub use invites::InviteTexts;
pub use later::LaterTexts;
pub use mentions::MentionTexts;
pub use organising::OrganisingTexts;
pub use own_data::OwnDataTexts;
pub use polls::PollTexts;
pub use reminders::ReminderTexts;
pub use requests::RequestTexts;
pub use saved::SavedTexts;
pub use search::SearchTexts;
pub use selecting::SelectingTexts;
pub use slow::SlowTexts;
pub use standing::StandingTexts;
pub use threads::ThreadTexts;

texts! {
    Texts;
    // Words used in several places.
    back cancel close delete retry send settings search you language
    // Regions.
    skip_to_composer skip_to_content conversations_region new_messages_region
    // Sign in and sign up.
    sign_in signing_in sign_in_title sign_up signing_up sign_up_title sign_out
    no_account have_account display_name display_name_hint username username_hint email
    password password_hint login show_password sample_one sample_two sample_three
    // The list.
    new_chat no_conversations no_conversations_hint pick_conversation pick_conversation_hint
    list_failed draft drafts you_prefix notes_name group_name signed_in_as loading
    // People.
    find_people find_people_label find_people_hint no_people search_failed notes_open
    opening you_marker searching
    // A conversation.
    conversation_with message_placeholder notes_placeholder conversation_start notes_start
    new_messages today yesterday sending sent not_sent not_sent_reason message_unavailable
    message_deleted delivered read load_older loading_older older_failed history_full history_start jump_to_latest online
    offline last_seen typing_one typing_two typing_three typing_many write_needs_script
    too_long_message send_refused message_failed_to announced_message older_loaded
    nothing_kept nothing_kept_outdated delete_title delete_unsent
    // The connection.
    reconnecting offline_status cannot_connect session_ended outdated reload sign_in_again
    // Settings.
    appearance theme theme_auto theme_subah theme_raat text_size text_size_value preview
    preview_theirs preview_mine language_title language_hint security security_hint devices
    this_device signed_in_on last_active end_session end_session_of end_others only_this_device
    sessions_failed sign_out_hint sign_out_title sign_out_anyway signed_out_here
    signed_out_here_hint somebody_else somebody_else_hint save sections
    // Pages that are not there.
    not_found not_found_hint no_access no_access_hint go_home broke broke_hint
    // Errors.
    error_internal error_malformed error_too_large error_unauthenticated error_foreign_origin
    error_not_found error_forbidden error_rate_limited error_wait_seconds error_credentials
    error_fields error_empty error_too_short error_too_long error_characters error_format
    error_username_taken error_email_taken error_password_common error_storage error_draining
    error_version error_unreachable error_too_many;
    new_count unread_count waiting new_from people_found sign_out_unsent at_most_letters
}

impl Texts {
    /// A sentence about a number. In Hindi `one` covers 0 as well (CLDR).
    #[must_use]
    pub fn count(&self, plural: &Plural, count: u64) -> String {
        let one = match self.locale {
            Locale::En | Locale::Ur => count == 1,
            Locale::Hi => count <= 1,
        };
        let template = if one { plural.one } else { plural.other };
        fill(template, &[("count", &count.to_string())])
    }

    /// What a code of the server says.
    #[must_use]
    pub const fn error(&self, code: ErrorCode) -> &'static str {
        match code {
            ErrorCode::Internal => self.error_internal,
            ErrorCode::Malformed | ErrorCode::UnsupportedMediaType => self.error_malformed,
            ErrorCode::TooLarge => self.error_too_large,
            ErrorCode::Unauthenticated => self.error_unauthenticated,
            ErrorCode::ForeignOrigin => self.error_foreign_origin,
            ErrorCode::NotFound => self.error_not_found,
            ErrorCode::Forbidden => self.error_forbidden,
            ErrorCode::RateLimited => self.error_rate_limited,
            ErrorCode::InvalidCredentials => self.error_credentials,
            ErrorCode::InvalidFields => self.error_fields,
            ErrorCode::Empty => self.error_empty,
            ErrorCode::TooShort => self.error_too_short,
            ErrorCode::TooLong => self.error_too_long,
            ErrorCode::ForbiddenCharacter => self.error_characters,
            ErrorCode::InvalidFormat => self.error_format,
            ErrorCode::UsernameTaken => self.error_username_taken,
            ErrorCode::EmailTaken => self.error_email_taken,
            ErrorCode::PasswordTooCommon => self.error_password_common,
            ErrorCode::StorageUnavailable => self.error_storage,
            ErrorCode::Draining => self.error_draining,
            ErrorCode::UnsupportedVersion => self.error_version,
            ErrorCode::TooMany => self.error_too_many,
            ErrorCode::AccountGone => self.own_data().account_gone,
            ErrorCode::PollClosed => self.polls().is_closed,
            ErrorCode::TimeOutOfRange => self.later().out_of_range,
            ErrorCode::SlowMode => self.slow().is_on,
            ErrorCode::NotAccepted => self.requests().not_accepted,
        }
    }
}

#[cfg(test)]
mod tests;
