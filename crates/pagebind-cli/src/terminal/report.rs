//! From what was found to a report, and to the exit status.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use pagebind::diagnostic::{Diagnostic, Diagnostics, Place};
use pagebind_drift::{
    Finding, Severity,
    accepted::{Accepted, Filtered},
    report::{Format, Report, Styles},
    rust_api::{ChangedItem, RustApi},
};

use super::console::{Console, count};
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
    /// The severity from which on a finding fails the run
    #[arg(long, value_name = "SEVERITY", default_value = "breaking")]
    pub(crate) fail_on: FailOn,
    /// A file of accepted findings [default: `accepted.toml` beside the manifest, if it is there]
    #[arg(long, value_name = "FILE")]
    pub(crate) accepted: Option<PathBuf>,
}

/// Takes the name of one of the forms of a report.
fn formats() -> impl TypedValueParser<Value = Format> {
    let names = Format::ALL.map(|(name, _)| name);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Format>())
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
    /// What the published pages say against each other, which leaves no contract to compare.
    pub(crate) conflicts: Vec<Diagnostic>,
    /// What could not be told.
    pub(crate) unknown: Vec<Diagnostic>,
}

impl Drift {
    /// Whether the published pages were all read, and mean what the vendored ones mean.
    fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.conflicts.is_empty() && self.unknown.is_empty()
    }
}

/// Reports what `drift` found about several APIs, as one report.
pub(crate) fn drift(
    environment: &Environment,
    drifts: Vec<(&Api, Drift)>,
    arguments: &ReportArguments,
    out: &mut dyn Write,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let names: Vec<&str> = drifts.iter().map(|(api, _)| api.name.as_str()).collect();
    let next = format!("{} update {}", environment.command, names.join(" "));
    several(drifts, Some(&next), arguments, out, console)
}

/// Reports the same to whoever has decided to accept it: nothing fails, and nothing comes next.
pub(crate) fn update(
    drifts: Vec<(&Api, Drift)>,
    out: &mut dyn Write,
    console: &mut Console<'_>,
) -> Result<(), Diagnostics> {
    let arguments =
        ReportArguments { format: Format::Human, fail_on: FailOn::Never, accepted: None };
    several(drifts, None, &arguments, out, console).map(drop)
}

fn several(
    drifts: Vec<(&Api, Drift)>,
    next: Option<&str>,
    arguments: &ReportArguments,
    out: &mut dyn Write,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let mut accepted = Vec::new();
    match &arguments.accepted {
        Some(path) => accepted.push(read_accepted(path)?),
        None => {
            let beside = drifts.iter().map(|(api, _)| api.folder.join(ACCEPTED));
            for path in beside.filter(|path| path.is_file()) {
                accepted.push(read_accepted(&path)?);
            }
        }
    }
    let several = drifts.len() > 1;
    let names: Vec<&str> = drifts.iter().map(|(api, _)| api.name.as_str()).collect();
    let subject = names.join(", ");
    let mut all = Drift { rust_api: Some(RustApi::default()), ..Drift::default() };
    for (api, drift) in drifts {
        let rust_api = match drift.rust_api {
            // A client that is written by hand has no generated items; nothing there changed.
            None if drift.is_clean() => Some(RustApi::default()),
            rust_api if several => rust_api.map(|rust_api| prefixed(&api.name, rust_api)),
            rust_api => rust_api,
        };
        all.rust_api = all.rust_api.zip(rust_api).map(|(all, one)| joined(all, one));
        all.findings.extend(drift.findings);
        all.conflicts.extend(drift.conflicts);
        all.unknown.extend(drift.unknown);
    }
    let next = next.filter(|_| !all.findings.is_empty());
    write(&subject, all, &accepted, next, arguments, out, console)
}

/// Reports what `diff` found.
pub(crate) fn diff(
    subject: &str,
    found: Drift,
    arguments: &ReportArguments,
    out: &mut dyn Write,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let accepted = arguments.accepted.as_deref().map(read_accepted).transpose()?;
    write(subject, found, accepted.as_slice(), None, arguments, out, console)
}

fn read_accepted(path: &Path) -> Result<Accepted, Diagnostics> {
    Accepted::parse(&files::show(path), &files::read_text(path)?)
}

fn write(
    subject: &str,
    found: Drift,
    accepted: &[Accepted],
    next: Option<&str>,
    arguments: &ReportArguments,
    out: &mut dyn Write,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let mut left = Filtered { findings: found.findings, silenced: 0, stale: Vec::new() };
    for accepted in accepted {
        let filtered = accepted.filter(left.findings);
        left.findings = filtered.findings;
        left.silenced += filtered.silenced;
        left.stale.extend(filtered.stale);
    }
    let report = Report {
        rust_api: found.rust_api.as_ref(),
        silenced: left.silenced,
        problems: found.conflicts.len() + found.unknown.len(),
        stale: &left.stale,
        fail_on: fail_on(arguments.fail_on),
        next,
        ..Report::new(subject, &left.findings)
    };
    let written = arguments.format.write(&report, &Styles::coloured(), out);
    written.and_then(|()| out.flush()).map_err(|error| {
        Diagnostic::unreadable(format!("failed to write the report: {error}"))
            .place(Place::new("standard output"))
    })?;
    for problem in found.conflicts.iter().chain(&found.unknown) {
        console.problems(&problem.clone().into());
    }
    let fails = left.findings.iter().any(|finding| report.fails(finding.change.severity));
    if !found.unknown.is_empty() {
        let pages = count(found.unknown.len(), "page");
        console.fail("Failure", format!("could not tell of {pages}; the others were compared"));
        return Ok(Status::CouldNotTell);
    }
    Ok(if fails || !found.conflicts.is_empty() { Status::Findings } else { Status::Done })
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

fn joined(mut all: RustApi, one: RustApi) -> RustApi {
    all.removed.extend(one.removed);
    all.changed.extend(one.changed);
    all.added.extend(one.added);
    all
}

fn fail_on(argument: FailOn) -> Option<Severity> {
    match argument {
        FailOn::Breaking => Some(Severity::Breaking),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Info => Some(Severity::Info),
        FailOn::Never => None,
    }
}
