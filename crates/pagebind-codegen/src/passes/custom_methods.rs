//! Methods that the HTTP library has no function for.
//!
//! Progenitor writes `client.client.trace(url)`; reqwest has such a function for the six most
//! common methods only.

use syn::{
    Expr, ExprField, File, Ident, Member, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::source::sends;

/// Sends `OPTIONS` and `TRACE` by their names.
pub(super) fn run(file: &mut File) {
    for (_, send) in sends(file) {
        Methods.visit_impl_item_fn_mut(send);
    }
}

struct Methods;

impl VisitMut for Methods {
    // `client.client.trace(url)` becomes `client.client.request(::reqwest::Method::TRACE, url)`.
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if !is_http_client(&call.receiver) {
            return;
        }
        let method: Expr = match call.method.to_string().as_str() {
            "options" => parse_quote!(::reqwest::Method::OPTIONS),
            "trace" => parse_quote!(::reqwest::Method::TRACE),
            _ => return,
        };
        call.args.insert(0, method);
        call.method = Ident::new("request", call.method.span());
    }
}

/// Whether `expression` is the field `client` of the client.
fn is_http_client(expression: &Expr) -> bool {
    matches!(expression, Expr::Field(ExprField { member: Member::Named(name), .. }) if name == "client")
}
