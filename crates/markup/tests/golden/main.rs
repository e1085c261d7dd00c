//! What becomes of a text, as a table: the text, and its tree in a short form.
//!
//! `b⟨bold⟩ i⟨italic⟩ s⟨strike⟩ x⟨spoiler⟩ c⟨code⟩ u⟨bare address⟩ a⟨address|label⟩ @⟨mention⟩`,
//! `⏎` is a line break; `Q⟨quote⟩ L⟨• item / 1 item⟩ F:language⟨code⟩`, and ` / ` between blocks.

mod blocks;
mod spans;
mod writing;

use markup::{Block, Inline, Item, Style, Target, mentions, parse, plain};

fn blocks(all: &[Block], text: &str) -> String {
    let parts: Vec<String> = all.iter().map(|one| block(one, text)).collect();
    parts.join(" / ")
}

fn block(block: &Block, text: &str) -> String {
    match block {
        Block::Paragraph(inside) => inlines(inside, text),
        Block::Quote(inside) => format!("Q⟨{}⟩", blocks(inside, text)),
        Block::Code { language, code } => {
            let language = language.as_deref().unwrap_or_default();
            format!("F:{language}⟨{}⟩", code.replace('\n', "⏎"))
        }
        Block::List(items) => {
            let item = |item: &Item| {
                let mark = item.number.map_or("•".to_owned(), |n| n.to_string());
                format!("{mark} {}", blocks(&item.blocks, text))
            };
            let items: Vec<String> = items.iter().map(item).collect();
            format!("L⟨{}⟩", items.join(" / "))
        }
    }
}

fn inlines(all: &[Inline], text: &str) -> String {
    all.iter().map(|one| inline(one, text)).collect()
}

fn inline(inline: &Inline, text: &str) -> String {
    match inline {
        Inline::Text(inside) => inside.replace('\n', "⏎"),
        Inline::Code(code) => format!("c⟨{}⟩", code.replace('\n', "⏎")),
        Inline::Styled(style, inside) => {
            let letter = match style {
                Style::Bold => 'b',
                Style::Italic => 'i',
                Style::Strike => 's',
                Style::Spoiler => 'x',
            };
            format!("{letter}⟨{}⟩", inlines(inside, text))
        }
        Inline::Link { url, label } if *label == [Inline::Text(url.clone())] => {
            format!("u⟨{url}⟩")
        }
        Inline::Link { url, label } => format!("a⟨{url}|{}⟩", inlines(label, text)),
        Inline::Mention(mention) => {
            assert_eq!(
                text.get(mention.place.clone()),
                Some(mention.text.as_str()),
                "the place of a mention in {text:?}"
            );
            match &mention.target {
                Target::All => "@⟨ALL⟩".to_owned(),
                Target::User(name) => format!("@⟨{name}⟩"),
            }
        }
    }
}

/// Compares all of a table before it fails, so that one run shows everything.
#[track_caller]
fn check(table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .map(|(text, expected)| (text, expected, blocks(&parse(text), text)))
        .filter(|(_, expected, found)| *expected != found)
        .map(|(text, expected, found)| {
            format!("{text:?}\n  expected {expected}\n  found    {found}")
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn plain_text_says_the_same_without_markup() {
    for (text, expected) in [
        ("**a** _b_ ~~c~~ `d`", "a b c d"),
        ("it was ||the butler||!", "it was █████!"),
        ("it was ||x||!", "it was █████!"),
        ("||**a** https://x.example||", "█████"),
        ("[menu](https://x.example) @ali", "menu @ali"),
        ("> a\n> b\nc", "a\nb\nc"),
        ("- a\n- b\n  1. c", "• a\n• b\n1. c"),
        ("```rust\nfn\n```\nok", "fn\nok"),
        (r"\*a\*", "*a*"),
        ("**سلام** دنیا", "سلام دنیا"),
        ("", ""),
    ] {
        assert_eq!(plain(text), expected, "{text:?}");
    }
}

#[test]
fn mentions_are_found_where_they_are() {
    let text = "> हाँ @Ali_1\n- ||@sana.k|| `@code` @all\n[@no](https://x.example) @ab";
    let found: Vec<_> = mentions(text)
        .map(|mention| (text.get(mention.place).unwrap().to_owned(), mention.target))
        .collect();
    let user = |name: &str| Target::User(protocol::Username::parse(name).unwrap());
    assert_eq!(
        found,
        [
            ("@Ali_1".to_owned(), user("ali_1")),
            ("@sana.k".to_owned(), user("sana.k")),
            ("@all".to_owned(), Target::All),
        ]
    );
}
