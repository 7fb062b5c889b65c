//! A document made formatted source: generated, parsed, passed over, printed.
//!
//! Types and operations are halves of about the same size, and no pass changes both: each half has a thread
//! of its own from the beginning, which its tokens and its tree can't leave.

use std::{
    collections::BTreeSet,
    sync::mpsc::{self, Receiver, Sender},
};

use openapiv3::OpenAPI;
use pagebind::{diagnostic::Diagnostic, stack};
use proc_macro2::TokenStream;
use syn::{File, Item};

use crate::{
    generator,
    halves::{self, Halves},
    passes::{self, Definitions},
    plan::Plan,
    tokens,
};

/// Why there is no source.
pub(crate) enum Unwritten {
    /// Progenitor makes none.
    Refused(String),
    /// A pass does not find what it has to change.
    Unmatched(Diagnostic),
}

impl From<Diagnostic> for Unwritten {
    fn from(problem: Diagnostic) -> Self {
        Self::Unmatched(problem)
    }
}

/// The source of a shaped document.
pub(crate) fn source(document: OpenAPI, plan: &Plan) -> Result<String, Unwritten> {
    // Which operations need a type is known once both are parsed.
    if plan.features {
        return whole(document, plan);
    }
    let Halves { types, operations, named } = halves::of(document);
    let (tell, told) = mpsc::channel();
    let (types, others) = stack::beside(
        || written_types(types, plan, tell),
        move || written_operations(operations, &named, plan, told),
    );
    let (types, [imports, others]) = (types?, others?);
    Ok([imports, types, others].concat())
}

fn whole(document: OpenAPI, plan: &Plan) -> Result<String, Unwritten> {
    let mut file = parsed(document, plan)?;
    let types = passes::types(&mut file, plan)?;
    passes::operations(&mut file, plan, || Some(types))?;
    passes::last(&mut file, plan)?;
    Ok(prettyplease::unparse(&file))
}

/// The types; what operations have to know of them is told as soon as it is known.
fn written_types(
    document: OpenAPI,
    plan: &Plan,
    tell: Sender<Definitions>,
) -> Result<String, Unwritten> {
    let mut file = parsed_types(document, plan)?;
    let types = passes::types(&mut file, plan)?;
    // Nobody listens any more where there will be no operations.
    let _ = tell.send(types);
    passes::last(&mut file, plan)?;
    Ok(prettyplease::unparse(&file))
}

/// What stands before the types, and what stands behind them.
fn written_operations(
    document: OpenAPI,
    named: &[String],
    plan: &Plan,
    types: Receiver<Definitions>,
) -> Result<[String; 2], Unwritten> {
    let mut file = parsed_operations(document, named, plan)?;
    passes::operations(&mut file, plan, || types.recv().ok())?;
    passes::last(&mut file, plan)?;
    let others = File { items: file.items.split_off(imports(&file)), ..tokens::empty() };
    Ok([&file, &others].map(prettyplease::unparse))
}

/// What progenitor makes of a document, types and operations.
pub(crate) fn parsed(document: OpenAPI, plan: &Plan) -> Result<File, Unwritten> {
    let Halves { types, operations, named } = halves::of(document);
    let types = parsed_types(types, plan)?;
    let mut file = parsed_operations(operations, &named, plan)?;
    let at = imports(&file);
    file.items.splice(at..at, types.items);
    Ok(file)
}

// Of a document there is no use once it is tokens.
fn parsed_types(document: OpenAPI, plan: &Plan) -> Result<File, Unwritten> {
    let tokens = generator::types(&document, plan).map_err(Unwritten::Refused)?;
    drop(document);
    parse(tokens)
}

fn parsed_operations(document: OpenAPI, named: &[String], plan: &Plan) -> Result<File, Unwritten> {
    let tokens = generator::operations(&document, named, plan).map_err(Unwritten::Refused)?;
    drop(document);
    parse(passes::without_requests(tokens))
}

/// How many imports a file begins with.
fn imports(file: &File) -> usize {
    file.items.iter().take_while(|item| matches!(item, Item::Use(_))).count()
}

/// The file that `tokens` are; no type twice.
fn parse(tokens: TokenStream) -> Result<File, Unwritten> {
    let file = tokens::parse(tokens)
        .map_err(|error| Unwritten::Refused(format!("what comes out is no Rust: {error}")))?;
    match duplicate_type(&file) {
        None => Ok(file),
        Some(name) => Err(Unwritten::Refused(format!("two types come out as `{name}`"))),
    }
}

/// The name of a type that is defined more than once.
fn duplicate_type(file: &File) -> Option<String> {
    let types = file.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => {
            module.content.as_ref().map(|(_, items)| items)
        }
        _ => None,
    });
    let mut seen = BTreeSet::new();
    let mut names = types.into_iter().flatten().filter_map(|item| match item {
        Item::Struct(definition) => Some(definition.ident.to_string()),
        Item::Enum(definition) => Some(definition.ident.to_string()),
        _ => None,
    });
    names.find(|name| !seen.insert(name.clone()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Settings, generator, shape::shape};

    #[test]
    fn both_halves_make_what_the_whole_makes() {
        let card = json!({ "$ref": "#/components/schemas/Card" });
        let content = json!({ "application/json": { "schema": card } });
        let document = json!({
            "openapi": "3.0.3",
            "info": { "title": "Cards", "version": "1" },
            "paths": { "/cards": { "post": {
                "operationId": "add_card",
                "requestBody": { "content": content },
                "responses": {
                    "200": { "description": "", "content": content },
                    "404": { "description": "" },
                },
            } } },
            "components": { "schemas": { "Card": { "type": "object", "properties": {
                "kind": { "type": "string", "enum": ["a", "b"] },
                "words": { "type": "string", "description": "Any \"words\"\nof `a` \\ b." },
            } } } },
        });
        let shaped = shape(document, &Settings::default());
        let document = || generator::read(&shaped.document).unwrap();
        let written = source(document(), &shaped.plan).ok().unwrap();
        assert!(written.contains("pub struct AddCard<'a>"), "{written}");
        assert_eq!(written, whole(document(), &shaped.plan).ok().unwrap());
    }

    #[test]
    fn what_is_no_rust_is_refused() {
        for tokens in [quote::quote!(pub mod types { 1 }), quote::quote!(pub mod types {}, 1 + 1)] {
            assert!(matches!(parse(tokens), Err(Unwritten::Refused(_))));
        }
    }
}
