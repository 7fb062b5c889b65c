//! Tokens made formatted source: parsed, passed over, printed.
//!
//! Types and operations are halves of about the same size, and no pass changes both: each half has a thread
//! of its own. Tokens can't leave theirs, so those of the operations, which are fewer, go over as text.

use std::{
    collections::BTreeSet,
    sync::mpsc::{self, Receiver, Sender},
};

use pagebind::{diagnostic::Diagnostic, stack};
use proc_macro2::TokenStream;
use syn::{File, Item};

use crate::{
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

/// The source that `tokens` are after all passes.
pub(crate) fn source(tokens: TokenStream, plan: &Plan) -> Result<String, Unwritten> {
    // Which operations need a type is known once both are parsed.
    if plan.features {
        return whole(tokens, plan);
    }
    let (own, others) = tokens::apart(tokens, "types");
    let text = others.to_string();
    drop(others);
    let (tell, told) = mpsc::channel();
    let (types, others) =
        stack::beside(|| types(own, plan, tell), move || operations(text, plan, told));
    let (types, [imports, others]) = (types?, others?);
    Ok([imports, types, others].concat())
}

fn whole(tokens: TokenStream, plan: &Plan) -> Result<String, Unwritten> {
    let mut file = parse(tokens)?;
    let types = passes::types(&mut file, plan)?;
    passes::operations(&mut file, plan, || Some(types))?;
    passes::last(&mut file, plan)?;
    Ok(prettyplease::unparse(&file))
}

/// The types; what operations have to know of them is told as soon as it is known.
fn types(tokens: TokenStream, plan: &Plan, tell: Sender<Definitions>) -> Result<String, Unwritten> {
    let mut file = parse(tokens)?;
    let types = passes::types(&mut file, plan)?;
    // Nobody listens any more where there will be no operations.
    let _ = tell.send(types);
    passes::last(&mut file, plan)?;
    Ok(prettyplease::unparse(&file))
}

/// What stands before the types, and what stands behind them.
fn operations(
    text: String,
    plan: &Plan,
    types: Receiver<Definitions>,
) -> Result<[String; 2], Unwritten> {
    let tokens = text.parse::<TokenStream>().map_err(no_rust)?;
    drop(text);
    let mut file = parse(tokens)?;
    passes::operations(&mut file, plan, || types.recv().ok())?;
    passes::last(&mut file, plan)?;
    let imports = file.items.iter().take_while(|item| matches!(item, Item::Use(_))).count();
    let others = File { items: file.items.split_off(imports), ..tokens::empty() };
    Ok([&file, &others].map(prettyplease::unparse))
}

/// What progenitor has written, no type twice.
pub(crate) fn parse(tokens: TokenStream) -> Result<File, Unwritten> {
    let file = tokens::parse(tokens).map_err(no_rust)?;
    match duplicate_type(&file) {
        None => Ok(file),
        Some(name) => Err(Unwritten::Refused(format!("two types come out as `{name}`"))),
    }
}

fn no_rust(error: impl std::fmt::Display) -> Unwritten {
    Unwritten::Refused(format!("what comes out is no Rust: {error}"))
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
        let typed = generator::read(&shaped.document).unwrap();
        let tokens = generator::tokens(typed, &shaped.plan).ok().unwrap();
        let written = source(tokens.clone(), &shaped.plan).ok().unwrap();
        assert!(written.contains("pub struct AddCard<'a>"), "{written}");
        assert_eq!(written, whole(tokens, &shaped.plan).ok().unwrap());
    }

    #[test]
    fn what_is_no_rust_is_refused_in_either_half() {
        for tokens in [quote::quote!(pub mod types { 1 }), quote::quote!(pub mod types {}, 1 + 1)] {
            let refused = source(tokens, &Plan::default());
            assert!(matches!(refused, Err(Unwritten::Refused(_))));
        }
    }
}
