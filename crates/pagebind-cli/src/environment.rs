//! Where the command line works, and how its messages call it.
//!
//! Nothing below asks where the program lies or was built: whoever embeds the command line hands
//! over the root of a repository, and the rest stands in `pagebind.toml` there. All keys of it are
//! optional, and so is the file:
//!
//! ```toml
//! command = "cargo pagebind"  # what messages and generated files call it
//! openapi = "openapi"         # the folder of the manifests
//! crates = "crates"           # the folder of the generated crates
//!
//! # what cargo runs on a copy of the repository before `update` takes anything over, once for each
//! # API that changed where it says `{api}`
//! rehearsal = ["test --package {api}"]
//! ```

use std::{
    env,
    path::{Path, PathBuf},
    process,
};

use pagebind::diagnostic::{Diagnostic, Place, Position};
use serde::Deserialize;

/// The file that says how the command line works on a repository, at its root.
const FILE_NAME: &str = "pagebind.toml";

/// Where the command line works, and how its messages call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// The root of the repository: what the other folders are below.
    pub root: PathBuf,
    /// What its users type to call it: `cargo pagebind`.
    pub command: String,
    /// The folder of the manifests.
    pub openapi: PathBuf,
    /// The folder of the crates that are generated.
    pub crates: PathBuf,
    /// What cargo runs on a copy of the repository before `update` takes anything over: its
    /// arguments, with `{api}` for each API that changed.
    pub rehearsal: Vec<String>,
}

/// What stands in `pagebind.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    command: Option<String>,
    openapi: Option<PathBuf>,
    crates: Option<PathBuf>,
    rehearsal: Option<Vec<String>>,
}

impl Environment {
    /// The environment of the repository at `root`; `command` is what its users type, unless
    /// `pagebind.toml` says otherwise.
    ///
    /// # Errors
    /// A `pagebind.toml` that can't be read, or says what is none of its keys.
    pub fn at(root: impl Into<PathBuf>, command: impl Into<String>) -> Result<Self, Diagnostic> {
        let root = root.into();
        let path = root.join(FILE_NAME);
        let file = match std::fs::read_to_string(&path) {
            Ok(text) => parse(&path, &text)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => File::default(),
            Err(error) => {
                return Err(Diagnostic::unreadable(format!("failed to read the file: {error}"))
                    .place(Place::new(path.display().to_string()))
                    .help("check its permissions, or remove it: all of its keys are optional"));
            }
        };
        let folder = |named: Option<PathBuf>, usual: &str| root.join(named.unwrap_or(usual.into()));
        Ok(Self {
            command: file.command.unwrap_or_else(|| command.into()),
            openapi: folder(file.openapi, "openapi"),
            crates: folder(file.crates, "crates"),
            rehearsal: file.rehearsal.unwrap_or_else(|| vec!["test --package {api}".to_owned()]),
            root,
        })
    }

    /// The environment of the repository around `folder`. Its root is the nearest folder upwards
    /// with a `pagebind.toml`, else the nearest cargo workspace, else the nearest package, else
    /// `folder` itself.
    ///
    /// # Errors
    /// As [`at`](Self::at).
    pub fn around(folder: &Path, command: impl Into<String>) -> Result<Self, Diagnostic> {
        let nearest = |is_root: &dyn Fn(&Path) -> bool| folder.ancestors().find(|up| is_root(up));
        let root = nearest(&|up| up.join(FILE_NAME).is_file())
            .or_else(|| nearest(&is_workspace))
            .or_else(|| nearest(&|up| up.join("Cargo.toml").is_file()))
            .unwrap_or(folder);
        Self::at(root, command)
    }
}

fn parse(path: &Path, text: &str) -> Result<File, Diagnostic> {
    toml::from_str(text).map_err(|error| {
        let position = error.span().map(|span| Position::of_offset(text, span.start));
        Diagnostic::unreadable(format!("not a `{FILE_NAME}`: {}", error.message()))
            .place(Place::new(path.display().to_string()).at(position))
            .help("it has command, openapi, crates and rehearsal")
    })
}

fn is_workspace(folder: &Path) -> bool {
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    manifest.parse::<toml::Table>().is_ok_and(|manifest| manifest.contains_key("workspace"))
}

/// The cargo that runs this program, or the one that is found.
pub(crate) fn cargo() -> process::Command {
    process::Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    fn tree(files: &[(&str, &str)]) -> TempDir {
        let tree = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = tree.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        tree
    }

    fn root_around(files: &[(&str, &str)], folder: &str) -> String {
        let tree = tree(files);
        let folder = tree.path().join(folder);
        fs::create_dir_all(&folder).unwrap();
        let root = Environment::around(&folder, "cargo pagebind").unwrap().root;
        root.strip_prefix(tree.path()).unwrap().display().to_string()
    }

    #[test]
    fn the_root_is_found_upwards_from_the_current_folder() {
        let package = ("a/b/c/Cargo.toml", "[package]\nname = \"c\"\n");
        let workspace = ("a/b/Cargo.toml", "[workspace]\n");
        let file = ("a/pagebind.toml", "");
        assert_eq!(root_around(&[package, workspace, file], "a/b/c/src"), "a");
        assert_eq!(root_around(&[package, workspace], "a/b/c/src"), "a/b");
        assert_eq!(root_around(&[package], "a/b/c/src"), "a/b/c");
        assert_eq!(root_around(&[], "a/b/c/src"), "a/b/c/src");
    }

    #[test]
    fn a_manifest_that_can_t_be_read_is_no_workspace() {
        let (broken, workspace) = (("a/b/Cargo.toml", "[work"), ("a/Cargo.toml", "[workspace]\n"));
        assert_eq!(root_around(&[broken, workspace], "a/b"), "a");
    }

    #[test]
    fn the_file_says_what_is_other_than_usual() {
        let tree = tree(&[("pagebind.toml", "command = \"cargo api\"\ncrates = \"clients\"\n")]);
        let environment = Environment::at(tree.path(), "cargo pagebind").unwrap();
        assert_eq!(environment.command, "cargo api");
        assert_eq!(environment.openapi, tree.path().join("openapi"));
        assert_eq!(environment.crates, tree.path().join("clients"));
        assert_eq!(environment.rehearsal, ["test --package {api}"]);
    }

    #[test]
    fn a_key_that_is_not_known_is_an_error_at_its_place() {
        let tree = tree(&[("pagebind.toml", "\ncomand = \"cargo api\"\n")]);
        let problem = Environment::at(tree.path(), "cargo pagebind").unwrap_err();
        assert!(problem.message.contains("unknown field `comand`"), "{problem}");
        assert!(problem.places[0].to_string().ends_with("pagebind.toml:2:1"), "{problem}");
    }
}
