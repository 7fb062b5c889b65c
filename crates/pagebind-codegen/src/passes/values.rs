//! Values of enums whose variants are not named after them: each is written, read and printed as the
//! contract has it.

use std::collections::BTreeMap;

use pagebind::diagnostic::Diagnostic;
use syn::{File, Item, parse_quote};

use super::source::{expect, module};
use crate::plan::Plan;

/// Puts the values of the plan in the place of the names that typify saw.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let types = module(&mut file.items, "types").map(Vec::as_mut_slice).unwrap_or_default();
    let mut renamed = 0;
    for item in types {
        let Item::Enum(definition) = item else { continue };
        let Some(values) = plan.enum_values.get(&definition.ident.to_string()) else { continue };
        for variant in &mut definition.variants {
            let Some(value) = values.get(&variant.ident.to_string()) else { continue };
            variant.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
            variant.attrs.push(parse_quote!(#[serde(rename = #value)]));
            renamed += 1;
        }
    }
    let planned: usize = plan.enum_values.values().map(BTreeMap::len).sum();
    expect(renamed == planned, "values", "the variant of every value")
}
