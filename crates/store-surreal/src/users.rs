//! Accounts, and finding people.

use std::collections::BTreeSet;

use chat::{StoreError, UserRecord};
use protocol::{DisplayName, SearchTerm, UserId, Username};
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
pub(crate) const ANY: &str = "SELECT VALUE id FROM user:.. LIMIT 1";
pub(crate) const BY_USERNAME: &str = "SELECT * FROM user WHERE username = $username";
pub(crate) const BY_EMAIL: &str = "SELECT * FROM user WHERE email_index = $index";
const SET_PASSWORD: &str =
    "UPDATE $user SET password_hash = $hash WHERE password_hash = $was RETURN VALUE id";
const RENAME: &str = "
    BEGIN;
    UPDATE $user SET display_name = $name RETURN NONE;
    DELETE $gone RETURN NONE;
    INSERT INTO user_prefix $prefixes RETURN NONE;
    COMMIT;
";
pub(crate) const SEARCH: &str = "SELECT VALUE user FROM $range LIMIT $limit";

/// Beginnings of words are stored up to this many characters, the longest username. A longer
/// term finds those that share its first characters, and they are compared in full.
const PREFIX_CHARS: usize = 32;

/// Accounts that one search looks at. Whoever shares the beginning of a word with so many
/// others is found by more of the name.
const EXAMINED: usize = 1_024;

/// Accounts read at once where the first page was not enough.
const SEARCH_PAGE: usize = 256;

impl SurrealStore {
    pub(crate) async fn add_user(&self, user: &UserRecord) -> Result<(), StoreError> {
        self.engine
            .write(INSERT, || {
                object! {
                    user: UserRow::from(user),
                    prefixes: prefix_rows(user),
                }
            })
            .await?;
        Ok(())
    }

    pub(crate) async fn any_user(&self) -> Result<bool, StoreError> {
        let mut answer = self.engine.query(ANY, Object::new).await?;
        let found: Vec<RecordId> = answer.take(0).map_err(corrupt)?;
        Ok(!found.is_empty())
    }

    async fn find_users(
        &self,
        statement: &'static str,
        parameters: impl Fn() -> Object + Send,
    ) -> Result<Vec<UserRecord>, StoreError> {
        let mut answer = self.engine.query(statement, parameters).await?;
        let rows: Vec<UserRow> = answer.take(0).map_err(corrupt)?;
        rows.into_iter().map(UserRecord::try_from).collect()
    }

    pub(crate) async fn user_by_id(&self, id: UserId) -> Result<Option<UserRecord>, StoreError> {
        let rows: Vec<UserRow> = self.engine.rows_of("user", &[id]).await?;
        let found = rows.into_iter().next();
        found.map(UserRecord::try_from).transpose()
    }

    /// Those of the accounts that can be read.
    pub(crate) async fn users_by_id(&self, ids: &[UserId]) -> Result<Vec<UserRecord>, StoreError> {
        let rows: Vec<UserRow> = self.engine.rows_of("user", ids).await?;
        let users = rows.into_iter().map(UserRecord::try_from);
        Ok(records::readable(users))
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

    pub(crate) async fn set_password(
        &self,
        user: UserId,
        was: &str,
        hash: &str,
    ) -> Result<(), StoreError> {
        let mut answer = self
            .engine
            .write(SET_PASSWORD, || {
                object! {
                    user: records::row("user", user),
                    was: was.to_owned(),
                    hash: hash.to_owned(),
                }
            })
            .await?;
        let changed: Vec<RecordId> = answer.take(0).map_err(corrupt)?;
        changed.first().map(|_| ()).ok_or(StoreError::Missing)
    }

    /// The words by which the account was found are read before they are taken away, so no two
    /// of these go on at once. There is no other process.
    pub(crate) async fn rename(&self, user: UserId, name: &DisplayName) -> Result<(), StoreError> {
        let _turn = self.renames.lock().await;
        let before = self.user_by_id(user).await?;
        let before = before.filter(|user| !user.is_closed());
        let before = before.ok_or(StoreError::Missing)?;
        let gone: Vec<RecordId> = prefix_ids(&before).collect();
        let after = UserRecord {
            display_name: name.clone(),
            ..before
        };
        self.engine
            .write(RENAME, || {
                object! {
                    user: records::row("user", user),
                    name: name.to_string(),
                    gone: gone.clone(),
                    prefixes: prefix_rows(&after),
                }
            })
            .await?;
        Ok(())
    }

    pub(crate) async fn search(
        &self,
        term: &SearchTerm,
        limit: usize,
    ) -> Result<Vec<UserRecord>, StoreError> {
        self.search_among(term, limit, EXAMINED).await
    }

    /// Looks at about `most` accounts.
    async fn search_among(
        &self,
        term: &SearchTerm,
        limit: usize,
        most: usize,
    ) -> Result<Vec<UserRecord>, StoreError> {
        let prefix: String = term.longest_word().chars().take(PREFIX_CHARS).collect();
        let mut found = Vec::new();
        let mut after = String::new();
        let (mut examined, mut page) = (0, limit);
        // Once for a single word that is not longer than what is stored. Otherwise those whom
        // the whole term does not find are left out, and others may follow.
        while found.len() < limit && examined < most {
            let (mut users, rows) = self.beginning_with(&prefix, &after, page).await?;
            let last = users.last().map(|user| user.username.to_string());
            let is_end = rows < page;
            examined += rows;
            page = SEARCH_PAGE.min(most);
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

    /// Those who have a prefix, in the order of their usernames, behind one of them, and how
    /// many rows there were: an account that cannot be read is not among them.
    async fn beginning_with(
        &self,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<(Vec<UserRecord>, usize), StoreError> {
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
        Ok((users, ids.len()))
    }
}

/// What a search compares its term with: the username and each word of the name, folded.
fn words(user: &UserRecord) -> impl Iterator<Item = String> {
    let name = SearchTerm::fold(user.display_name.as_str());
    let words: Vec<String> = name.split_whitespace().map(str::to_owned).collect();
    std::iter::once(user.username.to_string()).chain(words)
}

/// Where an account stands under the beginnings of its words, each once.
pub(crate) fn prefix_ids(user: &UserRecord) -> impl Iterator<Item = RecordId> {
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
        .map(|prefix| records::pair("user_prefix", prefix, user.username.to_string()))
}

fn prefix_rows(user: &UserRecord) -> Vec<Object> {
    prefix_ids(user)
        .map(|id| object! { id: id, user: user.id.to_uuid() })
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
    Some(match statement {
        ANY => Object::new(),
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
    fn a_search_looks_at_so_many_accounts() {
        store_contract::run(async {
            let store = SurrealStore::open(crate::Options::in_memory())
                .await
                .unwrap();
            for n in 0..40_u8 {
                let user = UserRecord {
                    id: UserId::from_bytes([n; 16]),
                    username: Username::parse(&format!("user{n:02}")).unwrap(),
                    display_name: DisplayName::parse(&format!("Meera {n}x")).unwrap(),
                    email_index: [n; 32],
                    email_sealed: Vec::new(),
                    password_hash: String::new(),
                    created_at: Timestamp::from_millis(0),
                };
                store.add_user(&user).await.unwrap();
            }
            let last = SearchTerm::parse("meera 39x").unwrap();
            let names = |found: Vec<UserRecord>| -> Vec<String> {
                found.iter().map(|user| user.username.to_string()).collect()
            };
            let found = store.search_among(&last, 5, 40).await.unwrap();
            assert_eq!(names(found), ["user39"]);
            let found = store.search_among(&last, 5, 20).await.unwrap();
            assert_eq!(names(found), Vec::<String>::new());
            let early = SearchTerm::parse("meera 7x").unwrap();
            let found = store.search_among(&early, 5, 20).await.unwrap();
            assert_eq!(names(found), ["user07"]);
        });
    }

    #[test]
    fn an_account_that_cannot_be_read_keeps_nobody_from_the_others() {
        store_contract::run(async {
            let store = SurrealStore::open(crate::Options::in_memory())
                .await
                .unwrap();
            let user = |n: u8, username: &str| UserRecord {
                id: UserId::from_bytes([n; 16]),
                username: Username::parse(username).unwrap(),
                display_name: DisplayName::parse("Meera").unwrap(),
                email_index: [n; 32],
                email_sealed: Vec::new(),
                password_hash: String::new(),
                created_at: Timestamp::from_millis(0),
            };
            let (sound, spoilt) = (user(1, "sound"), user(2, "spoilt"));
            store.add_user(&sound).await.unwrap();
            store.add_user(&spoilt).await.unwrap();
            const SPOIL: &str = "UPDATE $user SET display_name = ''";
            let of = || object! { user: records::row("user", spoilt.id) };
            store.engine.write(SPOIL, of).await.unwrap();
            let found = store.users_by_id(&[spoilt.id, sound.id]).await.unwrap();
            assert_eq!(found, [sound]);
            let alone = store.user_by_id(spoilt.id).await;
            assert!(matches!(alone, Err(StoreError::Corrupt(_))), "{alone:?}");
        });
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
