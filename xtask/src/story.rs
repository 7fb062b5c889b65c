//! What a command tells of its work, in the manner of cargo: a verb to the right of its column,
//! then what it was done to.

use std::{fmt, io::Write};

use anstyle::{AnsiColor, Style};
use pagebind::{diagnostic::Diagnostics, overlay::Correction};

use crate::files::{self, Recovered};

/// The width of the column of verbs, as in cargo.
const COLUMN: usize = 12;

const GOOD: Style = AnsiColor::Green.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();

/// Tells a story line by line. A reader who went away is no reason to stop the work.
pub(crate) struct Story<'a> {
    err: &'a mut dyn Write,
}

impl<'a> Story<'a> {
    pub(crate) fn new(err: &'a mut dyn Write) -> Self {
        Self { err }
    }

    /// A step that was done.
    pub(crate) fn step(&mut self, verb: &str, what: impl fmt::Display) {
        self.line(GOOD, verb, what);
    }

    /// A step that found something to look at.
    pub(crate) fn warn(&mut self, verb: &str, what: impl fmt::Display) {
        self.line(WARNING, verb, what);
    }

    /// A step that found something wrong.
    pub(crate) fn fail(&mut self, verb: &str, what: impl fmt::Display) {
        self.line(BAD, verb, what);
    }

    /// More about the step above, below its text.
    pub(crate) fn detail(&mut self, text: impl fmt::Display) {
        for line in text.to_string().lines() {
            let _ = writeln!(self.err, "{:COLUMN$} {line}", "");
        }
    }

    /// The corrections that were applied, each by what it is for and where it applies.
    pub(crate) fn corrections(&mut self, corrections: &[Correction]) {
        self.step("Corrected", count(corrections.len(), "correction"));
        for correction in corrections {
            self.detail(&correction.description);
            self.detail(format!("  at {}", correction.target));
        }
    }

    /// What was put back of a command that died.
    pub(crate) fn recovered(&mut self, recovered: Option<Recovered>) {
        let Some(Recovered { restored, changed_since }) = recovered else { return };
        let files = count(restored.len(), "file");
        self.warn("Recovered", format!("from an interrupted command; {files} put back"));
        for path in restored {
            self.detail(files::show(&path));
        }
        for path in changed_since {
            self.warn("Left alone", format!("{}: it was changed since", files::show(&path)));
        }
    }

    /// Text as it is: a difference between files.
    pub(crate) fn verbatim(&mut self, text: &str) {
        let _ = self.err.write_all(text.as_bytes());
    }

    /// The problems that ended the work.
    pub(crate) fn problems(&mut self, problems: &Diagnostics) {
        for problem in problems.iter() {
            let _ = writeln!(self.err, "{BAD}error{BAD:#}: {problem}\n");
        }
    }

    fn line(&mut self, style: Style, verb: &str, what: impl fmt::Display) {
        let _ = writeln!(self.err, "{style}{verb:>COLUMN$}{style:#} {what}");
    }
}

/// `count` and the word for it: `1 page`, `2 pages`.
pub(crate) fn count(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
