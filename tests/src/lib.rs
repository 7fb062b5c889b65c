//! What the tests of the whole workspace share: a tree of manifests and pages to run commands on.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use pagebind_cli::{Environment, Status};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// The root of this workspace.
#[must_use]
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}

/// What a command did: its exit status, and what it wrote, without colours.
#[derive(Debug)]
pub struct Run {
    /// The exit status.
    pub status: Status,
    /// Standard output.
    pub out: String,
    /// Standard error; the tree's own path reads `[tree]` in it.
    pub err: String,
}

/// A workspace of its own, in a folder that goes away with it.
#[derive(Debug)]
pub struct Tree {
    root: TempDir,
}

impl Tree {
    /// A tree with one API, `cards`, of the given pages (file name and text), and no corrections.
    ///
    /// # Panics
    /// Where the folder of temporary files can't be written.
    #[must_use]
    pub fn of_pages<T: AsRef<[u8]>>(pages: &[(&str, T)]) -> Self {
        let tree = Self { root: TempDir::new().expect("temporary files can be made") };
        let mut manifest = "kind = \"openapi\"\n".to_owned();
        for (name, text) in pages {
            tree.write(&format!("openapi/cards/pages/{name}"), text);
            let sha256 = sha256(text);
            manifest += &format!(
                "\n[[pages]]\nfile = \"pages/{name}\"\nurl = \"https://example.org/{name}\"\nsha256 = \"{sha256}\"\n"
            );
        }
        tree.write("openapi/cards/api.toml", &manifest);
        tree
    }

    /// The same tree, with corrections.
    #[must_use]
    pub fn corrected(self, overlay: &str) -> Self {
        self.write("openapi/cards/overlay.yaml", overlay);
        let manifest = self.read("openapi/cards/api.toml");
        let manifest = manifest.replacen('\n', "\noverlays = [\"overlay.yaml\"]\n", 1);
        self.write("openapi/cards/api.toml", &manifest);
        self
    }

    /// The root of the tree.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.root.path()
    }

    /// Writes a file below the root, and the folders that it needs.
    ///
    /// # Panics
    /// Where it can't be written.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(self.path())).expect("the tree can be written");
        fs::write(path, text).expect("the tree can be written");
    }

    /// The text of a file below the root.
    ///
    /// # Panics
    /// Where it is not there, or no text.
    #[must_use]
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("the file is there")
    }

    /// Every file below the root, with what is in it.
    ///
    /// # Panics
    /// Where the tree can't be read.
    #[must_use]
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        fn visit(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
            for entry in fs::read_dir(folder).expect("the tree can be read") {
                let path = entry.expect("the tree can be read").path();
                if path.is_dir() {
                    visit(&path, files);
                } else {
                    let bytes = fs::read(&path).expect("the tree can be read");
                    files.insert(path, bytes);
                }
            }
        }
        let mut files = BTreeMap::new();
        visit(self.path(), &mut files);
        files
    }

    /// Runs `cargo xtask` with these arguments on the tree; `[tree]` in them is its root.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Run {
        let root = self.path().display().to_string();
        let arguments = arguments.iter().map(|argument| argument.replace("[tree]", &root));
        let Run { status, out, err } = run(self.path(), arguments);
        Run { status, out: out.replace(&root, "[tree]"), err: err.replace(&root, "[tree]") }
    }
}

/// Runs `cargo xtask` with these arguments on the workspace at `root`.
///
/// # Panics
/// Where its `pagebind.toml` can't be read.
#[must_use]
pub fn run(root: &Path, arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Run {
    let environment = Environment::at(root, "cargo xtask").expect("the environment is readable");
    // Trees of tests share nothing, wherever the tests themselves are built.
    let environment = Environment { target_folder: root.join("target"), ..environment };
    let arguments = std::iter::once("xtask".into()).chain(arguments.into_iter().map(Into::into));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = xtask::run(&environment, arguments, &mut out, &mut err);
    let plain =
        |bytes: Vec<u8>| anstream::adapter::strip_str(&String::from_utf8_lossy(&bytes)).to_string();
    Run { status, out: plain(out), err: plain(err) }
}

/// What generated clients are built of.
const TOOLS: [&str; 4] = ["pagebind", "pagebind-client", "pagebind-codegen", "pagebind-mock"];

/// Makes `root` a workspace that holds what generated clients are built of, and nothing else: one in which
/// `add` can add them.
///
/// # Panics
/// Where it can't be written.
pub fn lay_tools(root: &Path) {
    let _ = fs::remove_dir_all(root);
    for tool in TOOLS {
        copy(&workspace().join("crates").join(tool), &root.join("crates").join(tool));
    }
    let read = |name: &str| fs::read_to_string(workspace().join(name)).expect("it is there");
    fs::write(root.join("Cargo.lock"), read("Cargo.lock")).expect("the folder can be written");
    let manifest = read("Cargo.toml");
    let (before, members) = manifest.split_once("members = [").expect("it has members");
    let (_, after) = members.split_once(']').expect("the list ends");
    // A profile of what no tool depends on is a warning.
    let after = after.replace("[profile.dev.package.sha2]\nopt-level = 3\n", "");
    let manifest = format!("{before}members = [\"crates/*\"]{after}");
    fs::write(root.join("Cargo.toml"), manifest).expect("the folder can be written");
}

/// Copies a folder without what was built in it, times too, so that cargo finds it fresh again.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be written");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("the folder can be read");
        let target = to.join(entry.file_name());
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            copy(&entry.path(), &target);
        } else {
            let modified = entry.metadata().and_then(|it| it.modified()).expect("files have times");
            fs::copy(entry.path(), &target).expect("the folder can be written");
            let copied = fs::File::options().write(true).open(&target);
            copied.and_then(|it| it.set_modified(modified)).expect("the time can be set");
        }
    }
}

/// The SHA-256 of a page, as its manifest states it.
#[must_use]
pub fn sha256(text: impl AsRef<[u8]>) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A page of the kind that ReadMe-hosted sites export, around an OpenAPI document.
#[must_use]
pub fn page(document: &str) -> String {
    format!("# Get a card\n\nProse.\n\n# OpenAPI definition\n\n```json\n{document}\n```\n")
}

/// The document of an API with one operation, `GET` of `path`, that answers with a `Card`.
#[must_use]
pub fn document(path: &str, card: &str) -> String {
    let operation = path.trim_start_matches('/').replace('/', "_");
    format!(
        r##"{{
  "openapi": "3.1.0",
  "info": {{ "title": "Cards", "version": "1" }},
  "paths": {{
    "{path}": {{
      "get": {{
        "operationId": "get_{operation}",
        "responses": {{
          "200": {{
            "description": "OK",
            "content": {{ "application/json": {{ "schema": {{ "$ref": "#/components/schemas/Card" }} }} }}
          }}
        }}
      }}
    }}
  }},
  "components": {{ "schemas": {{ "Card": {card} }} }}
}}"##
    )
}

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// Compiles the examples of the guide.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/credentials.md")]
#[doc = include_str!("../../docs/guide/drift-in-ci.md")]
struct Guide;
