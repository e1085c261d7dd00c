//! The language of `texts/`, parsed strictly: what is not understood is refused with its line.
//!
//! ```text
//! person asha | Asha Verma                     somebody
//!
//! == direct asha bilal                         a conversation and who is in it
//! == notes asha
//! == group Verma family | asha bilal zara      the first one owns it
//! -- 12d 18:05                                 12 days ago, at five past six
//! -- 25m                                       25 minutes ago
//! asha: Chai?                                  a message
//! + At the usual place.                        its next line
//! bilal <1: Yes!                               an answer to the message before
//! ! asha 1 👍                                  a reaction to the newest message
//! ~ bilal 1: Yes, please!                      it is edited
//! x bilal 1                                    it is deleted for everybody
//! * asha 2                                     the one before is pinned
//! # asha rename: The Vermas                    something happens to the group
//! % unread zara 2                              the newest two are not read by somebody
//! ** good-morning asha bilal | 30 2 3 07:10    an episode, from 30 to 2 days ago, each third day
//! ```

mod problem;

pub use problem::{Problem, ScriptError};

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonScript {
    /// What they sign in with.
    pub username: String,
    /// Their name on screen.
    pub name: String,
}

/// A group as it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its first name.
    pub title: String,
}

/// What a conversation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Two people.
    Direct,
    /// One person's notes.
    Notes,
    /// Several.
    Group(Group),
}

/// When a stretch of a conversation begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begin {
    /// So many days ago, at a minute of the day.
    Day { days: u64, minute: u64 },
    /// So many minutes ago.
    Minutes(u64),
}

/// How far back a line means: 1 is the newest message of the stretch.
pub(crate) type Back = usize;

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    Say { text: String, answers: Option<Back> },
    React { back: Back, emoji: String },
    Edit { back: Back, text: String },
    Delete { back: Back },
    Pin { back: Back },
    Rename(String),
    Describe(String),
    Add(Vec<String>),
    Remove(String),
    Leave,
    Admin(String),
    Announcements(bool),
}

/// A line and who it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) who: String,
    pub(crate) line: Line,
}

/// What is said without a long pause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) begin: Begin,
    pub(crate) steps: Vec<Step>,
}

/// An episode that is played again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recurring {
    pub(crate) episode: String,
    pub(crate) people: Vec<String>,
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) every: u64,
    pub(crate) minute: u64,
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scene {
    /// Where it begins.
    pub(crate) line: usize,
    pub(crate) kind: Kind,
    pub(crate) members: Vec<String>,
    pub(crate) stretches: Vec<Stretch>,
    pub(crate) recurring: Vec<Recurring>,
    /// Who has not read the newest so many.
    pub(crate) unread: Vec<(String, u64)>,
}

type Parsed<T> = Result<T, Problem>;

/// The people of `cast.txt`.
pub(crate) fn cast(file: &'static str, text: &str) -> Result<Vec<PersonScript>, ScriptError> {
    let person = |line: &str| {
        let (username, name) = line
            .strip_prefix("person ")
            .ok_or(Problem::Unknown)?
            .split_once(" | ")
            .ok_or(Problem::Incomplete)?;
        Ok(PersonScript {
            username: username.to_owned(),
            name: name.to_owned(),
        })
    };
    lines(text)
        .map(|(number, line)| person(line).map_err(|problem| at(file, number, problem)))
        .collect()
}

/// The conversations of a text.
pub(crate) fn scenes(file: &'static str, text: &str) -> Result<Vec<Scene>, ScriptError> {
    let mut scenes = Vec::new();
    for (number, line) in lines(text) {
        read(&mut scenes, (number, line)).map_err(|problem| at(file, number, problem))?;
    }
    Ok(scenes)
}

pub(crate) const fn at(file: &'static str, line: usize, problem: Problem) -> ScriptError {
    ScriptError {
        file,
        line,
        problem,
    }
}

/// Lines with their numbers, without empty ones and remarks.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate();
    numbered
        .map(|(index, line)| (index + 1, line.trim_end()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with("//"))
}

fn read(scenes: &mut Vec<Scene>, (number, line): (usize, &str)) -> Parsed<()> {
    if let Some(head) = line.strip_prefix("== ") {
        scenes.push(scene(head, number)?);
        return Ok(());
    }
    let scene = scenes.last_mut().ok_or(Problem::Misplaced)?;
    if let Some(begin) = line.strip_prefix("-- ") {
        scene.stretches.push(Stretch {
            begin: self::begin(begin)?,
            steps: Vec::new(),
        });
    } else if let Some(rest) = line.strip_prefix("** ") {
        scene.recurring.push(recurring(rest)?);
    } else if let Some(rest) = line.strip_prefix("% unread ") {
        let (who, count) = rest.split_once(' ').ok_or(Problem::Incomplete)?;
        scene.unread.push((who.to_owned(), self::number(count)?));
    } else {
        let stretch = scene.stretches.last_mut().ok_or(Problem::Misplaced)?;
        take(&mut stretch.steps, line)?;
    }
    Ok(())
}

fn scene(head: &str, line: usize) -> Parsed<Scene> {
    let (kind, members) = if let Some(rest) = head.strip_prefix("group ") {
        let (title, members) = rest.split_once(" | ").ok_or(Problem::Incomplete)?;
        let title = title.to_owned();
        (Kind::Group(Group { title }), members)
    } else if let Some(members) = head.strip_prefix("direct ") {
        (Kind::Direct, members)
    } else if let Some(member) = head.strip_prefix("notes ") {
        (Kind::Notes, member)
    } else {
        return Err(Problem::Unknown);
    };
    let members = names(members);
    let fits = match kind {
        Kind::Direct => members.len() == 2,
        Kind::Notes => members.len() == 1,
        Kind::Group(_) => members.len() > 1,
    };
    if !fits {
        return Err(Problem::Incomplete);
    }
    Ok(Scene {
        line,
        kind,
        members,
        stretches: Vec::new(),
        recurring: Vec::new(),
        unread: Vec::new(),
    })
}

/// One more line of a stretch or an episode.
pub(crate) fn take(steps: &mut Vec<Step>, line: &str) -> Parsed<()> {
    if let Some(more) = line.strip_prefix('+') {
        let last = steps.last_mut().map(|step| &mut step.line);
        let (Some(Line::Say { text, .. }), more) = (last, more.strip_prefix(' ').unwrap_or(more))
        else {
            return Err(Problem::Misplaced);
        };
        text.push('\n');
        text.push_str(more);
        return Ok(());
    }
    let (who, line) = match line.split_once(' ').ok_or(Problem::Incomplete)? {
        ("!", rest) => reaction(rest)?,
        ("~", rest) => edit(rest)?,
        ("x", rest) => {
            let (who, back) = whose(rest)?;
            (who, Line::Delete { back })
        }
        ("*", rest) => {
            let (who, back) = whose(rest)?;
            (who, Line::Pin { back })
        }
        ("#", rest) => happening(rest)?,
        _ => said(line)?,
    };
    steps.push(Step {
        who: who.to_owned(),
        line,
    });
    Ok(())
}

fn said(line: &str) -> Parsed<(&str, Line)> {
    let (head, text) = line.split_once(": ").ok_or(Problem::Unknown)?;
    let (who, answers) = match head.split_once(" <") {
        Some((who, back)) => (who, Some(self::back(back)?)),
        None => (head, None),
    };
    if who.contains(char::is_whitespace) {
        return Err(Problem::Unknown);
    }
    let text = text.to_owned();
    Ok((who, Line::Say { text, answers }))
}

fn reaction(rest: &str) -> Parsed<(&str, Line)> {
    let (head, emoji) = rest.rsplit_once(' ').ok_or(Problem::Incomplete)?;
    let (who, back) = whose(head)?;
    let emoji = emoji.to_owned();
    Ok((who, Line::React { back, emoji }))
}

fn edit(rest: &str) -> Parsed<(&str, Line)> {
    let (head, text) = rest.split_once(": ").ok_or(Problem::Incomplete)?;
    let (who, back) = whose(head)?;
    let text = text.to_owned();
    Ok((who, Line::Edit { back, text }))
}

fn happening(rest: &str) -> Parsed<(&str, Line)> {
    let (who, what) = rest.split_once(' ').ok_or(Problem::Incomplete)?;
    let (verb, rest) = what.split_once(": ").unwrap_or((what, ""));
    let line = match (verb, rest) {
        ("leave", "") => Line::Leave,
        (_, "") => return Err(Problem::Incomplete),
        ("rename", title) => Line::Rename(title.to_owned()),
        ("describe", text) => Line::Describe(text.to_owned()),
        ("add", people) => Line::Add(names(people)),
        ("remove", person) => Line::Remove(person.to_owned()),
        ("admin", person) => Line::Admin(person.to_owned()),
        ("announcements", "on") => Line::Announcements(true),
        ("announcements", "off") => Line::Announcements(false),
        _ => return Err(Problem::Unknown),
    };
    Ok((who, line))
}

fn recurring(rest: &str) -> Parsed<Recurring> {
    let (people, times) = rest.split_once(" | ").ok_or(Problem::Incomplete)?;
    let mut people = names(people).into_iter();
    let episode = people.next().ok_or(Problem::Incomplete)?;
    let [from, to, every, time] = times.split(' ').collect::<Vec<_>>()[..] else {
        return Err(Problem::Incomplete);
    };
    let (from, to, every) = (number(from)?, number(to)?, number(every)?);
    if from < to || to == 0 || every == 0 {
        return Err(Problem::Number);
    }
    Ok(Recurring {
        episode,
        people: people.collect(),
        from,
        to,
        every,
        minute: minute(time)?,
    })
}

fn begin(text: &str) -> Parsed<Begin> {
    if let Some(minutes) = text.strip_suffix('m') {
        return Ok(Begin::Minutes(number(minutes)?));
    }
    let (days, time) = text.split_once("d ").ok_or(Problem::Incomplete)?;
    match number(days)? {
        0 => Err(Problem::Number),
        days => Ok(Begin::Day {
            days,
            minute: minute(time)?,
        }),
    }
}

/// `18:05` as a minute of the day.
fn minute(text: &str) -> Parsed<u64> {
    let (hours, minutes) = text.split_once(':').ok_or(Problem::Number)?;
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    if hours > 23 || minutes > 59 {
        return Err(Problem::Number);
    }
    Ok(hours * 60 + minutes)
}

fn whose(text: &str) -> Parsed<(&str, Back)> {
    let (who, back) = text.split_once(' ').ok_or(Problem::Incomplete)?;
    Ok((who, self::back(back)?))
}

fn back(text: &str) -> Parsed<Back> {
    match text.parse() {
        Ok(0) | Err(_) => Err(Problem::Number),
        Ok(back) => Ok(back),
    }
}

fn number(text: &str) -> Parsed<u64> {
    text.parse().map_err(|_| Problem::Number)
}

fn names(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
