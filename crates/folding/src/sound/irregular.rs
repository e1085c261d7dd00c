//! Words whose spellings no rule brings together.

/// Spellings, folded by [`crate::exact`], and the Roman one they are read as.
const SPELLINGS: [(&str, &str); 14] = [
    ("ye yeh yah yh یہ यह ये", "ye"),
    ("wo woh vo voh vah wh وہ वह वो", "vo"),
    ("hy hae", "hai"),
    ("کہ कि", "ki"),
    ("न نہ", "na"),
    ("پہ", "pe"),
    ("bht bhot bhut bohut", "bahut"),
    ("phle phly", "pahle"),
    ("nhi nhn", "nahi"),
    ("गांव gaanv gaav", "gaon"),
    ("منہ मुंह munh muh muhn", "munh"),
    ("دعا", "dua"),
    ("time", "taim"),
    ("phone", "fon"),
];

/// Beginnings of Roman words, a for aa, whose first r is a ڑ. In Delhi they write d.
const FLAPPED: [&str; 8] = [
    "lark", "thor", "gari", "bara", "bare", "bari", "kapr", "sarak",
];

/// The Roman spelling to read instead of `word`.
pub(super) fn spelled_out(word: &str) -> Option<&'static str> {
    let found = SPELLINGS
        .iter()
        .find(|(spellings, _)| spellings.split(' ').any(|spelling| spelling == word));
    found.map(|(_, roman)| *roman)
}

/// Whether the first r inside a Roman word is one that others write as d.
pub(super) fn has_flapped_r(word: &str) -> bool {
    let word = word.replace("aa", "a");
    FLAPPED.iter().any(|beginning| word.starts_with(beginning))
}
