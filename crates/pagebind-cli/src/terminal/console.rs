//! What a command tells of its work, in the manner of cargo: a verb to the right of its column,
//! then what it was done to.

use std::{fmt, io::Write};

use anstyle::{AnsiColor, Style};
use clap::Args;
use pagebind::{diagnostic::Diagnostics, overlay::Correction};

use super::{bar::Bar, problems, wrap};
use crate::project::files::{self, Recovered};

/// The width of the column of verbs, as in cargo.
pub(super) const COLUMN: usize = 12;

const GOOD: Style = AnsiColor::Green.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();

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

/// Where results are written, or what is told of the work.
pub trait Stream: Write {
    /// Whether it is standard error, and somebody watches: a bar is drawn there.
    fn is_terminal(&self) -> bool {
        false
    }

    /// How many characters a line of it holds, where that is known.
    fn width(&self) -> Option<usize> {
        None
    }
}

impl Stream for Vec<u8> {}

impl Stream for anstream::AutoStream<std::io::StdoutLock<'static>> {
    fn width(&self) -> Option<usize> {
        terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0.into())
    }
}

// Not locked, since a bar is drawn on it from a thread of its own.
impl Stream for anstream::AutoStream<std::io::Stderr> {
    fn is_terminal(&self) -> bool {
        Self::is_terminal(self)
    }

    fn width(&self) -> Option<usize> {
        terminal_size::terminal_size_of(std::io::stderr()).map(|(width, _)| width.0.into())
    }
}

/// What is told, as wide as it will be shown.
struct Held {
    text: Vec<u8>,
    width: Option<usize>,
}

impl Write for Held {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.text.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Stream for Held {
    fn width(&self) -> Option<usize> {
        self.width
    }
}

/// Tells of the work line by line. A reader who went away is no reason to stop it.
pub(crate) struct Console<'a> {
    err: &'a mut dyn Stream,
    verbosity: Verbosity,
    /// What is shown below the lines of a step that takes long.
    bar: Option<Bar>,
}

impl<'a> Console<'a> {
    pub(crate) fn new(err: &'a mut dyn Stream, verbosity: Verbosity) -> Self {
        Self { err, verbosity, bar: None }
    }

    /// Whether everything is told.
    pub(crate) fn is_verbose(&self) -> bool {
        self.verbosity.verbose
    }

    /// Does something that may take long, and shows those who watch that it goes on.
    pub(crate) fn during<T>(
        &mut self,
        verb: &str,
        what: &str,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let watched = self.is_watched() && self.bar.is_none();
        self.bar = watched.then(|| Bar::waiting(verb, what)).or(self.bar.take());
        let result = work(self);
        if watched {
            self.bar = None;
        }
        result
    }

    /// Does something that may come to nothing, so that nothing is told of it before that is known: what it
    /// told is for [`verbatim`](Self::verbatim).
    pub(crate) fn attempt<T>(
        &mut self,
        verb: &str,
        what: &str,
        work: impl FnOnce(&mut Console<'_>) -> T,
    ) -> (T, String) {
        let mut held = Held { text: Vec::new(), width: self.err.width() };
        let verbosity = self.verbosity;
        let result = self.during(verb, what, |_| work(&mut Console::new(&mut held, verbosity)));
        (result, String::from_utf8_lossy(&held.text).into_owned())
    }

    /// How far a step of many parts has come, for those who watch; until all of them are done.
    pub(crate) fn progress(&mut self, verb: &str, done: usize, of: usize) {
        if done >= of {
            self.bar = None;
        } else if self.is_watched() {
            self.bar.get_or_insert_with(|| Bar::of(verb, of as u64)).done(done as u64);
        }
    }

    /// Whether somebody watches, and wants to hear of more than problems.
    fn is_watched(&self) -> bool {
        !self.verbosity.quiet && self.err.is_terminal()
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
        for line in text.to_string().lines() {
            self.write(&wrap::behind(&" ".repeat(COLUMN), COLUMN, line, self.err.width()));
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
        self.write(text);
    }

    /// The problems that ended the work.
    pub(crate) fn problems(&mut self, problems: &Diagnostics) {
        self.write(&problems::render(problems, self.err.width()));
    }

    fn line(&mut self, style: Style, verb: &str, what: impl fmt::Display) {
        let verb = format!("{style}{verb:>COLUMN$}{style:#}");
        self.write(&wrap::behind(&verb, COLUMN, &what.to_string(), self.err.width()));
    }

    /// Writes above the bar, if there is one.
    fn write(&mut self, text: &str) {
        let Self { err, bar, .. } = self;
        let mut write = || drop(err.write_all(text.as_bytes()));
        match bar {
            Some(bar) => bar.aside(write),
            None => write(),
        }
    }
}

/// `count` and the word for it: `1 page`, `2 pages`.
pub(crate) fn count(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A terminal of 40 columns, on which no bar is drawn.
    struct Screen(Vec<u8>);

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Stream for Screen {
        fn width(&self) -> Option<usize> {
            Some(40)
        }
    }

    fn shown(tell: impl FnOnce(&mut Console<'_>)) -> String {
        let mut screen = Screen(Vec::new());
        tell(&mut Console::new(&mut screen, Verbosity::default()));
        anstream::adapter::strip_str(&String::from_utf8(screen.0).unwrap()).to_string()
    }

    #[test]
    fn long_lines_go_on_below_themselves_on_a_terminal() {
        let long = "two pages say it and neither says why it is so";
        let below = "             ";
        let expected = format!("two pages say it and\n{below}neither says why it is so\n");
        assert_eq!(shown(|it| it.warn("Warning", long)), format!("     Warning {expected}"));
        assert_eq!(shown(|it| it.more(long)), format!("{below}{expected}"));
    }

    #[test]
    fn what_came_to_nothing_is_not_told() {
        let told = shown(|console| {
            let (_, _) = console.attempt("Generating", "cards", |it| it.step("Read", "in vain"));
            let (done, told) = console.attempt("Generating", "cards", |it| {
                it.step("Read", "two pages that say it and neither says why");
                7
            });
            console.verbatim(&told);
            assert_eq!(done, 7);
        });
        assert_eq!(
            told,
            format!("        Read two pages that say it and\n{:13}neither says why\n", "")
        );
    }

    #[test]
    fn a_file_holds_long_lines_and_no_bar() {
        let mut file = Vec::new();
        let mut console = Console::new(&mut file, Verbosity::default());
        console.progress("Fetching", 1, 3);
        let long = "a".repeat(20) + &" b".repeat(100);
        console.during("Generating", "cards", |console| console.note(&long));
        assert_eq!(String::from_utf8(file).unwrap(), format!("{:COLUMN$} {long}\n", ""));
    }
}
