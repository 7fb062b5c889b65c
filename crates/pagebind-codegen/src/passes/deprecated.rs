//! Operations and types that the publisher asks callers to leave.

use pagebind::diagnostic::Diagnostic;
use syn::{Attribute, File, Item, parse_quote};

use super::source::{expect, methods, module};
use crate::plan::Plan;

/// Lets the compiler warn of calls of deprecated operations, and of the use of deprecated types.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let leave: Attribute = parse_quote!(#[deprecated = "the publisher says so"]);
    let deprecated = plan.operations.iter().filter(|(_, operation)| operation.deprecated);
    for (method, _) in deprecated {
        let mut found = false;
        for (owner, function) in methods(&mut file.items) {
            if owner == "Client" && function.sig.ident == method {
                function.attrs.push(leave.clone());
                found = true;
            }
        }
        expect(found, "deprecated", format!("the method `{method}`"))?;
    }
    let mut found = 0;
    for item in module(&mut file.items, "types").into_iter().flatten() {
        let (name, attributes) = match item {
            Item::Struct(definition) => (&definition.ident, &mut definition.attrs),
            Item::Enum(definition) => (&definition.ident, &mut definition.attrs),
            _ => continue,
        };
        if plan.deprecated.contains(&name.to_string()) {
            attributes.push(leave.clone());
            found += 1;
        }
    }
    expect(found == plan.deprecated.len(), "deprecated", "every type that is on its way out")
}
