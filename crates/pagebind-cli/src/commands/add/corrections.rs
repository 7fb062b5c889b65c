//! The corrections that a new API begins with: all that its pages call for, certain or likely, but for those
//! that no client comes of.
//!
//! Suggestions are made of what stands on the pages, and one in thousands may not go together with the
//! others. It alone is left out, and stands as a comment where the others are written, with the reason.

use pagebind::{diagnostic::Diagnostics, overlay::Overlay};
use pagebind_codegen::Setup;

use crate::{
    commands::{
        generate::{self, Made},
        suggest::{self, Suggested},
    },
    environment::Environment,
    project::{contract, files, sources::Api, target::Target},
    template::Names,
    terminal::console::Console,
};

/// Makes the client of a new API. Gives the corrections, if any are called for.
pub(super) fn make(
    environment: &Environment,
    api: &mut Api,
    target: &Target,
    console: &mut Console<'_>,
) -> Result<(Made, Option<String>), Diagnostics> {
    let suggested = suggest::vendored(environment, api, None)?;
    with(environment, api, target, suggested, console)
}

/// Makes it with as many of the suggested corrections as go together.
fn with(
    environment: &Environment,
    api: &mut Api,
    target: &Target,
    mut suggested: Suggested,
    console: &mut Console<'_>,
) -> Result<(Made, Option<String>), Diagnostics> {
    let called_for = suggested.sound().count() > 0;
    let mut attempt = Attempt {
        head: Names::new(environment, api, Setup::default()).overlay_head(),
        name: files::show(&api.folder.join(super::OVERLAY)),
        environment,
        api,
        target,
    };
    loop {
        let all = suggested.sound().count();
        let failed = match attempt.with(&suggested, all, console) {
            Ok((made, told)) => {
                console.verbatim(&told);
                suggest::tell_written(environment, &suggested, console);
                let overlay = called_for.then(|| suggested.overlay(&attempt.head, all));
                return Ok((made, overlay));
            }
            Err(failed) => failed,
        };
        if !attempt.leave_out_misfits(&mut suggested)? {
            attempt.leave_out_first(&mut suggested, all, failed, console)?;
        }
    }
}

/// What is tried again with fewer corrections.
struct Attempt<'a> {
    environment: &'a Environment,
    api: &'a mut Api,
    target: &'a Target,
    /// What stands above the corrections.
    head: String,
    /// The file that they go into.
    name: String,
}

impl Attempt<'_> {
    /// Makes the client with the first so many corrections, and gives what there is to tell of it.
    fn with(
        &mut self,
        suggested: &Suggested,
        number: usize,
        console: &mut Console<'_>,
    ) -> Result<(Made, String), Diagnostics> {
        self.api.overlays.clear();
        if number > 0 {
            let text = suggested.overlay(&self.head, number);
            self.api.overlays.push(Overlay::parse(&self.name, &text)?);
        }
        let (made, told) = console.attempt("Generating", &self.api.name, |console| {
            generate::one(self.environment, self.api, self.target, console)
        });
        made.map(|made| (made, told))
    }

    /// Leaves out every correction that does not fit what those before it made of the pages; whether there
    /// was any.
    fn leave_out_misfits(&self, suggested: &mut Suggested) -> Result<bool, Diagnostics> {
        if self.api.overlays.is_empty() {
            return Ok(false);
        }
        let merged = generate::merge_quietly(self.api)?;
        let (_, _, misfits) = contract::attempt(self.environment, self.api, merged.document)?;
        let mut written: Vec<_> = suggested.sound().collect();
        for misfit in &misfits {
            let message = &misfit.problem.message;
            let number = format!("correction {} ", misfit.index + 1);
            let why = message.strip_prefix(&number).unwrap_or(message).to_owned();
            if let Some(one) = written.get_mut(misfit.index) {
                one.fails = Some(why);
            }
        }
        Ok(!misfits.is_empty())
    }

    /// Leaves out the first correction that no client comes of together with those before it.
    ///
    /// # Errors
    /// What is wrong with the pages, if no client comes of them without corrections.
    fn leave_out_first(
        &mut self,
        suggested: &mut Suggested,
        all: usize,
        failed: Diagnostics,
        console: &mut Console<'_>,
    ) -> Result<(), Diagnostics> {
        if all == 0 {
            return Err(failed);
        }
        self.with(suggested, 0, console)?;
        // Of the first `few` a client comes, and of the first `many` none.
        let (mut few, mut many, mut why) = (0, all, failed);
        while many - few > 1 {
            let middle = few + (many - few) / 2;
            match self.with(suggested, middle, console) {
                Ok(_) => few = middle,
                Err(problems) => (many, why) = (middle, problems),
            }
        }
        let why = why.iter().next().map_or("fails", |problem| problem.message.as_str());
        if let Some(one) = suggested.sound().nth(many - 1) {
            one.fails = Some(format!("ends in: {why}"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use pagebind::suggest::{Action, Change};
    use serde_json::json;

    use super::*;
    use crate::{commands::suggest::Placed, project::sources, terminal::console::Verbosity};

    const DOCUMENT: &str = r##"{
      "openapi": "3.1.0", "info": { "title": "Cards", "version": "1" },
      "paths": { "/cards": { "get": { "operationId": "getCard", "responses": { "200": {
        "description": "OK",
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Card" } } }
      } } } } },
      "components": { "schemas": { "Card": {
        "type": "object", "properties": { "id": { "type": "number" }, "card_id": { "type": "number" } }
      } } }
    }"##;

    /// A correction of what a card says, which no rule would suggest.
    fn correction(like: &Placed, expect: serde_json::Value, update: serde_json::Value) -> Placed {
        let mut suggestion = like.suggestion.clone();
        suggestion.action = Some(Action {
            target: "$.components.schemas.Card.properties".to_owned(),
            matches: 1,
            expect,
            change: Change::Update(update),
        });
        Placed { suggestion, places: Vec::new(), fails: None }
    }

    #[test]
    fn only_corrections_that_no_client_comes_of_are_comments_and_say_why() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("cards.json"), DOCUMENT).unwrap();
        let environment = Environment::at(folder.path(), "cargo pagebind").unwrap();
        let mut api = sources::bare(folder.path(), false, &[]).unwrap();
        let mut suggested = suggest::vendored(&environment, &api, None).unwrap();
        let sound = suggested.sound().count();
        assert!(sound > 0);
        let misfit = correction(&suggested.placed[0], json!({ "pin": 1 }), json!({ "pin": 2 }));
        let broken = correction(&suggested.placed[0], json!({}), json!({ "pan": 3 }));
        suggested.placed.insert(0, misfit);
        suggested.placed.insert(1, broken);

        let target = Target::Crate(folder.path().join("cards"));
        let mut told = Vec::new();
        let mut console = Console::new(&mut told, Verbosity::default());
        let (_, overlay) = with(&environment, &mut api, &target, suggested, &mut console).unwrap();
        let overlay = overlay.unwrap();
        assert_eq!(overlay.matches("\n  - target:").count(), sound, "{overlay}");
        assert_eq!(overlay.matches("\n  # - target:").count(), 2, "{overlay}");
        assert_eq!(overlay.matches(", left out: it ").count(), 2, "{overlay}");
        let told = String::from_utf8(told).unwrap();
        assert!(told.contains("no client comes of 2 suggestions"), "{told}");
        assert!(told.contains("it ends in: "), "{told}");
    }

    #[test]
    fn pages_of_which_no_client_comes_are_told_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let broken = DOCUMENT.replace(r#""id": { "type": "number" }"#, r#""pan": 3"#);
        fs::write(folder.path().join("cards.json"), broken).unwrap();
        let environment = Environment::at(folder.path(), "cargo pagebind").unwrap();
        let mut api = sources::bare(folder.path(), false, &[]).unwrap();
        let target = Target::Crate(folder.path().join("cards"));
        let mut told = Vec::new();
        let mut console = Console::new(&mut told, Verbosity::default());
        let problems = make(&environment, &mut api, &target, &mut console).err().unwrap();
        let said = problems.to_string();
        assert!(said.contains("/properties/pan") && !said.contains("correction"), "{said}");
        assert!(told.is_empty());
    }
}
