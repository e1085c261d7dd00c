//! Who does what and when: the texts with their people found, their episodes played and their
//! times counted back from now.

use std::collections::HashMap;

use protocol::Timestamp;

use crate::dice::Dice;
use crate::episodes::{Episodes, episodes};
use crate::script::{
    Begin, Kind, Line, PersonScript, Problem, Recurring, Scene, ScriptError, Step, Stretch, cast,
    scenes,
};

const CAST: &str = include_str!("../texts/cast.txt");
const EPISODES: &str = include_str!("../texts/episodes.txt");
const SCENES: [(&str, &str); 3] = [
    ("direct.txt", include_str!("../texts/direct.txt")),
    ("groups.txt", include_str!("../texts/groups.txt")),
    ("more.txt", include_str!("../texts/more.txt")),
];

const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;
/// The days of the demonstration are those of India.
const OFFSET_MS: u64 = 330 * MINUTE_MS;
/// Milliseconds between two lines.
const PAUSE_MS: (u64, u64) = (9_000, 110_000);
/// How much later than planned an episode may begin.
const LATE_MS: u64 = 35 * MINUTE_MS;
/// How long before anything is said the accounts are made.
const BEFORE_MS: u64 = 2 * DAY_MS;

/// Somebody's number in [`Plan::people`], or a deed's in [`PlannedConversation::deeds`].
pub type Place = usize;

/// The demonstration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its people.
    pub people: Vec<PersonScript>,
    /// What they say to each other.
    pub conversations: Vec<PlannedConversation>,
    /// When the accounts are made.
    pub begins: Timestamp,
}

/// A conversation and all that happens in it, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedConversation {
    /// What it is.
    pub kind: Kind,
    /// Who is in it from the beginning. The first one makes it.
    pub members: Vec<Place>,
    /// When it is made.
    pub begins: Timestamp,
    /// What happens.
    pub deeds: Vec<Deed>,
    /// Who has not read the newest so many.
    pub unread: Vec<(Place, u64)>,
}

/// Somebody does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// Who.
    pub who: Place,
    /// When.
    pub at: Timestamp,
    /// What.
    pub act: Act,
}

/// What can be done. Messages are named by the place of the deed that wrote them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Writes.
    Say {
        /// What.
        text: String,
        /// The message that it answers.
        answers: Option<Place>,
    },
    /// Reacts to a message.
    React(Place, String),
    /// Gives a message of their own another text.
    Edit(Place, String),
    /// Deletes a message for everybody.
    Delete(Place),
    /// Pins a message.
    Pin(Place),
    /// Renames the group.
    Rename(String),
    /// Describes the group.
    Describe(String),
    /// Brings people in.
    Add(Vec<Place>),
    /// Removes somebody.
    Remove(Place),
    /// Leaves.
    Leave,
    /// Makes somebody an admin.
    Admin(Place),
    /// Only admins write from now on, or everybody again.
    Announcements(bool),
}

impl Plan {
    /// The demonstration as of a moment.
    ///
    /// # Errors
    /// [`ScriptError`] if the texts are not right; they are part of the program, and a test
    /// reads them.
    pub fn new(now: Timestamp) -> Result<Self, ScriptError> {
        let episodes = episodes("episodes.txt", EPISODES)?;
        let mut written = Vec::new();
        for (file, text) in SCENES {
            for scene in scenes(file, text)? {
                written.push((file, scene));
            }
        }
        Self::of(cast("cast.txt", CAST)?, &written, &episodes, now)
    }

    fn of(
        people: Vec<PersonScript>,
        scenes: &[(&'static str, Scene)],
        episodes: &Episodes,
        now: Timestamp,
    ) -> Result<Self, ScriptError> {
        let names = people.iter().enumerate();
        let names: HashMap<&str, Place> = names.map(|(at, p)| (&*p.username, at)).collect();
        let mut conversations = Vec::new();
        for (index, &(file, ref scene)) in scenes.iter().enumerate() {
            let planner = Planner {
                names: &names,
                episodes,
                now,
                dice: Dice::new(index as u64 + 1),
            };
            let planned = planner.conversation(scene);
            conversations.push(planned.map_err(|problem| ScriptError {
                file,
                line: scene.line,
                problem,
            })?);
        }
        let first = conversations.iter().map(|c| c.begins).min().unwrap_or(now);
        Ok(Self {
            people,
            conversations,
            begins: earlier(first, BEFORE_MS),
        })
    }

    /// Messages that are written, also those that are deleted later.
    #[must_use]
    pub fn messages(&self) -> usize {
        let deeds = self.conversations.iter().flat_map(|c| &c.deeds);
        deeds
            .filter(|deed| matches!(deed.act, Act::Say { .. }))
            .count()
    }
}

const fn earlier(time: Timestamp, millis: u64) -> Timestamp {
    Timestamp::from_millis(time.millis().saturating_sub(millis))
}

struct Planner<'a> {
    names: &'a HashMap<&'a str, Place>,
    episodes: &'a Episodes,
    now: Timestamp,
    dice: Dice,
}

impl Planner<'_> {
    fn conversation(mut self, scene: &Scene) -> Result<PlannedConversation, Problem> {
        let mut stretches = Vec::new();
        for Stretch { begin, steps } in &scene.stretches {
            stretches.push((self.time(*begin), steps.clone()));
        }
        for recurring in &scene.recurring {
            self.play(recurring, &mut stretches)?;
        }
        stretches.sort_by_key(|(begins, _)| *begins);
        let mut deeds = Vec::new();
        let mut last = Timestamp::from_millis(0);
        for (begins, steps) in stretches {
            last = self.stretch(begins.max(last), &steps, &mut deeds)?;
        }
        let members: Result<_, _> = scene.members.iter().map(|name| self.who(name)).collect();
        let unread = scene.unread.iter();
        let unread: Result<_, _> = unread
            .map(|(who, count)| Ok((self.who(who)?, *count)))
            .collect();
        let begins = deeds.first().map_or(self.now, |deed| deed.at);
        Ok(PlannedConversation {
            kind: scene.kind.clone(),
            members: members?,
            begins: earlier(begins, MINUTE_MS),
            deeds,
            unread: unread?,
        })
    }

    fn time(&self, begin: Begin) -> Timestamp {
        match begin {
            Begin::Minutes(minutes) => earlier(self.now, minutes * MINUTE_MS),
            Begin::Day { days, minute } => {
                let local = self.now.millis() + OFFSET_MS;
                let today = local - local % DAY_MS;
                let then = today + minute * MINUTE_MS;
                Timestamp::from_millis(then.saturating_sub(days * DAY_MS + OFFSET_MS))
            }
        }
    }

    /// Plays an episode on each of its days.
    fn play(
        &mut self,
        recurring: &Recurring,
        stretches: &mut Vec<(Timestamp, Vec<Step>)>,
    ) -> Result<(), Problem> {
        let episode = self.episodes.get(&recurring.episode);
        let episode = episode.ok_or(Problem::Nobody)?;
        let every = usize::try_from(recurring.every).unwrap_or(1).max(1);
        let days = (recurring.to..=recurring.from).rev().step_by(every);
        for (turn, days) in days.enumerate() {
            let steps = episode.play(&recurring.people, turn as u64, &mut self.dice);
            let minute = recurring.minute;
            let begins = self.time(Begin::Day { days, minute });
            let late = self.dice.between(0, LATE_MS);
            let steps = steps.ok_or(Problem::Nobody)?;
            stretches.push((begins.plus_millis(late), steps));
        }
        Ok(())
    }

    /// Adds the deeds of a stretch; when the last of them is done.
    fn stretch(
        &mut self,
        begins: Timestamp,
        steps: &[Step],
        deeds: &mut Vec<Deed>,
    ) -> Result<Timestamp, Problem> {
        let mut at = begins;
        let mut said = Vec::new();
        for Step { who, line } in steps {
            let act = self.act(line, &said)?;
            if matches!(act, Act::Say { .. }) {
                said.push(deeds.len());
            }
            deeds.push(Deed {
                who: self.who(who)?,
                at: at.min(self.now),
                act,
            });
            let (low, high) = PAUSE_MS;
            at = at.plus_millis(self.dice.between(low, high));
        }
        Ok(at)
    }

    fn act(&self, line: &Line, said: &[Place]) -> Result<Act, Problem> {
        let message = |back: usize| {
            let at = said.len().checked_sub(back);
            at.and_then(|at| said.get(at))
                .copied()
                .ok_or(Problem::Nobody)
        };
        Ok(match line {
            Line::Say { text, answers } => Act::Say {
                text: text.clone(),
                answers: answers.map(message).transpose()?,
            },
            Line::React { back, emoji } => Act::React(message(*back)?, emoji.clone()),
            Line::Edit { back, text } => Act::Edit(message(*back)?, text.clone()),
            Line::Delete { back } => Act::Delete(message(*back)?),
            Line::Pin { back } => Act::Pin(message(*back)?),
            Line::Rename(title) => Act::Rename(title.clone()),
            Line::Describe(text) => Act::Describe(text.clone()),
            Line::Add(names) => {
                let people: Result<_, _> = names.iter().map(|name| self.who(name)).collect();
                Act::Add(people?)
            }
            Line::Remove(name) => Act::Remove(self.who(name)?),
            Line::Leave => Act::Leave,
            Line::Admin(name) => Act::Admin(self.who(name)?),
            Line::Announcements(on) => Act::Announcements(*on),
        })
    }

    fn who(&self, name: &str) -> Result<Place, Problem> {
        self.names.get(name).copied().ok_or(Problem::Nobody)
    }
}

#[cfg(test)]
mod tests;
