//! Passes: each puts one thing into the generated source that progenitor can't express.
//!
//! A pass knows the form of progenitor's output. Where it does not find what it has to change, the
//! form is another one, and the run ends: a client without redaction, or with the errors of
//! progenitor, would compile all the same.

mod api_version;
mod client;
mod client_headers;
mod content_type;
mod custom_methods;
mod docs;
mod must_use;
mod open_enums;
mod parameter_names;
mod patterns;
mod redaction;
mod responses;
mod setters;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use pagebind::diagnostic::Diagnostic;
use syn::{
    Attribute, File, ImplItem, ImplItemFn, Item, ItemImpl, Meta, Path, Token, Type, parse_quote,
    punctuated::Punctuated,
};

use crate::{plan::Plan, settings::contract_place};

/// Runs every pass over a generated source.
///
/// # Errors
/// A source in which a pass does not find what it has to change.
pub(crate) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    operations_are_there(file, plan)?;
    responses::run(file, plan)?;
    client_headers::run(file, plan)?;
    parameter_names::run(file, plan)?;
    content_type::run(file, plan)?;
    custom_methods::run(file);
    api_version::run(file)?;
    client::run(file)?;
    open_enums::run(file, plan)?;
    redaction::run(file, plan)?;
    must_use::run(file)?;
    setters::run(file);
    patterns::run(file);
    docs::run(file);
    Ok(())
}

/// Every operation of the plan has a builder that sends it, and none besides.
fn operations_are_there(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let planned: BTreeSet<String> = by_builder(plan).into_keys().collect();
    let generated: BTreeSet<String> = sends(file).map(|(builder, _)| builder).collect();
    match planned.symmetric_difference(&generated).next() {
        Some(builder) => {
            Err(unmatched("operations", format!("a `send` of `{builder}`, or too many")))
        }
        None => Ok(()),
    }
}

/// `pass` looked for `what` and did not find it.
fn unmatched(pass: &str, what: impl fmt::Display) -> Diagnostic {
    Diagnostic::finding(format!("the pass `{pass}` does not find {what}"))
        .place(contract_place())
        .help("the generator's output has another form than the passes know; adapt the pass to it")
}

/// An error of [`unmatched`] unless `found`.
fn expect(found: bool, pass: &str, what: impl fmt::Display) -> Result<(), Diagnostic> {
    if found { Ok(()) } else { Err(unmatched(pass, what)) }
}

/// The names of types that are defined more than once.
pub(crate) fn duplicate_types(file: &File) -> BTreeSet<String> {
    let types = file.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => {
            module.content.as_ref().map(|(_, items)| items)
        }
        _ => None,
    });
    let mut seen = BTreeSet::new();
    let names = types.into_iter().flatten().filter_map(|item| match item {
        Item::Struct(definition) => Some(definition.ident.to_string()),
        Item::Enum(definition) => Some(definition.ident.to_string()),
        _ => None,
    });
    names.filter(|name| !seen.insert(name.clone())).collect()
}

/// The items of the module `name` in `items`; none if it is not there.
fn module<'a>(items: &'a mut [Item], name: &str) -> Option<&'a mut Vec<Item>> {
    items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => {
            module.content.as_mut().map(|(_, items)| items)
        }
        _ => None,
    })
}

/// The name of the type that an `impl` block is for.
fn self_type(block: &ItemImpl) -> Option<String> {
    match &*block.self_ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// Takes a trait out of a `derive` attribute; whether it was there.
fn without_derive(attribute: &mut Attribute, name: &str) -> bool {
    if !attribute.path().is_ident("derive") {
        return false;
    }
    let Meta::List(list) = &attribute.meta else { return false };
    let Ok(derives) = list.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated) else {
        return false;
    };
    let named = |derive: &&Path| derive.segments.last().is_some_and(|last| last.ident == name);
    let (taken, kept): (Vec<&Path>, Vec<&Path>) = derives.iter().partition(named);
    if !taken.is_empty() {
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
    !taken.is_empty()
}

/// The functions of inherent `impl` blocks in `items`, each with the name of its type.
fn methods(items: &mut [Item]) -> impl Iterator<Item = (String, &mut ImplItemFn)> {
    items
        .iter_mut()
        .filter_map(|item| match item {
            Item::Impl(block) if block.trait_.is_none() => Some(block),
            _ => None,
        })
        .flat_map(|block| {
            let name = self_type(block).unwrap_or_default();
            block.items.iter_mut().filter_map(move |item| match item {
                ImplItem::Fn(method) => Some((name.clone(), method)),
                _ => None,
            })
        })
}

/// The `send` of each operation's builder, with the name of the builder.
fn sends(file: &mut File) -> impl Iterator<Item = (String, &mut ImplItemFn)> {
    let builders = module(&mut file.items, "builder").map(Vec::as_mut_slice).unwrap_or_default();
    methods(builders).filter(|(_, method)| method.sig.ident == "send")
}

/// What the plan says of each operation, by the name of its builder.
fn by_builder(plan: &Plan) -> BTreeMap<String, &crate::plan::Operation> {
    plan.operations
        .iter()
        .map(|(name, operation)| (crate::naming::type_name(name), operation))
        .collect()
}

#[cfg(test)]
mod tests;
