//! One product with its store and keys, and what is filled into its forms.

use std::sync::Arc;

use chat::{Actor, Chat, ChatError, Config, Deps, Device, MemoryStore, SignIn, SignUp, SignedIn};
use protocol::{
    DisplayName, EmailAddress, ErrorCode, Field, FieldError, Password, Timestamp, Username,
};
use security::{KeyRing, PasswordParams};

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
pub(crate) const MINUTE: u64 = 60_000;
pub(crate) const PASSWORD: &str = "चाबी ताला 🔑 ";
pub(crate) const CHEAP: PasswordParams = PasswordParams {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};

pub(crate) struct World {
    pub(crate) chat: Arc<Chat>,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) keys: Arc<KeyRing>,
}

pub(crate) fn config() -> Config {
    Config {
        password: CHEAP,
        ..Config::default()
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::over(Arc::new(MemoryStore::new()), config()).await
    }

    pub(crate) async fn over(store: Arc<MemoryStore>, config: Config) -> Self {
        let keys = Arc::new(KeyRing::for_tests());
        let deps = Deps {
            store: Arc::<MemoryStore>::clone(&store),
            keys: Arc::clone(&keys),
            config,
        };
        let chat = Chat::open(deps, NOW).await.unwrap();
        Self { chat, store, keys }
    }

    pub(crate) async fn sign_up(&self, name: &str) -> SignedIn {
        self.chat.sign_up(form(name), device(), NOW).await.unwrap()
    }

    pub(crate) async fn sign_in_at(
        &self,
        login: &str,
        password: &str,
        now: Timestamp,
    ) -> Result<SignedIn, ChatError> {
        let form = SignIn {
            login: login.to_owned(),
            password: Password::parse_existing(password.to_owned()).unwrap(),
        };
        self.chat.sign_in(form, device(), now).await
    }

    pub(crate) async fn sign_in(&self, login: &str, password: &str) -> Result<SignedIn, ChatError> {
        self.sign_in_at(login, password, NOW).await
    }

    pub(crate) async fn actor(&self, signed_in: &SignedIn) -> Actor {
        self.chat
            .authenticate(&signed_in.access_token, NOW)
            .await
            .unwrap()
    }
}

pub(crate) fn form(name: &str) -> SignUp {
    SignUp {
        display_name: DisplayName::parse(&format!("{name} खान")).unwrap(),
        username: Username::parse(name).unwrap(),
        email: EmailAddress::parse(&format!("{name}@Example.org")).unwrap(),
        password: Password::parse_new(PASSWORD.to_owned()).unwrap(),
    }
}

pub(crate) fn device() -> Device {
    Device {
        address: "192.0.2.7".parse().unwrap(),
        name: "Firefox\r\n on \u{202E}Linux".to_owned(),
    }
}

#[track_caller]
pub(crate) fn check_code<T>(outcome: Result<T, ChatError>, code: ErrorCode) {
    match outcome {
        Ok(_) => panic!("expected {code:?}, but it was accepted"),
        Err(error) => assert_eq!(error.code(), code, "{error:?}"),
    }
}

#[track_caller]
pub(crate) fn check_fields<T>(outcome: Result<T, ChatError>, expected: &[(Field, ErrorCode)]) {
    let Err(ChatError::Fields(fields)) = outcome else {
        panic!("expected refused fields");
    };
    let expected: Vec<_> = expected
        .iter()
        .map(|&(field, code)| FieldError { field, code })
        .collect();
    assert_eq!(fields, expected);
}
