//! What the demo shows: one line for each step, and whether it did what it says.

use std::error::Error;
use std::fmt::{Debug, Display};
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

/// The width of the column of verbs, as in cargo.
const COLUMN: usize = 15;

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();

/// Where steps are shown and counted.
pub(crate) struct Stage<'a> {
    out: &'a mut (dyn Write + Send),
    steps: usize,
    failed: usize,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(out: &'a mut (dyn Write + Send)) -> Self {
        Self { out, steps: 0, failed: 0 }
    }

    /// A line that is no step.
    pub(crate) fn tell(&mut self, verb: &str, what: impl Display) -> io::Result<()> {
        writeln!(self.out, "{GOOD}{verb:>COLUMN$}{GOOD:#} {what}")
    }

    /// A step: what was sent, and what came back or, where that is not what the step says, what
    /// came instead.
    pub(crate) fn step(
        &mut self,
        verb: &str,
        sent: impl Display,
        came: Result<impl Display, impl Display>,
    ) -> io::Result<()> {
        self.steps += 1;
        match came {
            Ok(came) => self.tell(verb, format_args!("{sent} → {came}")),
            Err(instead) => {
                self.failed += 1;
                writeln!(self.out, "{BAD}{:>COLUMN$}{BAD:#} {verb}: {sent} → {instead}", "Failed")
            }
        }
    }

    /// A step that is to end in an error.
    pub(crate) fn error<E: Display>(
        &mut self,
        kind: impl Debug,
        sent: &str,
        came: Result<impl Sized, E>,
        is_meant: impl FnOnce(&E) -> bool,
    ) -> io::Result<()> {
        let came = match came {
            Err(error) if is_meant(&error) => Ok(error),
            Err(error) => Err(format!("another error: {error}")),
            Ok(_) => Err("no error".to_owned()),
        };
        self.step(&format!("{kind:?}"), sent, came)
    }

    /// The last line, and whether every step did what it says.
    pub(crate) fn finish(mut self) -> Result<bool, Box<dyn Error>> {
        let Self { steps, failed, .. } = self;
        if failed == 0 {
            self.tell("Finished", format_args!("{steps} steps, each did what it says"))?;
        } else {
            writeln!(self.out, "{BAD}{:>COLUMN$}{BAD:#} {failed} of {steps} steps", "Failed")?;
        }
        Ok(failed == 0)
    }
}
