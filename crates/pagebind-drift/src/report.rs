//! Reports: the same findings, for a terminal, a program, a pull request, a CI system, a browser.
//!
//! Every format is a module with a `write` function over [`Report`] and an [`io::Write`]. What
//! comes from a published page is third-party text, and each format makes it harmless in its own
//! way: no control character reaches a terminal, no markup a browser, no mention an issue.
//!
//! JSON lists findings, one for each operation that a change touches. All others show a change
//! once, with the operations that it touches, in groups of changes that touch the same ones.

mod content;
pub mod github;
pub mod html;
pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;
mod text;

use std::{
    io::{self, Write},
    str::FromStr,
};

pub use content::{Group, Kind, Outcome, Report, Section, Seen, Step, Summary, Verdict};
pub use human::Styles;

/// The forms a report comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Human,
    /// For programs; the shape is documented in [`json`].
    Json,
    /// For a pull request, an issue or a job summary.
    Markdown,
    /// Annotations of a GitHub Actions run.
    Github,
    /// JUnit XML, as CI systems read it.
    Junit,
    /// SARIF 2.1.0, as code scanning reads it.
    Sarif,
    /// One file for a browser, which works offline.
    Html,
}

impl Format {
    /// All of them by name.
    pub const ALL: [(&'static str, Self); 7] = [
        ("human", Self::Human),
        ("json", Self::Json),
        ("markdown", Self::Markdown),
        ("github", Self::Github),
        ("junit", Self::Junit),
        ("sarif", Self::Sarif),
        ("html", Self::Html),
    ];

    /// Writes `report` in this form; only a terminal's has styles.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn write(
        self,
        report: &Report<'_>,
        styles: &Styles,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self {
            Self::Human => human::write(report, styles, out),
            Self::Json => json::write(report, out),
            Self::Markdown => markdown::write(report, out),
            Self::Github => github::write(report, out),
            Self::Junit => junit::write(report, out),
            Self::Sarif => sarif::write(report, out),
            Self::Html => html::write(report, out),
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let format = Self::ALL.iter().find(|(known, _)| *known == name);
        format.map(|(_, format)| *format).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|(name, _)| *name).collect();
            format!("no format is called `{name}`; there are {}", names.join(", "))
        })
    }
}

#[cfg(test)]
mod tests;
