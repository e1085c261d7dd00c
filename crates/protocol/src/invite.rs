//! Links by which a group is joined: what they say, how long they hold, and who sees what.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::limits::INVITE_TOKEN_CHARS;
use crate::{ConversationId, DisplayName, InviteId, Person, TextError, Timestamp};

/// The secret in a link. Its `Debug` hides it; only its hash is stored.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InviteToken(String);

impl InviteToken {
    /// Takes a text of the form that the server makes, whether or not it made this one.
    ///
    /// # Errors
    /// [`TextError::InvalidFormat`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if text.len() == INVITE_TOKEN_CHARS && text.bytes().all(is_base64url) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TextError::InvalidFormat)
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path of the page where the link leads.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/join/{}", self.0)
    }
}

impl fmt::Debug for InviteToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InviteToken(***)")
    }
}

impl TryFrom<String> for InviteToken {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        Self::parse(&text)
    }
}

impl From<InviteToken> for String {
    fn from(token: InviteToken) -> Self {
        token.0
    }
}

/// How long a link holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifetime {
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A week.
    Week,
    /// Until it is revoked.
    Forever,
}

impl Lifetime {
    /// All of them, the shortest first.
    pub const ALL: [Self; 4] = [Self::Hour, Self::Day, Self::Week, Self::Forever];

    /// Its name in a form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Forever => "forever",
        }
    }

    /// When a link ends that is made now; `None` if time does not end it.
    #[must_use]
    pub const fn end(self, now: Timestamp) -> Option<Timestamp> {
        const HOUR: u64 = 60 * 60 * 1_000;
        let millis = match self {
            Self::Hour => HOUR,
            Self::Day => 24 * HOUR,
            Self::Week => 7 * 24 * HOUR,
            Self::Forever => return None,
        };
        Some(Timestamp::from_millis(now.millis().saturating_add(millis)))
    }
}

/// How many people may come by a link.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Uses {
    /// One.
    One,
    /// Ten.
    Ten,
    /// A hundred.
    Hundred,
    /// As many as the group takes.
    Any,
}

impl Uses {
    /// All of them, the fewest first.
    pub const ALL: [Self; 4] = [Self::One, Self::Ten, Self::Hundred, Self::Any];

    /// Its name in a form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Ten => "ten",
            Self::Hundred => "hundred",
            Self::Any => "any",
        }
    }

    /// The number; `None` if the link does not count.
    #[must_use]
    pub const fn limit(self) -> Option<u32> {
        match self {
            Self::One => Some(1),
            Self::Ten => Some(10),
            Self::Hundred => Some(100),
            Self::Any => None,
        }
    }
}

/// Whether a link leads anywhere.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteState {
    /// It does.
    Open,
    /// Its time is over.
    Expired,
    /// As many have come as may.
    UsedUp,
    /// Whoever made it may not invite people any more.
    Void,
}

impl InviteState {
    /// Of a link with this end, limit and count. `stands` says whether whoever made it may
    /// still invite people: a link does no more than its maker.
    #[must_use]
    pub fn of(
        (expires_at, limit, used): (Option<Timestamp>, Option<u32>, u32),
        stands: bool,
        now: Timestamp,
    ) -> Self {
        if expires_at.is_some_and(|end| end <= now) {
            Self::Expired
        } else if limit.is_some_and(|limit| used >= limit) {
            Self::UsedUp
        } else if stands {
            Self::Open
        } else {
            Self::Void
        }
    }
}

/// A link as those see it who may make them: all but its secret.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// By which it is revoked.
    pub id: InviteId,
    /// Who made it.
    pub made_by: Person,
    /// When.
    pub made_at: Timestamp,
    /// When it ends; `None` if time does not end it.
    pub expires_at: Option<Timestamp>,
    /// How many may come by it; `None` for any number.
    pub limit: Option<u32>,
    /// How many have.
    pub used: u32,
    /// Whether it leads anywhere.
    pub state: InviteState,
}

/// What somebody sees of a group who was given a link to it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// Which group.
    pub conversation: ConversationId,
    /// What it is called.
    pub title: Option<DisplayName>,
    /// How many are in it.
    pub member_count: u32,
    /// Who invites.
    pub by: Person,
    /// Whether the reader is in it already.
    pub is_member: bool,
    /// Whether there is no room for one more.
    pub is_full: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_one_form_and_is_not_printed() {
        let text = "AZaz09-_AZaz09-_AZaz09-_AZaz09-_";
        let token = InviteToken::parse(text).unwrap();
        assert_eq!(token.as_str(), text);
        assert_eq!(token.path(), format!("/join/{text}"));
        assert!(!format!("{token:?}").contains("AZaz"));
        let long = "a".repeat(10_000);
        for bad in [
            "",
            &text[1..],
            &format!("{text}a"),
            &text.replace('_', "="),
            &text.replace('_', "/"),
            &text.replace("-_", "é"),
            &long,
        ] {
            assert_eq!(InviteToken::parse(bad), Err(TextError::InvalidFormat));
        }
    }

    #[test]
    fn a_link_ends_at_its_time_and_not_before() {
        let now = Timestamp::from_millis(1_000);
        let ends = Lifetime::ALL.map(|it| it.end(now).map(Timestamp::millis));
        let hour = 3_600_000;
        let expected = [hour, 24 * hour, 168 * hour].map(|it| Some(it + 1_000));
        assert_eq!(ends[..3], expected);
        assert_eq!(ends[3], None);
        let late = Timestamp::from_millis(u64::MAX);
        assert_eq!(Lifetime::Week.end(late), Some(late));
    }

    #[test]
    fn the_state_of_a_link() {
        let at = Timestamp::from_millis;
        for (terms, stands, expected) in [
            ((None, None, 0), true, InviteState::Open),
            ((None, None, u32::MAX), true, InviteState::Open),
            ((Some(at(101)), Some(2), 1), true, InviteState::Open),
            ((Some(at(100)), Some(2), 1), true, InviteState::Expired),
            ((Some(at(100)), Some(2), 2), false, InviteState::Expired),
            ((Some(at(101)), Some(2), 2), true, InviteState::UsedUp),
            ((None, Some(1), 5), true, InviteState::UsedUp),
            ((None, None, 0), false, InviteState::Void),
        ] {
            assert_eq!(InviteState::of(terms, stands, at(100)), expected);
        }
    }

    #[test]
    fn names_in_forms_are_those_of_the_encoding() {
        let json = |name: &str| format!("\"{name}\"");
        for lifetime in Lifetime::ALL {
            let encoded = serde_json::to_string(&lifetime).unwrap();
            assert_eq!(encoded, json(lifetime.name()));
        }
        for uses in Uses::ALL {
            assert_eq!(serde_json::to_string(&uses).unwrap(), json(uses.name()));
        }
    }
}
