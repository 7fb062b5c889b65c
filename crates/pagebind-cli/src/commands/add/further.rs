//! Further pages of an API that is there: vendored, entered in its manifest, and in its client.

use pagebind::diagnostic::{Diagnostic, Diagnostics, Place};

use super::{Arguments, beside, generate, lock, pages};
use crate::{
    environment::Environment,
    project::{
        files::{self, Output},
        manifest::{self, Kind},
        sources::{self, Apis},
    },
    publisher::fetch::Policy,
    status::Status,
    terminal::console::{Console, count},
};

/// Adds the pages to the API.
pub(super) fn run(
    environment: &Environment,
    arguments: &Arguments,
    policy: &Policy,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let apis = Apis { names: vec![arguments.name.clone()], ..Apis::default() };
    let mut apis = sources::read(environment, &apis)?;
    let Some(mut api) = apis.pop() else { return Ok(Status::Done) };
    let path = api.folder.join(manifest::FILE_NAME);
    if api.kind == Kind::HelpPage {
        return Err(Diagnostic::usage("the client of this API is written by hand")
            .place(Place::new(files::show(&path)))
            .help("vendor a help page by hand: its file, and a [[pages]] entry for it")
            .into());
    }
    if !arguments.per_page.is_empty() {
        return Err(Diagnostic::usage("what may differ from page to page is in the manifest")
            .place(Place::new(files::show(&path)))
            .help("add to `per-page` there, and run the command without --per-page")
            .into());
    }
    let mut text = files::read_text(&path)?;
    let mut outputs = Vec::new();
    let mut problems = Vec::new();
    let further = pages::get(arguments, &api.folder, &api.sources, policy, console)?;
    let number = further.len();
    api.ahead.texts = beside::of(&further)?;
    for pages::Vendored { output, source, .. } in further {
        if output.before.is_some() {
            problems.push(
                Diagnostic::usage("the page is there already")
                    .place(Place::new(files::show(&output.path)))
                    .help(format!(
                        "`{} update {}` takes over what has changed on it",
                        environment.command, api.name
                    )),
            );
        }
        let file = output.path.strip_prefix(&api.folder).unwrap_or(&output.path);
        let file = file.display().to_string().replace('\\', "/");
        text += &manifest::entry(&file, &source.request, &source.published.sha256);
        outputs.push(output);
        api.sources.push(source);
    }
    for output in api.files_ahead()? {
        if output.before.is_some() && !output.is_fresh() {
            problems.push(
                Diagnostic::usage(
                    "a file that a page refers to is there already, and says something else",
                )
                .place(Place::new(files::show(&output.path)))
                .help("replace it if it is out of date, or add the page as another API"),
            );
        }
        outputs.push(output);
    }
    Diagnostics::check(problems)?;
    outputs.push(Output::new(path, text)?);
    let made = generate::one(environment, &api, &environment.target(&api.name), console)?;
    outputs.extend(made.outputs);
    files::write(&environment.root, &outputs)?;
    generate::outputs::tell_written(&outputs, console);
    lock::update(environment, console);
    let pages = count(number, "page");
    let suggest = format!("`{} suggest {}`", environment.command, api.name);
    console
        .step("Finished", format!("{pages} added; {suggest} shows what to correct in what is new"));
    Ok(Status::Done)
}
