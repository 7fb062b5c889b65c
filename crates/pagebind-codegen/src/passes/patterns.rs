//! Patterns: no `unwrap` without a word on why it can't fail.
//!
//! Typify compiles the pattern of a string when a value is first checked, and unwraps the result.
//! Shaping compiled every pattern with the same library before, and the source says so.

use syn::{
    Expr, File, parse_quote,
    visit_mut::{self, VisitMut},
};

/// Says why compiling a pattern can't fail.
pub(super) fn run(file: &mut File) {
    Patterns.visit_file_mut(file);
}

struct Patterns;

impl VisitMut for Patterns {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        let Expr::MethodCall(call) = expression else { return };
        if call.method == "unwrap" && compiles_pattern(&call.receiver) {
            let compiled = &call.receiver;
            *expression =
                parse_quote!(#compiled.expect("the pattern compiled when this was generated"));
        }
    }
}

/// Whether `expression` is `::regress::Regex::new(…)`.
fn compiles_pattern(expression: &Expr) -> bool {
    let Expr::Call(call) = expression else { return false };
    let Expr::Path(function) = &*call.func else { return false };
    let names: Vec<String> =
        function.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    names == ["regress", "Regex", "new"]
}
