//! `explain`: where a thing comes from, and what became of it on its way into the client.
//!
//! A thing is a part of a contract, by its pointer or its name, or an item of the client; either leads to the
//! place in the contract, and from there to the pages, corrections, losses and degradations.

use std::{collections::BTreeSet, io::Write};

use clap::Args;
use pagebind::{
    diagnostic::{Diagnostic, Diagnostics, Place, nearest},
    overlay::Correction,
    pointer,
};
use pagebind_codegen::{Generated, public_items};
use serde_json::Value;

use super::generate;
use crate::{
    environment::Environment,
    project::{
        contract,
        manifest::Kind,
        sources::{self, Apis},
    },
    status::Status,
    terminal::console::Console,
};

/// The arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A name in a contract (of a component, operation, parameter or property), a JSON pointer into it, or an
    /// item of the client: `types::Card`, `Client::get_card`
    #[arg(value_name = "THING")]
    thing: String,
    /// The API that has it; all are looked through when left out
    #[arg(value_name = "API")]
    api: Option<String>,
}

/// How many places of one API are explained.
const MOST: usize = 5;

/// Runs the command.
pub(super) fn run(
    environment: &Environment,
    arguments: &Arguments,
    out: &mut dyn Write,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let apis = Apis { names: arguments.api.iter().cloned().collect(), ..Apis::default() };
    let mut text = String::new();
    let mut known = BTreeSet::new();
    for api in sources::read(environment, &apis)?.iter().filter(|api| api.kind == Kind::Openapi) {
        let merged = generate::merge_quietly(api)?;
        let (contract, corrections) = contract::correct(environment, api, merged.document)?;
        let generated =
            console.during("Generating", &api.name, |_| pagebind_codegen::generate(&contract))?;
        let mut names = Vec::new();
        name_all(&contract, "", &mut names);
        let explained = Explained {
            contract: &contract,
            corrections: &corrections,
            generated: &generated,
            names: &names,
        };
        let places = explained.places(&arguments.thing);
        for place in places.iter().take(MOST) {
            text += &format!("{}: {place}\n", api.name);
            let said = merged.provenance.iter().filter(|(part, _)| is_within(place, part));
            let pages = said.max_by_key(|(part, _)| part.len()).map(|(_, pages)| pages);
            for page in pages.into_iter().flatten() {
                text += &format!("  said by     {page}\n");
            }
            text += &explained.place(place);
        }
        if let Some(more) = places.len().checked_sub(MOST).filter(|more| *more > 0) {
            text += &format!("{}: and {more} more places; name one by its pointer\n", api.name);
        }
        known.extend(names.into_iter().map(|(name, _)| name));
        known.extend(generated.origins.into_keys());
    }
    if text.is_empty() {
        let near = nearest(last(&arguments.thing), known.iter().map(String::as_str));
        let help = near.map_or_else(
            || {
                "name a component, operation, parameter, property, pointer, or item of the client"
                    .to_owned()
            },
            |near| format!("did you mean `{near}`?"),
        );
        let thing = &arguments.thing;
        return Err(Diagnostic::usage(format!("nothing here is called `{thing}`"))
            .help(help)
            .into());
    }
    console.detail("the pointers are those of the corrected contracts");
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| {
        Diagnostic::unreadable(format!("failed to write the explanation: {error}"))
            .place(Place::new("standard output"))
    })?;
    Ok(Status::Done)
}

/// What one API has to say.
struct Explained<'a> {
    contract: &'a Value,
    corrections: &'a [Correction],
    generated: &'a Generated,
    names: &'a [(String, String)],
}

impl Explained<'_> {
    /// The places in the contract that a thing is at.
    fn places(&self, thing: &str) -> BTreeSet<String> {
        let is_pointer = thing.is_empty() || thing.starts_with('/');
        if is_pointer && self.contract.pointer(thing).is_some() {
            return BTreeSet::from([thing.to_owned()]);
        }
        let named = self.names.iter().filter(|(name, _)| name == thing);
        let mut places: BTreeSet<String> = named.map(|(_, place)| place.clone()).collect();
        places.extend(self.generated.origins.get(last(thing)).cloned());
        places
    }

    fn place(&self, place: &str) -> String {
        let mut text = String::new();
        let near = |other: &str| is_within(other, place) || is_within(place, other);
        for correction in self.corrections {
            if correction.places.iter().any(|it| near(it)) {
                let why = correction.description.lines().next().unwrap_or_default();
                text += &format!("  corrected   {why}\n              at {}\n", correction.target);
            }
        }
        for loss in self.generated.losses.iter().filter(|loss| is_within(&loss.pointer, place)) {
            text +=
                &format!("  lowered     {}: `{}` {}\n", loss.pointer, loss.keyword, loss.outcome);
        }
        let degradations = self.generated.degradations.iter();
        for one in degradations.filter(|one| is_within(&one.pointer, place)) {
            text += &format!("  shaped      {one}\n");
        }
        for item in self.items(place) {
            text += &format!("  in Rust     {item}\n");
        }
        text
    }

    /// The items of the client that a place became; those that it stands in, where it became none itself.
    fn items(&self, place: &str) -> Vec<String> {
        let origins = self.generated.origins.iter().filter(|(_, origin)| is_within(place, origin));
        let Some(longest) = origins.clone().map(|(_, origin)| origin.len()).max() else {
            return Vec::new();
        };
        let names: BTreeSet<&str> = origins
            .filter(|(_, origin)| origin.len() == longest)
            .map(|(name, _)| name.as_str())
            .collect();
        let listed = public_items(&self.generated.source).unwrap_or_default();
        let paths = listed.iter().filter(|(path, _)| !path.contains(": "));
        let paths = paths.filter(|(path, _)| {
            names.contains(last(path)) || {
                // The fields of a type, where the place is the type itself.
                let outer = path.rsplit_once("::").map_or("", |(outer, _)| outer);
                outer.starts_with("types::")
                    && !outer.contains("builder")
                    && names.contains(last(outer))
            }
        });
        let paths: Vec<_> = paths.collect();
        // Of a property, its field alone.
        let property = pointer::tokens(place).last().filter(|_| longest < place.len());
        let is_it = |path: &str| property.as_deref() == Some(last(path));
        let one = paths.iter().any(|(path, _)| is_it(path));
        let paths = paths.into_iter().filter(|(path, _)| !one || is_it(path));
        let redacted = |path: &str| {
            if self.generated.redacted.iter().any(|name| name == last(path)) {
                ", printed as `[redacted]`"
            } else {
                ""
            }
        };
        paths.map(|(path, signature)| format!("{path} = {signature}{}", redacted(path))).collect()
    }
}

/// The last segment of a path in Rust.
fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// Whether the place `inner` is `outer`, or in it.
fn is_within(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Everything in a contract that has a name, with its place.
fn name_all(value: &Value, at: &str, names: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => {
            for key in ["operationId", "name"] {
                if let Some(name) = map.get(key).and_then(Value::as_str) {
                    names.push((name.to_owned(), at.to_owned()));
                }
            }
            for (key, value) in map {
                let here = pointer::join(at, key);
                let of_names = at == "/paths" || at.ends_with("/properties");
                if of_names || (at.starts_with("/components/") && at.matches('/').count() == 2) {
                    names.push((key.clone(), here.clone()));
                }
                // Examples are data, whatever they are called.
                if !matches!(key.as_str(), "example" | "examples" | "default" | "x-pagebind")
                    || of_names
                {
                    name_all(value, &here, names);
                }
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                name_all(value, &pointer::join(at, &index.to_string()), names);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_has_a_name_is_found_at_its_place_and_examples_are_not_looked_into() {
        let contract = json!({
            "paths": { "/cards/{id}": { "get": {
                "operationId": "get_card",
                "parameters": [{ "name": "id", "in": "path" }],
                "example": { "name": "no name" },
            } } },
            "components": { "schemas": { "Card": { "properties": { "example": { "type": "string" } } } } },
        });
        let mut names = Vec::new();
        name_all(&contract, "", &mut names);
        let names: Vec<String> = names.iter().map(|(name, at)| format!("{name} {at}")).collect();
        assert_eq!(
            names,
            [
                "/cards/{id} /paths/~1cards~1{id}",
                "get_card /paths/~1cards~1{id}/get",
                "id /paths/~1cards~1{id}/get/parameters/0",
                "Card /components/schemas/Card",
                "example /components/schemas/Card/properties/example",
            ]
        );
    }
}
