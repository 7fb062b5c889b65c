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
//!
//! [new-crate]                 # what `add` writes into the manifest of a new crate, beyond what it inherits
//! edition = "2024"
//! license = "MIT OR Apache-2.0"
//! publish = false
//! pagebind = { git = "https://…", rev = "…" }  # where the crates of pagebind come from
//! ```
//!
//! A repository of one package has no folder of crates, unless it names one: there the clients are modules
//! of the package, which its build script generates.

use std::{
    env,
    path::{Path, PathBuf},
    process,
};

use pagebind::diagnostic::{Diagnostic, Place};
use serde::Deserialize;

use crate::project::{cargo_manifest::CargoManifest, files, target::Target, toml_file};

/// The file that says how the command line works on a repository, at its root.
pub(crate) const FILE_NAME: &str = "pagebind.toml";

/// Where the command line works, and how its messages call it.
#[derive(Debug, Clone, PartialEq)]
pub struct Environment {
    /// The root of the repository: what the other folders are below.
    pub root: PathBuf,
    /// What its users type to call it: `cargo pagebind`.
    pub command: String,
    /// The folder of the manifests.
    pub openapi: PathBuf,
    /// The folder of the crates that are generated.
    pub crates: PathBuf,
    /// The folder that cargo builds into, where what saves work is kept; nothing is where there is none.
    pub target_folder: PathBuf,
    /// Whether the repository is one package, of which the clients are modules that its build script
    /// generates.
    pub modules: bool,
    /// What cargo runs on a copy of the repository before `update` takes anything over: its
    /// arguments, with `{api}` for each API that changed.
    pub rehearsal: Vec<String>,
    /// What stands in the manifest of a new crate, beyond what it inherits.
    pub new_crate: NewCrate,
}

/// What stands in the manifest of a new crate, beyond what it inherits from its workspace.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCrate {
    /// The edition of Rust; 2024 if it is left out.
    pub edition: Option<String>,
    /// The licence, as cargo writes it.
    pub license: Option<String>,
    /// Whether it may be published; not, if it is left out.
    pub publish: Option<bool>,
    /// Where the crates of pagebind come from, as a dependency says it; the version of this command line if
    /// it is left out.
    pub pagebind: Option<toml::Table>,
}

/// What stands in `pagebind.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    command: Option<String>,
    openapi: Option<PathBuf>,
    crates: Option<PathBuf>,
    rehearsal: Option<Vec<String>>,
    new_crate: Option<NewCrate>,
}

impl Environment {
    /// The environment of the repository at `root`; `command` is what its users type, unless
    /// `pagebind.toml` says otherwise.
    ///
    /// # Errors
    /// A `pagebind.toml` that can't be read, or says what is none of its keys; a `Cargo.toml` that is not TOML.
    pub fn at(root: impl Into<PathBuf>, command: impl Into<String>) -> Result<Self, Diagnostic> {
        let root = root.into();
        let path = root.join(FILE_NAME);
        let file = match std::fs::read_to_string(&path) {
            Ok(text) => parse(&path, &text)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => File::default(),
            Err(error) => {
                return Err(Diagnostic::unreadable(format!("failed to read the file: {error}"))
                    .place(Place::new(files::show(&path)))
                    .help("check its permissions, or remove it: all of its keys are optional"));
            }
        };
        let modules = file.crates.is_none()
            && CargoManifest::read(&root)?.is_some_and(|manifest| manifest.is_single_package());
        let folder = |named: Option<PathBuf>, usual: &str| root.join(named.unwrap_or(usual.into()));
        let rehearsal = if modules { "test" } else { "test --package {api}" };
        Ok(Self {
            command: file.command.unwrap_or_else(|| command.into()),
            openapi: folder(file.openapi, "openapi"),
            crates: folder(file.crates, "crates"),
            target_folder: folder(env::var_os("CARGO_TARGET_DIR").map(PathBuf::from), "target"),
            modules,
            rehearsal: file.rehearsal.unwrap_or_else(|| vec![rehearsal.to_owned()]),
            new_crate: file.new_crate.unwrap_or_default(),
            root,
        })
    }

    /// Where what is made of an API goes.
    pub(crate) fn target(&self, api: &str) -> Target {
        if self.modules {
            Target::Module(self.openapi.join(format!("{api}.json")))
        } else {
            Target::Crate(self.crates.join(api))
        }
    }

    /// The manifest of the package that holds the client of an API.
    pub(crate) fn manifest_of(&self, api: &str) -> PathBuf {
        let folder = if self.modules { self.root.clone() } else { self.crates.join(api) };
        folder.join("Cargo.toml")
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
    let keys = "it has command, openapi, crates, rehearsal, and [new-crate] with edition, license, publish and pagebind";
    toml_file::read(&format!("not a `{FILE_NAME}`"), &files::show(path), text, keys)
}

fn is_workspace(folder: &Path) -> bool {
    // One that can't be read is told once it is known to be the root's.
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    manifest.parse().is_ok_and(|manifest: toml::Table| manifest.contains_key("workspace"))
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
    fn a_manifest_of_the_root_that_can_t_be_read_is_told_with_its_place() {
        let tree = tree(&[("Cargo.toml", "[package]\nname = shop\n")]);
        let problem = Environment::around(tree.path(), "cargo pagebind").unwrap_err();
        assert!(problem.places[0].to_string().ends_with("Cargo.toml:2:8"), "{problem}");
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
    fn in_a_repository_of_one_package_the_clients_are_modules_of_it() {
        let manifest = ("Cargo.toml", "[package]\nname = \"shop\"\n");
        let alone = tree(&[manifest]);
        let environment = Environment::at(alone.path(), "cargo pagebind").unwrap();
        assert!(environment.modules);
        assert_eq!(environment.rehearsal, ["test"]);
        assert_eq!(environment.manifest_of("cards"), alone.path().join("Cargo.toml"));
        let named = tree(&[manifest, ("pagebind.toml", "crates = \"clients\"\n")]);
        assert!(!Environment::at(named.path(), "cargo pagebind").unwrap().modules);
    }

    #[test]
    fn a_key_that_is_not_known_is_an_error_at_its_place() {
        for (text, meant) in [
            ("\ncomand = \"cargo api\"\n", "command"),
            ("[new-crate]\nlicence = \"MIT\"\n", "license"),
        ] {
            let tree = tree(&[("pagebind.toml", text)]);
            let problem = Environment::at(tree.path(), "cargo pagebind").unwrap_err();
            assert!(problem.message.contains("unknown field `"), "{problem}");
            assert!(problem.places[0].to_string().ends_with("pagebind.toml:2:1"), "{problem}");
            assert_eq!(problem.help, Some(format!("did you mean `{meant}`?")));
        }
    }
}
