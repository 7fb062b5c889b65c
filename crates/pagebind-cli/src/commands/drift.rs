//! `drift`: what is published now, against the vendored pages, each side merged and
//! corrected.

pub(super) mod locate;

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use pagebind::{
    diagnostic::{Diagnostic, Diagnostics},
    merge,
    overlay::Misfit,
    page::Page,
};
use pagebind_codegen::Setup;
use pagebind_drift::{
    Change, Finding, Location, Side,
    aspnet_help_page::{self, HelpPage},
    publication,
    rust_api::RustApi,
};
use serde_json::Value;

use self::locate::Compared;
use crate::{
    environment::Environment,
    project::{
        contract, files,
        manifest::{self, Kind},
        page_corrections,
        sources::{self, Api, Apis, Source},
    },
    publisher::published::{self, Publication, Published},
    status::Status,
    terminal::{
        console::{Console, Stream},
        report::{self, Drift, ReportArguments},
    },
};

/// The arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    apis: Apis,
    /// Read what is published from DIR, where pages bear the names of the vendored files
    #[arg(long, value_name = "DIR")]
    pub(super) published: Option<PathBuf>,
    #[command(flatten)]
    report: ReportArguments,
}

/// Runs the command.
pub(super) fn run(
    environment: &Environment,
    arguments: &Arguments,
    out: &mut dyn Stream,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let apis = sources::read(environment, &arguments.apis)?;
    let publications = published::get(&apis, arguments.published.as_deref(), console)?;
    let mut drifts = Vec::new();
    for (api, publication) in apis.iter().zip(&publications) {
        drifts.push(of(environment, api, publication, console)?);
    }
    let named: Vec<(&Api, Drift)> = apis.iter().zip(drifts).collect();
    report::drift(environment, named, &arguments.report, out, console)
}

/// Compares what was vendored of an API with what is published.
///
/// # Errors
/// Vendored pages that don't make a contract; what is wrong with published ones is a finding.
pub(super) fn of(
    environment: &Environment,
    api: &Api,
    publication: &Publication,
    console: &mut Console<'_>,
) -> Result<Drift, Diagnostics> {
    console.during("Comparing", &api.name, |_| compare(environment, api, publication))
}

fn compare(
    environment: &Environment,
    api: &Api,
    publication: &Publication,
) -> Result<Drift, Diagnostics> {
    let mut drift = Drift::default();
    let mut pairs = Vec::new();
    for (source, published) in api.sources.iter().zip(&publication.pages) {
        let told = drift.findings.len();
        match published {
            Published::Text { name, text, .. } => match api.kind {
                Kind::HelpPage => drift.help_page(source, name, text)?,
                Kind::Openapi => pairs.extend(drift.page(source, name, text)?),
            },
            Published::Gone(status) => {
                let url = &source.published.url;
                drift.findings.push(publication::page_vanished(&source.name, url, *status));
            }
            Published::Moved(to) => {
                let url = &source.published.url;
                drift.findings.push(publication::page_moved(&source.name, url, to));
                pairs.extend(Pair::unchanged(source));
            }
            Published::Unknown(problem) => {
                let finding = publication::page_unreachable(&source.published.url, problem);
                // Of pages that nobody says the places of, one tells it for all.
                let message = &finding.change.message;
                if drift.findings.iter().all(|other| other.change.message != *message) {
                    drift.findings.push(finding);
                }
                pairs.extend(Pair::unchanged(source));
            }
        }
        drift.stand_at(told, &source.name);
    }
    drift.index(api, publication.index.as_ref());
    if api.kind == Kind::Openapi && !pairs.is_empty() {
        drift.contracts(environment, api, publication.folder.as_deref(), &pairs)?;
    }
    drift.stand_at(0, &files::show(&api.folder.join(manifest::FILE_NAME)));
    Ok(drift)
}

/// A page as it was vendored, and as it is published.
struct Pair {
    vendored: Page,
    published: Page,
}

impl Pair {
    /// A page of which nobody can tell what it says now. It is taken as it was, so that nothing is
    /// said of what stands on it, and the others are compared.
    fn unchanged(source: &Source) -> Vec<Self> {
        let unchanged = |page: &Page| Self { published: page.clone(), vendored: page.clone() };
        source.pages.iter().map(unchanged).collect()
    }
}

impl Drift {
    /// Reads a published page, and compares the words on it.
    ///
    /// # Errors
    /// A selection that fits neither.
    fn page(&mut self, source: &Source, name: &str, text: &str) -> Result<Vec<Pair>, Diagnostic> {
        let fits_neither =
            |problem: &Diagnostic| source.unfit.iter().any(|it| it.message == problem.message);
        let mut published = match sources::extract(name, text, &source.selection) {
            Ok((_, Some(problem))) | Err(problem) if fits_neither(&problem) => return Err(problem),
            Ok((pages, _)) => pages,
            Err(problem) => {
                self.findings.push(publication::page_unreadable(name, &problem));
                return Ok(Pair::unchanged(source));
            }
        };
        let (old, new) = (prose(&source.pages), prose(&published));
        if old != new {
            self.findings.push(publication::page_prose_changed(name, &old, &new));
        }
        self.misfits(page_corrections::apply(&mut published, &source.overlays));
        let mut pairs = Vec::new();
        for (index, mut published) in published.into_iter().enumerate() {
            // One that is new on its page is compared with the last that was there.
            let vendored = source.pages.get(index).or(source.pages.last()).cloned();
            pairs.extend(vendored.map(|vendored| {
                // What is published lies where its copy does.
                published.path.clone_from(&vendored.path);
                Pair { vendored, published }
            }));
        }
        Ok(pairs)
    }

    /// Compares the two sides of a help page.
    fn help_page(&mut self, source: &Source, name: &str, text: &str) -> Result<(), Diagnostic> {
        let old = HelpPage::parse(&source.name, &source.text)?;
        match HelpPage::parse(name, text) {
            Ok(new) => self.findings.extend(aspnet_help_page::compare(&old, &new)),
            Err(problem) => self.findings.push(publication::page_unreadable(name, &problem)),
        }
        Ok(())
    }

    /// What the publisher lists beside the vendored pages.
    fn index(&mut self, api: &Api, published: Option<&Published>) {
        let (Some(index), Some(published)) = (&api.index, published) else { return };
        let vendored: Vec<&str> =
            api.sources.iter().map(|source| source.published.url.as_str()).collect();
        let new = match published {
            Published::Text { text, .. } => index.new_pages(text, &vendored),
            Published::Unknown(problem) => Err(problem.clone()),
            Published::Gone(_) | Published::Moved(_) => Err(index.is_gone()),
        };
        match new {
            Ok(new) => {
                self.index_read = true;
                self.findings
                    .extend(new.iter().map(|page| publication::new_page(&page.title, &page.url)));
            }
            Err(problem) => {
                self.findings.push(publication::page_unreachable(&index.url, &problem));
            }
        }
    }

    /// Compares the contract of the vendored pages with that of the published ones, which lie in `folder` unless
    /// they came from their publishers.
    fn contracts(
        &mut self,
        environment: &Environment,
        api: &Api,
        folder: Option<&Path>,
        pairs: &[Pair],
    ) -> Result<(), Diagnostics> {
        let owned = |pages: Vec<Cow<'_, Page>>| -> Vec<Page> {
            pages.into_iter().map(Cow::into_owned).collect()
        };
        // A correction of a page may be stated for what is published already, and the copies contradict each
        // other without the one before.
        let vendored = owned(api.copies()?);
        let old = match merge::merge(&vendored, &api.merge) {
            Err(_) if !api.fits() => return self.page_by_page(environment, api, pairs),
            old => old?,
        };
        let published = pairs.iter().map(|pair| Cow::Borrowed(&pair.published));
        let published = api.bundle_published(folder, published);
        let merged = published
            .map(owned)
            .and_then(|published| Ok((merge::merge(&published, &api.merge)?, published)));
        let (new, published) = match merged {
            Ok(new) => new,
            Err(conflicts) => {
                self.findings.extend(conflicts.iter().map(publication::pages_conflict));
                return self.page_by_page(environment, api, pairs);
            }
        };
        // A correction may be stated for what is published already: then it fits the copies no longer.
        let (old_contract, ..) = contract::attempt(environment, api, old.document.clone())?;
        let (new_contract, _, misfits) = contract::attempt(environment, api, new.document.clone())?;
        self.misfits(misfits);
        let copies: Vec<Page> = pairs.iter().map(|pair| pair.vendored.clone()).collect();
        let mut findings = pagebind_drift::compare(&old_contract, &new_contract);
        locate::locate(
            &mut findings,
            &Compared {
                document: &old_contract,
                merged: Some(&old),
                pages: &vendored,
                copies: &vendored,
            },
            &Compared {
                document: &new_contract,
                merged: Some(&new),
                pages: &published,
                copies: &copies,
            },
        );
        let measured = measure(&old_contract, &new_contract, &root(environment, api));
        self.findings.extend(findings);
        self.rust_api = measured.map(|measured| measured.tell(&mut self.findings));
        Ok(())
    }

    /// Compares each page with its vendored self, where the published ones make no contract
    /// together: what changed is told all the same.
    fn page_by_page(
        &mut self,
        environment: &Environment,
        api: &Api,
        pairs: &[Pair],
    ) -> Result<(), Diagnostics> {
        let mut known: HashMap<(String, String, String), Arc<Change>> = HashMap::new();
        let mut all_items = RustApi::default();
        for Pair { vendored, published } in pairs {
            let (old, _, unfit) = contract::attempt(environment, api, vendored.document.clone())?;
            let (new, _, misfits) =
                contract::attempt(environment, api, published.document.clone())?;
            // Of a page alone, the corrections of the others don't fit, before and after.
            let fitted = |misfit: &Misfit| unfit.iter().all(|other| other.target != misfit.target);
            self.misfits(misfits.into_iter().filter(fitted).collect());
            let mut findings = pagebind_drift::compare(&old, &new);
            let page = std::slice::from_ref;
            let copies = page(vendored);
            locate::locate(
                &mut findings,
                &Compared { document: &old, merged: None, pages: copies, copies },
                &Compared { document: &new, merged: None, pages: page(published), copies },
            );
            if let Some(measured) = measure(&old, &new, &root(environment, api)) {
                all_items.extend(measured.tell(&mut findings));
            }
            for mut finding in findings {
                let change = &finding.change;
                let key = (change.fingerprint(), change.pointer.clone(), change.message.clone());
                match known.entry(key) {
                    // What several pages say of the whole API, or of a component, is one change.
                    Entry::Occupied(_) if finding.operation.is_none() => continue,
                    Entry::Occupied(first) => finding.change = Arc::clone(first.get()),
                    Entry::Vacant(free) => {
                        free.insert(Arc::clone(change));
                    }
                }
                self.findings.push(finding);
            }
        }
        self.rust_api = Some(all_items);
        Ok(())
    }

    fn misfits(&mut self, misfits: Vec<Misfit>) {
        for misfit in misfits {
            let (description, target) = (&misfit.description, &misfit.target);
            let place = misfit.problem.places.first().cloned();
            let mut finding = if misfit.mended {
                publication::correction_unnecessary(description, target)
            } else {
                publication::correction_impossible(description, target, misfit.problem.message)
            };
            finding.vendored =
                place.map(|place| Location { name: place.source.into(), position: place.position });
            self.findings.push(finding);
        }
    }

    /// Lets the findings from `first` on stand in `file`, if they stand nowhere yet.
    fn stand_at(&mut self, first: usize, file: &str) {
        for finding in &mut self.findings[first..] {
            finding.vendored.get_or_insert_with(|| Location { name: file.into(), position: None });
        }
    }
}

/// The words on all of the pages in a file.
fn prose(pages: &[Page]) -> String {
    pages.iter().map(Page::prose).collect::<Vec<_>>().join(" ")
}

/// The source of the root of an API's crate; nothing where there is no crate yet.
fn root(environment: &Environment, api: &Api) -> String {
    let root = environment.crates.join(&api.name).join("src/lib.rs");
    std::fs::read_to_string(root).unwrap_or_default()
}

/// What the difference does to the public items of the client that a crate with this `root` gives to
/// callers; nothing if the generator can't take one of the contracts.
pub(super) fn measure(old: &Value, new: &Value, root: &str) -> Option<Measured> {
    if old == new {
        return Some(Measured::default());
    }
    let generate = |contract: &Value| {
        let generated = pagebind_codegen::generate(contract).ok()?;
        let items = pagebind_codegen::reexported_items(&generated.source, root).ok()?;
        Some((items, generated.setup))
    };
    let ((old_items, old), (new_items, new)) = (generate(old)?, generate(new)?);
    Some(Measured { rust_api: RustApi::compare(&old_items, &new_items), old, new })
}

/// What is known of a client once it is generated before and after.
#[derive(Default)]
pub(super) struct Measured {
    rust_api: RustApi,
    old: Setup,
    new: Setup,
}

impl Measured {
    /// Tells each finding what was measured, and those on credentials the method that takes them.
    pub(super) fn tell(self, findings: &mut [Finding]) -> RustApi {
        self.rust_api.attribute(findings);
        // One change that several operations see stays one.
        let mut told: HashMap<*const Change, [Arc<Change>; 2]> = HashMap::new();
        for finding in findings.iter_mut().filter(|it| it.change.id.contains("security")) {
            let change = &finding.change;
            let setup = match change.side {
                Side::Old => &self.old,
                Side::New => &self.new,
            };
            let named = setup.methods().iter().filter(|(scheme, _)| {
                let names = [format!("`{scheme}`"), format!(" of {scheme} ")];
                names.iter().any(|name| change.message.contains(name))
            });
            let calls: Vec<String> = named.map(|(_, call)| format!("`{call}`")).collect();
            if calls.is_empty() {
                continue;
            }
            let [_, new] = told.entry(Arc::as_ptr(change)).or_insert_with(|| {
                let message = format!("{}: {} of the builder", change.message, calls.join(" and "));
                [Arc::clone(change), Arc::new(Change { message, ..Change::clone(change) })]
            });
            finding.change = Arc::clone(new);
        }
        self.rust_api
    }
}
