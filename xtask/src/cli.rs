//! The arguments of every command.

use std::path::PathBuf;

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use pagebind_drift::report::Format;

use crate::{add, manifest::PerPage};

/// Typed Rust clients from API reference pages as they are published.
///
/// Exit status: 0 nothing to do or done, 1 findings (stale, conflict, drift), 2 usage, 3 could not tell
/// (unreachable, unreadable).
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make contract and client source of the vendored pages, all or nothing
    Generate(Generate),
    /// Merge the pages of an API into one OpenAPI document
    Merge(Merge),
    /// Apply corrections (OpenAPI Overlay 1.1) to a document
    Overlay(Overlay),
    /// Lower an OpenAPI 3.1 document to 3.0
    Lower(Lower),
    /// Compare the vendored pages with what is published
    Drift(Drift),
    /// Compare two documents, or two folders of pages
    Diff(Diff),
    /// Accept what is published: vendor it, regenerate, and propose the changelog entry
    Update(Update),
    /// Add an API from the pages that describe it: manifest, pages, corrections file, crate
    Add(Add),
    /// Show both clients at work: generate them, and call a local server that behaves as the APIs do
    Demo,
}

/// Where the APIs are described, and which of them are meant.
#[derive(Debug, Default, Args)]
pub(crate) struct Apis {
    /// The APIs, by the names of their folders; all when left out
    #[arg(value_name = "API")]
    pub(crate) names: Vec<String>,
    /// The folder of the manifests [default: openapi/ of the workspace]
    #[arg(long, value_name = "DIR")]
    pub(crate) openapi: Option<PathBuf>,
    /// A bare folder of pages, taken as one API without corrections
    #[arg(long, value_name = "DIR", conflicts_with_all = ["names", "openapi"])]
    pub(crate) pages: Option<PathBuf>,
}

#[derive(Debug, Default, Args)]
pub(crate) struct Generate {
    #[command(flatten)]
    pub(crate) apis: Apis,
    /// Write nothing, and say what is stale
    #[arg(long)]
    pub(crate) check: bool,
    /// Write `API/openapi.json` and `API/src/generated.rs` below DIR [default: crates/ of the workspace]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Merge {
    #[command(flatten)]
    pub(crate) apis: Apis,
    /// Write the document to FILE [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Overlay {
    /// The document: a page, JSON or YAML
    #[arg(value_name = "DOC")]
    pub(crate) document: PathBuf,
    /// The overlays, applied in this order
    #[arg(value_name = "OVERLAY", required = true)]
    pub(crate) overlays: Vec<PathBuf>,
    /// Write the document to FILE [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Drift {
    #[command(flatten)]
    pub(crate) apis: Apis,
    /// Read what is published from DIR, where pages bear the names of the vendored files
    #[arg(long, value_name = "DIR")]
    pub(crate) published: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) report: Report,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The document before: a page, JSON or YAML, or a folder of pages
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The document now
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// Measure what it does to the caller's source: generate both, and compare their public items
    #[arg(long)]
    pub(crate) rust: bool,
    #[command(flatten)]
    pub(crate) report: Report,
}

#[derive(Debug, Args)]
pub(crate) struct Update {
    #[command(flatten)]
    pub(crate) apis: Apis,
    /// Read what is published from DIR, where pages bear the names of the vendored files
    #[arg(long, value_name = "DIR")]
    pub(crate) published: Option<PathBuf>,
}

/// How findings are reported.
#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats())]
    pub(crate) format: Format,
    /// The severity from which on a finding fails the run
    #[arg(long, value_name = "SEVERITY", default_value = "breaking")]
    pub(crate) fail_on: FailOn,
    /// A file of accepted findings [default: `accepted.toml` beside the manifest, if it is there]
    #[arg(long, value_name = "FILE")]
    pub(crate) accepted: Option<PathBuf>,
}

/// Takes the name of one of the forms of a report.
fn formats() -> impl TypedValueParser<Value = Format> {
    let names = Format::ALL.map(|(name, _)| name);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Format>())
}

/// The severity from which on a finding fails the run.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum FailOn {
    /// What breaks today's client
    Breaking,
    /// What may
    Warning,
    /// Any finding
    Info,
    /// None
    Never,
}

#[derive(Debug, Args)]
pub(crate) struct Lower {
    /// The document: a page, JSON or YAML
    #[arg(value_name = "DOC")]
    pub(crate) document: PathBuf,
    /// Write the document to FILE [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The name of the API and of its crate: lowercase words with hyphens
    #[arg(value_name = "NAME", value_parser = add::name::parse)]
    pub(crate) name: String,
    /// Where its pages are published
    #[arg(value_name = "URL", required = true)]
    pub(crate) urls: Vec<String>,
    /// Take the pages from DIR instead; there they bear the names that end their URLs
    #[arg(long, value_name = "DIR")]
    pub(crate) published: Option<PathBuf>,
    /// Let pages differ in these, each for its own operations
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    pub(crate) per_page: Vec<PerPage>,
}
