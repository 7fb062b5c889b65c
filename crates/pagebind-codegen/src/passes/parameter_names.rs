//! Parameters that were renamed go out under their published names.
//!
//! Two parameters whose Rust names collide are told apart when the document is shaped, in the only
//! place that progenitor reads a name from. What it writes on the wire is put right here.

use std::collections::{BTreeMap, BTreeSet};

use pagebind::diagnostic::Diagnostic;
use syn::{
    Expr, ExprCall, ExprMethodCall, File, Lit, LitStr,
    visit_mut::{self, VisitMut},
};

use super::source::{by_builder, sends, unmatched};
use crate::plan::Plan;

/// Puts back the published name of every renamed parameter.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let operations = by_builder(plan);
    for (builder, send) in sends(file) {
        if let Some(operation) = operations.get(&builder) {
            let published = &operation.parameter_names;
            let mut names = Names { published, found: BTreeSet::new() };
            names.visit_impl_item_fn_mut(send);
            if let Some(name) = published.keys().find(|name| !names.found.contains(*name)) {
                let what = format!("where `{builder}` writes its parameter `{name}`");
                return Err(unmatched("parameter_names", what));
            }
        }
    }
    Ok(())
}

struct Names<'a> {
    published: &'a BTreeMap<String, String>,
    found: BTreeSet<&'a String>,
}

impl Names<'_> {
    /// Replaces a string literal that is the name of a renamed parameter.
    fn put_back(&mut self, name: Option<&mut Expr>) {
        if let Some(Expr::Lit(literal)) = name
            && let Lit::Str(text) = &literal.lit
            && let Some((name, published)) = self.published.get_key_value(&text.value())
        {
            self.found.insert(name);
            literal.lit = Lit::Str(LitStr::new(published, text.span()));
        }
    }
}

impl VisitMut for Names<'_> {
    // `QueryParam::new("name", &name)`
    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        let Expr::Path(function) = &*call.func else { return };
        if function.path.segments.iter().any(|segment| segment.ident == "QueryParam") {
            self.put_back(call.args.first_mut());
        }
    }

    // `header_map.append("name", …)`
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.method == "append" {
            self.put_back(call.args.first_mut());
        }
    }
}
