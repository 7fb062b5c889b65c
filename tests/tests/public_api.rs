//! The public API of the clients, as a listing: a change in it is a change for callers.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

use insta::assert_snapshot;
use pagebind_codegen::reexported_items;
use pagebind_tests::workspace;

/// The public items of every source file of a crate, file by file; of the generated one those that
/// callers get.
fn listing(sources: &Path) -> String {
    let mut listing = String::new();
    let mut folders = vec![sources.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    let root = fs::read_to_string(sources.join("lib.rs")).unwrap();
    for file in files {
        let root = if file.ends_with("generated.rs") { root.as_str() } else { "" };
        let items = reexported_items(&fs::read_to_string(&file).unwrap(), root).unwrap();
        let name = file.strip_prefix(sources).unwrap().display().to_string().replace('\\', "/");
        writeln!(listing, "# {name}").unwrap();
        let mut implemented: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (path, signature) in &items {
            match path.split_once(": ").filter(|_| signature == "impl") {
                Some((of, one)) => implemented.entry(of).or_default().push(one),
                None => writeln!(listing, "{path} = {signature}").unwrap(),
            }
        }
        for (of, traits) in implemented {
            writeln!(listing, "{of}: {}", traits.join(", ")).unwrap();
        }
        listing.push('\n');
    }
    listing
}

#[test]
fn visa_click_to_pay() {
    assert_snapshot!(listing(&workspace().join("crates/visa-click-to-pay/src")));
}

#[test]
fn payment_profiles() {
    assert_snapshot!(listing(&workspace().join("crates/payment-profiles/src")));
}
