//! Dependencies: what the source names of other crates, it reaches through `pagebind_client`.
//!
//! Progenitor and typify write `::serde::Serialize` and `::regress::Regex`, so that whoever holds the
//! source depends on each of those crates, in a version that fits. The runtime depends on them already
//! and hands them on, so that one line in a `Cargo.toml` is enough, and none of them can be missing.

use std::collections::BTreeSet;

use pagebind::diagnostic::Diagnostic;
use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, File, Item, LitStr, Macro, Meta, Path, TypePath, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::source::{expect, module};
use crate::plan::Plan;

/// The crates that `pagebind_client` hands on. Another one in the source is an error.
const HANDED_ON: [&str; 4] = ["regress", "reqwest", "serde", "serde_json"];

/// The types that it has in the place of those of other crates, which read only what is exact. Elsewhere
/// the generator is told so; it does not listen where a format has a neighbour.
const OURS: [(&str, &str, &str); 3] =
    [("chrono", "DateTime", "DateTime"), ("chrono", "NaiveDate", "Date"), ("uuid", "Uuid", "Uuid")];

/// Where it does.
const PATH: &str = "::pagebind_client::__private::";

/// The crates that the source may name as they are.
const AS_THEY_ARE: [&str; 4] = ["alloc", "core", "pagebind_client", "std"];

/// Rewrites every path into another crate, but for those that the caller asked for.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let mut others = Others { asked_for: &plan.paths, unknown: BTreeSet::new() };
    others.visit_file_mut(file);
    let other = others.unknown.pop_first();
    let known = other.is_none();
    let other = other.unwrap_or_default();
    expect(known, "dependencies", format!("`{other}` among what `pagebind_client` hands on"))?;
    for types in module(&mut file.items, "types").into_iter().flatten() {
        match types {
            Item::Struct(definition) => derive_with_ours(&mut definition.attrs),
            Item::Enum(definition) => derive_with_ours(&mut definition.attrs),
            _ => {}
        }
    }
    Ok(())
}

/// Tells the derives of `serde` where it is, where there are any.
fn derive_with_ours(attributes: &mut Vec<Attribute>) {
    let serde = format!("{PATH}serde");
    let derives = |attribute: &Attribute| {
        let Meta::List(list) = &attribute.meta else { return false };
        list.path.is_ident("derive") && list.tokens.to_string().contains("__private :: serde")
    };
    let Some(last) = attributes.iter().rposition(derives) else { return };
    match attributes.iter_mut().find(|attribute| attribute.path().is_ident("serde")) {
        Some(attribute) => {
            if let Meta::List(list) = &mut attribute.meta {
                let options = &list.tokens;
                list.tokens = quote::quote!(crate = #serde, #options);
            }
        }
        None => attributes.insert(last + 1, parse_quote!(#[serde(crate = #serde)])),
    }
}

/// Finds paths into other crates.
struct Others<'p> {
    asked_for: &'p BTreeSet<String>,
    /// The crates that nobody hands on.
    unknown: BTreeSet<String>,
}

impl Others<'_> {
    /// Whether a path is one that the caller asked for.
    fn is_asked_for(&self, path: &Path) -> bool {
        if self.asked_for.is_empty() {
            return false;
        }
        let names: Vec<String> =
            path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.asked_for.contains(&names.join("::"))
    }

    /// Tokens that are not read as Rust here, with the paths in them rewritten.
    fn tokens(tokens: TokenStream) -> TokenStream {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let colon = |at: usize| {
            let tree: Option<&TokenTree> = tokens.get(at);
            matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == ':')
        };
        let mut written = TokenStream::new();
        for (at, tree) in tokens.iter().enumerate() {
            match tree {
                TokenTree::Group(group) => {
                    let inner = Self::tokens(group.stream());
                    written.extend([TokenTree::from(Group::new(group.delimiter(), inner))]);
                }
                // `crate_name::…`, which is not the middle of a path.
                TokenTree::Ident(name) if colon(at + 1) && colon(at + 2) && is_handed_on(name) => {
                    let (before, after) = (at.checked_sub(1), at.checked_sub(3));
                    let leading = before.is_some_and(colon);
                    let within = after
                        .and_then(|at| tokens.get(at))
                        .is_some_and(|tree| leading && matches!(tree, TokenTree::Ident(_)));
                    let ours = match (within, leading) {
                        (true, _) => quote::quote!(#name),
                        (false, true) => quote::quote!(pagebind_client::__private::#name),
                        (false, false) => quote::quote!(::pagebind_client::__private::#name),
                    };
                    written.extend(ours);
                }
                // The path in an option of `serde`.
                TokenTree::Literal(literal) => {
                    written.extend([TokenTree::from(Self::literal(literal))]);
                }
                other => written.extend([other.clone()]),
            }
        }
        written
    }

    /// A string that is a path, rewritten.
    fn literal(literal: &Literal) -> Literal {
        if !literal.to_string().starts_with("\"::") {
            return literal.clone();
        }
        let text = syn::parse2::<LitStr>(literal.to_token_stream()).map(|text| text.value());
        let path = text.ok().and_then(|text| Some(text.strip_prefix("::")?.to_owned()));
        let path = path.filter(|path| {
            let (first, _) = path.split_once("::").unwrap_or_default();
            HANDED_ON.contains(&first)
        });
        path.map_or_else(|| literal.clone(), |path| Literal::string(&format!("{PATH}{path}")))
    }
}

fn is_handed_on(name: &Ident) -> bool {
    HANDED_ON.iter().any(|known| name == known)
}

impl VisitMut for Others<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        let (Some(first), Some(last)) = (path.segments.first(), path.segments.last()) else {
            return;
        };
        let (first, last) = (&first.ident, &last.ident);
        if self.is_asked_for(path) {
            return visit_mut::visit_path_mut(self, path);
        }
        let ours = OURS
            .iter()
            .find(|(of, name, _)| path.segments.len() > 1 && first == of && last == name);
        if let Some((_, _, name)) = ours {
            let name = Ident::new(name, Span::call_site());
            *path = parse_quote!(::pagebind_client::#name);
        } else if path.segments.len() > 1 && is_handed_on(first) {
            let ours = ["pagebind_client", "__private"];
            let ours = ours.map(|name| syn::PathSegment::from(Ident::new(name, Span::call_site())));
            let rest = std::mem::take(&mut path.segments);
            path.segments = ours.into_iter().chain(rest).collect();
            path.leading_colon = Some(Default::default());
        } else if path.leading_colon.is_some() && !AS_THEY_ARE.iter().any(|known| first == known) {
            self.unknown.insert(first.to_string());
        }
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_type_path_mut(&mut self, of: &mut TypePath) {
        let before = of.path.segments.len();
        visit_mut::visit_type_path_mut(self, of);
        // In `<T as a::Trait>::Name`, it counts the segments of the trait.
        if let Some(qself) = of.qself.as_mut().filter(|qself| qself.position > 0) {
            qself.position += of.path.segments.len() - before;
        }
    }

    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        if let Meta::List(list) = &mut attribute.meta {
            list.tokens = Self::tokens(std::mem::take(&mut list.tokens));
        }
    }

    fn visit_macro_mut(&mut self, call: &mut Macro) {
        visit_mut::visit_macro_mut(self, call);
        call.tokens = Self::tokens(std::mem::take(&mut call.tokens));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(source: &str) -> String {
        let mut file = syn::parse_str(source).unwrap();
        run(&mut file, &Plan::default()).unwrap();
        prettyplease::unparse(&file)
    }

    #[test]
    fn every_path_into_another_crate_goes_through_the_runtime() {
        let source = r#"pub mod types {
    #[derive(::serde::Deserialize, Clone)]
    #[serde(transparent)]
    pub struct Name(#[serde(skip_serializing_if = "::serde_json::Map::is_empty")] serde_json::Value);
    #[derive(::serde::Serialize)]
    pub enum Kind {}
    #[derive(Debug)]
    pub enum Error {}
}
fn read() -> reqwest::Body {
    vec![::serde_json::json!(1), serde_json::Value::Null, crate::serde::x]
}
"#;
        let expected = r#"pub mod types {
    #[derive(::pagebind_client::__private::serde::Deserialize, Clone)]
    #[serde(crate = "::pagebind_client::__private::serde", transparent)]
    pub struct Name(
        #[serde(
            skip_serializing_if = "::pagebind_client::__private::serde_json::Map::is_empty"
        )]
        ::pagebind_client::__private::serde_json::Value,
    );
    #[derive(::pagebind_client::__private::serde::Serialize)]
    #[serde(crate = "::pagebind_client::__private::serde")]
    pub enum Kind {}
    #[derive(Debug)]
    pub enum Error {}
}
fn read() -> ::pagebind_client::__private::reqwest::Body {
    vec![
        ::pagebind_client::__private::serde_json::json!(1),
        ::pagebind_client::__private::serde_json::Value::Null, crate ::serde::x
    ]
}
"#;
        assert_eq!(rewritten(source), expected);
    }

    #[test]
    fn a_format_has_the_type_of_the_runtime_wherever_it_stands() {
        let source =
            "fn f(a: ::chrono::DateTime<::chrono::Utc>) -> <::uuid::Uuid as ::serde::X>::Y {}\n";
        let expected = "fn f(
    a: ::pagebind_client::DateTime,
) -> <::pagebind_client::Uuid as ::pagebind_client::__private::serde::X>::Y {}
";
        assert_eq!(rewritten(source), expected);
    }

    #[test]
    fn a_crate_that_nobody_hands_on_is_an_error() {
        let mut file = syn::parse_str("fn f() -> ::chrono::NaiveTime { ::std::todo!() }").unwrap();
        let problem = run(&mut file, &Plan::default()).unwrap_err();
        assert_eq!(
            problem.message,
            "the pass `dependencies` does not find `chrono` among what `pagebind_client` hands on"
        );
    }

    #[test]
    fn what_the_caller_asked_for_is_the_caller_s_to_depend_on() {
        let source = "fn f(a: ::jiff::Timestamp, b: ::chrono::NaiveDate, c: ::uuid::Uuid) {}\n";
        let mut file = syn::parse_str(source).unwrap();
        let paths = ["jiff::Timestamp", "chrono::NaiveDate"].map(str::to_owned).into();
        run(&mut file, &Plan { paths, ..Plan::default() }).unwrap();
        let expected =
            "fn f(a: ::jiff::Timestamp, b: ::chrono::NaiveDate, c: ::pagebind_client::Uuid) {}\n";
        assert_eq!(prettyplease::unparse(&file), expected);
    }
}
