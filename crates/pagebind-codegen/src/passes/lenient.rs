//! Reading is lenient: limits that the contract sets fail no response.
//!
//! A limit binds who sends. A service that goes beyond its own, by a longer text or a new member,
//! is read all the same; typify's types would refuse the whole response. The limits are still
//! checked where a value is made: by `FromStr`, `TryFrom`, and every setter.

use syn::{File, Item, Meta, Token, parse_quote, punctuated::Punctuated};

use super::source::{holds_numbers, module, self_type, trait_name, with_derive};

/// Lets every type be read whenever the kinds of its JSON fit.
pub(super) fn run(file: &mut File) {
    let Some(types) = module(&mut file.items, "types") else { return };
    // What reads only what the limits allow: text that is parsed.
    let mut checked = Vec::new();
    types.retain(|item| {
        let Item::Impl(block) = item else { return true };
        let reads = trait_name(block).as_deref() == Some("Deserialize");
        if reads {
            checked.extend(self_type(block));
        }
        !reads
    });
    for item in types.iter_mut() {
        let Item::Struct(definition) = item else { continue };
        if checked.contains(&definition.ident.to_string()) {
            let derive = parse_quote!(::serde::Deserialize);
            definition.attrs.iter_mut().for_each(|one| with_derive(one, &derive));
        }
        definition.attrs.retain(|attribute| {
            let Meta::List(list) = &attribute.meta else { return true };
            let closed = |keys: Punctuated<Meta, Token![,]>| {
                keys.len() == 1 && keys[0].path().is_ident("deny_unknown_fields")
            };
            !(list.path.is_ident("serde")
                && list.parse_args_with(Punctuated::parse_terminated).is_ok_and(closed))
        });
        // A type that is nothing but a number; the fields of others have a pass of their own.
        if let syn::Fields::Unnamed(fields) = &mut definition.fields {
            for field in fields.unnamed.iter_mut().filter(|one| holds_numbers(&one.ty)) {
                field.attrs.push(parse_quote!(#[serde(with = "::pagebind_client::numbers")]));
            }
        }
    }
}
