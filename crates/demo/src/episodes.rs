//! Short exchanges that people have again and again, in other words each time: `{a|b|c}` is one
//! of the three, and each play of an episode takes others than the one before.
//!
//! ```text
//! == good-morning A B
//! A: {Good morning|Morning}!
//! B: {Hi|Hello}, slept well?
//! ```
//!
//! Who begins changes from play to play, unless the parts are `A > B`.

use std::collections::HashMap;

use crate::dice::Dice;
use crate::script::{Line, Problem, ScriptError, Step, at, lines, take};

/// An episode. Its people are parts, which are given to persons when it is played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Episode {
    parts: Vec<String>,
    steps: Vec<Step>,
    /// Whether who begins may change.
    turns: bool,
}

/// Between parts of which always the same one begins.
const FIXED: &str = ">";

pub(crate) type Episodes = HashMap<String, Episode>;

/// The episodes of a text.
pub(crate) fn episodes(file: &'static str, text: &str) -> Result<Episodes, ScriptError> {
    let mut found = Episodes::new();
    let mut current: Option<String> = None;
    for (number, line) in lines(text) {
        let refused = |problem| at(file, number, problem);
        if let Some(head) = line.strip_prefix("== ") {
            let mut words = head.split_whitespace().map(str::to_owned);
            let name = words.next().ok_or(refused(Problem::Incomplete))?;
            let mut parts: Vec<String> = words.collect();
            let before = parts.len();
            parts.retain(|part| part != FIXED);
            let turns = parts.len() == before;
            if parts.is_empty() || found.contains_key(&name) {
                return Err(refused(Problem::Incomplete));
            }
            let episode = Episode {
                parts,
                steps: Vec::new(),
                turns,
            };
            found.insert(name.clone(), episode);
            current = Some(name);
        } else {
            let episode = current.as_ref().and_then(|name| found.get_mut(name));
            let episode = episode.ok_or(refused(Problem::Misplaced))?;
            take(&mut episode.steps, line).map_err(refused)?;
            let is_known = |step: &Step| episode.parts.contains(&step.who);
            if !episode.steps.last().is_some_and(is_known) {
                return Err(refused(Problem::Nobody));
            }
        }
    }
    Ok(found)
}

impl Episode {
    /// What these people say when they play it for the `turn`-th time; nothing if they are not
    /// as many as its parts.
    pub(crate) fn play(&self, people: &[String], turn: u64, dice: &mut Dice) -> Option<Vec<Step>> {
        if people.len() != self.parts.len() {
            return None;
        }
        let mut people = people.to_vec();
        if self.turns && turn % 2 == 1 {
            people.reverse();
        }
        let people = &people;
        let mut word = |text: &str| self.words(text, people, turn, dice);
        let steps = self.steps.iter().map(|step| {
            let line = match &step.line {
                Line::Say { text, answers } => Line::Say {
                    text: word(text),
                    answers: *answers,
                },
                Line::Edit { back, text } => Line::Edit {
                    back: *back,
                    text: word(text),
                },
                Line::React { back, emoji } => Line::React {
                    back: *back,
                    emoji: word(emoji),
                },
                other => other.clone(),
            };
            let part = self.parts.iter().position(|part| *part == step.who);
            let who = part.and_then(|part| people.get(part))?.clone();
            Some(Step { who, line })
        });
        steps.collect()
    }

    /// A text with a choice taken for each `{..|..}`. The first of a text follows the turn, so
    /// that it is not what was said the last time; the others are chance.
    fn words(&self, text: &str, people: &[String], turn: u64, dice: &mut Dice) -> String {
        let mut said = String::new();
        let mut rest = text;
        let mut is_first = true;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((choices, after)) = after.split_once('}') else {
                break;
            };
            said.push_str(before);
            rest = after;
            // A part's name in braces is the name of who plays it.
            if let Some(part) = self.parts.iter().position(|part| part == choices) {
                said.push_str(people.get(part).map_or("", String::as_str));
                continue;
            }
            let choices: Vec<&str> = choices.split('|').collect();
            let count = choices.len() as u64;
            let offset = if is_first { turn } else { dice.next() };
            is_first = false;
            let at = usize::try_from(offset % count).unwrap_or_default();
            said.push_str(choices.get(at).copied().unwrap_or_default());
        }
        said.push_str(rest);
        // A choice of nothing at the end leaves the blank before it.
        said.trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "== hello A B\nA: {Hi|Hello|Salaam} {B}!\nB: All {well|fine}?\n! A 1 {👍|❤️}\n";

    fn people(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn each_play_says_it_in_other_words() {
        let episodes = episodes("test", TEXT).unwrap();
        let hello = &episodes["hello"];
        let mut firsts = Vec::new();
        for turn in 0..3 {
            let steps = hello.play(&people(&["asha", "bilal"]), turn, &mut Dice::new(turn));
            let steps = steps.unwrap();
            let other = if turn == 1 { "asha" } else { "bilal" };
            assert_eq!(steps[1].who, other);
            let Line::Say { text, .. } = &steps[0].line else {
                panic!("{steps:?}")
            };
            assert!(text.ends_with(&format!(" {other}!")), "{text}");
            firsts.push(text.clone());
        }
        firsts.sort();
        firsts.dedup();
        assert_eq!(firsts.len(), 3);
        assert_eq!(hello.play(&people(&["asha"]), 0, &mut Dice::new(0)), None);

        let fixed = TEXT.replace("A B", "A > B");
        let fixed = &super::episodes("test", &fixed).unwrap()["hello"];
        let steps = fixed.play(&people(&["asha", "bilal"]), 1, &mut Dice::new(0));
        assert_eq!(steps.unwrap()[0].who, "asha");
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_line() {
        for (text, line, problem) in [
            ("A: before", 1, Problem::Misplaced),
            ("== alone", 1, Problem::Incomplete),
            ("== a A\nB: who?", 2, Problem::Nobody),
            ("== a A\nA: x\n== a A", 3, Problem::Incomplete),
        ] {
            assert_eq!(
                episodes("test", text),
                Err(at("test", line, problem)),
                "{text}"
            );
        }
    }
}
