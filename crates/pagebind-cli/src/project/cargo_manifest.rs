//! The root's own `Cargo.toml`: what a new crate inherits from it, and the lines by which it takes a client in.
//!
//! It is somebody's hand-written file: what is added to it leaves the rest, comments too, as it is
//! (`toml_edit`, which cargo itself edits manifests with).

use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use pagebind::diagnostic::Diagnostic;
use toml_edit::{Array, DocumentMut, Item, Table, Value, value};

use super::{files, toml_file};

/// The `Cargo.toml` of the root.
#[derive(Debug)]
pub(crate) struct CargoManifest {
    path: PathBuf,
    document: DocumentMut,
}

impl CargoManifest {
    /// That of the folder; none where there is no such file.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>, Diagnostic> {
        let path = folder.join("Cargo.toml");
        if !path.exists() {
            return Ok(None);
        }
        let text = files::read_text(&path)?;
        let document = toml_file::edit("not a manifest of cargo", &files::show(&path), &text)?;
        Ok(Some(Self { path, document }))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is that of one package, and of no workspace.
    pub(crate) fn is_single_package(&self) -> bool {
        self.document.contains_key("package") && !self.document.contains_key("workspace")
    }

    /// Whether the crates of the workspace can inherit this key of `[workspace.package]`.
    pub(crate) fn hands_on(&self, key: &str) -> bool {
        self.workspace("package").is_some_and(|package| package.get(key).is_some())
    }

    /// Whether they can inherit lints.
    pub(crate) fn hands_on_lints(&self) -> bool {
        self.workspace("lints").is_some()
    }

    /// Whether they can inherit this dependency.
    pub(crate) fn hands_on_dependency(&self, name: &str) -> bool {
        self.workspace("dependencies").is_some_and(|all| all.get(name).is_some())
    }

    fn workspace(&self, key: &str) -> Option<&Item> {
        self.document.get("workspace")?.get(key)
    }

    /// Takes the crate at `path`, from the root, among the members of the workspace, if there is one and
    /// the crate is no member yet; whether that changed anything.
    pub(crate) fn take_member(&mut self, path: &str) -> bool {
        let Some(workspace) = self.document.get_mut("workspace") else { return false };
        let listed = |key: &str, workspace: &Item| {
            let globs = workspace.get(key).and_then(Item::as_array);
            globs.into_iter().flatten().filter_map(Value::as_str).any(|glob| matches(glob, path))
        };
        if listed("members", workspace) || listed("exclude", workspace) {
            return false;
        }
        let Some(table) = workspace.as_table_like_mut() else { return false };
        let members = table.entry("members").or_insert_with(|| value(Array::new()));
        let Some(members) = members.as_array_mut() else { return false };
        // One member a line stays one a line.
        let before = members.iter().last().and_then(|last| last.decor().prefix()?.as_str());
        match before.filter(|before| before.contains('\n')).map(str::to_owned) {
            Some(before) => {
                let mut member = Value::from(path);
                member.decor_mut().set_prefix(before);
                members.push_formatted(member);
            }
            None => members.push(path),
        }
        true
    }

    /// Adds a dependency, unless it is there; `of` is `dependencies` or `build-dependencies`.
    pub(crate) fn depend(&mut self, of: &str, name: &str, dependency: &str) {
        let table = self.document.entry(of).or_insert_with(|| Item::Table(Table::new()));
        if let Some(table) = table.as_table_like_mut().filter(|table| !table.contains_key(name)) {
            let dependency = dependency.parse::<Value>().unwrap_or_else(|_| Value::from("*"));
            table.insert(name, Item::Value(dependency));
        }
    }

    /// Whether the package has a feature of this name.
    pub(crate) fn has_feature(&self, name: &str) -> bool {
        self.document.get("features").is_some_and(|all| all.get(name).is_some())
    }

    /// The build script that the package names.
    pub(crate) fn build_script(&self) -> Option<&str> {
        self.document.get("package")?.get("build")?.as_str()
    }

    /// The text.
    pub(crate) fn text(&self) -> String {
        self.document.to_string()
    }
}

/// Whether a path from the root is one that `glob` means, as cargo reads it.
fn matches(glob: &str, path: &str) -> bool {
    let glob = glob.trim_start_matches("./").trim_end_matches('/');
    let built = GlobBuilder::new(glob).literal_separator(true).build();
    built.is_ok_and(|glob| glob.compile_matcher().is_match(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(text: &str) -> CargoManifest {
        CargoManifest { path: PathBuf::new(), document: text.parse().unwrap() }
    }

    fn with_member(text: &str) -> Option<String> {
        let mut manifest = manifest(text);
        manifest.take_member("crates/cards").then(|| manifest.text())
    }

    #[test]
    fn a_crate_becomes_a_member_where_it_is_none() {
        for there in [
            "[workspace]\nmembers = [\"crates/*\"]\n",
            "[workspace]\nmembers = [\"./crates/cards/\"]\n",
            "[workspace]\nexclude = [\"crates/*\"]\n",
            "[package]\nname = \"shop\"\n",
        ] {
            assert_eq!(with_member(there), None, "{there}");
        }
        assert_eq!(
            with_member("[workspace] # ours\nmembers = [\n    \"app\",\n    \"lib\", # two\n]\n")
                .unwrap(),
            "[workspace] # ours\nmembers = [\n    \"app\",\n    \"lib\",\n    \"crates/cards\", # two\n]\n"
        );
        assert_eq!(
            with_member("[workspace]\nmembers = [\"*\"]\n").unwrap(),
            "[workspace]\nmembers = [\"*\", \"crates/cards\"]\n"
        );
        assert_eq!(
            with_member("[workspace]\nresolver = \"3\"\n").unwrap(),
            "[workspace]\nresolver = \"3\"\nmembers = [\"crates/cards\"]\n"
        );
    }

    #[test]
    fn a_dependency_is_added_once_and_the_rest_stays_as_it_is() {
        let mut manifest =
            manifest("# ours\n[package]\nname = \"shop\"\n\n[dependencies]\nserde = \"1\" # yes\n");
        for _ in 0..2 {
            manifest.depend("dependencies", "pagebind-client", "\"0.1.0\"");
            manifest.depend("build-dependencies", "pagebind-codegen", "{ git = \"g\" }");
        }
        assert_eq!(
            manifest.text(),
            "# ours\n[package]\nname = \"shop\"\n\n[dependencies]\nserde = \"1\" # yes\n\
             pagebind-client = \"0.1.0\"\n\n[build-dependencies]\npagebind-codegen = { git = \"g\" }\n"
        );
    }
}
