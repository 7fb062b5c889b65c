//! What clients cost whoever compiles them: once the dependencies are there, and from nothing.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use super::{Contest, Peer, Place, Row, cargo, pagebind, text};
use crate::measure::Process;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "check",
        what: "`cargo check` of DigitalOcean's client, its dependencies checked already",
        needs: &["digitalocean"],
        compiles: true,
        contest: |place| check(place, "digitalocean"),
    },
    Row {
        name: "check-discord",
        what: "`cargo check` of Discord's client, its dependencies checked already",
        needs: &["discord"],
        compiles: true,
        contest: |place| check(place, "discord"),
    },
    Row {
        name: "check-github",
        what: "`cargo check` of GitHub's client, its dependencies checked already",
        needs: &["github"],
        compiles: true,
        contest: |place| check(place, "github"),
    },
    Row {
        name: "consumer",
        what: "a program that makes one call, built from nothing, with the committed source",
        needs: &[],
        compiles: true,
        contest: |place| committed(place, &[]),
    },
    Row {
        name: "consumer-release",
        what: "the same, built with `--release`",
        needs: &[],
        compiles: true,
        contest: |place| committed(place, &["--release"]),
    },
    Row {
        name: "consumer-generated",
        what: "the same program, the client generated while it is built",
        needs: &[],
        compiles: true,
        contest: generated,
    },
    Row {
        name: "clone",
        what: "`cargo xtask generate` on a fresh clone, with the dependencies downloaded",
        needs: &[],
        compiles: true,
        contest: |place| {
            let clone = place.inputs.scratch("clone");
            let mut git = Command::new("git");
            git.args(["clone", "--quiet"]).arg(place.root).arg(&clone);
            if !git.status()?.success() {
                return Err("the repository can't be cloned".into());
            }
            let ours = Process::new(cargo(), ["xtask", "generate"], &clone);
            Ok(Contest { ours: from_nothing(ours), peers: Vec::new() })
        },
    },
];

const OURS_SOURCE: &str = include_str!("../../consumer/ours.rs");
const BY_HAND_SOURCE: &str = include_str!("../../consumer/by_hand.rs");

/// What the program written by hand depends on.
const BY_HAND: &str = r#"reqwest = { version = "0.13", default-features = false, features = ["rustls"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
uuid = { version = "1", features = ["v4"] }
"#;

const PROGENITOR_SOURCE: &str = include_str!("../../consumer/progenitor.rs");
const PROGENITOR_BUILD: &str = include_str!("../../consumer/progenitor_build.rs");

/// What the program with progenitor's client depends on, and what makes the client.
const PROGENITOR: &str = r#"progenitor-client = "0.15"
regress = "0.12"
reqwest = { version = "0.13", default-features = false, features = ["rustls", "json", "stream"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"

[build-dependencies]
prettyplease = "0.2"
progenitor = "0.15"
serde_json = "1"
syn = { version = "2", default-features = false }
"#;

/// With the committed source, beside the same by hand.
fn committed(place: &Place<'_>, profile: &[&str]) -> Result<Contest> {
    let features = "default-features = false, features = [\"rustls\"]";
    let process = Some(consumer(place, "by-hand", BY_HAND, BY_HAND_SOURCE, profile)?);
    let by_hand = Peer { name: "by hand", process, version: "over reqwest".to_owned() };
    let ours = consumer(place, "committed", &ours(place, features), OURS_SOURCE, profile)?;
    Ok(Contest { ours, peers: vec![by_hand] })
}

/// Generated while it is built, beside progenitor's own.
fn generated(place: &Place<'_>) -> Result<Contest> {
    let on_default = ours(place, "features = [\"default\"]");
    let ours = consumer(place, "generated", &on_default, OURS_SOURCE, &[])?;
    let progenitor = consumer(place, "with-progenitor", PROGENITOR, PROGENITOR_SOURCE, &[])?;
    fs::write(progenitor.folder.join("build.rs"), PROGENITOR_BUILD)?;
    fs::write(progenitor.folder.join("openapi.json"), for_progenitor(place)?)?;
    let version = "0.15, one type of error for each operation".to_owned();
    let peer = Peer { name: "progenitor", process: Some(progenitor), version };
    Ok(Contest { ours, peers: vec![peer] })
}

/// The contract of Visa Click to Pay as progenitor takes it: OpenAPI 3.0, and one type of error for an operation.
fn for_progenitor(place: &Place<'_>) -> Result<String> {
    let contract = place.root.join("crates/visa-click-to-pay/openapi.json");
    let lower = pagebind(place.root, &["lower", &text(&contract)]);
    let lowered = Command::new(lower.program).args(lower.arguments).output()?;
    let mut document: Value = serde_json::from_slice(&lowered.stdout)?;
    let items = document["paths"].as_object_mut().into_iter().flat_map(|it| it.values_mut());
    for operation in items.filter_map(Value::as_object_mut).flat_map(|it| it.values_mut()) {
        if let Some(Value::Object(responses)) = operation.get_mut("responses") {
            responses.retain(|status, _| !status.starts_with('5'));
        }
    }
    Ok(document.to_string())
}

/// As of the last commit, from git: what lies at a path cargo builds in a way that costs more the first time.
fn ours(place: &Place<'_>, features: &str) -> String {
    let repository = format!("file://{}", place.root.display());
    format!("visa-click-to-pay = {{ git = {repository:?}, {features} }}\n")
}

/// A project of its own that is built from nothing.
fn consumer(
    place: &Place<'_>,
    name: &str,
    dependencies: &str,
    source: &str,
    profile: &[&str],
) -> Result<Process> {
    let folder = place.inputs.scratch(name);
    fs::create_dir_all(folder.join("src"))?;
    fs::copy(place.root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    fs::write(folder.join("src/main.rs"), source)?;
    let manifest = format!(
        "[workspace]\n\n[package]\nname = {name:?}\nedition = \"2024\"\n\n[dependencies]\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n{dependencies}"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    Process::new(cargo(), ["fetch"], &folder).run()?;
    let arguments = ["build", "--offline"].iter().chain(profile);
    Ok(from_nothing(Process::new(cargo(), arguments, &folder)))
}

/// Cargo at work where nothing is built yet.
fn from_nothing(cargo: Process) -> Process {
    let target = cargo.folder.join("target");
    cargo.with("CARGO_TARGET_DIR", &target).after_removing(vec![target])
}

/// The client of an input, checked again each time though its dependencies are not.
fn check(place: &Place<'_>, name: &str) -> Result<Contest> {
    let folder = place.inputs.scratch(&format!("{name}-check"));
    fs::create_dir(&folder)?;
    let ours = ["pagebind", "pagebind-client", "pagebind-codegen", "pagebind-mock"]
        .map(|it| format!("{it} = {{ path = {:?} }}\n", place.root.join("crates").join(it)));
    let patch = format!("[workspace]\nresolver = \"3\"\n\n[patch.crates-io]\n{}", ours.concat());
    fs::write(folder.join("Cargo.toml"), patch)?;
    fs::copy(place.root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let pages = text(&place.pages(name)?);
    let add = pagebind(place.root, &["add", name, &pages]);
    Process { folder: folder.clone(), ..add }.run()?;
    let ours = check_of(name, &["--no-default-features"], &folder);
    ours.run()?;
    let ours = again(ours, name)?;
    let peers =
        vec![check_of_openapi_to_rust(place, name)?, check_of_openapi_generator(place, name)?];
    Ok(Contest { ours, peers })
}

/// `cargo check` of one package.
fn check_of(package: &str, features: &[&str], folder: &Path) -> Process {
    let arguments = ["check", "--offline", "--package", package].into_iter();
    Process::new(cargo(), arguments.chain(features.iter().copied()), folder)
        .with("CARGO_TARGET_DIR", &folder.join("target"))
        // What is known of the last time would be taken over.
        .with("CARGO_INCREMENTAL", Path::new("0"))
}

/// The client that openapi-to-rust makes of the same operations, with the dependencies that it asks for.
fn check_of_openapi_to_rust(place: &Place<'_>, name: &str) -> Result<Peer> {
    let mut peer = super::tools::openapi_to_rust(place, &place.pages(name)?, name)?;
    let Some(generate) = peer.process.take() else { return Ok(peer) };
    if generate.run().is_err() {
        // Why, is told when its turn comes.
        return Ok(Peer { process: Some(generate), ..peer });
    }
    let dependencies = fs::read_to_string(generate.folder.join("generated/REQUIRED_DEPS.toml"))?;
    let package = "[package]\nname = \"peer\"\nedition = \"2024\"\n";
    let library = "[lib]\npath = \"generated/mod.rs\"\n";
    let manifest = format!("[workspace]\n\n{package}\n{library}\n{dependencies}");
    fs::write(generate.folder.join("Cargo.toml"), manifest)?;
    check_of_peer(peer, &generate.folder, &[])
}

/// The client that openapi-generator makes of the same operations.
fn check_of_openapi_generator(place: &Place<'_>, name: &str) -> Result<Peer> {
    let work = place.inputs.scratch(&format!("{name}-openapi-generator"));
    let arguments = "generate --generator-name rust --input-spec openapi.json --output generated \
                     --skip-validate-spec --additional-properties=packageName=peer";
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    let mut peer = super::peer("openapi-generator", "openapi-generator-cli", &arguments, &work);
    let Some(generate) = peer.process.take() else { return Ok(peer) };
    fs::create_dir(&work)?;
    let (pages, document) = (text(&place.pages(name)?), text(&work.join("openapi.json")));
    pagebind(place.root, &["merge", "--pages", &pages, "--out", &document]).run()?;
    if generate.run().is_err() {
        // Why, is told when its turn comes.
        return Ok(Peer { process: Some(generate), ..peer });
    }
    let folder = work.join("generated");
    let manifest = fs::read_to_string(folder.join("Cargo.toml"))?;
    fs::write(folder.join("Cargo.toml"), format!("[workspace]\n\n{manifest}"))?;
    check_of_peer(peer, &folder, &["--no-default-features", "--features", "rustls"])
}

/// The check of a client that a peer made.
fn check_of_peer(peer: Peer, folder: &Path, features: &[&str]) -> Result<Peer> {
    Process::new(cargo(), ["fetch"], folder).run()?;
    let check = check_of("peer", features, folder);
    // Where it does not compile, that is told when its turn comes.
    let process = Some(if check.run().is_ok() { again(check, "peer")? } else { check });
    Ok(Peer { process, ..peer })
}

/// The same check, of a package that is checked already.
fn again(check: Process, package: &str) -> Result<Process> {
    let removed = fingerprints(&check.folder.join("target/debug/.fingerprint"), package)?;
    Ok(check.after_removing(removed))
}

/// By what cargo knows that a package is built.
fn fingerprints(folder: &Path, package: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.collect::<std::io::Result<Vec<_>>>()?;
    let start = format!("{package}-");
    let own = entries.into_iter().filter(|it| it.file_name().to_string_lossy().starts_with(&start));
    Ok(own.map(|entry| entry.path()).collect())
}
