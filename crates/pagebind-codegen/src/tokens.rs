//! The tokens of a large source, made a tree without being held twice.
//!
//! Syn copies all that it parses into a buffer beside the tokens, and has the tree beside both. So each item
//! is parsed by itself, those of modules too, and its tokens are gone before those of the next one are read.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{File, Item};

/// The file that `tokens` are.
pub(crate) fn parse(tokens: TokenStream) -> syn::Result<File> {
    Ok(File { shebang: None, frontmatter: None, attrs: Vec::new(), items: items(tokens)? })
}

/// What stands in a group, which is its only owner from here on: who walks over shared tokens copies them.
pub(crate) fn within(group: Group) -> TokenStream {
    group.stream()
}

/// The items that `tokens` are: each ends with a `;`, or with a block that none follows.
fn items(tokens: TokenStream) -> syn::Result<Vec<Item>> {
    let mut items = Vec::new();
    let mut one = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(tree) = tokens.next() {
        let mut inner = None;
        let ends = match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let group = if is_module(&one) {
                    inner = Some(within(group));
                    Group::new(Delimiter::Brace, TokenStream::new())
                } else {
                    group
                };
                one.push(group.into());
                !tokens.peek().is_some_and(is_semicolon)
            }
            tree => {
                let ends = is_semicolon(&tree);
                one.push(tree);
                ends
            }
        };
        if ends {
            items.push(item(one.drain(..).collect(), inner)?);
        }
    }
    if !one.is_empty() {
        items.push(item(one.into_iter().collect(), None)?);
    }
    Ok(items)
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

/// Whether the block of a module is what comes next.
fn is_module(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [.., TokenTree::Ident(keyword), TokenTree::Ident(_)] if keyword == "mod")
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
    fn what_is_no_item_is_an_error() {
        for source in [quote!(struct), quote!(struct A;, 1 + 1), quote!(mod a { 1 })] {
            assert!(parse(source).is_err());
        }
    }
}
