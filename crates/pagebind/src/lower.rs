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
mod null;
mod numbers;
mod objects;
mod references;
mod schema;
mod types;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    pointer,
};

/// The version that a lowered document says it is.
const VERSION: &str = "3.0.3";

/// A constraint that OpenAPI 3.0 can't say, or a key it has no place for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// JSON pointer into the 3.1 document, to the keyword itself.
    pub pointer: String,
    /// The 3.1 keyword.
    pub keyword: String,
    /// What became of it.
    pub outcome: String,
}

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

/// One pass over a document.
struct Lowering<'a> {
    source: &'a Value,
    /// Components whose schema the pass before made wider.
    wider: &'a BTreeSet<String>,
    /// Components whose schema this pass makes wider.
    found_wider: BTreeSet<String>,
    /// How often a schema was made wider so far: whoever must know whether one was compares this
    /// before and after.
    widened: usize,
    losses: Vec<Loss>,
    problems: Vec<Diagnostic>,
    /// What is to become a component because a reference needs it to be one.
    hoisted: Vec<references::Hoisted>,
    /// Path items that are being inlined, so that a circle is noticed.
    inlining: Vec<String>,
    /// Security schemes that 3.0 doesn't know.
    dropped_schemes: BTreeSet<String>,
}

impl<'a> Lowering<'a> {
    fn new(source: &'a Value, wider: &'a BTreeSet<String>) -> Self {
        Self {
            source,
            wider,
            found_wider: BTreeSet::new(),
            widened: 0,
            losses: Vec::new(),
            problems: Vec::new(),
            hoisted: Vec::new(),
            inlining: Vec::new(),
            dropped_schemes: BTreeSet::new(),
        }
    }

    /// Lists what `keyword` of the object `at` said as lost; what is accepted stays the same.
    fn lose(&mut self, at: &str, keyword: &str, outcome: impl Into<String>) {
        self.losses.push(Loss {
            pointer: pointer::join(at, keyword),
            keyword: keyword.to_owned(),
            outcome: outcome.into(),
        });
    }

    /// Lists what `keyword` of the schema `at` said as lost, and that the schema got wider by it.
    fn widen(&mut self, at: &str, keyword: &str, outcome: impl Into<String>) {
        self.widened += 1;
        self.lose(at, keyword, outcome);
    }

    fn problem(&mut self, at: &str, message: impl Into<String>, help: &str) {
        self.problems.push(Diagnostic::finding(message).place(place(at)).help(help));
    }
}

fn place(pointer: &str) -> Place {
    Place::new("the document").pointer(pointer)
}

/// The losses in the order of their places in `document`, each once.
fn in_document_order(losses: Vec<Loss>, document: &Value) -> Vec<Loss> {
    let mut sorted: Vec<_> =
        losses.into_iter().map(|loss| (position(document, &loss.pointer), loss)).collect();
    sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
    sorted.dedup();
    sorted.into_iter().map(|(_, loss)| loss).collect()
}

/// For each step of a pointer, the how-manieth entry it takes.
fn position(document: &Value, at: &str) -> Vec<usize> {
    let mut node = Some(document);
    pointer::tokens(at)
        .map(|token| {
            let (index, next) = match node {
                Some(Value::Object(map)) => {
                    let index = map.keys().position(|key| *key == token);
                    (index, map.get(&token))
                }
                Some(Value::Array(items)) => {
                    let index = token.parse().ok();
                    (index, index.and_then(|index: usize| items.get(index)))
                }
                _ => (None, None),
            };
            node = next;
            index.unwrap_or(usize::MAX)
        })
        .collect()
}

#[cfg(test)]
mod tests;
