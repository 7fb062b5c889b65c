//! The features of `pagebind-client` that a client's crate asks for: what its contract needs is on.
//!
//! A page can come to hold the first pattern or the first stream of an API, and then the source no longer
//! compiles as the crate stands. What is missing is added to the dependency, and nothing is taken away: what
//! else is on may be somebody's own wish.

use toml_edit::{Array, DocumentMut, Item, TableLike, Value, value};

/// The runtime of every client.
const RUNTIME: &str = "pagebind-client";

/// The manifest with these features of the runtime on; none where nothing is missing, or where the manifest
/// depends on it in another way than a table without its defaults.
pub(super) fn with(manifest: &str, needed: &[&str]) -> Option<String> {
    let mut document: DocumentMut = manifest.parse().ok()?;
    let item = document.get_mut("dependencies")?.get_mut(RUNTIME)?;
    let dependency = item.as_table_like_mut()?;
    if defaults(dependency) {
        return None;
    }
    let features = dependency.entry("features").or_insert_with(|| value(Array::new()));
    let features = features.as_array_mut()?;
    let missing = needed.iter().filter(|needed| {
        !features.iter().filter_map(Value::as_str).any(|feature| feature == **needed)
    });
    let missing: Vec<&str> = missing.copied().collect();
    if missing.is_empty() {
        return None;
    }
    for feature in missing {
        features.push(feature);
    }
    if let Some(inline) = item.as_inline_table_mut() {
        inline.fmt();
    }
    Some(document.to_string())
}

/// Whether the defaults are on, which have all that any contract needs. What a workspace says of them is not
/// looked up: to ask for a feature that is on does no harm.
fn defaults(dependency: &dyn TableLike) -> bool {
    let says = |key: &str| dependency.get(key).and_then(Item::as_bool);
    says("workspace") != Some(true) && says("default-features") != Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(dependency: &str, needed: &[&str]) -> Option<String> {
        let manifest = format!("[dependencies]\n{dependency}\n");
        let with = with(&manifest, needed)?;
        Some(with.lines().nth(1).unwrap_or_default().to_owned())
    }

    #[test]
    fn what_the_contract_needs_is_added_and_nothing_is_taken_away() {
        let own = r#"pagebind-client = { version = "0.1", default-features = false }"#;
        let with = r#"pagebind-client = { version = "0.1", default-features = false, features = ["xml"] }"#;
        assert_eq!(asked(own, &["xml"]).as_deref(), Some(with));
        let more = r#"pagebind-client = { workspace = true, features = ["events"] }"#;
        let both = r#"pagebind-client = { workspace = true, features = ["events", "patterns"] }"#;
        assert_eq!(asked(more, &["patterns"]).as_deref(), Some(both));
        assert_eq!(asked(both, &["patterns"]), None);
        assert_eq!(asked(both, &[]), None);
    }

    #[test]
    fn a_dependency_with_its_defaults_has_all_of_them() {
        for dependency in [
            r#"pagebind-client = "0.1""#,
            r#"pagebind-client = { version = "0.1" }"#,
            "other = \"1\"",
        ] {
            assert_eq!(asked(dependency, &["xml"]), None, "{dependency}");
        }
    }
}
