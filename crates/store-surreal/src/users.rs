//! Accounts, and finding people.

use std::collections::BTreeSet;

use chat::{StoreError, UserRecord};
use protocol::{SearchTerm, UserId, Username};
use surrealdb::types::{Array, Object, RecordId, Value, object};

use crate::SurrealStore;
use crate::failure::corrupt;
use crate::records::{self, Id as _, UserRow};

const INSERT: &str = "
    BEGIN;
    CREATE $user.id CONTENT $user RETURN NONE;
    INSERT INTO user_prefix $prefixes RETURN NONE;
    COMMIT;
";
pub(crate) const BY_IDS: &str = "SELECT * FROM $ids";
pub(crate) const BY_USERNAME: &str = "SELECT * FROM user WHERE username = $username";
pub(crate) const BY_EMAIL: &str = "SELECT * FROM user WHERE email_index = $index";
const SET_PASSWORD: &str = "UPDATE $user SET password_hash = $hash RETURN VALUE id";
pub(crate) const SEARCH: &str = "SELECT VALUE user FROM $range LIMIT $limit";

/// Beginnings of words are stored up to this many characters, the longest username. A longer
/// term finds those that share its first characters, and they are compared in full.
const PREFIX_CHARS: usize = 32;

impl SurrealStore {
    pub(crate) async fn add_user(&self, user: &UserRecord) -> Result<(), StoreError> {
        self.engine
            .query(INSERT, || {
                object! {
                    user: UserRow::from(user),
                    prefixes: prefix_rows(user),
                }
            })
            .await?;
        Ok(())
    }

    pub(crate) async fn find_users(
        &self,
        statement: &'static str,
        parameters: impl Fn() -> Object + Send,
    ) -> Result<Vec<UserRecord>, StoreError> {
        let mut answer = self.engine.query(statement, parameters).await?;
        let rows: Vec<UserRow> = answer.take(0).map_err(corrupt)?;
        rows.into_iter().map(UserRecord::try_from).collect()
    }

    pub(crate) async fn users_by_id(&self, ids: &[UserId]) -> Result<Vec<UserRecord>, StoreError> {
        let ids: BTreeSet<UserId> = ids.iter().copied().collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        self.find_users(BY_IDS, || {
            let ids: Vec<RecordId> = ids.iter().map(|id| records::row("user", *id)).collect();
            object! { ids: ids }
        })
        .await
    }

    pub(crate) async fn user_named(
        &self,
        name: &Username,
    ) -> Result<Option<UserRecord>, StoreError> {
        let found = self
            .find_users(BY_USERNAME, || object! { username: name.to_string() })
            .await?;
        Ok(found.into_iter().next())
    }

    pub(crate) async fn user_at(&self, index: &[u8; 32]) -> Result<Option<UserRecord>, StoreError> {
        let found = self
            .find_users(BY_EMAIL, || object! { index: records::digits(index) })
            .await?;
        Ok(found.into_iter().next())
    }

    pub(crate) async fn set_password(&self, user: UserId, hash: &str) -> Result<(), StoreError> {
        let mut answer = self
            .engine
            .query(SET_PASSWORD, || {
                object! { user: records::row("user", user), hash: hash.to_owned() }
            })
            .await?;
        let changed: Vec<RecordId> = answer.take(0).map_err(corrupt)?;
        changed.first().map(|_| ()).ok_or(StoreError::Missing)
    }

    pub(crate) async fn search(
        &self,
        term: &SearchTerm,
        limit: usize,
    ) -> Result<Vec<UserRecord>, StoreError> {
        let prefix: String = term.longest_word().chars().take(PREFIX_CHARS).collect();
        let mut found = Vec::new();
        let mut after = String::new();
        // Once for a single word that is not longer than what is stored. Otherwise those whom
        // the whole term does not find are left out, and others may follow.
        while found.len() < limit {
            let mut users = self.beginning_with(&prefix, &after, limit).await?;
            let last = users.last().map(|user| user.username.to_string());
            let is_end = users.len() < limit;
            users.retain(|user| term.finds(user.username.as_str(), user.display_name.as_str()));
            found.append(&mut users);
            match last {
                Some(last) if !is_end => after = last,
                _ => break,
            }
        }
        found.truncate(limit);
        Ok(found)
    }

    /// Those who have a prefix, in the order of their usernames, behind one of them.
    async fn beginning_with(
        &self,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<UserRecord>, StoreError> {
        let mut answer = self
            .engine
            .query(SEARCH, || {
                object! {
                    range: prefix_range(prefix, after),
                    limit: i64::try_from(limit).unwrap_or(i64::MAX),
                }
            })
            .await?;
        let ids: Vec<surrealdb::types::Uuid> = answer.take(0).map_err(corrupt)?;
        let ids: Vec<UserId> = ids.into_iter().map(UserId::from_uuid).collect();
        let mut users = self.users_by_id(&ids).await?;
        users.sort_by(|a, b| a.username.as_str().cmp(b.username.as_str()));
        Ok(users)
    }
}

/// What a search compares its term with: the username and each word of the name, folded.
fn words(user: &UserRecord) -> impl Iterator<Item = String> {
    let name = SearchTerm::fold(user.display_name.as_str());
    let words: Vec<String> = name.split_whitespace().map(str::to_owned).collect();
    std::iter::once(user.username.to_string()).chain(words)
}

fn prefix_rows(user: &UserRecord) -> Vec<Object> {
    let mut prefixes = BTreeSet::new();
    for word in words(user) {
        let ends = word.char_indices().skip(1).map(|(at, _)| at);
        for end in ends.chain([word.len()]).take(PREFIX_CHARS) {
            if let Some(prefix) = word.get(..end) {
                prefixes.insert(prefix.to_owned());
            }
        }
    }
    prefixes
        .into_iter()
        .map(|prefix| {
            object! {
                id: records::pair("user_prefix", prefix, user.username.to_string()),
                user: user.id.to_uuid(),
            }
        })
        .collect()
}

/// All usernames under one prefix that come behind one of them: texts sort after the empty
/// text and before any list, and a username with a space behind it, which none has, is the
/// first place after that username.
fn prefix_range(prefix: &str, after: &str) -> RecordId {
    let from = if after.is_empty() {
        String::new()
    } else {
        format!("{after} ")
    };
    let to = Value::Array(Array::new());
    records::range("user_prefix", prefix.to_owned(), from, to)
}

/// Parameters for the planner.
#[cfg(test)]
pub(crate) fn example(statement: &str) -> Option<Object> {
    let id = UserId::from_bytes([0; 16]);
    Some(match statement {
        BY_IDS => object! { ids: vec![records::row("user", id)] },
        BY_USERNAME => object! { username: "nobody".to_owned() },
        BY_EMAIL => object! { index: records::digits(&[0; 32]) },
        SEARCH => object! { range: prefix_range("no", ""), limit: 20_i64 },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use protocol::{DisplayName, Timestamp};
    use surrealdb::types::SurrealValue as _;

    use super::*;

    fn prefixes(username: &str, display_name: &str) -> Vec<String> {
        let user = UserRecord {
            id: UserId::from_bytes([1; 16]),
            username: Username::parse(username).unwrap(),
            display_name: DisplayName::parse(display_name).unwrap(),
            email_index: [0; 32],
            email_sealed: Vec::new(),
            password_hash: String::new(),
            created_at: Timestamp::from_millis(0),
        };
        let prefix = |row: Object| {
            let id = RecordId::from_value(row.get("id").unwrap().clone()).unwrap();
            let surrealdb::types::RecordIdKey::Array(key) = id.key else {
                return String::new();
            };
            String::from_value(key.first().unwrap().clone()).unwrap()
        };
        prefix_rows(&user).into_iter().map(prefix).collect()
    }

    #[test]
    fn every_beginning_of_every_word_is_stored_once() {
        assert_eq!(
            prefixes("abi", "Äbi AB"),
            ["a", "ab", "abi", "ä", "äb", "äbi"]
        );
    }

    #[test]
    fn beginnings_end_between_characters_and_are_bounded() {
        let hindi = prefixes("abc", "नमस्ते");
        assert!(hindi.contains(&"न".to_owned()) && hindi.contains(&"नमस्ते".to_owned()));
        let long = prefixes("abc", &"z".repeat(60));
        assert_eq!(long.iter().filter(|p| p.starts_with('z')).count(), 32);
    }
}
