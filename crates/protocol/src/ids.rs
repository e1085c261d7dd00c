//! Identifiers. All but [`Seq`] and [`Timestamp`] are ULIDs: 128 bits, of which the first 48
//! are the time of creation in milliseconds, so they sort by age.
//!
//! In JSON they are 26 characters of Crockford base 32, in the binary codec 16 bytes.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use ulid::Ulid;

/// A text that is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct IdError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Ulid);

        impl $name {
            /// Makes an identifier from its creation time and 80 bits of randomness.
            /// Only the low 80 bits of `random` count.
            #[must_use]
            pub const fn from_parts(created_at: Timestamp, random: u128) -> Self {
                Self(Ulid::from_parts(created_at.millis(), random))
            }

            /// When it was made, as far as whoever made it said the truth.
            #[must_use]
            pub const fn created_at(self) -> Timestamp {
                Timestamp::from_millis(self.0.timestamp_ms())
            }

            /// The 16 bytes, big-endian, so that they sort like the identifier.
            #[must_use]
            pub const fn to_bytes(self) -> [u8; 16] {
                self.0.to_bytes()
            }

            /// The inverse of [`Self::to_bytes`]. Every value is an identifier.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Ulid::from_bytes(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                // 26 characters hold 130 bits; the first may carry three of its five only.
                if text.len() != ulid::ULID_LEN || !text.starts_with(|c| matches!(c, '0'..='7')) {
                    return Err(IdError);
                }
                Ulid::from_string(text).map(Self).map_err(|_| IdError)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(&self.0)
                } else {
                    self.to_bytes().serialize(serializer)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    String::deserialize(deserializer)?
                        .parse()
                        .map_err(de::Error::custom)
                } else {
                    <[u8; 16]>::deserialize(deserializer).map(Self::from_bytes)
                }
            }
        }
    };
}

id! {
    /// A person's account.
    UserId
}
id! {
    /// A direct conversation, a group, or somebody's notes to self.
    ConversationId
}
id! {
    /// One signed-in device.
    SessionId
}
id! {
    /// A link by which a group is joined. Says nothing of the secret in it.
    InviteId
}
id! {
    /// Something that was reported.
    ReportId
}
id! {
    /// A folder of conversations, made by the device that first names it.
    FolderId
}
id! {
    /// Made by the client for each message it writes and kept through every retry. Unique per
    /// author: sending the same one again returns the first result.
    SendId
}

/// The place of a message in its conversation: 1 for the first, then without gaps.
/// [`Seq::ZERO`] stands before the first message.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// Before the first message.
    pub const ZERO: Self = Self(0);

    /// The next place.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The place before, or [`Seq::ZERO`].
    #[must_use]
    pub const fn prev(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// How many places lie after `earlier` up to and with this one; 0 if there are none.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds. Never negative.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(u64);

impl Timestamp {
    /// From milliseconds since the epoch.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// This much later.
    #[must_use]
    pub const fn plus_millis(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this; 0 if `earlier` is later.
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}
