//! What a command tells of its work, in the manner of cargo: a verb to the right of its column,
//! then what it was done to.

use std::{fmt, io::Write};

use anstyle::{AnsiColor, Style};
use clap::Args;
use pagebind::{diagnostic::Diagnostics, overlay::Correction};

use super::problems;
use crate::project::files::{self, Recovered};

/// The width of the column of verbs, as in cargo.
const COLUMN: usize = 12;

const GOOD: Style = AnsiColor::Green.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();

/// The width of a line where nobody says how wide it is.
const WIDTH: usize = 140;

/// The width of a bar that is full.
const BAR: usize = 24;

/// How much is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Args)]
pub struct Verbosity {
    /// Tell everything: each page, correction, loss and file
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Tell nothing but problems
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// Where a console writes.
pub trait Stream: Write {
    /// Whether somebody watches, so that a line may still change.
    fn is_terminal(&self) -> bool {
        false
    }

    /// How many characters a line of it holds, where that is known.
    fn width(&self) -> Option<usize> {
        None
    }
}

impl Stream for Vec<u8> {}

impl Stream for anstream::AutoStream<std::io::StderrLock<'static>> {
    fn is_terminal(&self) -> bool {
        Self::is_terminal(self)
    }

    fn width(&self) -> Option<usize> {
        terminal_size::terminal_size_of(std::io::stderr()).map(|(width, _)| width.0.into())
    }
}

/// Tells of the work line by line. A reader who went away is no reason to stop it.
pub(crate) struct Console<'a> {
    err: &'a mut dyn Stream,
    verbosity: Verbosity,
    /// The width of the bar on the current line; none is 0.
    bar: usize,
}

impl<'a> Console<'a> {
    pub(crate) fn new(err: &'a mut dyn Stream, verbosity: Verbosity) -> Self {
        Self { err, verbosity, bar: 0 }
    }

    /// Whether everything is told.
    pub(crate) fn is_verbose(&self) -> bool {
        self.verbosity.verbose
    }

    /// How far a step has come, for those who watch; the next line takes its place.
    pub(crate) fn progress(&mut self, verb: &str, done: usize, of: usize) {
        self.clear();
        if done >= of || self.verbosity.quiet || !self.err.is_terminal() {
            return;
        }
        let filled = BAR * done / of;
        let bar = format!("{verb:>COLUMN$} [{:<BAR$}] {done}/{of}", "=".repeat(filled));
        let _ = write!(self.err, "{bar}").and_then(|()| self.err.flush());
        self.bar = bar.len();
    }

    /// Takes the bar away, if there is one.
    fn clear(&mut self) {
        if self.bar > 0 {
            let _ = write!(self.err, "\r{:width$}\r", "", width = self.bar);
            self.bar = 0;
        }
    }

    /// A step that was done.
    pub(crate) fn step(&mut self, verb: &str, what: impl fmt::Display) {
        if !self.verbosity.quiet {
            self.line(GOOD, verb, what);
        }
    }

    /// A step that found something to look at.
    pub(crate) fn warn(&mut self, verb: &str, what: impl fmt::Display) {
        self.line(WARNING, verb, what);
    }

    /// A step that found something wrong.
    pub(crate) fn fail(&mut self, verb: &str, what: impl fmt::Display) {
        self.line(BAD, verb, what);
    }

    /// More about the step above, below its text, for who wants to know everything.
    pub(crate) fn detail(&mut self, text: impl fmt::Display) {
        if self.verbosity.verbose {
            self.note(text);
        }
    }

    /// More about the step above, below its text.
    pub(crate) fn more(&mut self, text: impl fmt::Display) {
        if !self.verbosity.quiet {
            self.note(text);
        }
    }

    /// More about the problem above, below its text.
    pub(crate) fn note(&mut self, text: impl fmt::Display) {
        self.clear();
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
            self.note(files::show(&path));
        }
        for path in changed_since {
            self.warn("Left alone", format!("{}: it was changed since", files::show(&path)));
        }
    }

    /// Text as it is: a difference between files.
    pub(crate) fn verbatim(&mut self, text: &str) {
        self.clear();
        let _ = self.err.write_all(text.as_bytes());
    }

    /// The problems that ended the work.
    pub(crate) fn problems(&mut self, problems: &Diagnostics) {
        self.clear();
        let text = problems::render(problems, self.err.width().unwrap_or(WIDTH));
        let _ = self.err.write_all(text.as_bytes());
    }

    fn line(&mut self, style: Style, verb: &str, what: impl fmt::Display) {
        self.clear();
        let _ = writeln!(self.err, "{style}{verb:>COLUMN$}{style:#} {what}");
    }
}

/// `count` and the word for it: `1 page`, `2 pages`.
pub(crate) fn count(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A terminal that shows what a reader sees: what is written over is gone.
    #[derive(Default)]
    struct Screen {
        written: Vec<u8>,
    }

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.written.write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Stream for Screen {
        fn is_terminal(&self) -> bool {
            true
        }
    }

    impl Screen {
        fn shown(&self) -> Vec<String> {
            let text = anstream::adapter::strip_bytes(&self.written).into_vec();
            let text = String::from_utf8(text).unwrap();
            let line = |line: &str| {
                let mut shown: Vec<char> = Vec::new();
                for part in line.split('\r') {
                    let part: Vec<char> = part.chars().collect();
                    let rest = shown.split_off(part.len().min(shown.len()));
                    shown = part.into_iter().chain(rest).collect();
                }
                shown.into_iter().collect::<String>().trim_end().to_owned()
            };
            text.split('\n').map(line).collect()
        }
    }

    #[test]
    fn a_bar_grows_until_another_line_takes_its_place() {
        let mut screen = Screen::default();
        Console::new(&mut screen, Verbosity::default()).progress("Fetching", 1, 3);
        assert_eq!(screen.shown(), ["    Fetching [========                ] 1/3"]);
        let mut screen = Screen::default();
        let mut console = Console::new(&mut screen, Verbosity::default());
        console.progress("Fetching", 0, 2);
        console.step("Fetched", "a");
        console.progress("Fetching", 1, 2);
        console.progress("Fetching", 2, 2);
        console.step("Fetched", "b");
        assert_eq!(screen.shown(), ["     Fetched a", "     Fetched b", ""]);
    }

    #[test]
    fn a_file_holds_no_bar() {
        let mut file = Vec::new();
        Console::new(&mut file, Verbosity::default()).progress("Fetching", 1, 3);
        assert_eq!(file, b"");
    }
}
