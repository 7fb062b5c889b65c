//! Redaction: a type that the contract marks `x-sensitive` prints as `[redacted]`, and has no
//! `Display`.
//!
//! Whatever holds such a value, a request or the builder of one, prints it through the type's own
//! `Debug`, so the type is the one place to close.

use std::collections::BTreeSet;

use pagebind::diagnostic::Diagnostic;
use syn::{File, Item, parse_quote};

use super::source::{module, self_type, unmatched, without_derive};
use crate::plan::Plan;

/// Redacts the sensitive types and the builders of those that have one.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let mut redacted = BTreeSet::new();
    if let Some(types) = module(&mut file.items, "types") {
        if let Some(builders) = module(types, "builder") {
            redact(builders, plan);
        }
        redacted = redact(types, plan);
    }
    match plan.sensitive.iter().find(|name| !redacted.contains(*name)) {
        Some(name) => Err(unmatched("redaction", format!("the `Debug` of `{name}`"))),
        None => Ok(()),
    }
}

fn is_sensitive(plan: &Plan, name: &str) -> bool {
    plan.sensitive.contains(name)
}

/// Redacts the sensitive types among `items`, and gives their names.
fn redact(items: &mut Vec<Item>, plan: &Plan) -> BTreeSet<String> {
    let mut done = BTreeSet::new();
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
        if is_sensitive(plan, &name.to_string()) {
            let conditions = attributes.iter().filter(|one| one.path().is_ident("cfg"));
            let redacted = parse_quote! {
                #(#conditions)*
                impl ::std::fmt::Debug for #name {
                    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str("[redacted]")
                    }
                }
            };
            if attributes.iter_mut().any(|attribute| without_derive(attribute, "Debug")) {
                done.insert(name.to_string());
            }
            items.insert(index, redacted);
        }
    }
    done
}

fn is_display_of_sensitive(item: &Item, plan: &Plan) -> bool {
    let Item::Impl(block) = item else { return false };
    let is_display = block.trait_.as_ref().and_then(|(path, _)| path.segments.last());
    is_display.is_some_and(|segment| segment.ident == "Display")
        && self_type(block).is_some_and(|name| is_sensitive(plan, &name))
}
