//! Operations that the publisher asks callers to leave.

use pagebind::diagnostic::Diagnostic;
use syn::{File, parse_quote};

use super::source::{expect, methods};
use crate::plan::Plan;

/// Lets the compiler warn of calls of deprecated operations.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let deprecated = plan.operations.iter().filter(|(_, operation)| operation.deprecated);
    for (method, _) in deprecated {
        let mut found = false;
        for (owner, function) in methods(&mut file.items) {
            if owner == "Client" && function.sig.ident == method {
                function.attrs.push(parse_quote!(#[deprecated = "the publisher says so"]));
                found = true;
            }
        }
        expect(found, "deprecated", format!("the method `{method}`"))?;
    }
    Ok(())
}
