//! The media type of a request body, where it is not one that progenitor knows.
//!
//! `application/merge-patch+json` is JSON to progenitor after shaping; what goes out has to say
//! what the contract says. The header is set after the body, because it then replaces the one
//! that came with the body.

use pagebind::diagnostic::Diagnostic;
use syn::{
    Expr, ExprMethodCall, File, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::source::{by_builder, expect, sends};
use crate::plan::Plan;

/// Sets the `content-type` of each operation whose body has another one than progenitor sends.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let operations = by_builder(plan);
    for (builder, send) in sends(file) {
        let content_type =
            operations.get(&builder).and_then(|operation| operation.content_type.clone());
        if let Some(content_type) = content_type {
            let mut maps = HeaderMaps { content_type, found: false };
            maps.visit_impl_item_fn_mut(send);
            expect(maps.found, "content_type", format!("the headers of `{builder}`"))?;
        }
    }
    Ok(())
}

struct HeaderMaps {
    content_type: String,
    found: bool,
}

impl VisitMut for HeaderMaps {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        let Expr::MethodCall(ExprMethodCall { method, receiver, .. }) = expression else { return };
        // The map of headers is put on the request last, and replaces what stands there already.
        if method == "headers" {
            self.found = true;
            let content_type = &self.content_type;
            let request = receiver.clone();
            **receiver = parse_quote! {
                #request.headers(::reqwest::header::HeaderMap::from_iter([(
                    ::reqwest::header::CONTENT_TYPE,
                    ::reqwest::header::HeaderValue::from_static(#content_type),
                )]))
            };
        }
    }
}
