//! `suggest`: the corrections that the contract of an API calls for.
//!
//! Prints them as actions that are ready for `overlay.yaml`, writes those that are certain into it
//! (`--write`), or fails as long as any is undecided (`--check`). What is decided otherwise stands in
//! `accepted.toml`, each entry with its reason, and names that are sensitive at one publisher stand in
//! its manifest.

pub(super) mod decisions;
mod overlay_file;
mod report;

use std::{borrow::Cow, io::Write, path::PathBuf};

use clap::{Args, ValueEnum};
use pagebind::{
    diagnostic::{Diagnostics, Place},
    merge,
    page::Page,
    suggest::{self, Class, Suggestion},
};
use serde_json::Value;

use self::decisions::Decided;
use super::{document, drift::locate::Compared};
use crate::{
    environment::Environment,
    project::{
        contract, files,
        manifest::Kind,
        sources::{self, Api, Apis},
    },
    status::Status,
    terminal::console::{Console, count},
};

/// How many places a warning shows; the report names all of them.
const SHOWN: usize = 10;

/// The arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    apis: Apis,
    /// Write what is certain into the corrections, and what is likely below it as comments
    #[arg(long, conflicts_with_all = ["check", "pages", "since"])]
    write: bool,
    /// Fail as long as a suggestion is undecided, or a decision is about nothing
    #[arg(long)]
    check: bool,
    /// Only what the contract in FILE did not call for: an `openapi.json` of before
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// The form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

/// The form of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Actions for an overlay, with where each is about as a comment
    Human,
    /// For programs
    Json,
}

/// A suggestion, and where it is published.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) suggestion: Suggestion,
    pub(super) places: Vec<Place>,
    /// Why its correction is left out of those that are written, where no client comes of it.
    pub(super) fails: Option<String>,
}

/// What is suggested for one API.
#[derive(Debug)]
pub(super) struct Suggested {
    /// The name of the API.
    name: String,
    /// The folder of its manifest.
    folder: PathBuf,
    pub(super) placed: Vec<Placed>,
    decided: Decided,
}

/// Runs the command.
pub(super) fn run(
    environment: &Environment,
    arguments: &Arguments,
    out: &mut dyn Write,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let apis = sources::read(environment, &arguments.apis)?;
    let since = arguments.since.as_deref().map(document::read_page).transpose()?;
    let mut suggested = Vec::new();
    for api in apis.iter().filter(|api| api.kind == Kind::Openapi) {
        let since = since.as_ref().map(|since| &since.document);
        suggested.push(vendored(environment, api, since)?);
    }
    if arguments.write {
        let mut outputs = Vec::new();
        for suggested in &suggested {
            outputs.extend(overlay_file::outputs(environment, suggested)?);
        }
        files::write(&environment.root, &outputs)?;
        for output in &outputs {
            let verb = if output.is_fresh() { "Unchanged" } else { "Written" };
            console.step(verb, files::show(&output.path));
        }
    } else {
        match arguments.format {
            Format::Human => report::human(&suggested, out),
            Format::Json => report::json(&suggested, out),
        }?;
    }
    suggested.iter().for_each(|suggested| tell(suggested, console));
    Ok(conclude(environment, arguments, &suggested, console))
}

/// What the vendored pages of an API call for, with its corrections.
///
/// # Errors
/// Pages that make no contract, and decisions that can't be read.
pub(super) fn vendored(
    environment: &Environment,
    api: &Api,
    since: Option<&Value>,
) -> Result<Suggested, Diagnostics> {
    let pages: Vec<Page> = api.pages()?.into_iter().map(Cow::into_owned).collect();
    let merged = merge::merge(&pages, &api.merge)?;
    let (contract, _) = contract::correct(environment, api, merged.document.clone())?;
    let merged = Some(&merged);
    of(api, since, &Compared { document: &contract, merged, pages: &pages, copies: &pages })
}

/// Writes what came with pages that were taken over, for the maintainer to copy from.
pub(super) fn propose(
    suggested: &[Suggested],
    out: &mut dyn Write,
    console: &mut Console<'_>,
) -> Result<(), Diagnostics> {
    for suggested in suggested {
        tell(suggested, console);
        if !suggested.placed.is_empty() {
            let overlay = files::show(&overlay_file::path(suggested)?);
            let head = format!("\nproposed for {overlay}, by what is new on the pages:\n\n");
            report::proposal(&head, suggested, out)?;
        }
    }
    Ok(())
}

/// What the contract of an API calls for; with `old`, what it does that one did not.
///
/// # Errors
/// An `accepted.toml` or a manifest that can't be read.
pub(super) fn of(
    api: &Api,
    old: Option<&Value>,
    new: &Compared<'_>,
) -> Result<Suggested, Diagnostics> {
    let mut decided = decisions::read(api)?;
    let undecided = suggest::Decisions { accepted: Vec::new(), ..decided.decisions.clone() };
    let everything = suggest::suggest(new.document, &undecided);
    let differences = suggest::differences(new.pages);
    decided.compare(everything.iter().chain(&differences));

    let mut suggestions = match old {
        Some(old) => suggest::suggest_new(old, new.document, &decided.decisions),
        None if decided.decisions.accepted.is_empty() => everything,
        None => suggest::suggest(new.document, &decided.decisions),
    };
    suggestions.extend(differences.into_iter().filter(|difference| {
        old.is_none() && !decided.covers(difference.rule, &difference.places[0])
    }));
    let pointers: Vec<&str> =
        suggestions.iter().flat_map(|one| &one.places).map(String::as_str).collect();
    let mut places = new.parts(&pointers).into_iter();
    let placed = suggestions.into_iter().map(|suggestion| Placed {
        places: places.by_ref().take(suggestion.places.len()).collect(),
        suggestion,
        fails: None,
    });
    let placed = placed.collect();
    Ok(Suggested { name: api.name.clone(), folder: api.folder.clone(), placed, decided })
}

impl Suggested {
    /// What has an action that is not known to fail: the corrections that are to be written.
    pub(super) fn sound(&mut self) -> impl Iterator<Item = &mut Placed> {
        self.placed.iter_mut().filter(|one| one.suggestion.action.is_some() && one.fails.is_none())
    }

    /// The text of an overlay, with the first so many of those as actions, and all others as comments.
    pub(super) fn overlay(&self, text: &str, mut number: usize) -> String {
        overlay_file::with(text, &self.placed, |one| {
            let written = one.fails.is_none() && number > 0;
            number -= usize::from(written);
            written
        })
    }

    /// How many suggestions there are of a class.
    pub(super) fn number(&self, class: Class) -> usize {
        self.placed.iter().filter(|one| one.suggestion.rule.class == class).count()
    }
}

/// Tells how much is suggested, and what a client would print that it never should.
pub(super) fn tell(suggested: &Suggested, console: &mut Console<'_>) {
    let mut counts = vec![
        format!("{} certain", suggested.number(Class::Certain)),
        format!("{} likely", suggested.number(Class::Likely)),
        format!("{} to look at", suggested.number(Class::Look)),
    ];
    if suggested.decided.silenced > 0 {
        counts.push(format!("{} accepted", suggested.decided.silenced));
    }
    console.step("Suggested", format!("{}: {}", suggested.name, counts.join(", ")));
    warn(&suggested.placed.iter().collect::<Vec<_>>(), console);
}

/// Tells `add`'s user how many corrections were written, which were not, and what is left to do.
pub(super) fn tell_written(
    environment: &Environment,
    suggested: &Suggested,
    console: &mut Console<'_>,
) {
    let failing: Vec<&Placed> = suggested.placed.iter().filter(|one| one.fails.is_some()).collect();
    let written = |class: Class| {
        let fail = failing.iter().filter(|one| one.suggestion.rule.class == class).count();
        suggested.number(class) - fail
    };
    let (certain, likely) = (written(Class::Certain), written(Class::Likely));
    let look = suggested.number(Class::Look);
    console.step(
        "Suggested",
        format!("{certain} certain and {likely} likely written, {look} to look at"),
    );
    console.more("read them in overlay.yaml: they go by names, examples and words");
    if look > 0 {
        console
            .more(format!("`{} suggest {}` shows the rest", environment.command, suggested.name));
    }
    if !failing.is_empty() {
        let what = count(failing.len(), "suggestion");
        console.warn(
            "Warning",
            format!("no client comes of {what}, so overlay.yaml has them as comments:"),
        );
        some(&failing, console, |one| {
            let place = one.places.first().map(|place| format!("{place}: ")).unwrap_or_default();
            format!("{place}it {}", one.fails.as_deref().unwrap_or_default())
        });
    }
    let is_open = |one: &&Placed| one.fails.is_some() || one.suggestion.rule.class == Class::Look;
    let open: Vec<&Placed> = suggested.placed.iter().filter(is_open).collect();
    warn(&open, console);
}

/// Tells the first of them below a warning, and how many more there are.
fn some<T>(all: &[T], console: &mut Console<'_>, text: impl Fn(&T) -> String) {
    all.iter().take(SHOWN).for_each(|one| console.note(text(one)));
    if let Some(more) = all.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        console.note(format!("and {more} more"));
    }
}

/// Says loudly where a card number, a code or a password would be printed.
fn warn(open: &[&Placed], console: &mut Console<'_>) {
    let is_secret = |one: &&&Placed| one.suggestion.is_secret;
    let places: Vec<&Place> = open.iter().filter(is_secret).flat_map(|one| &one.places).collect();
    if places.is_empty() {
        return;
    }
    let values = count(places.len(), "value");
    console.warn(
        "Warning",
        format!(
            "a client prints {values} that look like a card number, a code, a password or a key:"
        ),
    );
    some(&places, console, ToString::to_string);
}

/// How the command ends, and what to do next.
fn conclude(
    environment: &Environment,
    arguments: &Arguments,
    suggested: &[Suggested],
    console: &mut Console<'_>,
) -> Status {
    let command = &environment.command;
    if arguments.write {
        console.step("Finished", format!("next: `{command} generate`"));
        return Status::Done;
    }
    if !arguments.check {
        return Status::Done;
    }
    let open: usize = suggested.iter().map(|suggested| suggested.placed.len()).sum();
    let mut stale = 0;
    for suggested in suggested {
        for entry in &suggested.decided.stale {
            stale += 1;
            console.fail("Stale", format!("{}: {entry}", suggested.decided.name));
        }
    }
    if open == 0 && stale == 0 {
        return Status::Done;
    }
    let what = [(open, "suggestion"), (stale, "stale decision")];
    let what: Vec<String> = what
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| count(*number, noun))
        .collect();
    console.fail(
        "Failure",
        format!(
            "{} undecided: correct the pages (`{command} suggest --write`), or accept what is right \
             in accepted.toml, with a reason",
            what.join(" and ")
        ),
    );
    Status::Findings
}
