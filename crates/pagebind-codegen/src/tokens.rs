//! The tokens of a large source, made a tree without being held twice.
//!
//! Syn copies all that it parses into a buffer beside the tokens, and has the tree beside both. So each item
//! is parsed by itself, those of modules too, and its tokens are gone before those of the next one are read.

use std::iter;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use syn::{File, Item};

/// The file that `tokens` are.
pub(crate) fn parse(tokens: TokenStream) -> syn::Result<File> {
    Ok(File { items: items(tokens)?, ..empty() })
}

/// A file of nothing.
pub(crate) fn empty() -> File {
    File { shebang: None, frontmatter: None, attrs: Vec::new(), items: Vec::new() }
}

/// The module `name` that is an item of `tokens`, and all others.
pub(crate) fn apart(tokens: TokenStream, name: &str) -> (TokenStream, TokenStream) {
    let (mut own, mut others) = (TokenStream::new(), TokenStream::new());
    for item in split(tokens) {
        let is_own = module_name(&item).is_some_and(|module| module == name);
        if is_own { &mut own } else { &mut others }.extend(item);
    }
    (own, others)
}

/// Changes what is in the module `name` of `items`.
pub(crate) fn in_module(
    items: TokenStream,
    name: &str,
    change: impl Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    // Only the name before a block is looked at: most of a source is in a module of many items.
    let mut is_next = false;
    let items = items.into_iter().map(|tree| match tree {
        TokenTree::Group(group) if is_next && group.delimiter() == Delimiter::Brace => {
            is_next = false;
            Group::new(Delimiter::Brace, change(within(group))).into()
        }
        tree => {
            is_next = matches!(&tree, TokenTree::Ident(ident) if ident == name);
            tree
        }
    });
    items.collect()
}

/// Changes what is in the block of each of `items` that `is_meant`.
pub(crate) fn in_blocks(
    items: TokenStream,
    is_meant: impl Fn(&[TokenTree]) -> bool,
    change: impl Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let items = split(items).flat_map(|mut item| {
        if is_meant(&item)
            && let Some(TokenTree::Group(_)) = item.last()
            && let Some(TokenTree::Group(block)) = item.pop()
        {
            item.push(Group::new(block.delimiter(), change(within(block))).into());
        }
        item
    });
    items.collect()
}

/// Those of `items` that are `meant`.
pub(crate) fn only(items: TokenStream, is_meant: impl Fn(&[TokenTree]) -> bool) -> TokenStream {
    split(items).filter(|item| is_meant(item)).flatten().collect()
}

/// What stands in a group, which is its only owner from here on: who walks over shared tokens copies them.
fn within(group: Group) -> TokenStream {
    group.stream()
}

/// The items that `tokens` are.
fn items(tokens: TokenStream) -> syn::Result<Vec<Item>> {
    split(tokens)
        .map(|mut tokens| {
            let mut inner = None;
            if module_name(&tokens).is_some()
                && let Some(TokenTree::Group(group)) = tokens.pop()
            {
                tokens.push(Group::new(Delimiter::Brace, TokenStream::new()).into());
                inner = Some(within(group));
            }
            item(tokens.into_iter().collect(), inner)
        })
        .collect()
}

/// The tokens of each item: it ends with a `;`, or with a block that none follows.
fn split(tokens: TokenStream) -> impl Iterator<Item = Vec<TokenTree>> {
    let mut tokens = tokens.into_iter().peekable();
    iter::from_fn(move || {
        let mut one = Vec::new();
        while let Some(tree) = tokens.next() {
            let ends = match &tree {
                TokenTree::Group(group) => {
                    group.delimiter() == Delimiter::Brace
                        && !tokens.peek().is_some_and(is_semicolon)
                }
                tree => is_semicolon(tree),
            };
            one.push(tree);
            if ends {
                break;
            }
        }
        (!one.is_empty()).then_some(one)
    })
}

/// The item that `tokens` are, a module with what is `inner`.
fn item(tokens: TokenStream, inner: Option<TokenStream>) -> syn::Result<Item> {
    let mut item = syn::parse2(tokens)?;
    if let Item::Mod(module) = &mut item
        && let Some((_, content)) = &mut module.content
        && let Some(inner) = inner
    {
        *content = items(inner)?;
    }
    Ok(item)
}

/// The name of the module that an item is, if it is one.
fn module_name(item: &[TokenTree]) -> Option<&Ident> {
    match item {
        [.., TokenTree::Ident(keyword), TokenTree::Ident(name), TokenTree::Group(_)] => {
            (keyword == "mod").then_some(name)
        }
        _ => None,
    }
}

fn is_semicolon(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ';')
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn a_source_parsed_item_by_item_is_what_it_is_as_a_whole() {
        let source = quote! {
            use a::{b, c};
            /// Words.
            pub struct Unit;
            struct Tuple<T>(T) where T: Copy;
            const _: () = { fn check() {} };
            made! { x }
            pub mod types {
                mod empty {}
                pub mod error { struct A {} }
                impl<'a> From<&'a A> for B { fn from(a: &'a A) -> Self { B { a } } }
            }
            type Last = i64;
        };
        let [parsed, whole] = [parse(source.clone()), syn::parse2(source)].map(Result::unwrap);
        assert_eq!(prettyplease::unparse(&parsed), prettyplease::unparse(&whole));
    }

    #[test]
    fn a_module_is_set_apart_from_all_others() {
        let source = quote! {
            use a::types;
            /// Words.
            pub mod types { mod types {} }
            pub mod other { mod types {} }
            struct Last;
        };
        let (own, others) = apart(source, "types");
        assert_eq!(
            own.to_string(),
            quote!(
                #[doc = r" Words."]
                pub mod types {
                    mod types {}
                }
            )
            .to_string()
        );
        let expected = quote!(
            use a::types;
            pub mod other {
                mod types {}
            }
            struct Last;
        );
        assert_eq!(others.to_string(), expected.to_string());
    }

    #[test]
    fn what_is_no_item_is_an_error() {
        for source in [quote!(struct), quote!(struct A;, 1 + 1), quote!(mod a { 1 })] {
            assert!(parse(source).is_err());
        }
    }
}
