//! Headers of one request: every operation takes what its caller adds, such as `traceparent`.
//!
//! Progenitor's builders know the headers that the document names. Who traces calls, or stands behind
//! a gateway that wants a header of its own, has others, which differ from call to call.

use std::collections::BTreeMap;

use pagebind::diagnostic::Diagnostic;
use syn::{
    Block, ExprStruct, Fields, File, ImplItem, Item, ItemImpl, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::source::{by_builder, expect, module, self_type, set_before_sending};
use crate::plan::Plan;

/// Adds the field, the method that sets it, and the way into the request, to every operation.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let builders = module(&mut file.items, "builder").map(Vec::as_mut_slice).unwrap_or_default();
    // Looked for one by one, the time would grow with the square of the operations.
    let mut changes: BTreeMap<String, Changes> =
        by_builder(plan).into_keys().map(|builder| (builder, Changes::default())).collect();
    let setter = setter();
    for item in builders {
        match item {
            Item::Struct(definition) if changes.contains_key(&definition.ident.to_string()) => {
                if let Fields::Named(fields) = &mut definition.fields {
                    fields.named.push(parse_quote!(headers: pagebind_client::RequestHeaders));
                }
            }
            Item::Impl(block) if block.trait_.is_none() => {
                let name = self_type(block).unwrap_or_default();
                if let Some(changed) = changes.get_mut(&name) {
                    changed.visit_item_impl_mut(block);
                    add_setter(block, &setter);
                }
            }
            _ => {}
        }
    }
    for (builder, changed) in changes {
        let found = changed.made && changed.sent;
        expect(found, "request_headers", format!("the `new` and the `send` of `{builder}`"))?;
    }
    Ok(())
}

/// The method stands before `send`.
fn add_setter(block: &mut ItemImpl, setter: &ImplItem) {
    let is_send = |item: &ImplItem| matches!(item, ImplItem::Fn(it) if it.sig.ident == "send");
    let at = block.items.iter().position(is_send).unwrap_or(block.items.len());
    block.items.insert(at, setter.clone());
}

fn setter() -> ImplItem {
    parse_quote! {
        /// Adds a header to this request, such as `traceparent`. Those of the operation and the
        /// client are theirs to set; what can't be sent is told by `send`, before anything is.
        pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
            self.headers.set(name.as_ref(), value.as_ref());
            self
        }
    }
}

#[derive(Default)]
struct Changes {
    made: bool,
    sent: bool,
}

impl VisitMut for Changes {
    // `Self { client: client, … }` in `new`
    fn visit_expr_struct_mut(&mut self, literal: &mut ExprStruct) {
        if literal.path.is_ident("Self") {
            self.made = true;
            literal.fields.push(parse_quote!(headers: ::std::default::Default::default()));
        }
    }

    // The `send` that hands its call to the runtime.
    fn visit_block_mut(&mut self, block: &mut Block) {
        self.sent |= set_before_sending(block, parse_quote!(call.headers(self.headers);));
        visit_mut::visit_block_mut(self, block);
    }
}
