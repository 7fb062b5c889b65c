//! OpenAPI 3.1 down to 3.0, and what was lost on the way.
//!
//! Semantics come first: no instance that the 3.1 schema accepts may be refused by the 3.0 schema.
//! What 3.0 can't say becomes wider, is kept as `x-jsonschema-<keyword>`, and is listed as a
//! [`Loss`]. Three consequences reach further than a table of keywords:
//!
//! - **Wider is narrower under `not` and `oneOf`.** A `not` whose schema got wider would refuse
//!   more, and of two `oneOf` branches that got wider both may match. The first is taken out, the
//!   second becomes `anyOf`. Whether a component gets wider is known only once all are lowered,
//!   so a first pass finds those that do, and where a `not` or `oneOf` refers to one of them, a second
//!   pass goes by that.
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
mod dynamic;
mod facts;
mod kinds;
mod knowledge;
mod loss;
mod null;
mod numbers;
mod objects;
mod pass;
mod path_items;
mod references;
mod schema;
mod scope;
mod text;
mod types;
mod webhooks;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub use self::loss::Loss;
use self::{
    knowledge::Knowledge,
    loss::in_document_order,
    pass::{Lowering, Parts, place},
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    stack,
};

/// A document in OpenAPI 3.0, and what it can no longer say.
#[derive(Debug, Clone)]
pub struct Lowered {
    /// The same contract in OpenAPI 3.0.3.
    pub document: Value,
    /// What was lost, in document order.
    pub losses: Vec<Loss>,
}

/// Lowers an OpenAPI 3.1 document. A 3.0 one comes back as it was, but for its references: what they
/// lead to becomes a component under a name that 3.0 allows, and path items are written out.
///
/// # Errors
/// What has no meaning in 3.0 and can't be widened: a foreign dialect, an unresolvable reference,
/// path items that can't be written out, a version that is neither 3.0 nor 3.1.
pub fn lower(document: &Value) -> Result<Lowered, Diagnostics> {
    lower_as(document, Parts::Values)
}

/// The same for a document that is written next, with [`serde_json::to_writer_pretty`], and not looked into:
/// its path items and components are text already, which takes a fraction of the memory.
///
/// # Errors
/// All that [`lower`] refuses.
pub fn lower_to_write(mut document: Value) -> Result<Lowered, Diagnostics> {
    stack::roomy(|| webhooks::let_go(&mut document));
    lower_as(&document, Parts::Text)
}

fn lower_as(document: &Value, parts: Parts) -> Result<Lowered, Diagnostics> {
    let version = document.get("openapi").and_then(Value::as_str);
    let family = version.and_then(|version| version.rsplit_once('.'));
    let in_3_0 = match family.map(|(family, _)| family) {
        Some("3.0") => true,
        Some("3.1") => false,
        _ => {
            let says = version.unwrap_or("nothing");
            return Err(Diagnostic::unreadable(format!("can't lower OpenAPI version {says}"))
                .place(place("/openapi"))
                .help("give a document that says `openapi: 3.1.x` or `3.0.x`")
                .into());
        }
    };
    stack::roomy(|| {
        let known = Knowledge::of(document, in_3_0);
        let (lowered, found) = pass(document, &known, &BTreeSet::new(), parts)?;
        let wider = found.closure();
        if wider.is_disjoint(&found.decisive) {
            return Ok(lowered);
        }
        // As large as the document, and of no more use.
        drop(lowered);
        Ok(pass(document, &known, &wider, parts)?.0)
    })
}

/// What a pass found of schemas that get wider.
struct Found {
    /// Those that the pass itself made wider.
    wider: BTreeSet<String>,
    /// Which schema refers to which.
    referred: BTreeSet<(String, String)>,
    /// Those that a `not` or `oneOf` refers to: nothing else becomes another thing by their getting wider.
    decisive: BTreeSet<String>,
}

impl Found {
    /// All that get wider: what refers to a schema that gets wider does, too.
    fn closure(&self) -> BTreeSet<String> {
        let mut referring: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (from, to) in &self.referred {
            referring.entry(to).or_default().push(from);
        }
        let mut wider = self.wider.clone();
        let mut open: Vec<&str> = self.wider.iter().map(String::as_str).collect();
        while let Some(to) = open.pop() {
            for from in referring.get(to).into_iter().flatten() {
                if wider.insert((*from).to_owned()) {
                    open.push(from);
                }
            }
        }
        wider
    }
}

/// Lowers the document once, knowing what gets `wider`.
fn pass(
    document: &Value,
    known: &Knowledge<'_>,
    wider: &BTreeSet<String>,
    parts: Parts,
) -> Result<(Lowered, Found), Diagnostics> {
    let mut lowering = Lowering::new(document, known, wider, parts);
    let lowered = lowering.document();
    Diagnostics::check(lowering.problems)?;
    let losses = in_document_order(lowering.losses, document);
    let Lowering { found_wider, referred, decisive, .. } = lowering;
    let found = Found { wider: found_wider, referred, decisive };
    Ok((Lowered { document: lowered, losses }, found))
}

#[cfg(test)]
mod tests;
