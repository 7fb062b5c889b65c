//! `add`: a new API from its pages, with a client that compiles; or further pages of one that is there.
//!
//! The pages are fetched, or read from files, then go the same way as those of any API. What
//! `generate` does not write is [made from templates](crate::template). Either all of it is there in the
//! end, or none.

mod beside;
mod client;
mod corrections;
mod further;
mod lock;
mod name;
mod pages;

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Args;
use pagebind::diagnostic::Diagnostics;
use pagebind_codegen::{Builders, Setup, TypeSettings};

use self::pages::Vendored;
use super::{generate, init};
use crate::{
    environment::Environment,
    project::{
        cargo_manifest::CargoManifest,
        files::{self, Output},
        manifest::{self, Kind, PerPage},
        set::Ahead,
        sources::Api,
        target::Target,
    },
    publisher::fetch::Policy,
    status::Status,
    template::Names,
    terminal::console::Console,
};

/// The file of corrections, beside the manifest.
const OVERLAY: &str = "overlay.yaml";

/// The arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The name of the API and of its crate: lowercase words with hyphens. One that is there gets further
    /// pages
    #[arg(value_name = "NAME", value_parser = name::parse)]
    name: String,
    /// Its pages: URLs where they are published, files, or folders of files
    #[arg(value_name = "SOURCE", required = true)]
    sources: Vec<String>,
    /// Read what URLs name from DIR, where they bear the names that end their URLs
    #[arg(long, value_name = "DIR")]
    published: Option<PathBuf>,
    /// Let pages differ in these, each for its own operations
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    per_page: Vec<PerPage>,
    /// Leave out what can't be generated, and say what that is
    #[arg(long)]
    keep_going: bool,
}

impl Arguments {
    /// Whether any page is to be got from where it is published.
    pub(super) fn asks_publishers(&self) -> bool {
        self.published.is_none() && self.sources.iter().any(|source| pages::is_url(source))
    }
}

/// Runs the command.
pub(super) fn run(
    environment: &Environment,
    arguments: &Arguments,
    policy: &Policy,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let root = &environment.root;
    let openapi = environment.openapi.join(&arguments.name);
    if openapi.join(manifest::FILE_NAME).is_file() {
        return further::run(environment, arguments, policy, console);
    }
    let manifest = CargoManifest::read(root)?;
    let target = environment.target(&arguments.name);
    if let Some(taken) = taken(environment, &arguments.name, &openapi, &target, manifest.as_ref()) {
        console.fail("Failure", format!("the name `{}` is taken: {taken}", arguments.name));
        return Ok(Status::Usage);
    }
    let vendored = pages::get(arguments, &openapi, &[], policy, console)?;
    let mut api = Api {
        name: arguments.name.clone(),
        folder: openapi.clone(),
        kind: Kind::Openapi,
        index: None,
        sources: Vec::new(),
        merge: manifest::merge_options(&arguments.per_page, arguments.name.clone()),
        references: openapi.clone(),
        ahead: Ahead { texts: beside::of(&vendored)?, ..Ahead::default() },
        passed_over: Vec::new(),
        overlays: Vec::new(),
        client_headers: Vec::new(),
        builder_by_hand: false,
        pagination: Vec::new(),
        // A module of somebody's package has no feature to stand behind.
        mock: matches!(target, Target::Crate(_)),
        builders: Builders::Sent,
        features: false,
        keep_going: arguments.keep_going,
        types: TypeSettings::default(),
    };
    let mut outputs = Vec::new();
    for Vendored { output, source, .. } in vendored {
        outputs.push(output);
        api.sources.push(source);
    }
    outputs.extend(api.files_ahead()?);
    let (made, overlay) = corrections::make(environment, &mut api, &target, console)?;
    let names = Names::new(environment, &api, made.setup.clone());
    let next = client::outputs(environment, &names, &target, manifest, &mut outputs)?;
    understood(&made.setup, console);
    let manifest = openapi.join(manifest::FILE_NAME);
    let large = large(made.lines, made.tags, &target, &files::show(&manifest));
    outputs.extend(made.outputs);
    let text = names.api_toml(&api, &arguments.per_page);
    outputs.push(Output::new(manifest, text)?);
    outputs.extend(init::attributes(environment)?);
    let overlay = overlay.unwrap_or_else(|| names.overlay());
    outputs.push(Output::new(openapi.join(OVERLAY), overlay)?);
    if let Err(problem) = files::write(root, &outputs) {
        [&openapi, target.folder()].into_iter().for_each(remove_empty);
        return Err(problem.into());
    }
    generate::outputs::tell_written(&outputs, console);
    lock::update(environment, console);
    if let Some(large) = large {
        console.step("Large", large);
    }
    console.step("Finished", format!("next: {next}"));
    Ok(Status::Done)
}

/// What has the name already.
fn taken(
    environment: &Environment,
    name: &str,
    openapi: &Path,
    target: &Target,
    manifest: Option<&CargoManifest>,
) -> Option<String> {
    let places = match target {
        Target::Crate(folder) => vec![folder.clone()],
        Target::Module(_) => {
            let file = environment.root.join(client::module_path(name));
            vec![file.with_extension("").join("mod.rs"), file]
        }
    };
    let mut places = std::iter::once(openapi).chain(places.iter().map(PathBuf::as_path));
    if let Some(there) = places.find(|path| path.exists()) {
        return Some(format!("{} is there", files::show(there)));
    }
    // A generated crate depends on some of them, and can't bear the name of one.
    let manifest = manifest.filter(|manifest| manifest.hands_on_dependency(name))?;
    Some(format!("{} depends on a crate of that name", files::show(manifest.path())))
}

/// From how many lines of source on a client is large: `cargo check` of so many takes from five to ten seconds.
const LARGE: usize = 200_000;

/// What makes a large client smaller for who builds it; nothing for one that is not large.
fn large(lines: usize, tags: usize, target: &Target, manifest: &str) -> Option<String> {
    if lines < LARGE {
        return None;
    }
    let only = "`only` of a page selects operations";
    // A module of somebody's package has no features of its own.
    let by_tag = tags > 1 && matches!(target, Target::Crate(_));
    let ways = if by_tag {
        format!(
            "`features = \"tags\"` at the top puts the operations of each tag behind a feature, and {only}"
        )
    } else {
        only.to_owned()
    };
    Some(format!("{lines} lines take long to compile: in {manifest}, {ways}"))
}

/// Tells what a client needs before it can call anything.
fn understood(setup: &Setup, console: &mut Console<'_>) {
    let servers = setup.server_urls();
    if servers.is_empty() {
        console.step("Servers", "none is published: whoever makes a client gives its URL");
    } else {
        console.step("Servers", servers.join(", "));
    }
    let credentials = setup.credentials();
    if credentials.is_empty() {
        console.step("Credentials", "none");
    } else {
        console.step("Credentials", credentials.join(" and "));
    }
}

/// Removes the folders that a write in vain has left; none of them was there before.
fn remove_empty(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        remove_empty(&entry.path());
    }
    // One that holds anything stays.
    let _ = fs::remove_dir(folder);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_a_large_client_smaller_is_said_of_large_ones_alone() {
        let (package, module) = (Target::Crate("a".into()), Target::Module("a.json".into()));
        let said = |lines, tags, target| large(lines, tags, target, "api.toml");
        assert_eq!(said(LARGE - 1, 9, &package), None);
        assert!(said(LARGE, 9, &package).unwrap().contains("in api.toml, `features = \"tags\"`"));
        for (tags, target) in [(1, &package), (9, &module)] {
            let said = said(LARGE, tags, target).unwrap();
            assert!(said.contains("`only` of a page"), "{said}");
        }
    }

    #[test]
    fn folders_that_a_write_in_vain_has_made_are_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("empty/pages")).unwrap();
        fs::create_dir_all(folder.path().join("full/src")).unwrap();
        fs::write(folder.path().join("full/src/lib.rs"), "").unwrap();
        remove_empty(&folder.path().join("empty"));
        remove_empty(&folder.path().join("full"));
        remove_empty(&folder.path().join("missing"));
        assert!(!folder.path().join("empty").exists());
        assert!(folder.path().join("full/src/lib.rs").exists());
    }
}
