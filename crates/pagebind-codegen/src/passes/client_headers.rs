//! Client-level headers: each operation tells the client which of them it documents.
//!
//! The parameters themselves left the operation when it was shaped. Their names go along with the
//! request, in its [`OperationInfo`], so that a hook fills in those that the operation has, and no
//! others.
//!
//! [`OperationInfo`]: https://docs.rs/progenitor-client/0.15.1/progenitor_client/struct.OperationInfo.html

use syn::{ExprStruct, File, parse_quote, visit_mut::VisitMut};

use super::{by_builder, sends};
use crate::plan::Plan;

/// Adds `client_headers` to the `OperationInfo` of every operation.
pub(super) fn run(file: &mut File, plan: &Plan) {
    let operations = by_builder(plan);
    for (builder, send) in sends(file) {
        let headers = operations.get(&builder).map(|operation| operation.client_headers.clone());
        Infos { headers: headers.unwrap_or_default() }.visit_impl_item_fn_mut(send);
    }
}

struct Infos {
    headers: Vec<String>,
}

impl VisitMut for Infos {
    fn visit_expr_struct_mut(&mut self, literal: &mut ExprStruct) {
        if literal.path.is_ident("OperationInfo") {
            let headers = &self.headers;
            literal.fields.push(parse_quote!(client_headers: &[#(#headers),*]));
        }
    }
}
