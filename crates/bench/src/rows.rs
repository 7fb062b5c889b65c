//! The table of what is measured: for each row the command, its input, and the peers that do the same.

use std::{
    error::Error,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    inputs::Inputs,
    machine::{on_path, version_of},
    measure::{self, Cost, Process},
};

/// One row: ours, and who does the same.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    /// Ours; nothing where the input is missing.
    ours: Option<Process>,
    peers: Vec<Peer>,
    /// The inputs that are missing.
    missing: Vec<&'static str>,
    /// Whether it runs the compiler, which takes minutes.
    pub(crate) compiles: bool,
}

/// Somebody else's command for the same work.
#[derive(Debug)]
struct Peer {
    name: &'static str,
    /// The command; nothing where it is not installed.
    process: Option<Process>,
    version: String,
}

/// What a row came to.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) ours: Cost,
    /// Name, version and cost; no cost where it is not installed, or failed on this input.
    pub(crate) peers: Vec<(&'static str, String, Result<Cost, String>)>,
}

impl Row {
    pub(crate) fn is_missing(&self) -> bool {
        self.ours.is_none()
    }

    /// What is said of a row without its input.
    pub(crate) fn missing_note(&self) -> String {
        match self.missing.as_slice() {
            [] => String::new(),
            missing => format!(" (missing: {} in bench/inputs)", missing.join(", ")),
        }
    }

    /// Measures ours and each peer in turns. A peer that fails on the input is told, and left out.
    pub(crate) fn measure(&self, runs: usize) -> Result<Measured, Box<dyn Error>> {
        let ours = self.ours.as_ref().ok_or("the input is missing")?;
        let mut contenders = vec![ours];
        let mut peers = Vec::new();
        for peer in &self.peers {
            let cost = match &peer.process {
                None => Err("not installed".to_owned()),
                Some(process) => match process.run() {
                    Ok(cost) => {
                        contenders.push(process);
                        Ok(cost)
                    }
                    Err(problem) => Err(problem.to_string()),
                },
            };
            peers.push((peer.name, peer.version.clone(), cost));
        }
        let mut costs = measure::in_turns(&contenders, runs)?.into_iter();
        let ours = costs.next().ok_or("ours comes first")?;
        for (_, _, cost) in &mut peers {
            if let (Ok(cost), Some(median)) = (cost, costs.next()) {
                *cost = median;
            }
        }
        Ok(Measured { ours, peers })
    }
}

/// Builds what is measured, as its users have it.
pub(crate) fn build(root: &Path) -> Result<(), Box<dyn Error>> {
    let built = Command::new(cargo())
        .args(["build", "--release", "--locked", "--package", "pagebind-cli"])
        .current_dir(root)
        .status()?;
    if built.success() { Ok(()) } else { Err("pagebind-cli does not build".into()) }
}

fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Where cargo puts what it builds of this workspace.
fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// `cargo pagebind` with `arguments`, as a process of its own.
pub(crate) fn pagebind(root: &Path, arguments: &[&str]) -> Process {
    Process {
        program: target(root).join("release/cargo-pagebind").into(),
        arguments: ["pagebind"].iter().chain(arguments).map(Into::into).collect(),
        folder: root.to_owned(),
        removed: Vec::new(),
        statuses: &[0, 1],
    }
}

/// A peer's command, where it is installed.
fn peer(name: &'static str, program: &str, arguments: &[&str], folder: &Path) -> Peer {
    let process = on_path(program).map(|program| Process {
        program: program.into(),
        arguments: arguments.iter().map(Into::into).collect(),
        folder: folder.to_owned(),
        removed: Vec::new(),
        statuses: &[0, 1],
    });
    let version = process.as_ref().map_or_else(String::new, |it| version_of(&it.program));
    Peer { name, process, version }
}

/// All rows, in the order of the table.
pub(crate) fn all(root: &Path, inputs: &Inputs) -> Result<Vec<Row>, Box<dyn Error>> {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let out = text(&inputs.scratch("out.json"));
    let of_peer = text(&inputs.scratch("out-of-peer.json"));
    let pages = inputs.pages("digitalocean")?;
    let github = inputs.find("github.json");
    let before = inputs.find("github-before.json");
    let mut rows = Vec::new();

    let merge =
        |folder: &PathBuf| pagebind(root, &["merge", "--pages", &text(folder), "--out", &out]);
    let redocly = |folder: &Path| {
        let pages = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        let mut arguments = vec!["join".to_owned(), "--output".to_owned(), of_peer.clone()];
        arguments.extend(pages.map(|page| text(&page.path())));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        peer("redocly", "redocly", &arguments, root)
    };
    rows.push(Row {
        name: "merge",
        what: "659 pages of DigitalOcean into one document",
        ours: pages.as_ref().map(merge),
        peers: Vec::new(),
        missing: needs(&[("digitalocean/", pages.is_some())]),
        compiles: false,
    });
    let github_pages = inputs.pages("github")?;
    rows.push(Row {
        name: "merge-github",
        what: "GitHub's 1,223 operations, a page each, into one document",
        ours: github_pages.as_ref().map(merge),
        peers: github_pages.as_deref().map(redocly).into_iter().collect(),
        missing: needs(&[("github.json", github.is_some())]),
        compiles: false,
    });
    let many = pages.as_ref().map(|folder| inputs.as_many(folder, 6_590)).transpose()?;
    rows.push(Row {
        name: "merge-6590",
        what: "those of DigitalOcean ten times under other paths",
        ours: many.as_ref().map(merge),
        peers: Vec::new(),
        missing: needs(&[("digitalocean/", pages.is_some())]),
        compiles: false,
    });

    let lower = |document: &PathBuf| {
        let document = text(document);
        let ours = pagebind(root, &["lower", &document, "--out", &out]);
        let apiture = peer(
            "openapi-down-convert",
            "openapi-down-convert",
            &["-i", &document, "-o", &of_peer],
            root,
        );
        (ours, apiture)
    };
    let in_3_1 = inputs.find("github-3.1.json");
    let (ours, peers) = in_3_1
        .as_ref()
        .map(lower)
        .map_or((None, Vec::new()), |(ours, peer)| (Some(ours), vec![peer]));
    rows.push(Row {
        name: "lower",
        what: "GitHub's document from OpenAPI 3.1 to 3.0",
        ours,
        peers,
        missing: needs(&[("github-3.1.json", in_3_1.is_some())]),
        compiles: false,
    });

    let pair = before.as_ref().zip(github.as_ref()).map(|(before, now)| (text(before), text(now)));
    rows.push(Row {
        name: "diff",
        what: "two versions of GitHub's document compared, every finding as JSON",
        ours: pair.as_ref().map(|(before, now)| {
            pagebind(root, &["diff", before, now, "--format", "json", "--fail-on", "never"])
        }),
        peers: pair
            .iter()
            .map(|(before, now)| {
                peer("oasdiff", "oasdiff", &["changelog", before, now, "--format", "json"], root)
            })
            .collect(),
        missing: needs(&[
            ("github-before.json", before.is_some()),
            ("github.json", github.is_some()),
        ]),
        compiles: false,
    });

    for (name, what, of, input) in [
        ("source", "659 pages of DigitalOcean into formatted source", &pages, "digitalocean/"),
        (
            "source-github",
            "GitHub's 1,223 pages into formatted source",
            &github_pages,
            "github.json",
        ),
    ] {
        let written = inputs.scratch(name);
        let peers = of.iter().map(|folder| openapi_to_rust(root, inputs, folder, name));
        rows.push(Row {
            name,
            what,
            ours: of.as_ref().map(|folder| Process {
                removed: vec![written.clone()],
                ..pagebind(root, &["generate", "--pages", &text(folder), "--out", &text(&written)])
            }),
            peers: peers.collect::<Result<_, _>>()?,
            missing: needs(&[(input, of.is_some())]),
            compiles: false,
        });
    }

    rows.push(Row {
        name: "unchanged",
        what: "`generate --check` of this repository, nothing to do",
        ours: Some(pagebind(root, &["generate", "--check"])),
        peers: Vec::new(),
        missing: Vec::new(),
        compiles: false,
    });
    Ok(rows)
}

/// The inputs that are not there.
fn needs(inputs: &[(&'static str, bool)]) -> Vec<&'static str> {
    inputs.iter().filter(|(_, there)| !there).map(|(name, _)| *name).collect()
}

/// openapi-to-rust on one document of the same operations; it takes no pages.
fn openapi_to_rust(
    root: &Path,
    inputs: &Inputs,
    folder: &Path,
    name: &str,
) -> Result<Peer, Box<dyn Error>> {
    let work = inputs.scratch(&format!("{name}-openapi-to-rust"));
    if on_path("openapi-to-rust").is_some() && !work.exists() {
        fs::create_dir(&work)?;
        build(root)?;
        let document = work.join("openapi.json");
        let (folder, document) = (folder.to_string_lossy(), document.to_string_lossy());
        pagebind(root, &["merge", "--pages", &folder, "--out", &document]).run()?;
        fs::write(
            work.join("openapi-to-rust.toml"),
            "[generator]\nspec_path = \"openapi.json\"\noutput_dir = \"generated\"\nmodule_name = \"api\"\n\n[features]\nenable_async_client = true\n",
        )?;
    }
    let mut peer = peer("openapi-to-rust", "openapi-to-rust", &["generate"], &work);
    if let Some(process) = &mut peer.process {
        process.removed = vec![work.join("generated")];
    }
    Ok(peer)
}
