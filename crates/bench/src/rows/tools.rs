//! What the command line does, beside tools that do the same.

use std::{error::Error, fs, path::Path};

use super::{Contest, Peer, Place, Row, build, pagebind, peer, text};
use crate::{machine::on_path, measure::Process};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Those for which pages are made come last: a process is said to have held what this one held when it began.
pub(super) const ROWS: &[Row] = &[
    Row {
        name: "merge",
        what: "659 pages of DigitalOcean into one document",
        needs: &["digitalocean"],
        compiles: false,
        contest: |place| alone(merge(place, &place.pages("digitalocean")?)),
    },
    Row {
        name: "source",
        what: "659 pages of DigitalOcean into formatted source",
        needs: &["digitalocean"],
        compiles: false,
        contest: |place| source(place, &place.pages("digitalocean")?, "digitalocean"),
    },
    Row {
        name: "lower",
        what: "GitHub's document from OpenAPI 3.1 to 3.0",
        needs: &["github-3.1"],
        compiles: false,
        contest: |place| {
            let document = place.document("github-3.1")?;
            let (out, of_peer) = (place.scratch("out.json"), place.scratch("out-of-peer.json"));
            let name = "openapi-down-convert";
            let apiture = peer(name, name, &["-i", &document, "-o", &of_peer], place.root);
            let ours = pagebind(place.root, &["lower", &document, "--out", &out]);
            Ok(Contest { ours, peers: vec![apiture] })
        },
    },
    Row {
        name: "diff",
        what: "two versions of GitHub's document compared, every finding as JSON",
        needs: &["github-before", "github"],
        compiles: false,
        contest: |place| {
            let (before, now) = (place.document("github-before")?, place.document("github")?);
            let json = ["--format", "json"];
            let ours = [&["diff", &before, &now][..], &json, &["--fail-on", "never"]].concat();
            let oasdiff = [&["changelog", &before, &now][..], &json].concat();
            let peers = vec![peer("oasdiff", "oasdiff", &oasdiff, place.root)];
            Ok(Contest { ours: pagebind(place.root, &ours), peers })
        },
    },
    Row {
        name: "unchanged",
        what: "`generate --check` of this repository, nothing to do",
        needs: &[],
        compiles: false,
        contest: |place| alone(pagebind(place.root, &["generate", "--check"])),
    },
    Row {
        name: "unchanged-659",
        what: "`generate --check` of DigitalOcean's 659 pages, nothing to do",
        needs: &["digitalocean"],
        compiles: false,
        contest: |place| {
            let folder = place.inputs.scratch("unchanged");
            // Something was built there: what was in step is kept where cargo keeps what it built.
            fs::create_dir_all(folder.join("target"))?;
            fs::write(folder.join("Cargo.toml"), "[workspace]\nresolver = \"3\"\n")?;
            let pages = text(&place.pages("digitalocean")?);
            let run = |arguments: &[&str]| Process {
                folder: folder.clone(),
                ..pagebind(place.root, arguments)
            };
            run(&["add", "digitalocean", &pages]).run()?;
            alone(run(&["generate", "--check"]).ending_with(&[0]))
        },
    },
    Row {
        name: "merge-github",
        what: "GitHub's 1,223 operations, a page each, into one document",
        needs: &["github"],
        compiles: false,
        contest: |place| {
            let pages = place.pages("github")?;
            Ok(Contest { ours: merge(place, &pages), peers: vec![redocly(place, &pages)?] })
        },
    },
    Row {
        name: "source-github",
        what: "GitHub's 1,223 pages into formatted source",
        needs: &["github"],
        compiles: false,
        contest: |place| source(place, &place.pages("github")?, "github"),
    },
    Row {
        name: "source-github-document",
        what: "GitHub's document as it is, with its webhooks, into formatted source",
        needs: &["github"],
        compiles: false,
        contest: |place| {
            let folder = place.inputs.scratch("github-document");
            fs::create_dir(&folder)?;
            fs::copy(place.document("github")?, folder.join("github.json"))?;
            source(place, &folder, "github-document")
        },
    },
    Row {
        name: "merge-6590",
        what: "those of DigitalOcean ten times under other paths",
        needs: &["digitalocean"],
        compiles: false,
        contest: |place| {
            let pages = place.inputs.as_many(&place.pages("digitalocean")?, 6_590)?;
            alone(merge(place, &pages))
        },
    },
];

impl Place<'_> {
    /// The pages of an input.
    pub(super) fn pages(&self, name: &str) -> Result<std::path::PathBuf> {
        Ok(self.inputs.pages(name)?.ok_or_else(|| format!("missing: {name} in bench/inputs"))?)
    }

    fn document(&self, name: &str) -> Result<String> {
        let path = self.inputs.find(&format!("{name}.json"));
        Ok(text(&path.ok_or_else(|| format!("missing: {name}.json in bench/inputs"))?))
    }

    fn scratch(&self, name: &str) -> String {
        text(&self.inputs.scratch(name))
    }
}

/// A row that nobody else does.
fn alone(ours: Process) -> Result<Contest> {
    Ok(Contest { ours, peers: Vec::new() })
}

fn merge(place: &Place<'_>, pages: &Path) -> Process {
    pagebind(place.root, &["merge", "--pages", &text(pages), "--out", &place.scratch("out.json")])
}

fn redocly(place: &Place<'_>, pages: &Path) -> Result<Peer> {
    let mut arguments = vec!["join".to_owned(), "--output".to_owned()];
    arguments.push(place.scratch("out-of-peer.json"));
    for page in fs::read_dir(pages)? {
        arguments.push(text(&page?.path()));
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    Ok(peer("redocly", "redocly", &arguments, place.root))
}

fn source(place: &Place<'_>, pages: &Path, name: &str) -> Result<Contest> {
    let written = place.inputs.scratch(&format!("{name}-source"));
    let arguments = ["generate", "--pages", &text(pages), "--out", &text(&written)];
    let ours = pagebind(place.root, &arguments).after_removing(vec![written]);
    Ok(Contest { ours, peers: vec![openapi_to_rust(place, pages, name)?] })
}

/// openapi-to-rust on one document of the same operations; it takes no pages.
pub(super) fn openapi_to_rust(place: &Place<'_>, pages: &Path, name: &str) -> Result<Peer> {
    let work = place.inputs.scratch(&format!("{name}-openapi-to-rust"));
    if on_path("openapi-to-rust").is_some() {
        fs::create_dir(&work)?;
        build(place.root)?;
        let document = text(&work.join("openapi.json"));
        pagebind(place.root, &["merge", "--pages", &text(pages), "--out", &document]).run()?;
        fs::write(
            work.join("openapi-to-rust.toml"),
            "[generator]\nspec_path = \"openapi.json\"\noutput_dir = \"generated\"\nmodule_name = \"api\"\n\n[features]\nenable_async_client = true\n",
        )?;
    }
    let mut peer = peer("openapi-to-rust", "openapi-to-rust", &["generate"], &work);
    peer.process = peer.process.map(|it| it.after_removing(vec![work.join("generated")]));
    Ok(peer)
}
