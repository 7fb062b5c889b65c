//! `merge`: the document that the pages of an API are together, with no corrections but those given.

use std::{io::Write, path::PathBuf};

use clap::Args;
use pagebind::diagnostic::Diagnostics;

use super::{document, generate, overlay::Overlays};
use crate::{
    environment::Environment,
    project::{
        manifest::Kind,
        sources::{self, Apis},
    },
    status::Status,
    terminal::console::Console,
};

/// The arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    apis: Apis,
    #[command(flatten)]
    overlays: Overlays,
    /// Write the document to FILE [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(
    environment: &Environment,
    arguments: &Arguments,
    out: &mut dyn Write,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let mut apis = sources::read(environment, &arguments.apis)?;
    apis.retain(|api| api.kind == Kind::Openapi);
    let [api] = apis.as_slice() else {
        let names: Vec<&str> = apis.iter().map(|api| api.name.as_str()).collect();
        console.fail(
            "Failure",
            format!(
                "name the one API to merge; those with OpenAPI pages are: {}",
                names.join(", ")
            ),
        );
        return Ok(Status::Usage);
    };
    let merged = generate::merge(api, console)?.document;
    let document = arguments.overlays.apply(merged, console)?;
    document::deliver(&document, arguments.out.as_ref(), out, console)
}
