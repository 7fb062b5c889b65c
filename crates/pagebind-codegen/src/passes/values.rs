//! Values of enums whose variants are not named after them: each is written, read and printed as the
//! contract has it.

use std::collections::BTreeMap;

use pagebind::diagnostic::Diagnostic;
use syn::{
    File, Item, LitStr, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::source::{expect, module, self_type};
use crate::plan::Plan;

/// Puts the values of the plan in the place of the names that typify saw.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let types = module(&mut file.items, "types").map(Vec::as_mut_slice).unwrap_or_default();
    let mut renamed = 0;
    for item in types {
        match item {
            Item::Enum(definition) => {
                let Some(values) = plan.enum_values.get(&definition.ident.to_string()) else {
                    continue;
                };
                for variant in &mut definition.variants {
                    let Some(value) = values.get(&variant.ident.to_string()) else { continue };
                    variant.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
                    variant.attrs.push(parse_quote!(#[serde(rename = #value)]));
                    renamed += 1;
                }
            }
            Item::Impl(block) => {
                if let Some(values) = self_type(block).and_then(|it| plan.enum_values.get(&it)) {
                    Texts(values).visit_item_impl_mut(block);
                }
            }
            _ => {}
        }
    }
    let planned: usize = plan.enum_values.values().map(BTreeMap::len).sum();
    expect(renamed == planned, "values", "the variant of every value")
}

/// The texts that `Display` writes and `FromStr` reads.
struct Texts<'a>(&'a BTreeMap<String, String>);

impl VisitMut for Texts<'_> {
    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        visit_mut::visit_lit_str_mut(self, literal);
        if let Some(value) = self.0.get(&literal.value()) {
            *literal = LitStr::new(value, literal.span());
        }
    }
}
