//! What the engine's errors mean to us.

use std::collections::HashMap;

use chat::{StoreError, Unique};
use surrealdb::types::{AlreadyExistsError, Error, QueryError};

/// Why a transaction failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Another transaction committed first. Nothing was changed; may be tried again.
    Conflict,
    /// A row with this id is there already.
    Exists,
    /// A value is in a unique index already.
    Unique(Unique),
    /// No room left on the device.
    Full(String),
    /// Anything else.
    Other(String),
}

/// How the engine names a violated index: the message is all that says which one.
const UNIQUE_INDEXES: [(&str, Unique); 2] = [
    ("Database index `user_username` ", Unique::Username),
    ("Database index `user_email` ", Unique::Email),
];

impl Failure {
    /// The cause among the errors of one transaction's statements. The statement that failed
    /// has it, or the `COMMIT`; all others only say that they were not executed.
    pub(crate) fn among(errors: HashMap<usize, Error>) -> Option<Self> {
        let mut errors: Vec<(usize, Error)> = errors.into_iter().collect();
        errors.sort_unstable_by_key(|(index, _)| *index);
        let cause = errors
            .iter()
            .find(|(_, error)| !matches!(error.query_details(), Some(QueryError::NotExecuted)))
            .or(errors.last());
        cause.map(|(_, error)| Self::from(error))
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        if matches!(error.query_details(), Some(QueryError::TransactionConflict)) {
            return Self::Conflict;
        }
        if matches!(
            error.already_exists_details(),
            Some(AlreadyExistsError::Record { .. })
        ) {
            return Self::Exists;
        }
        let message = error.message();
        if let Some((_, unique)) = UNIQUE_INDEXES
            .iter()
            .find(|(start, _)| message.starts_with(start))
        {
            return Self::Unique(*unique);
        }
        if is_full(message) {
            return Self::Full(message.to_owned());
        }
        Self::Other(message.to_owned())
    }
}

/// The engine passes on the operating system's error as text only.
fn is_full(message: &str) -> bool {
    ["No space left on device", "os error 28", "StorageFull"]
        .iter()
        .any(|text| message.contains(text))
}

impl Failure {
    /// As the store's error, where a row that exists means that `unique` is taken.
    pub(crate) fn taken(self, unique: Unique) -> StoreError {
        match self {
            Self::Exists => StoreError::Taken(unique),
            Self::Unique(unique) => StoreError::Taken(unique),
            Self::Full(text) => StoreError::Full(text),
            Self::Conflict => {
                StoreError::Unavailable("too many transactions at the same row".to_owned())
            }
            Self::Other(text) => StoreError::Unavailable(text),
        }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        failure.taken(Unique::Id)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

/// A stored value that cannot be read.
pub(crate) fn corrupt(what: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(what.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn not_executed(message: &str) -> Error {
        Error::query(message.to_owned(), Some(QueryError::NotExecuted))
    }

    #[test]
    fn the_cause_is_found_behind_the_statements_that_were_not_executed() {
        let failed = "The query was not executed due to a failed transaction";
        let conflict = Error::query(
            "Cannot COMMIT: conflict".to_owned(),
            Some(QueryError::TransactionConflict),
        );
        let errors = HashMap::from([(0, not_executed(failed)), (1, conflict)]);
        assert!(matches!(Failure::among(errors), Some(Failure::Conflict)));

        let exists = Error::already_exists(
            "Database record `message:1` already exists".to_owned(),
            AlreadyExistsError::Record {
                id: "message:1".to_owned(),
            },
        );
        let errors = HashMap::from([(2, not_executed(failed)), (1, exists)]);
        assert!(matches!(Failure::among(errors), Some(Failure::Exists)));
        assert!(Failure::among(HashMap::new()).is_none());
    }

    #[test]
    fn a_full_disk_is_told_from_other_failures() {
        let full = not_executed("Cannot COMMIT: IO error: No space left on device (os error 28)");
        let Some(Failure::Full(_)) = Failure::among(HashMap::from([(3, full)])) else {
            panic!("a full disk was not recognised");
        };
        let other = not_executed("Cannot COMMIT: the engine was closed");
        let Some(Failure::Other(_)) = Failure::among(HashMap::from([(3, other)])) else {
            panic!("another failure was taken for a full disk");
        };
    }

    #[test]
    fn only_our_own_indexes_are_read_from_a_message() {
        let forged = Error::internal("x Database index `user_email` already contains".to_owned());
        assert!(matches!(Failure::from(&forged), Failure::Other(_)));
        let email = Error::internal("Database index `user_email` already contains y".to_owned());
        assert!(matches!(
            Failure::from(&email),
            Failure::Unique(Unique::Email)
        ));
    }
}
