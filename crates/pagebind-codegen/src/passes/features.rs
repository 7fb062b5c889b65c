//! Features: each tag's operations stand behind a feature of the crate that holds the source, and each type
//! behind the features of the operations that need it.
//!
//! Who calls eight operations of an API with a thousand compiles these. A type that no operation and no
//! webhook needs would be in nobody's way to compile, and is left out.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenTree;
use quote::{ToTokens, quote};
use syn::{
    Attribute, File, GenericArgument, ImplItem, Item, ItemImpl, PathArguments, TraitItem, Type,
    parse_quote,
};

use super::source::{by_builder, module, self_type};
use crate::plan::Plan;

/// The features that crates with a client have besides, and that of all tags together.
const TAKEN: [&str; 7] = [ALL_TAGS, "default", "generate", "mock", "native-tls", "rustls", "xml"];

/// The feature that turns on those of all tags.
pub const ALL_TAGS: &str = "tags";

/// The features of an operation; one without any is always there.
type Features = BTreeSet<String>;

/// The name of the feature of a tag: its words, in lower case, with hyphens between them.
fn feature(tag: &str) -> String {
    let lower = tag.to_lowercase();
    let words = lower.split(|character: char| !character.is_alphanumeric());
    let name = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    match name.as_str() {
        "" => "untitled".to_owned(),
        taken if TAKEN.contains(&taken) => format!("{taken}-tag"),
        _ => name,
    }
}

/// The features of all tags.
pub(crate) fn of_tags(plan: &Plan) -> BTreeSet<String> {
    let tags = plan.operations.values().flat_map(|operation| &operation.tags);
    tags.map(|tag| feature(tag)).collect()
}

/// What names things, types among them: with these features, or always if there are none.
pub(crate) type Needs = Vec<(Features, BTreeSet<String>)>;

/// Puts operations behind the features of their tags, where the plan asks for it, and gives what they need.
pub(crate) fn operations(file: &mut File, plan: &Plan) -> Needs {
    let mut needs = Needs::new();
    if !plan.features {
        return needs;
    }
    let features = |tags: &[String]| tags.iter().map(|tag| feature(tag)).collect::<Features>();
    let planned = plan.operations.iter().map(|(name, it)| (name.clone(), features(&it.tags)));
    let builders = by_builder(plan).into_iter().map(|(name, it)| (name, features(&it.tags)));
    // No builder has the name of a method.
    let operations: BTreeMap<String, Features> = planned.chain(builders).collect();
    for item in &mut file.items {
        operation(item, &operations, &mut needs);
    }
    needs
}

/// Puts types behind the features of the operations that need them, and drops what nothing needs.
pub(crate) fn types(file: &mut File, needs: Needs) {
    let Some(types) = module(&mut file.items, "types") else { return };
    let needed = needed(&named_by_types(types), needs);
    gate_types(types, &needed);
}

/// Puts what is of an operation behind its features, and notes what it names.
fn operation(item: &mut Item, operations: &BTreeMap<String, Features>, needs: &mut Needs) {
    let of_operation = |name: &str| operations.contains_key(name);
    if let Some(name) = owner(item, of_operation) {
        needs.push((operations[&name].clone(), names(item)));
        return gate(attributes(item), &operations[&name]);
    }
    let no_features = Features::new();
    match item {
        Item::Mod(inner) => {
            if inner.ident == "security" {
                // Those that only operations behind other features take.
                inner.attrs.push(parse_quote!(#[allow(dead_code)]));
            }
            let items = inner.content.as_mut().map(|(_, items)| items);
            items.into_iter().flatten().for_each(|item| operation(item, operations, needs));
        }
        Item::Impl(block)
            if self_type(block).is_some_and(|name| name == "Client" || name == "MockServer") =>
        {
            for item in &mut block.items {
                let ImplItem::Fn(method) = item else { continue };
                let features = operations.get(&method.sig.ident.to_string());
                let features = features.unwrap_or(&no_features);
                needs.push((features.clone(), names(&*method)));
                gate(Some(&mut method.attrs), features);
            }
        }
        Item::Trait(definition) => {
            for item in &mut definition.items {
                let TraitItem::Fn(method) = item else { continue };
                if let Some(features) = operations.get(&method.sig.ident.to_string()) {
                    gate(Some(&mut method.attrs), features);
                }
            }
        }
        Item::Use(_) => {}
        item => needs.push((no_features, names(item))),
    }
}

/// Puts what is of a type behind the features of what needs it, and drops what nothing needs.
fn gate_types(items: &mut Vec<Item>, types: &BTreeMap<String, Option<Needed>>) {
    items.retain_mut(|item| {
        if let Item::Mod(inner) = item {
            let items = inner.content.as_mut().map(|(_, items)| items);
            items.into_iter().for_each(|items| gate_types(items, types));
            return true;
        }
        match owner(item, |name| types.contains_key(name)).and_then(|name| types.get(&name)) {
            Some(None) => false,
            Some(Some(Needed::By(features))) => {
                gate(attributes(item), features);
                true
            }
            Some(Some(Needed::Always)) | None => true,
        }
    });
}

/// When a type is needed.
#[derive(Clone)]
enum Needed {
    Always,
    By(Features),
}

/// The types that each type names.
fn named_by_types(items: &[Item]) -> BTreeMap<String, BTreeSet<String>> {
    let defined = items.iter().filter_map(|item| match item {
        Item::Struct(definition) => Some(definition.ident.to_string()),
        Item::Enum(definition) => Some(definition.ident.to_string()),
        Item::Type(alias) => Some(alias.ident.to_string()),
        _ => None,
    });
    let mut types: BTreeMap<_, _> = defined.map(|name| (name, BTreeSet::new())).collect();
    let builders = items.iter().filter_map(|item| match item {
        Item::Mod(inner) => inner.content.as_ref(),
        _ => None,
    });
    for item in items.iter().chain(builders.flat_map(|(_, items)| items)) {
        if let Some(name) = owner(item, |name| types.contains_key(name)) {
            let named: Vec<_> =
                names(item).into_iter().filter(|it| types.contains_key(it)).collect();
            types.entry(name).or_default().extend(named);
        }
    }
    types
}

/// What is named in an item: types, and all else.
fn names(item: &impl ToTokens) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    let mut open = vec![item.to_token_stream()];
    while let Some(tokens) = open.pop() {
        for tree in tokens {
            match tree {
                TokenTree::Group(group) => open.push(group.stream()),
                TokenTree::Ident(name) => {
                    named.insert(name.to_string());
                }
                _ => {}
            }
        }
    }
    named
}

/// When each type is needed; none if nothing needs it.
fn needed(
    types: &BTreeMap<String, BTreeSet<String>>,
    needs: Needs,
) -> BTreeMap<String, Option<Needed>> {
    let mut needed: BTreeMap<String, Option<Needed>> =
        types.keys().map(|name| (name.clone(), None)).collect();
    for (features, named) in needs {
        let mut open: Vec<&String> = named.iter().collect();
        let mut seen: BTreeSet<&String> = open.iter().copied().collect();
        while let Some(name) = open.pop() {
            let Some(needed) = needed.get_mut(name) else { continue };
            open.extend(types[name].iter().filter(|name| seen.insert(name)));
            match needed {
                _ if features.is_empty() => *needed = Some(Needed::Always),
                Some(Needed::Always) => {}
                Some(Needed::By(by)) => by.extend(features.iter().cloned()),
                None => *needed = Some(Needed::By(features.clone())),
            }
        }
    }
    needed
}

/// What an item is of, among what is `known`: the type that it defines or implements something for; if that
/// is of elsewhere, the first type that the trait is about; or what a macro names first.
fn owner(item: &Item, known: impl Fn(&str) -> bool) -> Option<String> {
    let own = |of: &Type| {
        let Type::Path(of) = of else { return None };
        let (first, last) = (of.path.segments.first()?, of.path.segments.last()?);
        let here = of.path.segments.len() == 1 || first.ident == "super";
        Some(last.ident.to_string()).filter(|name| here && known(name))
    };
    let of_trait = |block: &ItemImpl| {
        let (path, _) = block.trait_.as_ref()?;
        let PathArguments::AngleBracketed(of) = &path.segments.last()?.arguments else {
            return None;
        };
        of.args.iter().find_map(|argument| match argument {
            GenericArgument::Type(Type::Reference(of)) => own(&of.elem),
            GenericArgument::Type(of) => own(of),
            _ => None,
        })
    };
    match item {
        Item::Struct(definition) => Some(definition.ident.to_string()),
        Item::Enum(definition) => Some(definition.ident.to_string()),
        Item::Type(alias) => Some(alias.ident.to_string()),
        Item::Impl(block) => own(&block.self_ty).or_else(|| of_trait(block)),
        Item::Macro(call) => Some(call.mac.tokens.clone().into_iter().next()?.to_string()),
        _ => None,
    }
    .filter(|name| known(name))
}

/// The attributes of an item that can be of an operation or a type.
pub(super) fn attributes(item: &mut Item) -> Option<&mut Vec<Attribute>> {
    match item {
        Item::Struct(definition) => Some(&mut definition.attrs),
        Item::Enum(definition) => Some(&mut definition.attrs),
        Item::Type(alias) => Some(&mut alias.attrs),
        Item::Impl(block) => Some(&mut block.attrs),
        Item::Macro(call) => Some(&mut call.attrs),
        _ => None,
    }
}

/// Puts what has these attributes behind any of the features, if there are any.
fn gate(attributes: Option<&mut Vec<Attribute>>, features: &Features) {
    let Some(attributes) = attributes else { return };
    let mut each = features.iter();
    let condition = match (each.next(), each.next()) {
        (None, _) => return,
        (Some(feature), None) => quote!(feature = #feature),
        _ => quote!(any(#(feature = #features),*)),
    };
    attributes.insert(0, parse_quote!(#[cfg(#condition)]));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{Settings, generate};

    #[test]
    fn a_type_stands_behind_the_features_of_the_operations_that_need_it() {
        let operation = |id: &str, tags: Value, body: &str| {
            let schema = json!({ "$ref": format!("#/components/schemas/{body}") });
            let content = json!({ "application/json": { "schema": schema } });
            json!({
                "operationId": id,
                "tags": tags,
                "responses": { "200": { "description": "", "content": content } },
            })
        };
        let object = |of: &str| {
            let property = json!({ "$ref": format!("#/components/schemas/{of}") });
            json!({ "type": "object", "properties": { "a": property } })
        };
        let plain = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
        let settings = Settings { features: true, ..Settings::default() };
        let generated = generate(&json!({
            "openapi": "3.1.0",
            "info": { "title": "a", "version": "1" },
            "x-pagebind": settings.to_value(),
            "paths": {
                "/a": { "get": operation("a", json!(["SSH Keys"]), "Key") },
                "/b": { "get": operation("b", json!(["Mock", "Beta"]), "Card") },
                "/c": { "get": operation("c", json!([]), "Always") },
            },
            "components": { "schemas": {
                "Always": plain.clone(), "Card": object("Shared"), "Key": object("Shared"),
                "Shared": plain.clone(), "Unused": plain,
            } },
        }))
        .unwrap();
        assert_eq!(generated.features, ["beta", "mock-tag", "ssh-keys"]);
        let file: syn::File = syn::parse_str(&generated.source).unwrap();
        let conditions = |name: &str| -> Vec<String> {
            let items = file.items.iter().flat_map(|item| match item {
                syn::Item::Mod(inner) => &inner.content.as_ref().unwrap().1[..],
                _ => &[],
            });
            let found = items.filter_map(|item| match item {
                syn::Item::Struct(it) if it.ident == name => Some(&it.attrs),
                syn::Item::Impl(it) if super::owner(item, |it| it == name).is_some() => {
                    Some(&it.attrs)
                }
                syn::Item::Macro(it) if super::owner(item, |it| it == name).is_some() => {
                    Some(&it.attrs)
                }
                _ => None,
            });
            let condition = |attributes: &Vec<syn::Attribute>| {
                let first = attributes.iter().find(|it| it.path().is_ident("cfg"));
                first.map_or_else(String::new, |it| match &it.meta {
                    syn::Meta::List(list) => list.tokens.to_string(),
                    _ => String::new(),
                })
            };
            let mut all: Vec<String> = found.map(condition).collect();
            all.dedup();
            all
        };
        assert_eq!(conditions("Key"), ["feature = \"ssh-keys\""]);
        assert_eq!(conditions("Card"), ["any (feature = \"beta\" , feature = \"mock-tag\")"]);
        let all = "any (feature = \"beta\" , feature = \"mock-tag\" , feature = \"ssh-keys\")";
        assert_eq!(conditions("Shared"), [all]);
        assert_eq!(conditions("Always"), [""]);
        assert!(conditions("Unused").is_empty());
        assert_eq!(conditions("A"), ["feature = \"ssh-keys\""]);
        assert_eq!(conditions("C"), [""]);
    }
}
