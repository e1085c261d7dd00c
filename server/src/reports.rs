//! `reports`: whoever runs the server reads what people have reported, and strikes off what is
//! dealt with. The database belongs to one process, so the server has to be stopped meanwhile.

use std::fmt::Write as _;
use std::io::{self, Write};

use app::format;
use chat::{ChatError, Complaint};
use protocol::{Person, ReportId};

use crate::config::{Config, ReportsTask, StoreKind};
use crate::startup::{StartError, open};

/// Reports that are shown at once.
const MOST: usize = 1_000;

/// Why reports are not read.
#[derive(Debug, thiserror::Error)]
pub enum ReportsError {
    /// The server cannot be opened.
    #[error("{0} (the server has to be stopped while reports are read)")]
    Start(#[from] StartError),
    /// There is nothing to be read.
    #[error("refused: `store` is `memory`, which keeps nothing when the server ends")]
    Memory,
    /// It was struck off already, or never was.
    #[error("there is no report {0}")]
    NotThere(ReportId),
    /// The product failed.
    #[error(transparent)]
    Chat(#[from] ChatError),
    /// Nobody reads what is said.
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// Does what is asked for with the reports, and tells `out`.
///
/// # Errors
/// [`ReportsError`], in a sentence that says what to do.
pub async fn reports(
    config: Config,
    task: ReportsTask,
    mut out: impl Write,
) -> Result<(), ReportsError> {
    if config.store == StoreKind::Memory {
        return Err(ReportsError::Memory);
    }
    let deps = open(config).await?;
    let done = run(&deps, task, &mut out).await;
    deps.chat.drain(deps.clock.now()).await;
    done
}

async fn run(
    deps: &crate::Deps,
    task: ReportsTask,
    out: &mut impl Write,
) -> Result<(), ReportsError> {
    match task {
        ReportsTask::List => {
            // By one more it is known whether others follow.
            let complaints = deps.chat.complaints(MOST + 1).await?;
            Ok(show(&complaints, out)?)
        }
        ReportsTask::Done(id) => {
            if !deps.chat.dismiss_complaint(id).await? {
                return Err(ReportsError::NotThere(id));
            }
            writeln!(out, "Report {id} is dealt with, and nothing is kept of it.")?;
            Ok(())
        }
    }
}

fn show(complaints: &[Complaint], out: &mut impl Write) -> io::Result<()> {
    if complaints.is_empty() {
        writeln!(out, "Nothing is reported.")?;
    }
    for complaint in complaints.iter().take(MOST) {
        writeln!(out, "{}", described(complaint))?;
    }
    if complaints.len() > MOST {
        writeln!(
            out,
            "Only {MOST} are shown. When some are dealt with, others follow."
        )?;
    }
    Ok(())
}

/// A report in words. Texts are indented, so that none can be taken for a line of this.
fn described(complaint: &Complaint) -> String {
    let Complaint {
        id,
        at,
        reporter,
        about,
        message,
        reason,
        note,
    } = complaint;
    let mut text = format!("{id}   {} {} UTC\n", format::date(*at), format::clock(*at));
    // Writing to a text does not fail.
    let _ = writeln!(text, "  {} reports {}", named(reporter), named(about));
    let _ = writeln!(text, "  why: {}", reason.name());
    if let Some(note) = note {
        let _ = writeln!(text, "  note:\n{}", indented(note.as_str()));
    }
    if let Some(message) = message {
        let (day, clock) = (
            format::date(message.sent_at),
            format::clock(message.sent_at),
        );
        let place = message.place;
        let _ = writeln!(
            text,
            "  message of {day} {clock} UTC ({} {}):\n{}",
            place.conversation,
            place.seq,
            indented(&message.text)
        );
    }
    text
}

fn named(person: &Person) -> String {
    if person.is_gone() {
        return format!("a deleted account ({})", person.id);
    }
    let (name, username) = (&person.display_name, &person.username);
    format!("{name} (@{username})")
}

fn indented(text: &str) -> String {
    let lines = text.lines().map(|line| format!("    {}", visible(line)));
    lines.collect::<Vec<_>>().join("\n")
}

/// A line without what could move on the screen of whoever reads it.
fn visible(line: &str) -> String {
    let hides =
        |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    line.chars()
        .map(|c| if hides(c) { '\u{FFFD}' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use chat::ReportedMessage;
    use protocol::{
        ConversationId, DisplayName, ReportNote, ReportReason, SavedPlace, Seq, Timestamp, UserId,
        Username,
    };

    use super::*;

    fn complaint() -> Complaint {
        let asha = Person {
            id: UserId::from_bytes([1; 16]),
            username: Username::parse("asha").unwrap(),
            display_name: DisplayName::parse("Asha").unwrap(),
        };
        let at = Timestamp::from_millis(1_764_000_000_000);
        Complaint {
            id: ReportId::from_bytes([0; 16]),
            at,
            reporter: asha,
            about: Person::gone(UserId::from_bytes([2; 16])),
            message: Some(ReportedMessage {
                place: SavedPlace {
                    conversation: ConversationId::from_bytes([0; 16]),
                    seq: Seq(7),
                },
                sent_at: at,
                text: "buy\n00000000000000000000000000   \u{202E}this".to_owned(),
            }),
            reason: ReportReason::Spam,
            note: Some(ReportNote::parse("every day").unwrap()),
        }
    }

    #[test]
    fn a_report_says_everything_and_no_text_can_be_taken_for_more() {
        let said = described(&complaint());
        for part in [
            "Asha (@asha) reports a deleted account",
            "why: spam",
            "    every day",
            "    buy",
            "00000000000000000000000000 7",
        ] {
            assert!(said.contains(part), "{said}");
        }
        let begins = |line: &&str| line.starts_with("00000000000000000000000000");
        assert_eq!(said.lines().filter(begins).count(), 1, "{said}");
        assert!(!said.contains('\u{202E}'), "{said}");
    }

    #[test]
    fn so_many_are_shown_and_where_there_are_others_that_is_said() {
        let shown = |count: usize| {
            let mut out = Vec::new();
            show(&vec![complaint(); count], &mut out).unwrap();
            let said = String::from_utf8(out).unwrap();
            (said.matches(" reports ").count(), said)
        };
        assert_eq!(shown(0), (0, "Nothing is reported.\n".to_owned()));
        for (count, expected, more) in [(1, 1, false), (MOST, MOST, false), (MOST + 1, MOST, true)]
        {
            let (shown, said) = shown(count);
            assert_eq!(shown, expected);
            assert_eq!(said.contains("Only 1000 are shown."), more, "{count}");
        }
    }
}
