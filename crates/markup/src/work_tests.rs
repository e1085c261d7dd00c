//! Hostile texts: the work grows with their length, the tree does not.

use crate::meter::steps;
use crate::tree::{Block, Inline};
use crate::{DEPTH, NODES, emoji_only, highlight, mentions, parse, plain};

/// What is repeated.
const HOSTILE: [&str; 58] = [
    ">",
    "> ",
    ">\n",
    "> \n",
    "> > a\n",
    "*",
    "**",
    "*a ",
    "**a ",
    "***a ",
    "_a ",
    "*_a ",
    "a*b",
    "a**b",
    "*a* ",
    "**a *b ",
    "~~a ",
    "[",
    "[a",
    "![",
    "]",
    "[]",
    "](",
    "[a](",
    "[a](https://",
    "[a](https://x",
    "[a](https://x) ",
    "](https://",
    "||",
    "|",
    "||a",
    "|| ",
    "||a *b ",
    "`",
    "`a",
    "` ",
    "`a ``b ",
    "``a\n\n",
    "\\``` ",
    "\\````a",
    "```\n",
    "```a\n",
    "- ",
    "- a\n",
    "- a\n  ",
    "1. ",
    "1. a\n\n",
    "\n",
    " \n",
    "\\",
    "@",
    "@a",
    "@aaa ",
    "https://",
    "https://a@",
    "https://a)",
    "\u{94d}",
    "😀",
];

/// More that has to be made.
fn made(bytes: usize) -> [String; 7] {
    let mut stairs = String::new();
    let mut lengths = String::new();
    let mut round = 0;
    while stairs.len() < bytes {
        stairs.push_str(&" ".repeat(round));
        stairs.push_str("- a\n");
        round += 2;
    }
    round = 1;
    while lengths.len() < bytes {
        lengths.push_str(&"`".repeat(round));
        lengths.push('a');
        round += 1;
    }
    let half = bytes / 2;
    [
        stairs,
        lengths,
        format!("{}{}", "[".repeat(half), "](https://x)".repeat(half / 12)),
        format!("{}{}", "*a ".repeat(half / 3), " b*".repeat(half / 3)),
        format!("https://x{}{}", "(".repeat(half), ")".repeat(half)),
        format!("- a{}b", "\n".repeat(bytes)),
        format!("{}a{}", "> ".repeat(half / 2), "\n\n".repeat(half / 2)),
    ]
}

fn texts(bytes: usize) -> Vec<(String, String)> {
    let repeated = HOSTILE
        .iter()
        .map(|part| ((*part).to_owned(), part.repeat(bytes / part.len())));
    let made = made(bytes).into_iter().enumerate();
    repeated
        .chain(made.map(|(index, text)| (format!("made {index}"), text)))
        .collect()
}

/// Most steps for each byte of a text: two passes, ten levels, some scans in each.
const STEPS_PER_BYTE: usize = 120;

#[test]
fn work_doubles_when_a_text_doubles() {
    let mut bytes = 1024;
    while bytes <= 32 * 1024 {
        for ((name, small), (_, large)) in texts(bytes).iter().zip(texts(2 * bytes)) {
            let (few, many) = (steps(|| parse(small)), steps(|| parse(&large)));
            assert!(
                many <= 2 * few + few / 5 + 500,
                "{name:?}: {few} steps for {bytes} bytes, {many} for twice as many"
            );
            assert!(
                many <= STEPS_PER_BYTE * large.len(),
                "{name:?}: {many} steps for {} bytes",
                large.len()
            );
        }
        bytes *= 2;
    }
}

#[test]
fn colouring_doubles_when_code_doubles() {
    for part in [
        "/*", "\"", "'", "'\\", "`", "#", "\"\"\"", "a", "1.", "1 ", "<a ", "a:", "=\"", "if ",
    ] {
        for language in ["rust", "js", "python", "html", "css", "sql", "bash"] {
            let (small, large) = (part.repeat(1000), part.repeat(2000));
            let few = steps(|| highlight(language, &small));
            let many = steps(|| highlight(language, &large));
            assert!(
                many <= 2 * few + few / 5 + 500,
                "{language} {part:?}: {few}, {many}"
            );
        }
    }
}

#[test]
fn the_tree_of_a_hostile_text_is_small_and_flat() {
    for (name, text) in texts(32 * 1024) {
        let blocks = parse(&text);
        let (nodes, depth) = measure(&blocks);
        assert!(depth <= 2 * DEPTH, "{name:?}: {depth} deep");
        assert!(nodes <= NODES + 4 * DEPTH, "{name:?}: {nodes} nodes");
        assert!(plain(&text).len() <= text.len() * 3, "{name:?}");
        assert!(mentions(&text).count() <= NODES, "{name:?}");
        assert_eq!(emoji_only(&text), None);
    }
}

/// Nodes, and the containers and spans around the innermost.
fn measure(blocks: &[Block]) -> (usize, usize) {
    let parts = blocks.iter().map(|block| match block {
        Block::Paragraph(inside) => (1, 0, measure_spans(inside)),
        Block::Quote(inside) => (1, 1, measure(inside)),
        Block::Code { .. } => (1, 0, (0, 0)),
        Block::List(items) => {
            let parts = items.iter().map(|item| (1, 0, measure(&item.blocks)));
            (1, 1, sum(parts))
        }
    });
    sum(parts)
}

fn measure_spans(spans: &[Inline]) -> (usize, usize) {
    sum(spans.iter().map(|span| match span {
        Inline::Styled(_, inside) | Inline::Link { label: inside, .. } => {
            (1, 1, measure_spans(inside))
        }
        Inline::Text(_) | Inline::Code(_) | Inline::Mention(_) => (1, 0, (0, 0)),
    }))
}

/// Own nodes, own level, and what is inside.
fn sum(parts: impl Iterator<Item = (usize, usize, (usize, usize))>) -> (usize, usize) {
    parts.fold((0, 0), |(nodes, depth), (own, level, (inner, deep))| {
        (nodes + own + inner, depth.max(level + deep))
    })
}
