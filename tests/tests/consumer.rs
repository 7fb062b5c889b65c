//! What another project compiles when it depends on the clients.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{collections::BTreeSet, process::Command};

use pagebind_tests::workspace;

/// The packages that are compiled for a crate of this workspace with these features.
#[track_caller]
fn compiled(package: &str, features: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--edges", "normal,build", "--prefix", "none"])
        .args(["--format", "{p}", "--package", package])
        .args(features)
        .current_dir(workspace())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

const GENERATORS: [&str; 6] = [
    "pagebind",
    "pagebind-codegen",
    "pagebind-drift",
    "progenitor-impl",
    "typify",
    "progenitor-client",
];

#[test]
fn without_default_features_no_generator_is_compiled() {
    let packages =
        compiled("visa-click-to-pay", &["--no-default-features", "--features", "rustls"]);
    assert!(packages.contains("pagebind-client"), "{packages:?}");
    for generator in GENERATORS {
        assert!(!packages.contains(generator), "{generator} is compiled: {packages:?}");
    }
}

#[test]
fn by_default_the_client_is_generated_when_it_is_built() {
    let packages = compiled("visa-click-to-pay", &[]);
    for generator in ["pagebind-codegen", "progenitor-impl", "typify"] {
        assert!(packages.contains(generator), "{generator} is not compiled: {packages:?}");
    }
    // Ours stands in its place at run time.
    assert!(!packages.contains("progenitor-client"), "{packages:?}");
}

#[test]
fn payment_profiles_stands_alone() {
    let packages = compiled("payment-profiles", &["--all-features"]);
    for other in GENERATORS.iter().chain(&["pagebind-client", "visa-click-to-pay"]) {
        assert!(!packages.contains(*other), "{other} is compiled: {packages:?}");
    }
}
