//! No `api-version` header: progenitor sends one with every request, and no document asks for it.

use pagebind::diagnostic::Diagnostic;
use syn::{
    Expr, ExprCall, File, ImplItem, Item, Lit, LitInt, Pat, Stmt,
    visit_mut::{self, VisitMut},
};

use super::source::{expect, sends};

/// Takes the header out of every request, and the function that it called out of the client.
pub(super) fn run(file: &mut File) -> Result<(), Diagnostic> {
    for (builder, send) in sends(file) {
        let published = send.block.stmts.len();
        send.block.stmts.retain(|statement| !appends_api_version(statement));
        let removed = send.block.stmts.len() < published;
        expect(removed, "api_version", format!("the header in `{builder}`"))?;
        without_room(&mut send.block.stmts);
    }
    for item in &mut file.items {
        if let Item::Impl(block) = item {
            block.items.retain(
                |item| !matches!(item, ImplItem::Fn(method) if method.sig.ident == "api_version"),
            );
        }
    }
    Ok(())
}

/// Whether a statement is `header_map.append(HeaderName::from_static("api-version"), …)`.
fn appends_api_version(statement: &Stmt) -> bool {
    let Stmt::Expr(Expr::MethodCall(append), _) = statement else { return false };
    let Some(Expr::Call(name)) = append.args.first() else { return false };
    append.method == "append"
        && matches!(name.args.first(), Some(Expr::Lit(literal)) if matches!(&literal.lit, Lit::Str(text) if text.value() == "api-version"))
}

/// Counts one header less where room is made for them; where none is left, the map goes as well.
fn without_room(statements: &mut Vec<Stmt>) {
    let mut room = Room { left: None };
    statements.iter_mut().for_each(|statement| room.visit_stmt_mut(statement));
    if room.left == Some(0) {
        statements.retain(|statement| {
            !matches!(statement, Stmt::Local(local) if matches!(&local.pat, Pat::Ident(name) if name.ident == "header_map"))
        });
        statements.iter_mut().for_each(|statement| Unused.visit_stmt_mut(statement));
    }
}

/// `HeaderMap::with_capacity(2usize)` becomes `HeaderMap::with_capacity(1usize)`.
struct Room {
    left: Option<usize>,
}

impl VisitMut for Room {
    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        let Expr::Path(function) = &*call.func else { return };
        if function.path.segments.last().is_none_or(|segment| segment.ident != "with_capacity") {
            return;
        }
        if let Some(Expr::Lit(literal)) = call.args.first_mut()
            && let Lit::Int(count) = &literal.lit
            && let Ok(headers) = count.base10_parse::<usize>()
        {
            let left = headers.saturating_sub(1);
            literal.lit = Lit::Int(LitInt::new(&format!("{left}usize"), count.span()));
            self.left = Some(left);
        }
    }
}

/// `request.headers(header_map)` becomes `request`.
struct Unused;

impl VisitMut for Unused {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if let Expr::MethodCall(call) = expression
            && call.method == "headers"
            && matches!(call.args.first(), Some(Expr::Path(map)) if map.path.is_ident("header_map"))
        {
            *expression = (*call.receiver).clone();
        }
    }
}
