//! Operations and types that the publisher asks callers to leave.

use std::collections::BTreeSet;

use pagebind::diagnostic::Diagnostic;
use syn::{Attribute, File, Item, parse_quote};

use super::source::{expect, methods, module};
use crate::plan::Plan;

/// Lets the compiler warn of calls of deprecated operations.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let deprecated = plan.operations.iter().filter(|(_, operation)| operation.deprecated);
    let mut missing: BTreeSet<String> = deprecated.map(|(method, _)| method.clone()).collect();
    for (owner, function) in methods(&mut file.items) {
        if owner == "Client" && missing.remove(&function.sig.ident.to_string()) {
            function.attrs.push(leave());
        }
    }
    let missing = missing.pop_first();
    expect(missing.is_none(), "deprecated", format!("the method `{}`", missing.unwrap_or_default()))
}

/// Lets the compiler warn of the use of deprecated types.
pub(super) fn types(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let mut found = 0;
    for item in module(&mut file.items, "types").into_iter().flatten() {
        let (name, attributes) = match item {
            Item::Struct(definition) => (&definition.ident, &mut definition.attrs),
            Item::Enum(definition) => (&definition.ident, &mut definition.attrs),
            _ => continue,
        };
        if plan.deprecated.contains(&name.to_string()) {
            attributes.push(leave());
            found += 1;
        }
    }
    expect(found == plan.deprecated.len(), "deprecated", "every type that is on its way out")
}

fn leave() -> Attribute {
    parse_quote!(#[deprecated = "the publisher says so"])
}
