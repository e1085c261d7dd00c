//! Pages over HTTP, as a browser without any script gets them.

use std::fs;
use std::path::Path;

use crate::support::{Answer, Call, TestServer, send_id};

/// The nonce in a page's policy.
fn nonce(page: &Answer) -> String {
    let policy = page.header("content-security-policy").unwrap();
    let (_, rest) = policy.split_once("'nonce-").unwrap();
    rest.split_once('\'').unwrap().0.to_owned()
}

#[tokio::test]
async fn the_sign_in_page_is_a_form_and_trusts_its_own_scripts_only() {
    let server = TestServer::start().await;
    let page = server.call(Call::page("/login")).await.ok();
    assert!(
        page.header("content-type")
            .unwrap()
            .starts_with("text/html")
    );
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let html = page.text();
    for part in [
        "<!DOCTYPE html>",
        "action=\"/api/sign_in\"",
        "method=\"post\"",
        "name=\"login\"",
        "name=\"password\"",
        "type=\"password\"",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    let nonce = nonce(&page);
    assert!(nonce.len() >= 16);
    // No script and no style but what carries the nonce of this answer.
    for (index, _) in html.match_indices("<script") {
        let tag = html[index..].split_once('>').unwrap().0;
        assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{tag}");
    }
    for inline in [" onclick=", " onload=", " onerror=", "javascript:"] {
        assert!(!html.contains(inline), "{inline}");
    }
    let policy = page.header("content-security-policy").unwrap();
    for part in [
        "default-src 'self'",
        "'wasm-unsafe-eval'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        &format!("ws://{}", server.address),
    ] {
        assert!(policy.contains(part), "{part} is not in {policy}");
    }
    let again = server.call(Call::page("/login")).await.ok();
    assert_ne!(self::nonce(&again), nonce);
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_led_to_the_form() {
    let server = TestServer::start().await;
    let answer = server.call(Call::page("/")).await;
    assert_eq!(answer.status, 302);
    // From there one gets to the list without being told to.
    assert_eq!(answer.header("location"), Some("/login"));
    let answer = server
        .call(Call::page("/c/01HZZZZZZZZZZZZZZZZZZZZZZZ"))
        .await;
    assert_eq!(answer.status, 302);
    let location = answer.header("location").unwrap();
    assert!(
        location.starts_with("/login?next=") && location.contains("01HZZZZZZZZZZZZZZZZZZZZZZZ")
    );
}

#[tokio::test]
async fn a_conversation_is_in_the_first_html() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let mut socket = meera.socket().await;
    for number in 1..=40 {
        socket
            .tell(conversation, &format!("message number {number}."))
            .await;
    }
    let page = zoya.page(&format!("/c/{conversation}")).await.ok();
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let html = page.text();
    for number in 11..=40 {
        assert!(
            html.contains(&format!("message number {number}.")),
            "{number}"
        );
    }
    assert!(!html.contains("message number 5."));
    assert!(html.contains("meera"));
    // The list beside it is there too.
    assert!(html.contains(&format!("/c/{conversation}")));
    let home = zoya.page("/").await.ok();
    assert!(home.text().contains(&format!("/c/{conversation}")));
}

/// What a page is made of is given up while another thread still writes it, unless nothing
/// that is read late depends on it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_that_are_made_at_the_same_time_are_all_whole() {
    let server = TestServer::with(crate::support::Setup::unlimited).await;
    let (meera, _, conversation) = server.pair().await;
    let conversation = format!("/c/{conversation}");
    for path in ["/", "/settings", "/new", &conversation] {
        let pages = (0..200).map(|_| meera.page(path));
        for page in futures_util::future::join_all(pages).await {
            assert_eq!(page.status, 200, "{path}");
        }
    }
}

#[tokio::test]
async fn the_details_of_a_group_are_in_the_first_html() {
    let server = TestServer::start().await;
    let (meera, zoya) = (server.user("meera").await, server.user("zoya").await);
    let made = meera.ask_for_group(&send_id(), "चाय ☕", &[&zoya]).await;
    let made = made.ok().json();
    let path = format!("/c/{}", made["id"].as_str().unwrap());
    let plain = meera.page(&path).await.ok();
    assert!(plain.text().contains("चाय ☕") && !plain.text().contains("@zoya"));
    let details = meera.page(&format!("{path}/info")).await.ok();
    assert!(details.text().contains("@zoya"));
    // There is nothing else under a conversation, and nothing for others.
    assert_eq!(meera.page(&format!("{path}/nothing")).await.status, 404);
    let imran = server.user("imran").await;
    let refused = imran.page(&format!("{path}/info")).await;
    assert_eq!(refused.status, 404);
    assert!(!refused.text().contains("@zoya"));
}

#[tokio::test]
async fn case_25_what_people_write_is_never_markup() {
    let server = TestServer::start().await;
    let attacks = [
        "<script>alert('canary')</script>",
        "<img src=x onerror=alert('canary')>",
        "\"><svg onload=alert('canary')>",
        "</title></textarea></script><script>alert('canary')</script>",
        "javascript:alert('canary')",
        "data:text/html,<script>alert('canary')</script>",
        "[click](javascript:alert('canary'))",
        "https://example.org/\"onmouseover=\"alert('canary')",
        "<!-- --><b>canary</b>",
    ];
    let form = Call::post(
        "/api/sign_up",
        &[
            // The page's title holds it too.
            (
                "display_name",
                "</title><img src=x onerror=alert('canary')>",
            ),
            ("username", "mallory"),
            ("email", "mallory@example.org"),
            ("password", crate::support::PASSWORD),
        ],
    );
    server.call(form).await.ok();
    let mallory = server.user("helper").await;
    let form = crate::support::TestUser::sign_in_form("mallory", crate::support::PASSWORD);
    let answer = server.call(form).await.ok();
    let mallory = crate::support::TestUser {
        access: answer.cookie("bc_access").unwrap(),
        refresh: answer.cookie("bc_refresh").unwrap(),
        ..mallory
    };
    let zoya = server.user("zoya").await;
    let conversation = mallory.open_direct(&zoya).await;
    let mut socket = mallory.socket().await;
    for attack in attacks {
        socket.tell(conversation, attack).await;
    }
    let page = zoya.page(&format!("/c/{conversation}")).await.ok();
    let html = page.text();
    assert!(html.contains("canary"));
    let own = nonce(&page);
    for (index, _) in html.match_indices("<script") {
        let tag = html[index..].split_once('>').unwrap().0;
        assert!(tag.contains(&own), "{tag}");
        let body = html[index..].split_once("</script>").unwrap().0;
        assert!(!body.contains("<img src=x"), "{body}");
    }
    for markup in [
        "<img src=x",
        "<svg onload",
        "<b>canary",
        "<script>alert",
        "href=\"javascript:",
        "href=\"data:",
        "href=\"https://example.org/\"onmouseover",
    ] {
        if let Some(at) = html.find(markup) {
            panic!("{markup} is in {}", &html[at.saturating_sub(200)..at + 100]);
        }
    }
    let policy = page.header("content-security-policy").unwrap();
    assert!(!policy.contains("unsafe-inline"));
}

#[tokio::test]
async fn what_is_not_there_is_not_found_as_a_page() {
    let server = TestServer::start().await;
    let zoya = server.user("zoya").await;
    for path in ["/nope", "/c", "/settings/x/y", "/loginn"] {
        let page = zoya.page(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(
            page.header("content-type")
                .unwrap()
                .starts_with("text/html")
        );
        assert!(page.text().contains("</html>"), "{path}");
    }
    let page = zoya.page("/c/01HZZZZZZZZZZZZZZZZZZZZZZZ").await;
    assert_eq!(page.status, 404);
    assert!(page.text().contains("</html>"));
}

fn site(folder: &Path) {
    fs::create_dir_all(folder.join("pkg")).unwrap();
    fs::write(folder.join("hash.txt"), "js: aaaa\nwasm: bbbb\ncss: cccc\n").unwrap();
    fs::write(folder.join("pkg/baatcheet.aaaa.js"), "export {}").unwrap();
    fs::write(folder.join("pkg/baatcheet.bbbb.wasm"), b"\0asm").unwrap();
    fs::write(folder.join("pkg/baatcheet.bbbb.wasm.br"), b"compressed").unwrap();
    fs::write(folder.join("favicon.svg"), "<svg/>").unwrap();
    fs::write(folder.join(".hidden"), "secret").unwrap();
}

#[tokio::test]
async fn files_are_cached_by_what_can_change() {
    let folder = tempfile::tempdir().unwrap();
    site(folder.path());
    let server = TestServer::with(|setup| {
        setup.server.site_root = folder.path().to_owned();
    })
    .await;
    let wasm = server
        .call(Call::get("/pkg/baatcheet.bbbb.wasm"))
        .await
        .ok();
    assert_eq!(
        wasm.header("cache-control"),
        Some("public, max-age=31536000, immutable")
    );
    assert_eq!(wasm.header("content-type"), Some("application/wasm"));
    let compressed = Call::get("/pkg/baatcheet.bbbb.wasm").header("accept-encoding", "br");
    let compressed = server.call(compressed).await.ok();
    assert_eq!(compressed.header("content-encoding"), Some("br"));
    assert_eq!(compressed.header("content-type"), Some("application/wasm"));
    assert_eq!(compressed.text(), "compressed");

    let icon = server.call(Call::get("/favicon.svg")).await.ok();
    assert_eq!(icon.header("cache-control"), Some("no-cache"));
    assert_eq!(icon.header("x-content-type-options"), Some("nosniff"));
    let policy = icon.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");

    for path in [
        "/hash.txt",
        "//hash.txt",
        "/hash%2etxt",
        "/.hidden",
        "/%2ehidden",
        "/pkg/",
    ] {
        assert_eq!(server.call(Call::get(path)).await.status, 404, "{path}");
    }
    // A package that is gone is never answered with a page: a browser would try to run it.
    let gone = server.call(Call::page("/pkg/baatcheet.old.wasm")).await;
    gone.refused(404, "not_found");
    let page = server.call(Call::page("/login")).await.ok();
    assert!(page.text().contains("/pkg/baatcheet.aaaa.js"));
}

#[tokio::test]
async fn pages_are_compressed_for_who_can_read_it() {
    let server = TestServer::start().await;
    let call = Call::page("/login").header("accept-encoding", "gzip");
    let page = server.call(call).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-encoding"), Some("gzip"));
    let data = Call::get("/api/nope").header("accept-encoding", "gzip, br");
    assert_eq!(server.call(data).await.header("content-encoding"), None);
}
