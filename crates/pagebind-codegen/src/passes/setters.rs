//! What setters take: a type that is plain text is made of a `&str`, and limits are written as the runtime
//! reads them.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::{File, GenericArgument, ImplItem, Item, PathArguments, Type, parse_quote};

use super::source::module;
use crate::plan::Bounds;

/// Lets plain text be made of `&str`.
pub(super) fn types(file: &mut File) {
    if let Some(types) = module(&mut file.items, "types") {
        from_str(types);
    }
}

/// Limits as an expression.
pub(super) fn limits(bounds: &Bounds) -> TokenStream {
    let number = |value: &Value| {
        let number = proc_macro2::Literal::f64_unsuffixed(value.as_f64().unwrap_or_default());
        quote!(Some(#number))
    };
    let count = |value: &Value| {
        let count = usize::try_from(value.as_u64().unwrap_or_default()).unwrap_or(usize::MAX);
        let count = proc_macro2::Literal::usize_unsuffixed(count);
        quote!(Some(#count))
    };
    let fields = bounds.iter().filter_map(|(keyword, value)| {
        Some(match keyword.as_str() {
            "minimum" => (quote!(minimum), number(value)),
            "exclusiveMinimum" => (quote!(exclusive_minimum), number(value)),
            "maximum" => (quote!(maximum), number(value)),
            "exclusiveMaximum" => (quote!(exclusive_maximum), number(value)),
            "multipleOf" => (quote!(multiple_of), number(value)),
            "minItems" => (quote!(min_items), count(value)),
            "maxItems" => (quote!(max_items), count(value)),
            "uniqueItems" => (quote!(unique_items), quote!(true)),
            "minProperties" => (quote!(min_properties), count(value)),
            "maxProperties" => (quote!(max_properties), count(value)),
            "values" => {
                let text = value.to_string();
                (quote!(values), quote!(#text))
            }
            "each" => {
                let each = limits(value.as_object()?);
                (quote!(each), quote!(Some(&#each)))
            }
            _ => return None,
        })
    });
    let fields = fields.map(|(name, value)| quote!(#name: #value));
    quote!(::pagebind_client::Bounds { #(#fields,)* ..::pagebind_client::Bounds::NONE })
}

/// Adds `From<&str>` to each type that has `From<String>`; typify gives `&str` only to those that
/// check it.
fn from_str(types: &mut Vec<Item>) {
    let mut index = 0;
    while let Some(item) = types.get(index) {
        index += 1;
        let Item::Impl(block) = item else { continue };
        let Some((path, _)) = &block.trait_ else { continue };
        let of_string = path.segments.last().is_some_and(|from| {
            let PathArguments::AngleBracketed(arguments) = &from.arguments else { return false };
            let source = arguments.args.first();
            from.ident == "From"
                && matches!(source, Some(GenericArgument::Type(Type::Path(source)))
                    if source.path.segments.last().is_some_and(|last| last.ident == "String"))
        });
        // Another variant of a union holds the text, and has its own way from `&str`.
        let newtype = |item: &ImplItem| matches!(item, ImplItem::Fn(from) if quote!(#from).to_string().contains("Self (value)"));
        if of_string && block.items.iter().any(newtype) {
            let name = &block.self_ty;
            let from = parse_quote! {
                impl ::std::convert::From<&str> for #name {
                    fn from(value: &str) -> Self {
                        Self(value.to_owned())
                    }
                }
            };
            types.insert(index, from);
        }
    }
}
