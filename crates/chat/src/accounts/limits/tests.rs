use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn attempt(
    limits: &Limits,
    address: &str,
    login: &str,
    now: Timestamp,
) -> Result<Attempt, ChatError> {
    limits.sign_in(ip(address), &Login::parse(login), now)
}

fn fail(limits: &Limits, address: &str, login: &str) -> bool {
    attempt(limits, address, login, NOW).is_ok()
}

fn failures_until_refused(limits: &Limits, address: &str, login: &str) -> usize {
    (0..1_000)
        .take_while(|_| fail(limits, address, login))
        .count()
}

#[test]
fn a_login_is_guessed_ten_times_from_one_address() {
    let limits = Limits::new(true);
    assert_eq!(failures_until_refused(&limits, "192.0.2.1", "meera"), 10);
    for spelling in ["@meera", " Meera ", "MEERA", "@ meera", "@\u{2003}meera"] {
        assert!(!fail(&limits, "192.0.2.1", spelling), "{spelling}");
    }
    assert!(fail(&limits, "192.0.2.1", "somebody-else"));
    assert!(
        fail(&limits, "192.0.2.2", "meera"),
        "the owner gets in from elsewhere"
    );
    let refused = attempt(&limits, "192.0.2.1", "meera", NOW).unwrap_err();
    assert!(matches!(
        refused,
        ChatError::RateLimited {
            retry_after_ms: 60_000
        }
    ));
    let later = NOW.plus_millis(60_000);
    assert!(attempt(&limits, "192.0.2.1", "meera", later).is_ok());
    assert_eq!(limits.refused(), 7);
}

#[test]
fn many_addresses_share_what_a_login_has() {
    let limits = Limits::new(true);
    let passed = (0..=255)
        .filter(|last| fail(&limits, &format!("192.0.2.{last}"), "meera"))
        .count();
    assert_eq!(passed, 30);
}

#[test]
fn an_address_that_tries_many_logins_is_slowed_down() {
    let limits = Limits::new(true);
    let passed = (0..1_000)
        .filter(|n| fail(&limits, "192.0.2.1", &format!("user{n}")))
        .count();
    assert_eq!(passed, 60);
}

#[test]
fn a_site_of_ipv6_is_one_guesser_however_many_addresses_it_has() {
    let limits = Limits::new(true);
    let passed = (0..1_000)
        .filter(|net| fail(&limits, &format!("2001:db8:1:{net:x}::1"), "meera"))
        .count();
    assert_eq!(passed, 10);
    assert!(
        fail(&limits, "2001:db8:2::1", "meera"),
        "its owner elsewhere"
    );

    let spray = |net: u32| {
        let address = format!("2001:db8:3:{net:x}::1");
        fail(&limits, &address, &format!("user{net}"))
    };
    assert_eq!((0..1_000).filter(|net| spray(*net)).count(), 480);
    let sign_up = |net: &u32| {
        let address = ip(&format!("2001:db8:4:{net:x}::1"));
        limits.sign_up(address, NOW).is_ok()
    };
    assert_eq!((0..1_000).filter(sign_up).count(), 240);
}

#[test]
fn success_is_free_for_the_login() {
    let limits = Limits::new(true);
    for round in 0..50 {
        let right = attempt(&limits, &format!("192.0.2.{round}"), "meera", NOW).unwrap();
        limits.forgive(&right);
    }
    assert_eq!(failures_until_refused(&limits, "192.0.2.200", "meera"), 10);
}

#[test]
fn refusals_do_not_prolong_the_wait() {
    let limits = Limits::new(true);
    failures_until_refused(&limits, "192.0.2.1", "meera");
    for second in 0..59 {
        assert!(
            attempt(
                &limits,
                "192.0.2.1",
                "meera",
                NOW.plus_millis(second * 1_000)
            )
            .is_err()
        );
    }
    assert!(attempt(&limits, "192.0.2.1", "meera", NOW.plus_millis(60_000)).is_ok());
}

#[test]
fn a_network_of_ipv6_is_one_address_and_mapped_ipv4_is_ipv4() {
    assert_eq!(
        customer(ip("2001:db8:1:2::1")),
        customer(ip("2001:db8:1:2:ffff::9"))
    );
    assert_ne!(
        customer(ip("2001:db8:1:2::1")),
        customer(ip("2001:db8:1:3::1"))
    );
    assert_eq!(
        site(ip("2001:db8:1:2::1")),
        site(ip("2001:db8:1:ffff:ffff::9"))
    );
    assert_ne!(site(ip("2001:db8:1:2::1")), site(ip("2001:db8:2:2::1")));
    assert_eq!(site(ip("192.0.2.1")), ip("192.0.2.1"));
    assert_eq!(customer(ip("::ffff:192.0.2.1")), ip("192.0.2.1"));
    assert_ne!(customer(ip("192.0.2.1")), customer(ip("192.0.2.2")));
}

#[test]
fn other_verbs_have_their_own_limits() {
    let limits = Limits::new(true);
    let user = UserId::from_parts(NOW, 1);
    let count = |take: &dyn Fn() -> bool| (0..1_000).take_while(|_| take()).count();
    assert_eq!(count(&|| limits.sign_up(ip("192.0.2.1"), NOW).is_ok()), 30);
    assert_eq!(count(&|| limits.search(user, NOW).is_ok()), 30);
    assert_eq!(count(&|| limits.open(user, NOW).is_ok()), 60);
    assert_eq!(count(&|| limits.rename(user, NOW).is_ok()), 5);
    assert_eq!(count(&|| limits.send(user, NOW).is_ok()), 200);
    assert!(limits.search(UserId::from_parts(NOW, 2), NOW).is_ok());
    limits.forget_idle(NOW.plus_millis(3_600_000));
    assert!(limits.search(user, NOW).is_ok());
}

#[test]
fn switched_off_nothing_is_refused() {
    let limits = Limits::new(false);
    assert_eq!(failures_until_refused(&limits, "192.0.2.1", "meera"), 1_000);
}
