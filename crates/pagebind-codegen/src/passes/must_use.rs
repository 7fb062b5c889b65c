//! Operations that are set up and never sent.
//!
//! Progenitor's builders are plain values: `client.delete_customer().body(…)` without `send` is a
//! statement that compiles without a word, and does nothing.

use std::collections::BTreeSet;

use pagebind::diagnostic::Diagnostic;
use syn::{Attribute, File, Item, parse_quote};

use super::source::{expect, module, sends};

/// Lets the compiler warn of an operation that nobody sends.
pub(super) fn run(file: &mut File) -> Result<(), Diagnostic> {
    let mut operations: BTreeSet<String> = sends(file).map(|(builder, _)| builder).collect();
    let must_use: Attribute =
        parse_quote!(#[must_use = "nothing is sent before `send` is awaited"]);
    for item in module(&mut file.items, "builder").into_iter().flatten() {
        if let Item::Struct(builder) = item
            && operations.remove(&builder.ident.to_string())
        {
            builder.attrs.push(must_use.clone());
        }
    }
    let missing = operations.pop_first();
    expect(missing.is_none(), "must_use", format!("the builder `{}`", missing.unwrap_or_default()))
}
