use leptos::prelude::*;

use super::paragraphs;

/// What the server makes of a text, without what only Leptos needs.
fn html(text: &str) -> String {
    let owner = Owner::new();
    let html = owner.with(|| paragraphs(text).to_html());
    html.replace("<!>", "").replace(" class=\"\"", "")
}

#[test]
fn markup_becomes_elements_and_html_stays_text() {
    for (text, expected) in [
        (
            "**a** *b* ~~c~~ `d`",
            "<p dir=\"auto\"><strong>a</strong> <em>b</em> <s>c</s> <code dir=\"ltr\">d</code></p>",
        ),
        (
            "a\n\nb",
            "<p dir=\"auto\">a</p><p><br></p><p dir=\"auto\">b</p>",
        ),
        (
            "<img src=x onerror=alert(1)>",
            "<p dir=\"auto\">&lt;img src=x onerror=alert(1)&gt;</p>",
        ),
        (
            "[a](javascript:alert(1))",
            "<p dir=\"auto\">[a](javascript:alert(1))</p>",
        ),
        (
            "> a\n\n3. b\n4. c",
            "<blockquote dir=\"auto\"><p>a</p></blockquote>\
             <ol class=\"items\"><li dir=\"auto\" value=\"3\"><p>b</p></li>\
             <li dir=\"auto\" value=\"4\"><p>c</p></li></ol>",
        ),
        ("🎉", "<p dir=\"auto\" class=\"large-emoji\">🎉</p>"),
        (
            "हाँ **पक्का**\n**ٹھیک ہے**",
            "<p dir=\"auto\" class=\"devanagari\">हाँ <strong>पक्का</strong></p>\
             <p dir=\"auto\" lang=\"ur\" class=\"nastaliq\"><strong>ٹھیک ہے</strong></p>",
        ),
    ] {
        assert_eq!(html(text), expected, "{text}");
    }
}

#[test]
fn links_open_elsewhere_and_hold_no_buttons() {
    let link = html("https://x.example/a");
    assert_eq!(
        link,
        "<p dir=\"auto\"><a href=\"https://x.example/a\" dir=\"ltr\" target=\"_blank\" \
         rel=\"noopener noreferrer nofollow\">https://x.example/a</a></p>"
    );
    let hidden = html("[a ||b|| c](https://x.example)");
    let inside = hidden.split_once("<a ").map(|(_, rest)| rest);
    let inside = inside.and_then(|rest| rest.split_once("</a>"));
    assert!(
        inside.is_some_and(|(inside, _)| !inside.contains("<button")),
        "{hidden}"
    );
    assert!(hidden.contains("aria-expanded=\"false\""), "{hidden}");
}

#[test]
fn code_has_its_colours_and_its_own_direction() {
    let code = html("```rust\nlet a = 1;\n```");
    assert!(
        code.starts_with("<div dir=\"ltr\" class=\"code\"><pre tabindex=\"0\"><code>"),
        "{code}"
    );
    assert!(
        code.contains("<span class=\"code-word\">let</span> a = "),
        "{code}"
    );
    assert!(code.contains("<span>rust</span>"), "{code}");
}
