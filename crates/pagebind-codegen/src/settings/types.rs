//! How types come out, where the contract is not asked: the words are those of typify and progenitor.

use std::collections::{BTreeMap, BTreeSet};

use pagebind::diagnostic::Diagnostic;
use serde::{Deserialize, Serialize};

use super::{KEY, contract_place};

/// What callers want of the generated types. Types are named as in the source, or as in the contract; paths
/// are those of the crate that holds the source (`crate::Money`, `::chrono::NaiveDate`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct TypeSettings {
    /// Traits that all types derive besides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub derives: Vec<String>,
    /// What is different about single types.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub patch: BTreeMap<String, TypePatch>,
    /// Types of the caller's in the place of generated ones. Each needs `Serialize`, `Deserialize`, `Clone`
    /// and `Debug`, and `Display` where it is a parameter.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub replace: BTreeMap<String, String>,
    /// The types that text and numbers of a format become, by the format: `date-time = "::jiff::Timestamp"`;
    /// `integer` and `number` are all numbers whose own format is not there. Plain text is
    /// `"::std::string::String"`. Besides what `replace` asks for it needs `Display` and `FromStr`, and it
    /// reads as strictly as it likes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub convert: BTreeMap<String, String>,
    /// Structs that keep the members that they don't name, in a map `extra`.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub keep_unknown: BTreeSet<String>,
}

/// What is different about one type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct TypePatch {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rename: Option<String>,
    /// Traits that it derives besides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub derives: Vec<String>,
}

impl TypeSettings {
    /// Whether nothing is asked for.
    pub(crate) fn is_default(&self) -> bool {
        self == &Self::default()
    }

    /// Every path of the caller's, without the colons before it.
    pub(crate) fn paths(&self) -> BTreeSet<String> {
        let patched = self.patch.values().flat_map(|patch| &patch.derives);
        let paths = self.derives.iter().chain(patched);
        let paths = paths.chain(self.replace.values()).chain(self.convert.values());
        paths.map(|path| path.trim_start_matches("::").replace(' ', "")).collect()
    }

    /// The traits that a type derives besides, by its name in the source.
    pub(crate) fn derives_of(&self, name: &str) -> impl Iterator<Item = &str> {
        let patched = self
            .patch
            .iter()
            .filter(move |(published, patch)| patch.rename.as_ref().unwrap_or(published) == name);
        let patched = patched.flat_map(|(_, patch)| &patch.derives);
        self.derives.iter().chain(patched).map(String::as_str)
    }

    /// Every type that is named, with the setting that names it.
    pub(crate) fn named(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let patched = self.patch.keys().map(|name| ("patch", name));
        let replaced = self.replace.keys().map(|name| ("replace", name));
        patched.chain(replaced).chain(self.keep_unknown.iter().map(|name| ("keep-unknown", name)))
    }

    /// Paths are paths, and names are names.
    pub(crate) fn check(&self) -> Result<(), Diagnostic> {
        let patched = self.patch.values();
        let derives = self.derives.iter().chain(patched.clone().flat_map(|patch| &patch.derives));
        let paths = derives.chain(self.replace.values()).chain(self.convert.values());
        let no_path = paths.map(|path| (path, syn::parse_str::<syn::Path>(path).is_ok(), "path"));
        let names = patched.filter_map(|patch| patch.rename.as_ref());
        let no_name = names.map(|name| (name, syn::parse_str::<syn::Ident>(name).is_ok(), "name"));
        match no_path.chain(no_name).find(|(_, is_one, _)| !is_one) {
            None => Ok(()),
            Some((text, _, what)) => {
                Err(Diagnostic::unreadable(format!("`{text}` is no {what} in Rust"))
                    .place(contract_place().pointer(format!("/{KEY}/types")))
                    .help("mend `[types]` in api.toml: derives, patch, replace, convert"))
            }
        }
    }
}
