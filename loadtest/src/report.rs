//! Figures, beside the goal and the limit they are compared with.

use std::io::Write;

use serde::Serialize;

use crate::failure::Outcome;
use crate::machine::Machine;

/// What a figure should be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
    /// At most so many times the limit.
    TimesLimitAtMost(f64),
    /// At least so many times the limit.
    TimesLimitAtLeast(f64),
    /// Only to know.
    None,
}

/// Something that was measured.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figure {
    /// Row of the table of goals.
    pub(crate) row: char,
    pub(crate) what: String,
    pub(crate) unit: &'static str,
    /// One value per run.
    pub(crate) runs: Vec<f64>,
    /// The same, taken on the limit, one per run.
    pub(crate) limit: Vec<f64>,
    pub(crate) goals: Vec<Goal>,
}

/// Everything of one call.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) command: String,
    /// The server's build and store, as far as known.
    pub(crate) server: String,
    pub(crate) figures: Vec<Figure>,
    pub(crate) not_run: Vec<String>,
    pub(crate) notes: Vec<String>,
}

impl Figure {
    pub(crate) fn new(row: char, what: impl Into<String>, unit: &'static str) -> Self {
        Self {
            row,
            what: what.into(),
            unit,
            runs: Vec::new(),
            limit: Vec::new(),
            goals: Vec::new(),
        }
    }

    pub(crate) fn measured(mut self, values: impl IntoIterator<Item = f64>) -> Self {
        self.runs.extend(values);
        self
    }

    pub(crate) fn limit(mut self, values: impl IntoIterator<Item = f64>) -> Self {
        self.limit.extend(values);
        self
    }

    pub(crate) fn goal(mut self, goal: Goal) -> Self {
        self.goals.push(goal);
        self
    }

    /// Measured over limit, by the medians.
    fn ratio(&self) -> Option<f64> {
        let limit = median(&self.limit)?;
        (limit > 0.0).then_some(median(&self.runs)? / limit)
    }

    fn met(&self, goal: Goal) -> Option<bool> {
        let value = median(&self.runs)?;
        match goal {
            Goal::AtLeast(least) => Some(value >= least),
            Goal::AtMost(most) => Some(value <= most),
            Goal::TimesLimitAtMost(most) => Some(self.ratio()? <= most),
            Goal::TimesLimitAtLeast(least) => Some(self.ratio()? >= least),
            Goal::None => None,
        }
    }
}

/// The middle value; of two in the middle the lower.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len().checked_sub(1)? / 2).copied()
}

/// A number with as many digits as it deserves; with several runs, the range too.
fn number(values: &[f64]) -> String {
    let Some(middle) = median(values) else {
        return "not run".to_owned();
    };
    let digits = |value: f64| match value.abs() {
        large if large >= 1_000.0 => format!("{value:.0}"),
        some if some >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    };
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if values.len() > 1 {
        format!("{} ({}-{})", digits(middle), digits(least), digits(most))
    } else {
        digits(middle)
    }
}

fn goal(goal: Goal) -> Option<String> {
    match goal {
        Goal::AtLeast(least) => Some(format!(">= {least}")),
        Goal::AtMost(most) => Some(format!("<= {most}")),
        Goal::TimesLimitAtMost(times) => Some(format!("<= {times} x limit")),
        Goal::TimesLimitAtLeast(times) => Some(format!(">= {times} x limit")),
        Goal::None => None,
    }
}

impl Report {
    /// Writes the table for people.
    pub(crate) fn print(&self, out: &mut impl Write) -> Outcome<()> {
        let machine = &self.machine;
        writeln!(
            out,
            "machine: {} cores, {}, {:.0} GiB, Linux {}",
            machine.cores, machine.cpu, machine.memory_gib, machine.kernel
        )?;
        writeln!(out, "command: {}", self.command)?;
        writeln!(out, "server:  {}\n", self.server)?;
        let header = [
            "row", "what", "unit", "measured", "goal", "met", "limit", "ratio",
        ];
        let mut lines = vec![header.map(str::to_owned)];
        lines.extend(self.figures.iter().map(Figure::cells));
        lines.extend(self.not_run.iter().map(|what| {
            let mut cells = header.map(|_| String::new());
            what.clone_into(&mut cells[1]);
            "not run".clone_into(&mut cells[3]);
            cells
        }));
        let widths: [usize; 8] = core::array::from_fn(|column| {
            lines
                .iter()
                .filter_map(|line| line.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or_default()
        });
        for line in &lines {
            let padded: Vec<String> = line
                .iter()
                .zip(widths)
                .map(|(cell, width)| format!("{cell:<width$}"))
                .collect();
            writeln!(out, "{}", padded.join("  ").trim_end())?;
        }
        for note in &self.notes {
            writeln!(out, "note: {note}")?;
        }
        Ok(())
    }
}

impl Figure {
    fn cells(&self) -> [String; 8] {
        let met: Vec<&str> = self
            .goals
            .iter()
            .filter(|goal| **goal != Goal::None)
            .map(|goal| match self.met(*goal) {
                Some(true) => "yes",
                Some(false) => "NO",
                None => "not run",
            })
            .collect();
        let goals: Vec<String> = self.goals.iter().filter_map(|each| goal(*each)).collect();
        [
            self.row.to_string(),
            self.what.clone(),
            self.unit.to_owned(),
            number(&self.runs),
            goals.join(", "),
            met.join(", "),
            if self.limit.is_empty() {
                String::new()
            } else {
                number(&self.limit)
            },
            self.ratio()
                .map_or_else(String::new, |ratio| format!("{ratio:.2}")),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::{Figure, Goal, Machine, Report, median};

    #[test]
    fn goals_are_judged_by_the_median_and_the_limit_of_the_same_run() {
        let figure = Figure::new('a', "memory", "KiB")
            .measured([9.0, 30.0, 8.0])
            .limit([7.0]);
        assert_eq!(median(&figure.runs), Some(9.0));
        assert_eq!(figure.met(Goal::AtMost(10.0)), Some(true));
        assert_eq!(figure.met(Goal::AtLeast(10.0)), Some(false));
        assert_eq!(figure.met(Goal::TimesLimitAtMost(1.4)), Some(true));
        assert_eq!(figure.met(Goal::TimesLimitAtMost(1.2)), Some(false));
        assert_eq!(figure.met(Goal::TimesLimitAtLeast(1.2)), Some(true));
        assert_eq!(figure.met(Goal::TimesLimitAtLeast(1.4)), Some(false));
    }

    #[test]
    fn what_was_not_measured_says_so() {
        let report = Report {
            machine: Machine::read(),
            command: "loadtest".to_owned(),
            server: "none".to_owned(),
            figures: vec![Figure::new('b', "rate", "1/s").goal(Goal::AtLeast(1.0))],
            not_run: vec!["row d".to_owned()],
            notes: Vec::new(),
        };
        let mut out = Vec::new();
        report.print(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.matches("not run").count(), 3, "{text}");
    }
}
