//! The client: on our runtime instead of progenitor's, and made by hand-written code alone.
//!
//! Progenitor's own constructor panics when TLS can't be set up and follows redirects, its errors
//! print what a body held, and its `Debug` prints the state of the client. `pagebind_client` has
//! the same parts under the same names, without these, and one call in place of three hooks.

use pagebind::diagnostic::Diagnostic;
use syn::{
    Expr, File, Ident, ImplItem, Item, Pat, Stmt, UseTree, Visibility, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::source::{expect, self_type, sends};

/// Moves the source onto `pagebind_client` and closes the ways around the hand-written side.
pub(super) fn run(file: &mut File) -> Result<(), Diagnostic> {
    Runtime.visit_file_mut(file);
    let mut closed = 0;
    for item in &mut file.items {
        match item {
            Item::Struct(client) if client.ident == "Client" => {
                client.attrs.retain_mut(|attribute| {
                    if attribute.path().is_ident("derive") {
                        closed += 1;
                        *attribute = parse_quote!(#[derive(Clone)]);
                    }
                    true
                })
            }
            Item::Impl(block) if self_type(block).is_some_and(|name| name == "Client") => {
                block.items.retain_mut(|item| match item {
                    ImplItem::Fn(method) if method.sig.ident == "new" => {
                        closed += 1;
                        false
                    }
                    ImplItem::Fn(method) if method.sig.ident == "new_with_client" => {
                        closed += 1;
                        method.vis = parse_quote!(pub(crate));
                        true
                    }
                    _ => true,
                });
            }
            _ => {}
        }
    }
    // The prelude holds the client alone, which stands at the top already; the constant asserts
    // that hooks are implemented, which every client with a session has.
    file.items.retain(|item| match item {
        Item::Mod(module) => module.ident != "prelude",
        Item::Const(_) => false,
        _ => true,
    });
    expect(closed == 3, "client", "the derives and both constructors of `Client`")?;
    for (builder, send) in sends(file) {
        let executed = execute(&mut send.block.stmts);
        expect(executed, "client", format!("the call of the hooks in `{builder}`"))?;
    }
    Ok(())
}

/// Puts `client.execute(request, &info)` in the place of the hooks before, around and after it;
/// whether they were there.
fn execute(statements: &mut Vec<Stmt>) -> bool {
    let hooked = statements.len();
    let mut call = None;
    statements.retain(|statement| match statement {
        // `client.pre(&mut request, &info).await?;` and its like after the request.
        Stmt::Expr(Expr::Try(tried), Some(_)) => !calls(&tried.expr, &["pre", "post"]),
        // `let result = client.exec(request, &info).await;`
        Stmt::Local(local) => match &local.init {
            Some(init) if calls(&init.expr, &["exec"]) => {
                call = Some(init.expr.clone());
                false
            }
            _ => true,
        },
        _ => true,
    });
    // One statement for each of the three hooks.
    if statements.len() + 3 != hooked {
        return false;
    }
    let Some(mut call) = call else { return false };
    let mut executed = false;
    if let Expr::Await(awaited) = &mut *call
        && let Expr::MethodCall(exec) = &mut *awaited.base
    {
        exec.method = Ident::new("execute", exec.method.span());
    }
    for statement in statements {
        let Stmt::Local(local) = statement else { continue };
        // The request was only `mut` for the hook before it.
        if local.attrs.iter().any(|attribute| attribute.path().is_ident("allow")) {
            local.attrs.clear();
            if let Pat::Ident(name) = &mut local.pat {
                name.mutability = None;
            }
        }
        // `let response = result?;`
        if let Some(init) = &mut local.init
            && matches!(&*init.expr, Expr::Try(tried) if matches!(&*tried.expr, Expr::Path(_)))
        {
            executed = true;
            *init.expr = parse_quote!(#call?);
        }
    }
    executed
}

/// Whether `expression` awaits a call of one of these methods.
fn calls(expression: &Expr, methods: &[&str]) -> bool {
    let Expr::Await(awaited) = expression else { return false };
    matches!(&*awaited.base, Expr::MethodCall(call) if methods.iter().any(|method| call.method == method))
}

/// Renames `progenitor_client` wherever a path begins with it. A parameter or an operation may have
/// that name as well, and keeps it.
struct Runtime;

impl VisitMut for Runtime {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        if path.segments.len() > 1 {
            path.segments.first_mut().into_iter().for_each(|first| rename(&mut first.ident));
        }
    }

    fn visit_item_use_mut(&mut self, import: &mut syn::ItemUse) {
        let UseTree::Path(path) = &mut import.tree else { return };
        rename(&mut path.ident);
        // What the source needs of the runtime is not what its callers need.
        if matches!(import.vis, Visibility::Public(_)) && path.ident == "pagebind_client" {
            *path.tree = parse_quote!({ByteStream, ClientInfo, Error, ResponseValue});
        }
    }
}

/// Gives the runtime its own name.
fn rename(name: &mut Ident) {
    if name == "progenitor_client" {
        *name = Ident::new("pagebind_client", name.span());
    }
}
