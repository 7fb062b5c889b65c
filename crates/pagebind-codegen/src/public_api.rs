//! The public items of a source, one line each: what a caller's code can depend on.
//!
//! Two listings compared tell whether a caller still compiles. The source is read as it stands,
//! without a compiler: derives are the implementations that they write, and so are the macros of the
//! runtime; others are not expanded, and re-exports are listed as such. Paths are those that a caller writes behind the name
//! of the crate.

mod reexports;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenTree;
use quote::ToTokens;
use syn::{
    Attribute, Fields, File, FnArg, ImplItem, Item, Macro, Path, Signature, Token, Type,
    Visibility, parse_quote,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

pub use self::reexports::reexported_items;
use crate::passes::source::awaited;

/// The public items of a Rust source, by their path in it; the value is the signature.
///
/// An implementation is listed as `Type: Trait`, under whatever type it is for, since a caller may
/// depend on it. Names of arguments are no part of a signature.
///
/// # Errors
/// A source that is no Rust.
pub fn public_items(source: &str) -> Result<BTreeMap<String, String>, syn::Error> {
    let mut file: File = syn::parse_str(source)?;
    Shorten.visit_file_mut(&mut file);
    let mut items = BTreeMap::new();
    list_all(&file.items, &[], &mut items);
    Ok(items)
}

/// Lists the items of a module.
fn list_all(list_of: &[Item], module: &[String], items: &mut BTreeMap<String, String>) {
    let defined = list_of.iter().filter_map(|item| match item {
        Item::Struct(definition) => Some(definition.ident.to_string()),
        Item::Enum(definition) => Some(definition.ident.to_string()),
        Item::Trait(definition) => Some(definition.ident.to_string()),
        Item::Type(alias) => Some(alias.ident.to_string()),
        Item::Mod(inner) => Some(inner.ident.to_string()),
        _ => None,
    });
    let here = Here { module, defined: defined.collect() };
    for item in list_of {
        list(item, &here, items);
    }
}

/// The module that is being listed.
struct Here<'m> {
    module: &'m [String],
    /// The names of its types and modules.
    defined: BTreeSet<String>,
}

impl Here<'_> {
    /// How a caller writes what is called `name` here.
    fn path(&self, name: &str) -> String {
        let segments = self.module.iter().map(String::as_str).chain([name]);
        segments.collect::<Vec<_>>().join("::")
    }

    /// How a caller writes a type or trait that stands here.
    fn outside<T: ToTokens + Clone>(
        &self,
        tokens: &T,
        visit: fn(&mut Outside<'_, '_>, &mut T),
    ) -> String {
        let mut tokens = tokens.clone();
        visit(&mut Outside { here: self, generics: Vec::new() }, &mut tokens);
        text(&tokens)
    }

    /// How a caller writes a type that stands here.
    fn ty(&self, ty: &Type) -> String {
        self.outside(ty, |outside, ty| outside.visit_type_mut(ty))
    }

    /// How a caller writes what a variant that stands here holds.
    fn variant(&self, fields: &Fields) -> String {
        self.outside(fields, |outside, fields| outside.visit_fields_mut(fields))
    }

    /// The implementations that a derive writes.
    fn derives(&self, of: &str, attributes: &[Attribute], items: &mut BTreeMap<String, String>) {
        let derives = attributes.iter().filter(|attribute| attribute.path().is_ident("derive"));
        for derive in derives {
            let parse = Punctuated::<Path, Token![,]>::parse_terminated;
            for mut name in derive.parse_args_with(parse).into_iter().flatten() {
                Shorten.visit_path_mut(&mut name);
                let name = match text(&name).trim_start_matches("::") {
                    "serde::Deserialize" => "serde::Deserialize<'de>".to_owned(),
                    name => name.to_owned(),
                };
                items.insert(format!("{of}: {name}"), "impl".to_owned());
            }
        }
    }
}

fn list(item: &Item, here: &Here<'_>, items: &mut BTreeMap<String, String>) {
    let mut add = |visibility: &Visibility, name: &dyn ToString, signature: String| {
        if is_public(visibility) {
            items.insert(here.path(&name.to_string()), signature);
        }
    };
    match item {
        Item::Mod(inner) if is_public(&inner.vis) => {
            let module = [here.module, &[inner.ident.to_string()]].concat();
            if let Some((_, content)) = &inner.content {
                list_all(content, &module, items);
            }
        }
        Item::Use(import) => {
            let tree = import.tree.to_token_stream().to_string().replace(' ', "");
            add(&import.vis, &format!("use {tree}"), "re-export".to_owned());
        }
        Item::Fn(function) => {
            add(&function.vis, &function.sig.ident, signature(&function.sig, here))
        }
        Item::Const(constant) => {
            add(&constant.vis, &constant.ident, format!("const: {}", here.ty(&constant.ty)))
        }
        Item::Type(alias) => {
            add(&alias.vis, &alias.ident, format!("type = {}", here.ty(&alias.ty)))
        }
        Item::Trait(definition) => {
            let (_, generics, _) = definition.generics.split_for_impl();
            add(&definition.vis, &definition.ident, format!("trait{}", text(&generics)));
        }
        Item::Struct(definition) if is_public(&definition.vis) => {
            let hidden = definition.fields.iter().any(|field| !is_public(&field.vis));
            let hidden = if hidden { " with private fields" } else { "" };
            let (open, generics) = (openness(&definition.attrs), text(&definition.generics));
            let path = here.path(&definition.ident.to_string());
            items.insert(path.clone(), format!("{open}struct{generics}{hidden}"));
            fields(&path, &definition.fields, here, items);
            here.derives(&format!("{path}{generics}"), &definition.attrs, items);
        }
        Item::Enum(definition) if is_public(&definition.vis) => {
            let path = here.path(&definition.ident.to_string());
            let (open, generics) = (openness(&definition.attrs), text(&definition.generics));
            items.insert(path.clone(), format!("{open}enum{generics}"));
            for variant in &definition.variants {
                items.insert(
                    format!("{path}::{}", variant.ident),
                    format!("variant{}", here.variant(&variant.fields)),
                );
            }
            here.derives(&format!("{path}{generics}"), &definition.attrs, items);
        }
        Item::Impl(block) => {
            let of = here.ty(&block.self_ty);
            if let Some((path, _)) = &block.trait_ {
                let path = here.outside(path, |outside, path| outside.visit_path_mut(path));
                items.insert(format!("{of}: {path}"), "impl".to_owned());
                return;
            }
            for item in &block.items {
                if let ImplItem::Fn(method) = item
                    && is_public(&method.vis)
                {
                    items.insert(
                        format!("{of}::{}", method.sig.ident),
                        signature(&method.sig, here),
                    );
                }
            }
        }
        Item::Macro(call) => {
            for item in written_by(&call.mac) {
                list(&item, here, items);
            }
        }
        _ => {}
    }
}

/// What a macro of the runtime implements, for the type that it names first; nothing for others.
fn written_by(call: &Macro) -> Vec<Item> {
    let mut words = call.tokens.clone().into_iter().map_while(|it| match it {
        TokenTree::Ident(word) => Some(word),
        _ => None,
    });
    let Some(of) = words.next() else { return Vec::new() };
    let serde = || -> [Item; 2] {
        [
            parse_quote!(impl<'de> serde::Deserialize<'de> for #of {}),
            parse_quote!(impl serde::Serialize for #of {}),
        ]
    };
    match text(&call.path).as_str() {
        "::newtype" | "::object" => serde().into(),
        "::texts" => {
            let without: Vec<String> = words.map(|word| word.to_string()).collect();
            let has = |name: &str| !without.iter().any(|word| word == name);
            let mut written = vec![
                parse_quote!(impl FromStr for #of {}),
                parse_quote!(impl TryFrom<&str> for #of {}),
                parse_quote!(impl TryFrom<String> for #of {}),
            ];
            written.extend(has("Display").then(|| parse_quote!(impl Display for #of {})));
            written.extend(serde().into_iter().filter(|_| has("serde")));
            written
        }
        "::union" => vec![
            parse_quote!(impl pagebind_client::union::Union for #of {}),
            parse_quote!(impl<'de> serde::Deserialize<'de> for #of {}),
        ],
        "::builder" => vec![
            parse_quote!(impl super::#of { pub fn builder() -> #of {} }),
            parse_quote!(impl Default for #of {}),
            parse_quote!(impl TryFrom<#of> for super::#of {}),
            parse_quote!(impl From<super::#of> for #of {}),
        ],
        "::operation" => vec![parse_quote! {
            impl<'a> #of<'a> {
                pub fn new(client: &'a super::Client) -> Self {}
                pub fn header(self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {}
            }
        }],
        _ => Vec::new(),
    }
}

/// What a caller has to know of a function: how it takes itself, and the types of its arguments.
fn signature(signature: &Signature, here: &Here<'_>) -> String {
    let mut signature = signature.clone();
    let generics = signature.generics.type_params().map(|it| it.ident.to_string()).collect();
    Outside { here, generics }.visit_signature_mut(&mut signature);
    let types = signature.inputs.iter().map(|input| match input {
        // Whether the function changes what it was given is its own business.
        FnArg::Receiver(receiver) => text(receiver).trim_start_matches("mut ").to_owned(),
        FnArg::Typed(argument) => text(&argument.ty),
    });
    let types: Vec<String> = types.collect();
    signature.inputs.clear();
    // Whoever awaits it sees no difference.
    if let Some(output) = awaited(&signature).cloned() {
        signature.asyncness = Some(Default::default());
        signature.output = parse_quote!(-> #output);
    }
    // There are no other empty parentheses before those of the arguments.
    text(&signature).replacen("()", &format!("({})", types.join(", ")), 1)
}

/// Whether a `match` or a literal of elsewhere has to leave room for what is added later.
fn openness(attributes: &[Attribute]) -> &'static str {
    let open = attributes.iter().any(|attribute| attribute.path().is_ident("non_exhaustive"));
    if open { "#[non_exhaustive] " } else { "" }
}

fn fields(path: &str, fields: &Fields, here: &Here<'_>, items: &mut BTreeMap<String, String>) {
    for (index, field) in fields.iter().enumerate().filter(|(_, field)| is_public(&field.vis)) {
        let name = field.ident.as_ref().map_or_else(|| index.to_string(), ToString::to_string);
        items.insert(format!("{path}::{name}"), here.ty(&field.ty));
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

/// Leaves the last segment of every path into the standard library (`Option`, not
/// `::std::option::Option`), and of a path through the runtime into another crate what that crate calls it.
struct Shorten;

impl VisitMut for Shorten {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let through = ["pagebind_client", "__private"];
        if path.segments.iter().zip(through).filter(|(segment, name)| segment.ident == name).count()
            == 2
        {
            path.segments = path.segments.iter().skip(2).cloned().collect();
        }
        let of_std = path.segments.first().is_some_and(|first| first.ident == "std");
        if of_std && path.segments.len() > 1 {
            let last = path.segments.last().cloned();
            path.leading_colon = None;
            path.segments = last.into_iter().collect();
        }
    }
}

/// Writes every path as one does from outside of the crate: `types::Card` for `Card` in `types`,
/// and `chrono::NaiveDate` for `::chrono::NaiveDate`.
struct Outside<'h, 'm> {
    here: &'h Here<'m>,
    /// The names of types that a caller chooses, whatever else is called so.
    generics: Vec<String>,
}

impl VisitMut for Outside<'_, '_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let Self { here, generics } = self;
        let of_elsewhere = path.leading_colon.take().is_some();
        let mut names: Vec<String> =
            path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let mut module = here.module.to_vec();
        let chosen = generics.contains(&names[0]);
        let mut local = !of_elsewhere && !chosen && here.defined.contains(&names[0]);
        while let Some(first) = names.first().filter(|_| !of_elsewhere) {
            match first.as_str() {
                "super" => drop(module.pop()),
                "self" => {}
                "crate" => module.clear(),
                _ => break,
            }
            names.remove(0);
            local = true;
        }
        let skipped = path.segments.len() - names.len();
        let mut segments: Punctuated<syn::PathSegment, Token![::]> = Punctuated::new();
        if local {
            segments.extend(module.iter().map(|name| {
                syn::PathSegment::from(syn::Ident::new(name, proc_macro2::Span::call_site()))
            }));
        }
        segments.extend(path.segments.iter().skip(skipped).cloned());
        if !segments.is_empty() {
            path.segments = segments;
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
                 pub struct Card { pub id: ::std::option::Option<i64>, hidden: bool, pub kind: Kind }
                 pub struct T(pub ::chrono::NaiveDate);
                 impl Card { pub fn builder<T>(&self, value: T, by: super::Key) -> Self where T: Into<Card> { todo!() } fn hidden() {} }
                 impl ::std::fmt::Display for Card {}
                 impl From<Card> for ::std::string::String {}
                 impl From<&super::other::Key> for ::chrono::DateTime<::chrono::Utc> {}
                 #[derive(::serde::Deserialize, Clone)]
                 pub struct Open(pub i64);
                 #[non_exhaustive]
                 pub enum Kind { Debit, Other(String) }
                 ::pagebind_client::__private::texts! { Kind {} }
                 pub enum Secret {}
                 ::pagebind_client::__private::texts! { Secret without Display without serde {} }
                 other::object! { T {} }
                 #[derive(::serde::Serialize)]
                 #[non_exhaustive]
                 pub enum Either { Text(String), Unknown(::serde_json::Value) }
                 ::pagebind_client::__private::union! {
                     Either {} { 0 Text: value { kinds: 16, } _ = Unknown }
                 }
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
                "String: From<types::Card> = impl",
                "chrono::DateTime<chrono::Utc>: From<&other::Key> = impl",
                "types::Card = struct with private fields",
                "types::Card: Display = impl",
                "types::Card::builder = fn builder<T>(&self, T, Key) -> Self where T: Into<types::Card>",
                "types::Card::id = Option<i64>",
                "types::Card::kind = types::Kind",
                "types::Either = #[non_exhaustive] enum",
                "types::Either: pagebind_client::union::Union = impl",
                "types::Either: serde::Deserialize<'de> = impl",
                "types::Either: serde::Serialize = impl",
                "types::Either::Text = variant(String)",
                "types::Either::Unknown = variant(serde_json::Value)",
                "types::Kind = #[non_exhaustive] enum",
                "types::Kind: Display = impl",
                "types::Kind: FromStr = impl",
                "types::Kind: TryFrom<&str> = impl",
                "types::Kind: TryFrom<String> = impl",
                "types::Kind: serde::Deserialize<'de> = impl",
                "types::Kind: serde::Serialize = impl",
                "types::Kind::Debit = variant",
                "types::Kind::Other = variant(String)",
                "types::Open = struct",
                "types::Open: Clone = impl",
                "types::Open: serde::Deserialize<'de> = impl",
                "types::Open::0 = i64",
                "types::Secret = enum",
                "types::Secret: FromStr = impl",
                "types::Secret: TryFrom<&str> = impl",
                "types::Secret: TryFrom<String> = impl",
                "types::T = struct",
                "types::T::0 = chrono::NaiveDate",
                "use other::{A,B} = re-export",
            ]
        );
    }

    #[test]
    fn a_source_that_is_no_rust_is_an_error() {
        assert!(public_items("fn {").is_err());
    }

    #[test]
    fn a_function_that_gives_a_future_is_listed_as_one_that_is_awaited() {
        let listed = |source: &str| public_items(source).unwrap();
        let given = "pub fn send(self) -> impl ::std::future::Future<Output = u8> + Send + 'a {}";
        assert_eq!(listed(given), listed("pub async fn send(self) -> u8 {}"));
        assert_ne!(
            listed("pub fn of() -> impl Iterator<Item = u8> {}"),
            listed("pub async fn of() -> u8 {}")
        );
    }
}
