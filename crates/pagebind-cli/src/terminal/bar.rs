//! What is shown below the lines of a step that takes long, and taken away when it ends: how far it has
//! come, or for how long it has been at work.
//!
//! It is drawn on the terminal of standard error, and nowhere else: not where that is a file, a pipe, or a
//! terminal that can't take a line back.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How often the time is shown anew.
const TICK: Duration = Duration::from_millis(250);

/// One of them. It goes with this value.
#[derive(Debug)]
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// For how long something has been at work, kept up to date by itself.
    pub(super) fn waiting(verb: &str, what: &str) -> Self {
        let bar = ProgressBar::new_spinner().with_style(style("{wide_msg} {elapsed}"));
        bar.set_prefix(verb.to_owned());
        bar.set_message(what.to_owned());
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    /// How far something of so many parts has come: not at all.
    pub(super) fn of(verb: &str, parts: u64) -> Self {
        let bar = ProgressBar::new(parts).with_style(style("[{bar:24}] {pos}/{len}"));
        bar.set_prefix(verb.to_owned());
        Self(bar)
    }

    /// Shows that so many parts are done.
    pub(super) fn done(&self, parts: u64) {
        self.0.set_position(parts);
    }

    /// Does something to the lines above.
    pub(super) fn aside(&self, work: impl FnOnce()) {
        self.0.suspend(work);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// A verb to the right of its column, and then what `template` says.
fn style(template: &str) -> ProgressStyle {
    let template = format!("{{prefix:>12.cyan.bold}} {template}");
    let style =
        ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.progress_chars("=> ")
}
