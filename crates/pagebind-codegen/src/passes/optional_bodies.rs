//! Bodies that a call can do without.
//!
//! Progenitor takes every body for required. Where the contract does not, the builder holds none
//! until the caller sets one, and then `send` sends none.

use pagebind::diagnostic::Diagnostic;
use syn::{
    Expr, ExprStruct, Fields, File, Item, Local, Member, Pat, Stmt, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::source::{expect, methods, module};
use crate::{naming, plan::Plan};

/// Makes the body optional in the builders of the operations whose body is.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let Some(builders) = module(&mut file.items, "builder") else { return Ok(()) };
    for (method, operation) in &plan.operations {
        if operation.body.as_ref().is_none_or(|body| body.required) {
            continue;
        }
        let builder = naming::type_name(method);
        let found = field(builders, &builder);
        let mut changed = Changes::default();
        for (_, method) in methods(builders).filter(|(name, _)| *name == builder) {
            changed.visit_impl_item_fn_mut(method);
        }
        let found = found && changed.made && changed.set && changed.sent;
        expect(found, "optional_bodies", format!("the body of `{builder}`"))?;
    }
    Ok(())
}

/// `body: Result<X, String>` becomes an option of it.
fn field(builders: &mut [Item], builder: &str) -> bool {
    let definition = builders.iter_mut().find_map(|item| match item {
        Item::Struct(definition) if definition.ident == builder => Some(definition),
        _ => None,
    });
    let Some(Fields::Named(fields)) = definition.map(|it| &mut it.fields) else { return false };
    let body = fields.named.iter_mut().find(|it| it.ident.as_ref().is_some_and(|it| it == "body"));
    body.is_some_and(|body| {
        let result = &body.ty;
        body.ty = parse_quote!(Option<#result>);
        true
    })
}

#[derive(Default)]
struct Changes {
    made: bool,
    set: bool,
    sent: bool,
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

    // `let body = body.….map_err(Error::InvalidRequest)?;` in `send`
    fn visit_stmt_mut(&mut self, statement: &mut Stmt) {
        if let Stmt::Local(Local { pat: Pat::Ident(name), init: Some(init), .. }) = statement
            && name.ident == "body"
        {
            self.sent = true;
            let checked = &init.expr;
            *init.expr = parse_quote!(match body {
                Some(body) => Some(#checked),
                None => None,
            });
            return;
        }
        visit_mut::visit_stmt_mut(self, statement);
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
