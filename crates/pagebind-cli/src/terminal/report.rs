//! From what was found to a report, and to the exit status.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::{
    Args, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use pagebind::diagnostic::{Diagnostic, Diagnostics, Place};
use pagebind_drift::{
    Finding, Severity,
    accepted::{self, Accepted, Filtered},
    report::{Format, Outcome, Report, Styles, Verdict},
    rules,
    rust_api::{ChangedItem, RustApi},
};

use super::{
    console::{Console, Stream, count},
    wrap,
};
use crate::{
    environment::Environment,
    project::{files, sources::Api},
    status::Status,
};

/// The file of accepted findings, beside a manifest.
const ACCEPTED: &str = "accepted.toml";

/// How findings are reported.
#[derive(Debug, Args)]
pub(crate) struct ReportArguments {
    /// The form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats())]
    pub(crate) format: Format,
    /// The severity from which on a finding fails the run; what breaks the caller's Rust is breaking
    #[arg(long, value_name = "SEVERITY", default_value = "breaking")]
    pub(crate) fail_on: FailOn,
    /// List changes of words alone too: titles, summaries, descriptions, examples
    #[arg(long)]
    pub(crate) words: bool,
    /// A file of accepted findings [default: `accepted.toml` beside the manifest, if it is there]
    #[arg(long, value_name = "FILE")]
    pub(crate) accepted: Option<PathBuf>,
}

/// Takes the name of one of the forms of a report.
fn formats() -> impl TypedValueParser<Value = Format> {
    let values = Format::ALL.map(|(name, format)| {
        let help = match format {
            Format::Human => "For a terminal",
            Format::Json => "For programs; its schema is beside the code",
            Format::Markdown => "For a pull request, an issue or a job summary",
            Format::Github => "Annotations of a GitHub Actions run",
            Format::Junit => "JUnit XML, as CI systems read it",
            Format::Sarif => "SARIF, for code scanning",
            Format::Html => "A page for a browser",
        };
        PossibleValue::new(name).help(help)
    });
    PossibleValuesParser::new(values).try_map(|name| name.parse::<Format>())
}

/// The severity from which on a finding fails the run.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum FailOn {
    /// What breaks today's client
    Breaking,
    /// What may
    Warning,
    /// Any finding
    Info,
    /// None
    Never,
}

/// What was found out about one API.
#[derive(Debug, Default)]
pub(crate) struct Drift {
    /// What changed.
    pub(crate) findings: Vec<Finding>,
    /// What it does to the public items of the client, where that could be measured.
    pub(crate) rust_api: Option<RustApi>,
    /// Whether the publisher's list of pages was looked through.
    pub(crate) index_read: bool,
}

/// Reports what `drift` found about several APIs, as one report.
pub(crate) fn drift(
    environment: &Environment,
    drifts: Vec<(&Api, Drift)>,
    arguments: &ReportArguments,
    out: &mut dyn Stream,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let names: Vec<&str> = drifts.iter().map(|(api, _)| api.name.as_str()).collect();
    let next = format!("{} update {}", environment.command, names.join(" "));
    several(drifts, Some(&next), arguments, out, console)
}

/// Reports the same to whoever has decided to accept it: nothing fails, and nothing comes next.
pub(crate) fn update(
    drifts: Vec<(&Api, Drift)>,
    out: &mut dyn Stream,
    console: &mut Console<'_>,
) -> Result<(), Diagnostics> {
    let arguments = ReportArguments {
        format: Format::Human,
        fail_on: FailOn::Never,
        words: false,
        accepted: None,
    };
    several(drifts, None, &arguments, out, console).map(drop)
}

fn several(
    drifts: Vec<(&Api, Drift)>,
    next: Option<&str>,
    arguments: &ReportArguments,
    out: &mut dyn Stream,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let common = arguments.accepted.as_deref().map(read_accepted).transpose()?;
    let mut left = Vec::new();
    for (api, mut drift) in drifts {
        let beside = api.folder.join(ACCEPTED);
        let own = match &common {
            None if beside.is_file() => Some(read_accepted(&beside)?),
            _ => None,
        };
        // A client that is written by hand has no generated items; nothing there changed.
        if drift.findings.is_empty() {
            drift.rust_api.get_or_insert_default();
        }
        left.push(Left::of(&api.name, drift, common.as_ref().or(own.as_ref())));
    }
    if common.is_some() {
        only_stale_everywhere(&mut left);
    }
    // What could not be had can't be taken over.
    let mut findings = left.iter().flat_map(|one| &one.findings);
    let next = next.filter(|_| findings.any(|finding| !finding.change.untold));
    write(left, next, arguments, out, console)
}

/// Reports what `diff` found.
pub(crate) fn diff(
    subject: &str,
    found: Drift,
    arguments: &ReportArguments,
    out: &mut dyn Stream,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let accepted = arguments.accepted.as_deref().map(read_accepted).transpose()?;
    write(vec![Left::of(subject, found, accepted.as_ref())], None, arguments, out, console)
}

fn read_accepted(path: &Path) -> Result<Accepted, Diagnostics> {
    Accepted::parse(&files::show(path), &files::read_text(path)?)
}

/// What is left of what was found once the decided findings are taken out.
#[derive(Debug, Default)]
struct Left {
    subject: String,
    findings: Vec<Finding>,
    rust_api: Option<RustApi>,
    silenced: usize,
    stale: Vec<accepted::Entry>,
}

impl Left {
    fn of(subject: &str, found: Drift, accepted: Option<&Accepted>) -> Self {
        let Drift { findings, rust_api, index_read } = found;
        let filtered = match accepted {
            Some(accepted) => accepted.filter(findings),
            None => Filtered { findings, silenced: 0, stale: Vec::new() },
        };
        let Filtered { findings, silenced, mut stale } = filtered;
        // What is accepted of a list shows only where the list was read.
        stale.retain(|entry| index_read || entry.id != rules::api::PAGE_NEW.id);
        Self { subject: subject.to_owned(), findings, rust_api, silenced, stale }
    }

    fn report<'a>(&'a self, arguments: &ReportArguments) -> Report<'a> {
        Report {
            rust_api: self.rust_api.as_ref(),
            silenced: self.silenced,
            stale: &self.stale,
            fail_on: fail_on(arguments.fail_on),
            words: arguments.words,
            ..Report::new(&self.subject, &self.findings)
        }
    }
}

/// Of a file of accepted findings that is common to several APIs, an entry is stale if it matches
/// nothing in any of them.
fn only_stale_everywhere(left: &mut [Left]) {
    let Some((first, rest)) = left.split_first_mut() else { return };
    first.stale.retain(|entry| rest.iter().all(|other| other.stale.contains(entry)));
    rest.iter_mut().for_each(|other| other.stale.clear());
}

/// Writes one report on all of them, and says how that ends.
fn write(
    left: Vec<Left>,
    next: Option<&str>,
    arguments: &ReportArguments,
    out: &mut dyn Stream,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let outcomes: Vec<Outcome> = left.iter().map(|one| one.report(arguments).outcome()).collect();
    let several = left.len() > 1;
    let whole = if several { together(left) } else { left.into_iter().next().unwrap_or_default() };
    let report =
        Report { apis: if several { &outcomes } else { &[] }, next, ..whole.report(arguments) };
    let mut text = Vec::new();
    let written = arguments.format.write(&report, &Styles::coloured(), &mut text).and_then(|()| {
        if let (Format::Human, Some(width)) = (arguments.format, out.width()) {
            text = wrap::hanging(&String::from_utf8_lossy(&text), width).into_bytes();
        }
        out.write_all(&text)?;
        out.flush()
    });
    written.map_err(|error| {
        Diagnostic::unreadable(format!("failed to write the report: {error}"))
            .place(Place::new("standard output"))
    })?;
    let problems = report.summary().problems;
    if problems > 0 {
        let problems = count(problems, "problem");
        console.fail("Failure", format!("not all could be compared ({problems}, in the report)"));
    }
    Ok(match report.verdict() {
        Verdict::Fine => Status::Done,
        Verdict::Findings => Status::Findings,
        Verdict::CouldNotTell => Status::CouldNotTell,
    })
}

/// What is left of several, as one.
fn together(left: Vec<Left>) -> Left {
    let names: Vec<&str> = left.iter().map(|one| one.subject.as_str()).collect();
    let mut all =
        Left { subject: names.join(", "), rust_api: Some(RustApi::default()), ..Left::default() };
    for mut one in left {
        let name: Arc<str> = one.subject.as_str().into();
        for finding in &mut one.findings {
            finding.api = Some(Arc::clone(&name));
        }
        let rust_api = one.rust_api.map(|rust_api| prefixed(&one.subject, rust_api));
        all.rust_api = all.rust_api.zip(rust_api).map(|(mut all, one)| {
            all.extend(one);
            all
        });
        all.findings.extend(one.findings);
        all.silenced += one.silenced;
        all.stale.extend(one.stale);
    }
    all
}

/// The items of one of several clients, under the name of its crate.
fn prefixed(name: &str, rust_api: RustApi) -> RustApi {
    let crate_name = name.replace('-', "_");
    let prefix = |path: String| format!("{crate_name}::{path}");
    let changed = |item: ChangedItem| ChangedItem { path: prefix(item.path), ..item };
    RustApi {
        removed: rust_api.removed.into_iter().map(prefix).collect(),
        changed: rust_api.changed.into_iter().map(changed).collect(),
        added: rust_api.added.into_iter().map(prefix).collect(),
    }
}

fn fail_on(argument: FailOn) -> Option<Severity> {
    match argument {
        FailOn::Breaking => Some(Severity::Breaking),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Info => Some(Severity::Info),
        FailOn::Never => None,
    }
}
