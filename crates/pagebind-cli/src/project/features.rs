//! The features of a client's crate, one for each tag of the API: a list in its `Cargo.toml` that follows what
//! is published.
//!
//! The rest of the file is somebody's own and stays as it is. Which of its features are ours is what the
//! feature `tags` lists, which turns all of them on. Once the operations stand behind no features any more, the
//! list is taken away again, as long as it still says of itself that it is ours.

use std::path::Path;

use pagebind::diagnostic::{Diagnostic, Place};
use pagebind_codegen::ALL_TAGS;
use toml_edit::{Array, DocumentMut, Item, Table, Value, value};

use super::{
    files::{self, Output},
    runtime, toml_file,
};

/// What tells our list from somebody's feature of that name.
const MARK: &str = "kept in step with";

/// What stands above it at first.
const WORDS: &str = "\
# The operations of each tag, with the types that they need. This list and its features are kept in step with
# the API; which of them are on by default is up to you.
";

/// The `Cargo.toml` in `folder` with these features, and with those of the runtime that the source needs;
/// none where there is no such file.
pub(crate) fn output(
    folder: &Path,
    features: &[String],
    needed: &[&str],
) -> Result<Option<Output>, Diagnostic> {
    let path = folder.join("Cargo.toml");
    if !path.exists() {
        return Ok(None);
    }
    let name = files::show(&path);
    let manifest = files::read_text(&path)?;
    let manifest = runtime::with(&manifest, needed).unwrap_or(manifest);
    let manifest = toml_file::edit("not a manifest of cargo", &name, &manifest)?;
    let with = with(manifest, features).map_err(|cause| {
        Diagnostic::finding(format!("can't list the features of the API's tags: {cause}"))
            .place(Place::new(name))
            .help("mend `[features]`, or take `features = \"tags\"` out of api.toml")
    })?;
    Output::new(path, with).map(Some)
}

/// The `Cargo.toml` in `folder` without such a list, and with the features of the runtime that the source
/// needs; none where that is what it says.
pub(crate) fn removed(folder: &Path, needed: &[&str]) -> Result<Option<Output>, Diagnostic> {
    let path = folder.join("Cargo.toml");
    if !path.exists() {
        return Ok(None);
    }
    // What can't be read holds no list that could be taken away, and cargo says what is wrong with it.
    let Ok(before) = files::read_text(&path) else { return Ok(None) };
    let without = without(&before).unwrap_or_else(|| before.clone());
    let manifest = runtime::with(&without, needed).unwrap_or(without);
    (manifest != before).then(|| Output::new(path, manifest)).transpose()
}

/// A manifest without the list of ours that it has, and its features as far as nothing was added to them.
fn without(manifest: &str) -> Option<String> {
    let mut document: DocumentMut = manifest.parse().ok()?;
    let table = document.get_mut("features")?.as_table_mut()?;
    let words = table.key(ALL_TAGS)?.leaf_decor().prefix()?.as_str()?;
    if !words.contains(MARK) {
        return None;
    }
    let mut gone = strings(table.remove(ALL_TAGS)?.as_array()?);
    gone.retain(|feature| table.get(feature).and_then(Item::as_array).is_some_and(Array::is_empty));
    for feature in &gone {
        table.remove(feature);
    }
    gone.push(ALL_TAGS.to_owned());
    let is_gone = |it: &Value| it.as_str().is_some_and(|it| gone.iter().any(|gone| gone == it));
    for (_, others) in table.iter_mut() {
        if let Some(others) = others.as_array_mut() {
            others.retain(|it| !is_gone(it));
        }
    }
    Some(document.to_string())
}

/// A manifest with these features, and with no other that it lists as one of ours.
fn with(mut document: DocumentMut, features: &[String]) -> Result<String, &'static str> {
    let table = document.entry("features").or_insert_with(|| Item::Table(Table::new()));
    let table = table.as_table_mut().ok_or("`features` is no table")?;
    let listed = |item: &Item| item.as_array().map(strings);
    let ours = table.get(ALL_TAGS).map(|all| listed(all).ok_or("`tags` is no list"));
    let known = ours.clone().transpose()?.unwrap_or_default();
    for gone in known.iter().filter(|known| !features.contains(known)) {
        if table.get(gone).and_then(Item::as_array).is_some_and(Array::is_empty) {
            table.remove(gone);
        }
    }
    if ours.is_none() {
        let default = table.entry("default").or_insert_with(|| value(Array::new()));
        default.as_array_mut().ok_or("`default` is no list")?.push(ALL_TAGS);
    }
    if known != features || ours.is_none() {
        let mut all: Array = features.iter().map(String::as_str).collect();
        for feature in all.iter_mut() {
            feature.decor_mut().set_prefix("\n    ");
        }
        all.set_trailing("\n");
        all.set_trailing_comma(true);
        // The key keeps what is said above it.
        *table.entry(ALL_TAGS).or_insert(Item::None) = value(all);
        if ours.is_none()
            && let Some(mut key) = table.key_mut(ALL_TAGS)
        {
            key.leaf_decor_mut().set_prefix(WORDS);
        }
    }
    for feature in features {
        table.entry(feature).or_insert_with(|| value(Array::new()));
    }
    Ok(document.to_string())
}

fn strings(array: &Array) -> Vec<String> {
    array.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(manifest: &str, features: &[&str]) -> String {
        let features: Vec<String> = features.iter().map(|it| (*it).to_owned()).collect();
        with(manifest.parse().unwrap(), &features).unwrap()
    }

    #[test]
    fn the_features_of_tags_follow_the_api_and_others_stay() {
        let first = listed("[features]\n# Mine.\ndefault = [\"rustls\"]\nbeta = []\n", &["a", "b"]);
        let expected = r#"[features]
# Mine.
default = ["rustls", "tags"]
beta = []
# The operations of each tag, with the types that they need. This list and its features are kept in step with
# the API; which of them are on by default is up to you.
tags = [
    "a",
    "b",
]
a = []
b = []
"#;
        assert_eq!(first, expected);
        assert_eq!(listed(&first, &["a", "b"]), first);
        let chosen = first.replace(", \"tags\"", ", \"a\"");
        let second = listed(&chosen, &["a", "c"]);
        let expected = chosen.replace("    \"b\",", "    \"c\",").replace("b = []\n", "");
        assert_eq!(second, expected + "c = []\n");
    }

    #[test]
    fn our_list_is_taken_away_again_and_nobody_elses() {
        let own = "[features]\n# Mine.\ndefault = [\"rustls\"]\nbeta = []\n";
        let ours = listed(own, &["a", "b"]);
        assert_eq!(without(&ours).unwrap(), own);
        assert_eq!(without(own), None);
        assert_eq!(without("[features]\n# Mine.\ntags = [\"a\"]\na = []\n"), None);
        // What somebody made of a feature of ours is theirs; what they ask of one that is gone goes with it.
        let theirs = ours.replace("\na = []", "\na = [\"beta\"]");
        let theirs = theirs.replace("\nbeta = []", "\nbeta = [\"b\"]");
        let expected = own.to_owned() + "a = [\"beta\"]\n";
        assert_eq!(without(&theirs).unwrap(), expected);
    }

    #[test]
    fn a_manifest_without_features_gets_them() {
        let made = listed("[package]\nname = \"a\"\n", &["a"]);
        assert!(made.contains("default = [\"tags\"]") && made.ends_with("a = []\n"), "{made}");
        assert!(with("[features]\ntags = 1\n".parse().unwrap(), &[]).is_err());
    }
}
