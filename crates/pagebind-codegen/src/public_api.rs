//! The public items of a source, one line each: what a caller's code can depend on.
//!
//! Two listings compared tell whether a caller still compiles. The source is read as it stands,
//! without a compiler, so macros are not expanded and re-exports are listed as such.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::{
    Attribute, Fields, File, ImplItem, Item, Path, Visibility,
    visit_mut::{self, VisitMut},
};

/// The public items of a Rust source, by their path in it; the value is the signature.
///
/// A trait implementation is listed under its type, since a caller may depend on it.
///
/// # Errors
/// A source that is no Rust.
pub fn public_items(source: &str) -> Result<BTreeMap<String, String>, syn::Error> {
    let mut file: File = syn::parse_str(source)?;
    Shorten.visit_file_mut(&mut file);
    let mut items = BTreeMap::new();
    for item in &file.items {
        list(item, "", &mut items);
    }
    Ok(items)
}

fn list(item: &Item, module: &str, items: &mut BTreeMap<String, String>) {
    let mut add = |visibility: &Visibility, name: &dyn ToString, signature: String| {
        if is_public(visibility) {
            items.insert(format!("{module}{}", name.to_string()), signature);
        }
    };
    match item {
        Item::Mod(inner) if is_public(&inner.vis) => {
            let path = format!("{module}{}::", inner.ident);
            for item in inner.content.iter().flat_map(|(_, items)| items) {
                list(item, &path, items);
            }
        }
        Item::Use(import) => {
            let tree = import.tree.to_token_stream().to_string().replace(' ', "");
            add(&import.vis, &format!("use {tree}"), "re-export".to_owned());
        }
        Item::Fn(function) => add(&function.vis, &function.sig.ident, text(&function.sig)),
        Item::Const(constant) => {
            add(&constant.vis, &constant.ident, format!("const: {}", text(&constant.ty)))
        }
        Item::Type(alias) => add(&alias.vis, &alias.ident, format!("type = {}", text(&alias.ty))),
        Item::Trait(definition) => {
            let (_, generics, _) = definition.generics.split_for_impl();
            add(&definition.vis, &definition.ident, format!("trait{}", text(&generics)));
        }
        Item::Struct(definition) => {
            add(
                &definition.vis,
                &definition.ident,
                format!("{}struct{}", openness(&definition.attrs), text(&definition.generics)),
            );
            if is_public(&definition.vis) {
                fields(&format!("{module}{}", definition.ident), &definition.fields, items);
            }
        }
        Item::Enum(definition) if is_public(&definition.vis) => {
            let path = format!("{module}{}", definition.ident);
            let kind = format!("{}enum{}", openness(&definition.attrs), text(&definition.generics));
            items.insert(path.clone(), kind);
            for variant in &definition.variants {
                items.insert(
                    format!("{path}::{}", variant.ident),
                    format!("variant{}", text(&variant.fields)),
                );
            }
        }
        Item::Impl(block) => {
            let of = text(&block.self_ty);
            let of = if of.starts_with("::") { of } else { format!("{module}{of}") };
            if let Some((path, _)) = &block.trait_ {
                // An implementation for a type of elsewhere, such as `From<Card> for String`, is
                // listed under that one's name and the trait's.
                items.insert(format!("{of}: {}", text(path)), "impl".to_owned());
                return;
            }
            for item in &block.items {
                if let ImplItem::Fn(method) = item
                    && is_public(&method.vis)
                {
                    items.insert(format!("{of}::{}", method.sig.ident), text(&method.sig));
                }
            }
        }
        _ => {}
    }
}

/// Whether a `match` or a literal of elsewhere has to leave room for what is added later.
fn openness(attributes: &[Attribute]) -> &'static str {
    let open = attributes.iter().any(|attribute| attribute.path().is_ident("non_exhaustive"));
    if open { "#[non_exhaustive] " } else { "" }
}

fn fields(path: &str, fields: &Fields, items: &mut BTreeMap<String, String>) {
    for (index, field) in fields.iter().enumerate().filter(|(_, field)| is_public(&field.vis)) {
        let name = field.ident.as_ref().map_or_else(|| index.to_string(), ToString::to_string);
        items.insert(format!("{path}::{name}"), text(&field.ty));
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Tokens as text, without the spaces that a token stream prints around punctuation.
fn text(tokens: &impl ToTokens) -> String {
    const TIGHT: [(&str, &str); 14] = [
        (" ::", "::"),
        (":: ", "::"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        (" :", ":"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        ("& ", "&"),
        (",>", ">"),
        (",)", ")"),
        (" ;", ";"),
    ];
    // The arrow loses its space with the `>` of generics, and gets it back.
    let text = tokens.to_token_stream().to_string().replace("->", "\u{2192}");
    let text = TIGHT.iter().fold(text, |text, (spaced, tight)| text.replace(spaced, tight));
    text.replace('\u{2192}', "->").trim_end_matches(',').to_owned()
}

/// Leaves the last segment of every path into the standard library: `Option`, not
/// `::std::option::Option`.
struct Shorten;

impl VisitMut for Shorten {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let of_std = path.segments.first().is_some_and(|first| first.ident == "std");
        if of_std && path.segments.len() > 1 {
            let last = path.segments.last().cloned();
            path.leading_colon = None;
            path.segments = last.into_iter().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_callers_can_reach_is_listed() {
        let items = public_items(
            "pub use other::{A, B};
             pub mod types {
                 pub struct Card { pub id: ::std::option::Option<i64>, hidden: bool }
                 impl Card { pub fn builder<T>(&self, value: T) -> Self where T: Into<Card> { todo!() } fn hidden() {} }
                 impl ::std::fmt::Display for Card {}
                 #[non_exhaustive]
                 pub enum Kind { Debit, Other(String) }
             }
             mod hidden { pub struct Hidden; }
             pub(crate) fn hidden() {}",
        )
        .unwrap();
        let listed: Vec<String> =
            items.iter().map(|(path, signature)| format!("{path} = {signature}")).collect();
        assert_eq!(
            listed,
            [
                "types::Card = struct",
                "types::Card: Display = impl",
                "types::Card::builder = fn builder<T>(&self, value: T) -> Self where T: Into<Card>",
                "types::Card::id = Option<i64>",
                "types::Kind = #[non_exhaustive] enum",
                "types::Kind::Debit = variant",
                "types::Kind::Other = variant(String)",
                "use other::{A,B} = re-export",
            ]
        );
    }

    #[test]
    fn a_source_that_is_no_rust_is_an_error() {
        assert!(public_items("fn {").is_err());
    }
}
