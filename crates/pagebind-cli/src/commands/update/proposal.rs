//! What an update means to users: the changelog entry and the version, as proposals. Both are the
//! maintainer's to word and to decide.

use std::{io::Write, path::Path};

use pagebind::diagnostic::{Diagnostic, Place};
use pagebind_drift::{changelog, rust_api::VersionStep};

use crate::{environment::Environment, project::sources::Api, terminal::report::Drift};

/// What to tell users of one API's crate.
#[derive(Debug)]
pub(super) struct Proposal {
    /// The API, and its crate.
    pub(super) name: String,
    /// The version that the crate has; none if there is no crate yet.
    version: Option<String>,
    step: VersionStep,
    /// The lines of the entry, below its first.
    lines: Vec<String>,
}

impl Proposal {
    /// What follows from what was found about an API.
    pub(super) fn new(environment: &Environment, api: &Api, drift: &Drift) -> Self {
        Self {
            name: api.name.clone(),
            version: version(environment, &api.name),
            step: VersionStep::of(&drift.findings, drift.rust_api.as_ref()),
            lines: changelog::lines(&drift.findings, drift.rust_api.as_ref()),
        }
    }
}

/// Writes proposals, for the maintainer to copy from.
pub(super) fn write(proposals: &[Proposal], out: &mut dyn Write) -> Result<(), Diagnostic> {
    let mut text = "\nproposed for CHANGELOG.md:\n\n".to_owned();
    for proposal in proposals {
        text += &format!("- `{}` follows what is published now.\n", proposal.name);
        for line in &proposal.lines {
            text += &format!("  - {line}\n");
        }
    }
    text += "\nproposed versions:\n\n";
    for Proposal { name, version, step, .. } in proposals {
        let next = version.as_deref().and_then(|version| {
            Some(match next(version, *step)? {
                next if next == version => format!("stays {version}"),
                next => format!("{version} → {next}"),
            })
        });
        let what = match (next, step) {
            (_, VersionStep::Unknown) => {
                "unknown: what it does to the caller's source could not be measured".to_owned()
            }
            (Some(next), step) => format!("{next} ({step})"),
            (None, step) => step.to_string(),
        };
        text += &format!("  {name}: {what}\n");
    }
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| {
        Diagnostic::unreadable(format!("failed to write the proposals: {error}"))
            .place(Place::new("standard output"))
            .help("the update itself is done: `git diff` shows it")
    })
}

/// The version of a crate of this workspace, its own or the workspace's.
fn version(environment: &Environment, name: &str) -> Option<String> {
    let read = |path: &Path| std::fs::read_to_string(path).ok()?.parse::<toml::Table>().ok();
    let manifest = read(&environment.manifest_of(name))?;
    let own = manifest.get("package")?.get("version")?;
    match own.as_str() {
        Some(version) => Some(version.to_owned()),
        None => {
            let workspace = read(&environment.root.join("Cargo.toml"))?;
            let version = workspace.get("workspace")?.get("package")?.get("version")?;
            version.as_str().map(str::to_owned)
        }
    }
}

/// The version after a step, as cargo reads semantic versioning: below 1.0.0 the minor number
/// stands for the major, and the patch number for the minor.
fn next(version: &str, step: VersionStep) -> Option<String> {
    let core = version.split(['-', '+']).next()?;
    let numbers: Vec<u64> = core.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
    let &[major, minor, patch] = numbers.as_slice() else { return None };
    let next = match (step, major, minor) {
        (VersionStep::None, ..) => return Some(version.to_owned()),
        (VersionStep::Unknown, ..) => return None,
        (VersionStep::Major, 0, 0) => (0, 0, patch + 1),
        (VersionStep::Major, 0, _) => (0, minor + 1, 0),
        (VersionStep::Major, ..) => (major + 1, 0, 0),
        (VersionStep::Minor, 1.., _) => (major, minor + 1, 0),
        (VersionStep::Minor | VersionStep::Patch, ..) => (major, minor, patch + 1),
    };
    Some(format!("{}.{}.{}", next.0, next.1, next.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_version_is_what_cargo_takes_for_compatible_or_not() {
        use VersionStep::{Major, Minor, None, Patch, Unknown};
        for (version, step, expected) in [
            ("0.0.3", Major, Some("0.0.4")),
            ("0.1.2", Major, Some("0.2.0")),
            ("0.1.2", Minor, Some("0.1.3")),
            ("0.1.2", Patch, Some("0.1.3")),
            ("1.2.3", Major, Some("2.0.0")),
            ("1.2.3", Minor, Some("1.3.0")),
            ("1.2.3", Patch, Some("1.2.4")),
            ("1.2.3", None, Some("1.2.3")),
            ("1.2.3", Unknown, Option::None),
            ("1.2", Major, Option::None),
        ] {
            assert_eq!(next(version, step).as_deref(), expected, "{version} {step}");
        }
    }
}
