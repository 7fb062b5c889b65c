//! Headers of one request: every operation takes what its caller adds, such as `traceparent`.
//!
//! Progenitor's builders know the headers that the document names. Who traces calls, or stands behind
//! a gateway that wants a header of its own, has others, which differ from call to call.

use std::collections::BTreeSet;

use pagebind::diagnostic::Diagnostic;
use syn::{
    Expr, ExprStruct, Field, FieldValue, Fields, File, ImplItem, Item, ItemImpl, Stmt, parse_quote,
};

use super::source::{by_builder, expect, module, self_type};
use crate::plan::Plan;

/// Adds the field and the method that sets it to every operation; its `send` hands on what is set.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let builders = module(&mut file.items, "builder").map(Vec::as_mut_slice).unwrap_or_default();
    // Looked for one by one, the time would grow with the square of the operations.
    let operations: BTreeSet<String> = by_builder(plan).into_keys().collect();
    let mut missing = operations.clone();
    let field: Field = parse_quote!(headers: pagebind_client::RequestHeaders);
    let none_yet: FieldValue = parse_quote!(headers: ::std::default::Default::default());
    let setter = setter();
    for item in builders {
        match item {
            Item::Struct(definition) if operations.contains(&definition.ident.to_string()) => {
                if let Fields::Named(fields) = &mut definition.fields {
                    fields.named.push(field.clone());
                }
            }
            Item::Impl(block) if block.trait_.is_none() => {
                let name = self_type(block).unwrap_or_default();
                if missing.contains(&name)
                    && let Some(made) = block.items.iter_mut().find_map(made)
                {
                    made.fields.push(none_yet.clone());
                    add_setter(block, &setter);
                    missing.remove(&name);
                }
            }
            _ => {}
        }
    }
    let missing = missing.pop_first();
    expect(
        missing.is_none(),
        "request_headers",
        format!("the `new` of `{}`", missing.unwrap_or_default()),
    )
}

/// What `new` makes: `Self { client: client, … }`.
fn made(item: &mut ImplItem) -> Option<&mut ExprStruct> {
    match item {
        ImplItem::Fn(new) if new.sig.ident == "new" => match new.block.stmts.last_mut()? {
            Stmt::Expr(Expr::Struct(made), None) => Some(made),
            _ => None,
        },
        _ => None,
    }
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
