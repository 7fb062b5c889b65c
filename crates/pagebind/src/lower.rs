//! OpenAPI 3.1 down to 3.0, and what was lost on the way.
//!
//! Semantics come first: no instance that the 3.1 schema accepts may be refused by the 3.0 schema.
//! What 3.0 can't say becomes wider, is kept as `x-jsonschema-<keyword>`, and is listed as a
//! [`Loss`]. Three consequences reach further than a table of keywords:
//!
//! - **Wider is narrower under `not` and `oneOf`.** A `not` whose schema got wider would refuse
//!   more, and of two `oneOf` branches that got wider both may match. The first is taken out, the
//!   second becomes `anyOf`. Whether a component got wider is known only once all are lowered, so
//!   the whole is repeated until that no longer changes.
//! - **Null is asked for, not guessed.** A schema becomes `nullable` if and only if the 3.1 schema,
//!   with all that stands beside its `type`, accepts null. `nullable` counts only beside a `type`
//!   (OpenAPI 3.0.3, Schema Object). For `anyOf: [$ref, null]` it stands beside `allOf: [$ref]` and
//!   is read as letting null through the whole schema, which is how generators read it; everywhere
//!   else the letter of 3.0.3 says the same.
//! - **Data is never touched.** The walk knows where schemas are; `example`, `default`, `enum`,
//!   `const` and `x-*` hold values, and a property may be called `const` or `type`.

mod arrays;
mod compose;
mod document;
mod loss;
mod null;
mod numbers;
mod objects;
mod pass;
mod references;
mod schema;
mod types;

use std::collections::BTreeSet;

use serde_json::Value;

pub use self::loss::Loss;
use self::{
    loss::in_document_order,
    pass::{Lowering, place},
};
use crate::diagnostic::{Diagnostic, Diagnostics};

/// A document in OpenAPI 3.0, and what it can no longer say.
#[derive(Debug, Clone)]
pub struct Lowered {
    /// The same contract in OpenAPI 3.0.3.
    pub document: Value,
    /// What was lost, in document order.
    pub losses: Vec<Loss>,
}

/// Lowers an OpenAPI 3.1 document; a 3.0 one comes back as it was.
///
/// # Errors
/// What has no meaning in 3.0 and can't be widened: a foreign dialect, an unresolvable reference,
/// a version that is neither 3.0 nor 3.1.
pub fn lower(document: &Value) -> Result<Lowered, Diagnostics> {
    let version = document.get("openapi").and_then(Value::as_str);
    let family = version.and_then(|version| version.rsplit_once('.'));
    match family.map(|(family, _)| family) {
        Some("3.0") => {
            return Ok(Lowered { document: document.clone(), losses: Vec::new() });
        }
        Some("3.1") => {}
        _ => {
            let says = version.unwrap_or("nothing");
            return Err(Diagnostic::unreadable(format!("can't lower OpenAPI version {says}"))
                .place(place("/openapi"))
                .help("give a document that says `openapi: 3.1.x` or `3.0.x`")
                .into());
        }
    }

    let mut wider = BTreeSet::new();
    loop {
        let mut lowering = Lowering::new(document, &wider);
        let lowered = lowering.document();
        Diagnostics::check(lowering.problems)?;
        if lowering.found_wider.is_subset(&wider) {
            return Ok(Lowered {
                document: lowered,
                losses: in_document_order(lowering.losses, document),
            });
        }
        let found = lowering.found_wider;
        wider.extend(found);
    }
}

#[cfg(test)]
mod tests;
