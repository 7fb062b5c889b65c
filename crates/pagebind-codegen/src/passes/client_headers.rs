//! Client-level headers: each operation tells the client which of them it documents.
//!
//! The parameters themselves left the operation when it was shaped. Their names go along with the
//! request, in its [`OperationInfo`], so that a hook fills in those that the operation has, and no
//! others.
//!
//! [`OperationInfo`]: https://docs.rs/progenitor-client/0.15.1/progenitor_client/struct.OperationInfo.html

use pagebind::diagnostic::Diagnostic;
use syn::{ExprStruct, File, parse_quote, visit_mut::VisitMut};

use super::source::{by_builder, expect, sends};
use crate::plan::Plan;

/// Adds `client_headers` to the `OperationInfo` of every operation.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let operations = by_builder(plan);
    for (builder, send) in sends(file) {
        let headers = operations.get(&builder).map(|operation| operation.client_headers.clone());
        let mut infos = Infos { headers: headers.unwrap_or_default(), found: false };
        infos.visit_impl_item_fn_mut(send);
        expect(infos.found, "client_headers", format!("`OperationInfo` in `{builder}`"))?;
    }
    Ok(())
}

struct Infos {
    headers: Vec<String>,
    found: bool,
}

impl VisitMut for Infos {
    fn visit_expr_struct_mut(&mut self, literal: &mut ExprStruct) {
        if literal.path.is_ident("OperationInfo") {
            self.found = true;
            let headers = &self.headers;
            literal.fields.push(parse_quote!(client_headers: &[#(#headers),*]));
        }
    }
}
