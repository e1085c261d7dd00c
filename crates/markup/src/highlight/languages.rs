//! What languages look like. Words and names are divided by spaces, which takes less room
//! than a list of them.

use super::Rule::{Attribute, Block, Character, Line, Quoted, Spanning};

/// A language.
pub(super) struct Language {
    /// How it is called behind a fence.
    pub(super) names: &'static str,
    /// Its words.
    pub(super) keywords: &'static str,
    /// What is tried at each place, in this order.
    pub(super) rules: &'static [Rule],
    /// What else belongs to a word.
    pub(super) inside_words: &'static str,
    /// Capitals do not matter.
    pub(super) folds_case: bool,
    /// A word before a colon is one of the language.
    pub(super) has_properties: bool,
    /// It has tags in place of words.
    pub(super) is_markup: bool,
}

/// How something begins and ends.
pub(super) enum Rule {
    /// A comment to the end of the line; `#` only after white space.
    Line(&'static str),
    /// A comment with an end.
    Block(&'static str, &'static str),
    /// A string on one line.
    Quoted(&'static str),
    /// A string that may take several lines.
    Spanning(&'static str),
    /// The same, behind `=` only.
    Attribute(&'static str),
    /// A character that is not a lifetime.
    Character,
}

const PLAIN: Language = Language {
    names: "",
    keywords: "",
    rules: &[],
    inside_words: "",
    folds_case: false,
    has_properties: false,
    is_markup: false,
};

/// All that are known.
pub(super) const LANGUAGES: [Language; 12] = [
    Language {
        names: "rust rs",
        keywords: "as async await break const continue crate dyn else enum extern false fn for \
                   if impl in let loop match mod move mut pub ref return self Self static \
                   struct super trait true type unsafe use where while",
        rules: &[Line("//"), Block("/*", "*/"), Spanning("\""), Character],
        ..PLAIN
    },
    Language {
        names: "js javascript jsx mjs ts typescript tsx",
        keywords: "any as async await boolean break case catch class const continue default \
                   delete do else enum export extends false finally for from function get if \
                   implements import in instanceof interface let new null number of private \
                   public readonly return set static string super switch this throw true try \
                   type typeof undefined var void while yield",
        rules: &[
            Line("//"),
            Block("/*", "*/"),
            Quoted("\""),
            Quoted("'"),
            Spanning("`"),
        ],
        inside_words: "$",
        ..PLAIN
    },
    Language {
        names: "python py",
        keywords: "False None True and as assert async await break case class continue def del \
                   elif else except finally for from global if import in is lambda match \
                   nonlocal not or pass raise return self try while with yield",
        rules: &[
            Line("#"),
            Spanning("\"\"\""),
            Spanning("'''"),
            Quoted("\""),
            Quoted("'"),
        ],
        ..PLAIN
    },
    Language {
        names: "java",
        keywords: "abstract boolean break byte case catch char class continue default do double \
                   else enum extends false final finally float for if implements import \
                   instanceof int interface long new null package private protected public \
                   record return short static super switch this throw throws true try var void \
                   while",
        rules: &[
            Line("//"),
            Block("/*", "*/"),
            Spanning("\"\"\""),
            Quoted("\""),
            Quoted("'"),
        ],
        ..PLAIN
    },
    Language {
        names: "c h cpp c++ cc hpp cxx",
        keywords: "auto bool break case catch char class const constexpr continue default \
                   delete do double else enum explicit extern false float for if include \
                   inline int long namespace new nullptr NULL operator private protected public \
                   return short signed sizeof static struct switch template this throw true try \
                   typedef typename union unsigned using virtual void volatile while",
        rules: &[Line("//"), Block("/*", "*/"), Quoted("\""), Quoted("'")],
        ..PLAIN
    },
    Language {
        names: "go golang",
        keywords: "any bool break byte case chan const continue default defer else error \
                   fallthrough false for func go goto if import int interface map nil package \
                   range return rune select string struct switch true type var",
        rules: &[
            Line("//"),
            Block("/*", "*/"),
            Quoted("\""),
            Quoted("'"),
            Spanning("`"),
        ],
        ..PLAIN
    },
    Language {
        names: "html xml svg htm",
        rules: &[Block("<!--", "-->"), Attribute("\""), Attribute("'")],
        inside_words: "-:",
        is_markup: true,
        ..PLAIN
    },
    Language {
        names: "css scss",
        rules: &[Block("/*", "*/"), Quoted("\""), Quoted("'")],
        inside_words: "-@",
        keywords: "@media @import @font-face @keyframes @layer @supports @property",
        has_properties: true,
        ..PLAIN
    },
    Language {
        names: "json jsonc",
        keywords: "true false null",
        rules: &[Line("//"), Quoted("\"")],
        ..PLAIN
    },
    Language {
        names: "sql sqlite postgres mysql",
        keywords: "add all alter and as asc begin between by case commit create default delete \
                   desc distinct drop else end exists foreign from full group having in index \
                   inner insert into is join key left like limit not null offset on or order \
                   outer primary references returning right rollback select set table then \
                   union unique update using values view when where with",
        rules: &[Line("--"), Block("/*", "*/"), Spanning("'"), Quoted("\"")],
        folds_case: true,
        ..PLAIN
    },
    Language {
        names: "bash sh shell zsh console",
        keywords: "case cd do done echo elif else esac exit export fi for function if in local \
                   read return set shift source sudo then unset while",
        rules: &[Line("#"), Spanning("\""), Spanning("'")],
        inside_words: "-",
        ..PLAIN
    },
    Language {
        names: "toml yaml yml ini",
        keywords: "true false null",
        rules: &[Line("#"), Quoted("\""), Quoted("'")],
        inside_words: "-",
        has_properties: true,
        ..PLAIN
    },
];
