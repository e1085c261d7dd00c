//! Texts that nobody would write: parts put together and mutated at random, with a seed.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use markup::{Block, Inline, highlight, mentions, parse, plain};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};

const SEED: u64 = 0x00c0_ffee;
const TEXTS: usize = 6_000;

const PARTS: [&str; 60] = [
    "*",
    "**",
    "***",
    "_",
    "__",
    "~~",
    "||",
    "|",
    "`",
    "``",
    "```",
    "```rust\n",
    "[",
    "]",
    "](",
    "![",
    "(",
    ")",
    "https://x.example/a",
    "http://",
    "mailto:a@b",
    "javascript:",
    "\\",
    "@ali",
    "@all",
    "@",
    "> ",
    ">",
    ">>",
    "- ",
    "* ",
    "1. ",
    "22) ",
    "\n",
    "\n\n",
    "\n  ",
    "\n    ",
    "\t",
    " ",
    "  ",
    "a",
    "word",
    "snake_case",
    "7",
    "है",
    "क\u{94d}ष",
    "।",
    "سلام",
    "۔",
    "مُ",
    "\u{200c}",
    "\u{200d}",
    "\u{200f}",
    "\u{202e}",
    "😀",
    "👩‍👩‍👧",
    "🇮🇳",
    "\r",
    "\0",
    "<b>",
];

struct Random(ChaCha8Rng);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.0.next_u32()).unwrap() % limit.max(1)
    }

    fn text(&mut self) -> String {
        let mut text: String = (0..self.below(40))
            .filter_map(|_| PARTS.get(self.below(PARTS.len())))
            .copied()
            .collect();
        for _ in 0..self.below(4) {
            let mut chars: Vec<char> = text.chars().collect();
            let place = self.below(chars.len());
            match self.below(3) {
                0 if !chars.is_empty() => {
                    chars.remove(place);
                }
                1 => {
                    let any = char::from_u32(self.0.next_u32() % 0x11_0000).unwrap_or('\u{fffd}');
                    chars.insert(place, any);
                }
                _ => {
                    let part: Vec<char> = chars.iter().skip(place).take(9).copied().collect();
                    chars.extend(part);
                }
            }
            text = chars.into_iter().collect();
        }
        text
    }
}

#[test]
fn no_text_breaks_it_and_no_letter_is_lost() {
    let mut random = Random(ChaCha8Rng::seed_from_u64(SEED));
    for round in 0..TEXTS {
        let text = random.text();
        let blocks = parse(&text);
        let mut shown = String::new();
        for block in &blocks {
            show(block, &mut shown);
        }
        let letters = |text: &str| {
            let mut letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
            letters.sort_unstable();
            letters
        };
        // Behind a fence only the first word is kept.
        if !text.contains("```") {
            assert_eq!(letters(&text), letters(&shown), "round {round}: {text:?}");
        }
        for mention in mentions(&text) {
            assert_eq!(
                text.get(mention.place),
                Some(mention.text.as_str()),
                "{text:?}"
            );
        }
        let _ = plain(&text);
        for language in ["rust", "js", "html", "css", "sql", "bash"] {
            let whole: String = highlight(language, &text).iter().map(|s| s.text).collect();
            assert_eq!(whole, text, "{language}");
        }
    }
}

#[test]
fn what_is_cut_anywhere_is_a_text() {
    let text = "> 1. **हिं_दी_** ||سلام @ali|| [`a`](https://x.example/ا) ```b``` ~~*c*~~\n```\n";
    for (end, _) in text.char_indices() {
        for (start, _) in text.char_indices().take_while(|(start, _)| *start <= end) {
            let _ = parse(&text[start..end]);
        }
    }
}

fn show(block: &Block, out: &mut String) {
    match block {
        Block::Paragraph(inside) => show_all(inside, out),
        Block::Quote(inside) => inside.iter().for_each(|block| show(block, out)),
        Block::Code { language, code } => {
            out.push_str(language.as_deref().unwrap_or_default());
            out.push_str(code);
        }
        Block::List(items) => {
            for block in items.iter().flat_map(|item| &item.blocks) {
                show(block, out);
            }
        }
    }
}

fn show_all(spans: &[Inline], out: &mut String) {
    for span in spans {
        match span {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Styled(_, inside) => show_all(inside, out),
            Inline::Mention(mention) => out.push_str(&mention.text),
            Inline::Link { url, label } => {
                let lower = url.to_ascii_lowercase();
                assert!(
                    ["https://", "http://", "mailto:"]
                        .iter()
                        .any(|s| lower.starts_with(s)),
                    "{url:?}"
                );
                let refused =
                    |c: char| c.is_whitespace() || c.is_control() || "<>\"\\`\u{202e}".contains(c);
                assert!(!url.contains(refused), "{url:?}");
                if *label != [Inline::Text(url.clone())] {
                    out.push_str(url);
                }
                show_all(label, out);
            }
        }
    }
}
