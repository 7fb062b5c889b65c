//! Bodies that a call can do without.
//!
//! Progenitor takes every body for required. Where the contract does not, the builder holds none
//! until the caller sets one, and then `send` sends none.

use std::collections::BTreeMap;

use pagebind::diagnostic::Diagnostic;
use syn::{
    Expr, ExprStruct, Fields, File, Item, ItemStruct, Member, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::source::{by_builder, expect, module, self_type};
use crate::plan::Plan;

/// Makes the body optional in the builders of the operations whose body is.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let Some(builders) = module(&mut file.items, "builder") else { return Ok(()) };
    // Looked for one by one, the time would grow with the square of the operations.
    let optional = by_builder(plan)
        .into_iter()
        .filter(|(_, operation)| operation.body.as_ref().is_some_and(|body| !body.required));
    let mut changes: BTreeMap<String, Changes> =
        optional.map(|(builder, _)| (builder, Changes::default())).collect();
    for item in builders {
        match item {
            Item::Struct(definition) => {
                if let Some(changed) = changes.get_mut(&definition.ident.to_string()) {
                    changed.held = field(definition);
                }
            }
            Item::Impl(block) if block.trait_.is_none() => {
                if let Some(changed) = self_type(block).and_then(|name| changes.get_mut(&name)) {
                    changed.visit_item_impl_mut(block);
                }
            }
            _ => {}
        }
    }
    for (builder, changed) in changes {
        let found = changed.held && changed.made && changed.set;
        expect(found, "optional_bodies", format!("the body of `{builder}`"))?;
    }
    Ok(())
}

/// `body: Result<X, String>` becomes an option of it.
fn field(builder: &mut ItemStruct) -> bool {
    let Fields::Named(fields) = &mut builder.fields else { return false };
    let body = fields.named.iter_mut().find(|it| it.ident.as_ref().is_some_and(|it| it == "body"));
    body.is_some_and(|body| {
        let result = &body.ty;
        body.ty = parse_quote!(Option<#result>);
        true
    })
}

#[derive(Default)]
struct Changes {
    held: bool,
    made: bool,
    set: bool,
}

impl VisitMut for Changes {
    // `Self { client: client, body: … }` in `new`
    fn visit_expr_struct_mut(&mut self, literal: &mut ExprStruct) {
        let named = |member: &Member| matches!(member, Member::Named(name) if name == "body");
        for field in literal.fields.iter_mut().filter(|field| named(&field.member)) {
            self.made = true;
            field.expr = parse_quote!(None);
        }
    }

    // `self.body = …;` in `body` and in `body_map`
    fn visit_expr_assign_mut(&mut self, assignment: &mut syn::ExprAssign) {
        if matches!(&*assignment.left, Expr::Field(field) if matches!(&field.member, Member::Named(name) if name == "body"))
        {
            self.set = true;
            let mut value = (*assignment.right).clone();
            OrDefault.visit_expr_mut(&mut value);
            *assignment.right = parse_quote!(Some(#value));
        }
    }
}

/// `self.body.map(f)` begins with an empty body where there is none yet.
struct OrDefault;

impl VisitMut for OrDefault {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if matches!(expression, Expr::Field(field) if matches!(&field.member, Member::Named(name) if name == "body"))
        {
            *expression =
                parse_quote!(#expression.unwrap_or_else(|| Ok(::std::default::Default::default())));
            return;
        }
        visit_mut::visit_expr_mut(self, expression);
    }
}
