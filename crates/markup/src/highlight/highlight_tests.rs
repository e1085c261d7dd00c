use super::{Class, highlight};

/// `k:` keyword, `s:` string, `c:` comment, `n:` number, each in brackets.
fn marked(language: &str, code: &str) -> String {
    let spans = highlight(language, code);
    let whole: String = spans.iter().map(|span| span.text).collect();
    assert_eq!(whole, code, "nothing is lost");
    spans
        .iter()
        .map(|span| match span.class {
            Class::Plain => span.text.to_owned(),
            Class::Keyword => format!("[k:{}]", span.text),
            Class::String => format!("[s:{}]", span.text),
            Class::Comment => format!("[c:{}]", span.text),
            Class::Number => format!("[n:{}]", span.text),
        })
        .collect()
}

#[test]
fn languages_have_their_colours() {
    let cases = [
        (
            "rust",
            "let x: &'a str = 'b';",
            "[k:let] x: &'a str = [s:'b'];",
        ),
        (
            "RS",
            "fn f() -> u8 { 0xff_u8 } // है",
            "[k:fn] f() -> u8 { [n:0xff_u8] } [c:// है]",
        ),
        (
            "rust",
            r#""a\"b" letter 1..2 '\''"#,
            r#"[s:"a\"b"] letter [n:1]..[n:2] [s:'\'']"#,
        ),
        (
            "js",
            "const $a = `x\n${1}`; /* c\n */ 1.5",
            "[k:const] $a = [s:`x\n${1}`]; [c:/* c\n */] [n:1.5]",
        ),
        ("ts", "'open\nlet", "[s:'open]\n[k:let]"),
        (
            "python",
            "def f(): # c\n  '''a\n'b'''",
            "[k:def] f(): [c:# c]\n  [s:'''a\n'b''']",
        ),
        ("java", "int i = 'c';", "[k:int] i = [s:'c'];"),
        ("c++", "#include <a> // b", "#[k:include] <a> [c:// b]"),
        ("go", "func f() { `raw` }", "[k:func] f() { [s:`raw`] }"),
        (
            "html",
            "<!-- x --><a href=\"u\">it's</a>",
            "[c:<!-- x -->]<[k:a] href=[s:\"u\"]>it's</[k:a]>",
        ),
        (
            "css",
            "@media x { a-b: 1px; }",
            "[k:@media] x { [k:a-b]: [n:1px]; }",
        ),
        (
            "json",
            "{\"a\": [true, -1.5e3]}",
            "{[s:\"a\"]: [[k:true], -[n:1.5e3]]}",
        ),
        (
            "sql",
            "SELECT 'it' FROM t -- c",
            "[k:SELECT] [s:'it'] [k:FROM] t [c:-- c]",
        ),
        ("bash", "echo $# \"a\" # c", "[k:echo] $# [s:\"a\"] [c:# c]"),
        ("yaml", "a-b: true # c", "[k:a-b]: [k:true] [c:# c]"),
        ("klingon", "let x = 1", "let x = 1"),
        ("", "let", "let"),
        ("rust", "", ""),
        ("rust", "/* open", "[c:/* open]"),
        ("rust", "'\\", "[s:'\\]"),
    ];
    for (language, code, expected) in cases {
        assert_eq!(marked(language, code), expected, "{language}: {code:?}");
    }
}

#[test]
fn spans_are_bounded() {
    let code = "1 ".repeat(10_000);
    let spans = highlight("rust", &code);
    assert!(spans.len() <= super::SPANS + 2, "{}", spans.len());
}
