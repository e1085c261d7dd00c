//! Words whose spellings no rule brings together.

/// Spellings, folded by [`crate::exact`], and the Roman one they are read as. Words that rules
/// would bring together only at the price of others: with a second breath that Urdu drops,
/// English ones, and the shorthand of chats.
const SPELLINGS: [(&str, &str); 43] = [
    ("ye yeh yah yh یہ यह ये", "ye"),
    ("wo woh vo voh vah wh وہ वह वो", "vo"),
    ("hy hae", "hai"),
    ("کہ कि", "ki"),
    ("n نہ", "na"),
    ("پہ", "pe"),
    ("bht bhot bhut bohut bohat bahot bahat", "bahut"),
    ("phle phly", "pahle"),
    ("nhi nhn", "nahi"),
    ("hasna", "hansna"),
    ("hasi", "hansi"),
    ("गांव gaanv gaav", "gaon"),
    ("منہ मुंह munh muh muhn", "munh"),
    ("دعا", "dua"),
    ("مسیلہ", "masla"),
    ("bhook bhuk بھوک", "bhukh"),
    ("جھوٹ", "jhuth"),
    ("جھوٹا", "jhutha"),
    ("dhoka دھوکہ دھوکا", "dhokha"),
    ("दिवाली", "diwali"),
    ("karor crore", "karod"),
    ("جنوری", "janvari"),
    ("فروری", "farvari"),
    ("عایشہ आयशा aisha ayesha aayesha", "aysha"),
    ("time", "taim"),
    ("office", "aafis"),
    ("doctor", "daktar"),
    ("computer", "kampyutar"),
    ("message msg میسج मैसेज मेसेज", "mesej"),
    ("hospital", "haaspital"),
    ("دھنیواد", "dhanyavad"),
    ("الوداع", "alvida"),
    ("han", "haan"),
    ("sahib", "sahab"),
    ("بالکل", "bilkul"),
    ("intizar", "intezar"),
    ("پولیس", "pulis"),
    ("پشاور", "peshawar"),
    ("کویتا", "kavita"),
    ("shayar शायर", "shair"),
    ("shayari shayri shaayri शायरी", "shairi"),
    ("taxi taksi", "taiksi"),
    ("january", "janvari"),
];

/// Beginnings of Roman words, a for aa, whose first r is a ڑ. In Delhi they write d.
const FLAPPED: [&str; 8] = [
    "lark", "thor", "ghor", "kapr", "sarak", "khirk", "pakor", "paros",
];

/// The same for whole words, whose beginnings begin others.
const FLAPPED_WORDS: [&str; 6] = ["gari", "bara", "bari", "bare", "khara", "khare"];

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
    let begins = FLAPPED.iter().any(|beginning| word.starts_with(beginning));
    begins || FLAPPED_WORDS.contains(&word.as_str())
}
