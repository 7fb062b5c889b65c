//! Redaction: a type that the contract marks `x-sensitive` prints as `[redacted]`, and has no
//! `Display`.
//!
//! Whatever holds such a value, a request or the builder of one, prints it through the type's own
//! `Debug`, so the type is the one place to close.

use syn::{Attribute, File, Item, Meta, Path, Token, parse_quote, punctuated::Punctuated};

use super::{module, self_type};
use crate::plan::Plan;

/// Redacts the sensitive types and the builders of those that have one.
pub(super) fn run(file: &mut File, plan: &Plan) {
    let Some(types) = module(&mut file.items, "types") else { return };
    if let Some(builders) = module(types, "builder") {
        redact(builders, plan);
    }
    redact(types, plan);
}

fn redact(items: &mut Vec<Item>, plan: &Plan) {
    items.retain(|item| !is_display_of_sensitive(item, plan));
    let mut index = 0;
    while index < items.len() {
        let (name, attributes) = match &mut items[index] {
            Item::Struct(definition) => (&definition.ident, &mut definition.attrs),
            Item::Enum(definition) => (&definition.ident, &mut definition.attrs),
            _ => {
                index += 1;
                continue;
            }
        };
        index += 1;
        if plan.sensitive.contains(&name.to_string()) {
            let redacted = parse_quote! {
                impl ::std::fmt::Debug for #name {
                    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str("[redacted]")
                    }
                }
            };
            attributes.iter_mut().for_each(without_debug);
            items.insert(index, redacted);
        }
    }
}

fn is_display_of_sensitive(item: &Item, plan: &Plan) -> bool {
    let Item::Impl(block) = item else { return false };
    let is_display = block.trait_.as_ref().and_then(|(path, _)| path.segments.last());
    is_display.is_some_and(|segment| segment.ident == "Display")
        && self_type(block).is_some_and(|name| plan.sensitive.contains(&name))
}

/// Takes `Debug` out of a `derive` attribute.
fn without_debug(attribute: &mut Attribute) {
    if !attribute.path().is_ident("derive") {
        return;
    }
    let Meta::List(list) = &attribute.meta else { return };
    let Ok(derives) = list.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated) else {
        return;
    };
    let kept = derives
        .iter()
        .filter(|derive| derive.segments.last().is_none_or(|name| name.ident != "Debug"));
    *attribute = parse_quote!(#[derive(#(#kept),*)]);
}
