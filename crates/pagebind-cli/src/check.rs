//! The check that everything is in step, for a test of whoever depends on it.

use std::path::Path;

use crate::{Environment, Status, run};

/// Fails a test unless contracts and sources of the repository are what its pages and corrections make:
/// what `cargo pagebind generate --check` says.
///
/// The repository is the one around the current folder, which in a test is that of its package.
///
/// ```no_run
/// #[test]
/// fn clients_are_in_step_with_their_pages() {
///     pagebind_cli::check();
/// }
/// ```
///
/// # Panics
/// Where something is not in step, or can't be read; with the report.
#[track_caller]
pub fn check() {
    check_around(Path::new("."));
}

/// The same, for the repository around a folder.
///
/// # Panics
/// As [`check`].
#[track_caller]
pub fn check_around(folder: &Path) {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let environment = match Environment::around(&absolute, "cargo pagebind") {
        Ok(environment) => environment,
        Err(problem) => panic!("{problem}"),
    };
    let arguments = ["pagebind", "generate", "--check", "--quiet"].map(Into::into);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = run(&environment, arguments, &mut out, &mut err);
    let report = anstream::adapter::strip_str(&String::from_utf8_lossy(&err)).to_string();
    assert!(status == Status::Done, "the clients are not in step with their pages:\n{report}");
}
