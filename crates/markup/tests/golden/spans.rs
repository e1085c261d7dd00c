//! Spans within a paragraph, addresses and mentions.

use super::check;

#[test]
fn emphasis() {
    check(&[
        ("hello", "hello"),
        ("**a**", "b⟨a⟩"),
        ("__a__", "b⟨a⟩"),
        ("*a* and _b_", "i⟨a⟩ and i⟨b⟩"),
        ("***a***", "i⟨b⟨a⟩⟩"),
        ("***a** b*", "i⟨b⟨a⟩ b⟩"),
        ("***a* b**", "b⟨i⟨a⟩ b⟩"),
        ("*a **b***", "i⟨a b⟨b⟩⟩"),
        ("**a *b* c**", "b⟨a i⟨b⟩ c⟩"),
        ("~~a~~ ~b~ ~~~c~~~", "s⟨a⟩ ~b~ ~~~c~~~"),
        ("~~**a**~~", "s⟨b⟨a⟩⟩"),
        ("*foo**bar*", "i⟨foo**bar⟩"),
        ("*a *b*", "*a i⟨b⟩"),
        ("*a", "*a"),
        ("a*", "a*"),
        ("* a *b", "L⟨• a *b⟩"),
        (
            "2 * 3 * 4 and 2*3*4 and 2**3**4",
            "2 * 3 * 4 and 2*3*4 and 2**3**4",
        ),
        ("5*, 6*", "5*, 6*"),
        (
            "snake_case_name and __init__.py",
            "snake_case_name and b⟨init⟩.py",
        ),
        ("_a_b_", "i⟨a_b⟩"),
        ("*(*a*)*", "i⟨(i⟨a⟩)⟩"),
        ("****a****", "****a****"),
        ("****", "****"),
        ("*a\nb*", "i⟨a⏎b⟩"),
        ("*a\n\nb*", "*a⏎⏎b*"),
        ("*a **b* c**", "i⟨a **b⟩ c**"),
        ("(*a*), \"*b*\"!", "(i⟨a⟩), \"i⟨b⟩\"!"),
        ("😀*a*😀 😀_b_😀", "😀i⟨a⟩😀 😀i⟨b⟩😀"),
    ]);
}

#[test]
fn code_and_escapes() {
    check(&[
        ("`a`", "c⟨a⟩"),
        ("``a`b``", "c⟨a`b⟩"),
        ("`` `a` ``", "c⟨`a`⟩"),
        ("`*a*` and *`b*`*", "c⟨*a*⟩ and i⟨c⟨b*⟩⟩"),
        ("`a", "`a"),
        ("`a``", "`a``"),
        ("` `", "` `"),
        ("`a\nb`", "c⟨a⏎b⟩"),
        ("it`s\n\ndon`t", "it`s⏎⏎don`t"),
        ("`@ali` `https://x.example`", "c⟨@ali⟩ c⟨https://x.example⟩"),
        ("see ```x = 1``` there", "see c⟨x = 1⟩ there"),
        (r"`a\`", r"c⟨a\⟩"),
        (r"\*a\* \`b\` \|\|c\|\|", "*a* `b` ||c||"),
        (r"\\ \**a*", r"\ *i⟨a⟩"),
        (r"C:\new (old) \h", r"C:\new (old) \h"),
        (r"¯\_(ツ)_/¯", r"¯\_(ツ)_/¯"),
        (
            r"\@ali \[a](https://x.example)",
            "@ali [a](u⟨https://x.example⟩)",
        ),
        (r"a\", r"a\"),
    ]);
}

#[test]
fn spoilers() {
    check(&[
        ("||a||", "x⟨a⟩"),
        ("|| a ||", "x⟨ a ⟩"),
        ("||a||||b||", "x⟨a⟩x⟨b⟩"),
        ("|||a|||", "x⟨|a⟩|"),
        ("||a", "||a"),
        ("||||", "||||"),
        ("|| ||", "|| ||"),
        ("a | b", "a | b"),
        ("||a\n\nb||", "x⟨a⏎⏎b⟩"),
        (
            "||**a** `b` https://x.example/||",
            "x⟨b⟨a⟩ c⟨b⟩ u⟨https://x.example/⟩⟩",
        ),
        ("**||a||**", "b⟨x⟨a⟩⟩"),
        ("*a ||b* c||", "*a x⟨b* c⟩"),
        ("||a *b|| c*", "x⟨a *b⟩ c*"),
        ("||[a](https://x.example)||", "x⟨a⟨https://x.example|a⟩⟩"),
        (
            "[a ||b](https://x.example) c||",
            "[a x⟨b](u⟨https://x.example⟩) c⟩",
        ),
        (
            "||*a *b *c *d *e *f *g *h *i *j||",
            "x⟨*a *b *c *d *e *f *g *h *i *j⟩",
        ),
    ]);
}

#[test]
fn links() {
    check(&[
        ("[a](https://x.example/)", "a⟨https://x.example/|a⟩"),
        (
            "[**a** `b`](http://x.example)",
            "a⟨http://x.example|b⟨a⟩ c⟨b⟩⟩",
        ),
        ("**[a](https://x.example)**", "b⟨a⟨https://x.example|a⟩⟩"),
        (
            "[a](mailto:a@x.example?subject=b)",
            "a⟨mailto:a@x.example?subject=b|a⟩",
        ),
        (
            "[a](https://x.example/b_(c))!",
            "a⟨https://x.example/b_(c)|a⟩!",
        ),
        (
            "![a](https://x.example/a.png)",
            "a⟨https://x.example/a.png|a⟩",
        ),
        (r"\![a](https://x.example)", "!a⟨https://x.example|a⟩"),
        ("wow![", "wow!["),
        ("[a [b](https://x.example)", "[a a⟨https://x.example|b⟩"),
        (
            "[a [b](https://x.example) c](https://y.example)",
            "[a a⟨https://x.example|b⟩ c](u⟨https://y.example⟩)",
        ),
        ("[@ali](https://x.example)", "a⟨https://x.example|@ali⟩"),
        ("[](https://x.example)", "[](u⟨https://x.example⟩)"),
        (
            "[\u{200b}](https://x.example)",
            "[\u{200b}](u⟨https://x.example⟩)",
        ),
        (
            "[a](/b) [a](x.example) [a](//x.example)",
            "[a](/b) [a](x.example) [a](//x.example)",
        ),
        (
            "[a](https://x.example \"b\")",
            "[a](u⟨https://x.example⟩ \"b\")",
        ),
        ("[a](https://x.example", "[a](u⟨https://x.example⟩"),
        ("[a] (b) [c]", "[a] (b) [c]"),
        ("*[draft] a*", "i⟨[draft] a⟩"),
        // A label that is an address shows where it goes.
        (
            "[https://x.example](https://x.example)",
            "u⟨https://x.example⟩",
        ),
        (
            "[https://bank.example](https://evil.example)",
            "[u⟨https://bank.example⟩](u⟨https://evil.example⟩)",
        ),
    ]);
}

#[test]
fn bare_addresses() {
    check(&[
        ("https://x.example", "u⟨https://x.example⟩"),
        (
            "HTTP://X.example/A?b=c&d#e",
            "u⟨HTTP://X.example/A?b=c&d#e⟩",
        ),
        (
            "see https://x.example/a, or https://y.example.",
            "see u⟨https://x.example/a⟩, or u⟨https://y.example⟩.",
        ),
        ("(https://x.example/a_(b))", "(u⟨https://x.example/a_(b)⟩)"),
        (
            "**https://x.example** _https://y.example_",
            "b⟨u⟨https://x.example⟩⟩ i⟨u⟨https://y.example⟩⟩",
        ),
        (
            "https://x.example/a_b_c*d*e",
            "u⟨https://x.example/a_b_c*d*e⟩",
        ),
        ("<https://x.example>", "<u⟨https://x.example⟩>"),
        (
            "http://localhost:3000 http://[::1]:80/",
            "u⟨http://localhost:3000⟩ u⟨http://[::1]:80/⟩",
        ),
        (
            "mailto:a@x.example mailto:x",
            "u⟨mailto:a@x.example⟩ mailto:x",
        ),
        ("https:// https://. http:/x", "https:// https://. http:/x"),
        ("xhttps://x.example", "xhttps://x.example"),
        (
            "ftp://x.example www.x.example a@x.example",
            "ftp://x.example www.x.example a@x.example",
        ),
        (
            "https://medium.example/@ali",
            "u⟨https://medium.example/@ali⟩",
        ),
        ("https://x.example\nb", "u⟨https://x.example⟩⏎b"),
    ]);
}

#[test]
fn attacks_are_text() {
    check(&[
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        (
            "<img src=x onerror=alert(1)>",
            "<img src=x onerror=alert(1)>",
        ),
        ("<b>a</b> &lt;b&gt; &amp;", "<b>a</b> &lt;b&gt; &amp;"),
        ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
        ("[a](JaVaScRiPt:alert(1))", "[a](JaVaScRiPt:alert(1))"),
        ("[a](java\tscript:alert(1))", "[a](java\tscript:alert(1))"),
        (
            "[a](\u{1}javascript:alert(1))",
            "[a](\u{1}javascript:alert(1))",
        ),
        (
            "[a](javascript&#58;alert(1))",
            "[a](javascript&#58;alert(1))",
        ),
        (
            "[a](javascript:https://x.example)",
            "[a](javascript:u⟨https://x.example⟩)",
        ),
        (
            "[a](data:text/html;base64,PHN2Zz4=)",
            "[a](data:text/html;base64,PHN2Zz4=)",
        ),
        (
            "[a](vbscript:x) [a](file:///etc/passwd) [a](blob:x)",
            "[a](vbscript:x) [a](file:///etc/passwd) [a](blob:x)",
        ),
        ("![a](javascript:alert(1))", "![a](javascript:alert(1))"),
        (
            "[a](https://x.example/\"onclick=\"b)",
            "[a](u⟨https://x.example/⟩\"onclick=\"b)",
        ),
        (
            "https://x.example/<script>",
            "u⟨https://x.example/⟩<script>",
        ),
        ("https://x.example/\"><b>", "u⟨https://x.example/⟩\"><b>"),
        (
            "https://bank.example@evil.example",
            "https://bank.example@evil.example",
        ),
        (
            "[a](https://bank.example:b@evil.example)",
            "[a](https://bank.example:b@evil.example)",
        ),
        (
            "https://bank.example\\@evil.example",
            "u⟨https://bank.example⟩@evil.example",
        ),
        (
            "[a](https://x.example\u{202e}gpj.exe)",
            "[a](u⟨https://x.example⟩\u{202e}gpj.exe)",
        ),
        ("https://x.exa\u{200b}mple", "u⟨https://x.exa⟩\u{200b}mple"),
        ("[a](<javascript:alert(1)>)", "[a](<javascript:alert(1)>)"),
        ("[a]: javascript:x\n[a]", "[a]: javascript:x⏎[a]"),
        ("```html\n<script>\n```", "F:html⟨<script>⟩"),
    ]);
}

#[test]
fn mentions() {
    check(&[
        ("@ali hi", "@⟨ali⟩ hi"),
        ("@Ali_1, @a.b-c. (@all)", "@⟨ali_1⟩, @⟨a.b-c⟩. (@⟨ALL⟩)"),
        ("**@ali** _@sana_", "b⟨@⟨ali⟩⟩ i⟨@⟨sana⟩⟩"),
        ("@ALL @allan", "@⟨ALL⟩ @⟨allan⟩"),
        (
            "a@ali @ab @ali@x.example @@ali",
            "a@ali @ab @ali@x.example @@ali",
        ),
        (
            "@abcdefghijklmnopqrstuvwxyz1234567",
            "@abcdefghijklmnopqrstuvwxyz1234567",
        ),
        ("> @ali\n- @sana", "Q⟨@⟨ali⟩⟩ / L⟨• @⟨sana⟩⟩"),
    ]);
}
