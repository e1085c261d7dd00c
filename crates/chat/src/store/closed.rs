//! What is left of an account that was deleted.

use protocol::Person;

use super::UserRecord;

impl UserRecord {
    /// Whether the account was deleted. Its id stays, because messages name it, and its
    /// username, so that nobody else can be taken for it.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.password_hash.is_empty()
    }

    /// What is left of it when it is deleted.
    #[must_use]
    pub fn closed(self) -> Self {
        let mut email_index = [0; 32];
        // Unique, and no hash of an address.
        for (to, from) in email_index.iter_mut().zip(self.id.to_bytes()) {
            *to = from;
        }
        Self {
            display_name: Person::gone(self.id).display_name,
            email_index,
            email_sealed: Vec::new(),
            password_hash: String::new(),
            ..self
        }
    }
}
