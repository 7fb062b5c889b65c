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
    passes::{self, Definitions, Needs},
    plan::Plan,
    shape::structs::Structs,
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
pub(crate) fn source(
    document: OpenAPI,
    structs: &Structs,
    plan: &Plan,
) -> Result<String, Unwritten> {
    let Halves { types, operations, named } = halves::of(document, structs);
    let (tell, told) = mpsc::channel();
    let (types, operations) = stack::beside(
        || types_of(types, structs, plan, tell),
        move || written_operations(operations, &named, plan, told),
    );
    let (types, Operations { imports, others, needs }) = (types?, operations?);
    let types = match types {
        Types::Written(types) => types,
        Types::Open(mut types) => {
            passes::gate_types(&mut types, needs);
            written(types, plan)?
        }
    };
    Ok([imports, types, others].concat())
}

/// The types of a source.
enum Types {
    /// As text.
    Written(String),
    /// As long as it is not known which operations need them.
    Open(File),
}

/// The types; what operations have to know of them is told as soon as it is known.
fn types_of(
    document: OpenAPI,
    structs: &Structs,
    plan: &Plan,
    tell: Sender<Definitions>,
) -> Result<Types, Unwritten> {
    let mut file = parsed_types(document, structs, plan)?;
    let types = passes::types(&mut file, structs, plan)?;
    // Nobody listens any more where there will be no operations.
    let _ = tell.send(types);
    if plan.features {
        return Ok(Types::Open(file));
    }
    written(file, plan).map(Types::Written)
}

/// All of a source but its types.
struct Operations {
    /// What stands before the types.
    imports: String,
    /// What stands behind them.
    others: String,
    /// Which types each operation needs, if anybody asks.
    needs: Needs,
}

fn written_operations(
    document: OpenAPI,
    named: &[String],
    plan: &Plan,
    types: Receiver<Definitions>,
) -> Result<Operations, Unwritten> {
    let mut file = parsed_operations(document, named, plan)?;
    passes::operations(&mut file, plan, || types.recv().ok())?;
    let needs = passes::gate_operations(&mut file, plan);
    passes::last(&mut file, plan)?;
    let others = File { items: file.items.split_off(imports(&file)), ..tokens::empty() };
    let [imports, others] = [&file, &others].map(prettyplease::unparse);
    Ok(Operations { imports, others, needs })
}

/// The text of a file that nothing changes any more but what is done last.
fn written(mut file: File, plan: &Plan) -> Result<String, Unwritten> {
    passes::last(&mut file, plan)?;
    Ok(prettyplease::unparse(&file))
}

/// What progenitor makes of a document, types and operations.
pub(crate) fn parsed(document: OpenAPI, structs: &Structs, plan: &Plan) -> Result<File, Unwritten> {
    let Halves { types, operations, named } = halves::of(document, structs);
    let types = parsed_types(types, structs, plan)?;
    let mut file = parsed_operations(operations, &named, plan)?;
    let at = imports(&file);
    file.items.splice(at..at, types.items);
    Ok(file)
}

// Of a document there is no use once it is tokens.
fn parsed_types(document: OpenAPI, structs: &Structs, plan: &Plan) -> Result<File, Unwritten> {
    let tokens = generator::types(&document, structs, plan).map_err(Unwritten::Refused)?;
    drop(document);
    parse(tokens)
}

fn parsed_operations(document: OpenAPI, named: &[String], plan: &Plan) -> Result<File, Unwritten> {
    let tokens = generator::operations(&document, named, plan).map_err(Unwritten::Refused)?;
    drop(document);
    parse(passes::without_methods(tokens))
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
        let mut document = shaped.document;
        let structs = Structs::take(&mut document, &shaped.plan);
        let document = || generator::read(&document).unwrap();
        let of_halves = source(document(), &structs, &shaped.plan).ok().unwrap();
        assert!(of_halves.contains("pub struct AddCard<'a>"), "{of_halves}");
        let mut whole = parsed(document(), &structs, &shaped.plan).ok().unwrap();
        let types = passes::types(&mut whole, &structs, &shaped.plan).unwrap();
        passes::operations(&mut whole, &shaped.plan, || Some(types)).unwrap();
        assert_eq!(of_halves, written(whole, &shaped.plan).ok().unwrap());
    }

    #[test]
    fn what_is_no_rust_is_refused() {
        for tokens in [quote::quote!(pub mod types { 1 }), quote::quote!(pub mod types {}, 1 + 1)] {
            assert!(matches!(parse(tokens), Err(Unwritten::Refused(_))));
        }
    }
}
