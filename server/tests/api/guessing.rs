//! Guessing names and passwords, and passwords that are meant to hurt.

use security::PasswordParams;

use crate::support::{Call, PASSWORD, TestServer, TestUser};

#[tokio::test]
async fn case_18_an_unknown_name_is_answered_like_a_wrong_password() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let mut answers = Vec::new();
    for login in [
        meera.name.as_str(),
        "nobody",
        "nobody@example.org",
        "no such name!",
    ] {
        let form = TestUser::sign_in_form(login, "not the password");
        let answer = server.call(form).await;
        answer.refused(401, "invalid_credentials");
        answers.push(answer);
    }
    let known = answers[0].text();
    assert!(answers.iter().all(|answer| answer.text() == known));
    assert_eq!(server.metric("sign_ins_refused_total").await, 4);

    // The page without script says the same too, and nothing else.
    let mut locations = Vec::new();
    for login in ["meera", "nobody"] {
        let fields = [("login", login), ("password", "not the password")];
        let answer = server
            .call(Call::form("/api/sign_in", "/login", &fields))
            .await;
        locations.push(answer.header("location").unwrap().to_owned());
    }
    assert_eq!(locations[0], locations[1]);
}

#[tokio::test]
async fn case_18_a_password_is_hashed_for_unknown_names_too() {
    // Hashing at this cost fails, so that whoever tries to hash is seen: a refusal before it
    // would be an ordinary one. That the password is compared as well is tested in
    // `crates/chat/src/accounts/hashing.rs`.
    let server = TestServer::with(|setup| {
        setup.chat.password = PasswordParams {
            memory_kib: 0,
            passes: 0,
            lanes: 0,
        };
    })
    .await;
    for login in ["nobody", "nobody@example.org", "no such name!"] {
        let form = TestUser::sign_in_form(login, "not the password");
        server.call(form).await.refused(500, "internal");
    }
}

#[tokio::test]
async fn case_18_searching_for_people_says_nothing_of_addresses() {
    let server = TestServer::start().await;
    let (meera, _zoya) = (server.user("meera").await, server.user("zoya").await);
    let people = meera.get("/api/search_people?term=zo").await.ok();
    assert_eq!(people.json().as_array().unwrap().len(), 1);
    assert!(!people.text().contains("example.org"));
    for term in ["zoya%40example.org", "example.org", "%40example"] {
        let path = format!("/api/search_people?term={term}");
        let people = meera.get(&path).await.ok();
        assert_eq!(people.text(), "[]", "{term}");
    }
}

async fn guesses_until_refused(server: &TestServer, login: impl Fn(usize) -> String) -> usize {
    for round in 0..200 {
        let form = TestUser::sign_in_form(&login(round), "not the password")
            .header("x-forwarded-for", &format!("198.51.100.{round}"));
        let answer = server.call(form).await;
        if answer.status == 429 {
            assert_eq!(answer.code(), "rate_limited");
            let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
            assert!(wait > 0);
            return round;
        }
        answer.refused(401, "invalid_credentials");
    }
    panic!("guessing is not limited");
}

#[tokio::test]
async fn case_19_one_login_is_guessed_a_few_times_only() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    // Ten at once, and one more for each minute that this takes.
    let guesses = guesses_until_refused(&server, |_| "meera".to_owned()).await;
    assert!((10..15).contains(&guesses), "{guesses}");
    // Whoever is signed in is not locked out by it.
    meera.get("/api/start").await.ok();
    assert!(server.metric("rate_limited_total").await > 0);
}

#[tokio::test]
async fn case_19_one_password_for_many_logins_is_limited_by_address() {
    let server = TestServer::start().await;
    let guesses = guesses_until_refused(&server, |round| format!("somebody{round}")).await;
    // One more for each second that this takes.
    assert!((60..150).contains(&guesses), "{guesses}");
}

#[tokio::test]
async fn case_19_a_proxy_is_believed_only_when_it_is_trusted() {
    let server = TestServer::with(|setup| {
        setup.server.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    server.user("meera").await;
    let guess = |address: &str| {
        TestUser::sign_in_form("meera", "not the password").header("x-forwarded-for", address)
    };
    for _ in 0..10 {
        server
            .call(guess("203.0.113.1"))
            .await
            .refused(401, "invalid_credentials");
    }
    server
        .call(guess("203.0.113.1"))
        .await
        .refused(429, "rate_limited");
    // What the client wrote stands on the left of what the proxy saw.
    server
        .call(guess("203.0.113.99, 203.0.113.1"))
        .await
        .refused(429, "rate_limited");
    server
        .call(guess("203.0.113.2"))
        .await
        .refused(401, "invalid_credentials");
}

#[tokio::test]
async fn case_20_overlong_passwords_are_refused_before_they_are_hashed() {
    // Hashing fails here, so a refusal by length shows that it was not tried.
    let server = TestServer::with(|setup| setup.chat.password.memory_kib = 0).await;
    for length in [1_025, 60_000] {
        let long = "x".repeat(length);
        let answer = server.call(TestUser::sign_in_form("meera", &long)).await;
        answer.refused(422, "invalid_fields");
        assert_eq!(answer.json()["fields"][0]["code"], "too_long");
    }
    let megabyte = "x".repeat(1 << 20);
    let answer = server
        .call(TestUser::sign_in_form("meera", &megabyte))
        .await;
    answer.refused(413, "too_large");
}

#[tokio::test]
async fn case_20_passwords_are_taken_as_they_are_typed() {
    let server = TestServer::start().await;
    let passphrase = "correct horse battery staple ".repeat(3);
    let passphrase = &passphrase[..64];
    for (number, password) in [
        passphrase,
        "nul\0in the middle",
        "चाबी ताला 🔑🔑🔑🔑",
        "trailing space ",
        " leading space",
        "Ünïcödé not normalised e\u{301}",
        &"y".repeat(500).replace("yyyyy", "yxzwv"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("user{number}");
        let email = format!("{name}@example.org");
        let form = [
            ("display_name", name.as_str()),
            ("username", &name),
            ("email", &email),
            ("password", password),
        ];
        server.call(Call::post("/api/sign_up", &form)).await.ok();
        let right = TestUser::sign_in_form(&name, password);
        server.call(right).await.ok();
        for almost in [
            password.trim().to_owned(),
            password.to_uppercase(),
            password
                .chars()
                .take(password.chars().count() / 2)
                .collect(),
            password.replace("e\u{301}", "\u{e9}"),
            password.replace('\0', ""),
        ] {
            if almost != password {
                let wrong = TestUser::sign_in_form(&name, &almost);
                server.call(wrong).await.refused(401, "invalid_credentials");
            }
        }
    }
}

#[tokio::test]
async fn common_passwords_are_refused_for_new_accounts() {
    let server = TestServer::start().await;
    for password in ["password123", "aaaaaaaaaa"] {
        let form = [
            ("display_name", "Meera"),
            ("username", "meera"),
            ("email", "meera@example.org"),
            ("password", password),
        ];
        let answer = server.call(Call::post("/api/sign_up", &form)).await;
        answer.refused(422, "invalid_fields");
        assert_eq!(answer.json()["fields"][0]["code"], "password_too_common");
    }
    assert_ne!(PASSWORD, "password123");
}
