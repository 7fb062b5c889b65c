//! Where things stand in progenitor's output, and what is said when one does not.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use pagebind::diagnostic::Diagnostic;
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{
    Attribute, Fields, File, GenericArgument, ImplItem, ImplItemFn, Item, ItemImpl, Meta, Path,
    PathArguments, ReturnType, Signature, Type, TypeParamBound, parse_quote,
};

use crate::{
    naming,
    plan::{Operation, Plan},
    settings::contract_place,
};

/// `pass` looked for `what` and did not find it.
pub(super) fn unmatched(pass: &str, what: impl fmt::Display) -> Diagnostic {
    Diagnostic::finding(format!("the pass `{pass}` does not find {what}"))
        .place(contract_place())
        .help("the generator's output has another form than the passes know; adapt the pass to it")
}

/// An error of [`unmatched`] unless `found`.
pub(super) fn expect(found: bool, pass: &str, what: impl fmt::Display) -> Result<(), Diagnostic> {
    if found { Ok(()) } else { Err(unmatched(pass, what)) }
}

/// The items of the module `name` in `items`; none if it is not there.
pub(super) fn module<'a>(items: &'a mut [Item], name: &str) -> Option<&'a mut Vec<Item>> {
    items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => {
            module.content.as_mut().map(|(_, items)| items)
        }
        _ => None,
    })
}

/// The name of the type that an `impl` block is for.
pub(super) fn self_type(block: &ItemImpl) -> Option<String> {
    match &*block.self_ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// The trait that an `impl` block implements.
pub(super) fn trait_name(block: &ItemImpl) -> Option<String> {
    let (path, _) = block.trait_.as_ref()?;
    path.segments.last().map(|segment| segment.ident.to_string())
}

/// The names of the types among `items` that implement `wanted`.
pub(super) fn implementers(items: &[Item], wanted: &str) -> BTreeSet<String> {
    let implementer = |item: &Item| match item {
        Item::Impl(block) if trait_name(block).as_deref() == Some(wanted) => self_type(block),
        _ => None,
    };
    items.iter().filter_map(implementer).collect()
}

/// The `X` of a type `wrapper<X>`.
pub(super) fn argument<'a>(target: &'a Type, wrapper: &str) -> Option<&'a Type> {
    let Type::Path(path) = target else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == wrapper)?;
    arguments(&last.arguments).next()
}

/// The `X` and `Y` of a type `wrapper<X, Y>`.
pub(super) fn arguments_of(target: &Type, wrapper: &str) -> Vec<Type> {
    let Type::Path(path) = target else { return Vec::new() };
    let last = path.path.segments.last().filter(|last| last.ident == wrapper);
    last.map(|last| arguments(&last.arguments).cloned().collect()).unwrap_or_default()
}

fn arguments(arguments: &PathArguments) -> impl Iterator<Item = &Type> {
    let arguments = match arguments {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    };
    arguments.into_iter().flatten().filter_map(|argument| match argument {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    })
}

/// Whether a type is a number, or a container of nothing but numbers.
pub(super) fn holds_numbers(target: &Type) -> bool {
    let Type::Path(path) = target else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    match last.ident.to_string().as_str() {
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "f64" => {
            path.path.segments.len() == 1
        }
        "Option" | "Nullable" | "Box" | "Vec" | "HashMap" if path.path.segments.len() > 1 => {
            arguments(&last.arguments).last().is_some_and(holds_numbers)
        }
        _ => false,
    }
}

/// What a type of ours derives besides the traits of `serde`, in the order that typify gives all others.
pub(super) fn derive<'a>(
    traits: impl Iterator<Item = &'a str>,
    asked_for: impl Iterator<Item = &'a str>,
) -> Attribute {
    let serde = ["::serde::Deserialize", "::serde::Serialize"];
    let all: BTreeSet<&str> = serde.into_iter().chain(traits).chain(asked_for).collect();
    let paths = all.into_iter().filter_map(|path| path.parse::<TokenStream>().ok());
    parse_quote!(#[derive(#(#paths),*)])
}

/// Puts each of `own` where its name comes among those of the types that typify made, of which none is one of ours.
pub(super) fn insert(
    types: &mut Vec<Item>,
    own: BTreeMap<String, Vec<Item>>,
) -> Result<(), Diagnostic> {
    let mut own = own.into_iter().peekable();
    for item in std::mem::take(types) {
        let name = match &item {
            Item::Struct(definition) => Some(&definition.ident),
            Item::Enum(definition) => Some(&definition.ident),
            _ => None,
        };
        let name = name.map(ToString::to_string);
        if let (Some(name), true) = (&name, is_ours(&item)) {
            return Err(unmatched("types", format!("`{name}` in the plan")));
        }
        let comes_first = |own: &String| match &name {
            Some(name) => own < name,
            None => matches!(item, Item::Mod(_)),
        };
        while let Some((_, items)) = own.next_if(|(name, _)| comes_first(name)) {
            types.extend(items);
        }
        types.push(item);
    }
    types.extend(own.flat_map(|(_, items)| items));
    Ok(())
}

/// Whether a type has a form that passes write: a struct with named fields, or an enum of nothing but names. One of
/// nothing at all is typify's.
fn is_ours(item: &Item) -> bool {
    match item {
        Item::Struct(definition) => {
            matches!(&definition.fields, Fields::Named(fields) if !fields.named.is_empty())
        }
        Item::Enum(definition) => {
            let mut variants = definition.variants.iter();
            !definition.variants.is_empty() && variants.all(|variant| variant.fields.is_empty())
        }
        _ => false,
    }
}

/// A trait of a `derive` attribute.
pub(super) struct Derive {
    pub(super) name: String,
    path: TokenStream,
}

/// The traits of a `derive` attribute, none of any other.
pub(super) fn derives(attribute: &Attribute) -> Vec<Derive> {
    let Meta::List(list) = &attribute.meta else { return Vec::new() };
    if !list.path.is_ident("derive") {
        return Vec::new();
    }
    let trees: Vec<TokenTree> = list.tokens.clone().into_iter().collect();
    let is_comma = |tree: &TokenTree| matches!(tree, TokenTree::Punct(it) if it.as_char() == ',');
    let paths = trees.split(is_comma).filter_map(|path| match path.last()? {
        TokenTree::Ident(name) => {
            Some(Derive { name: name.to_string(), path: path.iter().cloned().collect() })
        }
        _ => None,
    });
    paths.collect()
}

/// Takes a trait out of a `derive` attribute; whether it was there.
pub(super) fn without_derive(attribute: &mut Attribute, name: &str) -> bool {
    without_derives(attribute, &[name])
}

/// Takes traits out of a `derive` attribute; whether any was there.
pub(super) fn without_derives(attribute: &mut Attribute, names: &[&str]) -> bool {
    let mut kept = derives(attribute);
    let before = kept.len();
    kept.retain(|derive| !names.contains(&derive.name.as_str()));
    let taken = kept.len() < before;
    if taken && let Meta::List(list) = &mut attribute.meta {
        let kept = kept.iter().map(|derive| &derive.path);
        list.tokens = quote!(#(#kept),*);
    }
    taken
}

/// Puts a trait before those of a `derive` attribute.
pub(super) fn with_derive(attribute: &mut Attribute, derive: &Path) {
    if let Meta::List(list) = &mut attribute.meta
        && list.path.is_ident("derive")
    {
        let others = &list.tokens;
        list.tokens = quote!(#derive, #others);
    }
}

/// The functions of inherent `impl` blocks in `items`, each with the name of its type.
pub(super) fn methods(items: &mut [Item]) -> impl Iterator<Item = (String, &mut ImplItemFn)> {
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
pub(super) fn sends(file: &mut File) -> impl Iterator<Item = (String, &mut ImplItemFn)> {
    let builders = module(&mut file.items, "builder").map(Vec::as_mut_slice).unwrap_or_default();
    methods(builders).filter(|(_, method)| method.sig.ident == "send")
}

/// The `X` of a method that returns `impl Future<Output = X>`.
pub(crate) fn awaited(method: &Signature) -> Option<&Type> {
    let ReturnType::Type(_, returned) = &method.output else { return None };
    let Type::ImplTrait(future) = &**returned else { return None };
    let TypeParamBound::Trait(future) = future.bounds.first()? else { return None };
    let future = future.path.segments.last().filter(|last| last.ident == "Future")?;
    let PathArguments::AngleBracketed(arguments) = &future.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::AssocType(output) => Some(&output.ty),
        _ => None,
    }
}

/// What the plan says of each operation, by the name of its builder.
pub(super) fn by_builder(plan: &Plan) -> BTreeMap<String, &Operation> {
    plan.operations.iter().map(|(name, operation)| (naming::type_name(name), operation)).collect()
}
