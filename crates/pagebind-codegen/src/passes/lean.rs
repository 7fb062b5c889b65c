//! Lean: what each operation does with a value is a call, and no closure of its own.
//!
//! Progenitor writes out for every setter how a value that can't be converted is told, and for every body
//! how it is built. Whoever compiles the client pays for each closure; the runtime has one function for all.

use quote::quote;
use syn::{
    Expr, ExprClosure, ExprMethodCall, File, LitStr, Macro, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::source::module;

/// Calls the runtime in the place of closures, in the builders of operations.
pub(super) fn run(file: &mut File) {
    let Some(builders) = module(&mut file.items, "builder") else { return };
    let mut lean = Lean::default();
    builders.iter_mut().for_each(|item| lean.visit_item_mut(item));
    if lean.called {
        builders.insert(
            0,
            parse_quote!(
                use ::pagebind_client::__private::building;
            ),
        );
    }
}

#[derive(Default)]
struct Lean {
    called: bool,
}

impl VisitMut for Lean {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        let Expr::MethodCall(call) = expression else { return };
        let Some(Expr::Closure(closure)) = call.args.first() else { return };
        if call.method == "and_then"
            && let Some(of) = built(closure)
        {
            call.args = parse_quote!(building::build::<#of, _>);
            self.called = true;
        } else if call.method == "map_err"
            && let Some(convert) = refused(closure)
        {
            let mut receiver = (*call.receiver).clone();
            if convert_by(&mut receiver, &convert) {
                *expression = receiver;
                self.called = true;
            }
        }
    }
}

/// The `X` of `|v| X::try_from(v).map_err(|e| e.to_string())`.
fn built(closure: &ExprClosure) -> Option<syn::Path> {
    let Expr::MethodCall(ExprMethodCall { receiver, method, .. }) = body(closure) else {
        return None;
    };
    let Expr::Call(call) = &**receiver else { return None };
    let Expr::Path(path) = &*call.func else { return None };
    let mut path = path.path.clone();
    let last = path.segments.pop();
    path.segments.pop_punct();
    (method == "map_err" && last.is_some_and(|last| last.ident == "try_from")).then_some(path)
}

/// What converts a value, in the words of `|s| format!("…: {}", s)`.
fn refused(closure: &ExprClosure) -> Option<Expr> {
    let Expr::Macro(format) = body(closure) else { return None };
    let words = first_text(&format.mac).filter(|_| format.mac.path.is_ident("format"))?;
    let words = words.strip_suffix(": {}")?;
    Some(parse_quote!(building::convert(value, #words)))
}

/// The text that a macro begins with.
fn first_text(call: &Macro) -> Option<String> {
    let first = call.tokens.clone().into_iter().next()?;
    syn::parse2::<LitStr>(quote!(#first)).ok().map(|text| text.value())
}

/// What a closure is, without the braces around it.
fn body(closure: &ExprClosure) -> &Expr {
    match &*closure.body {
        Expr::Block(block) => match block.block.stmts.as_slice() {
            [syn::Stmt::Expr(only, None)] => only,
            _ => &closure.body,
        },
        body => body,
    }
}

/// Puts `convert` in the place of the `value.try_into()` that a chain of calls begins with.
fn convert_by(chain: &mut Expr, convert: &Expr) -> bool {
    let Expr::MethodCall(call) = chain else { return false };
    if call.method == "try_into" {
        let is_value = matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("value"));
        if is_value {
            *chain = convert.clone();
        }
        return is_value;
    }
    convert_by(&mut call.receiver, convert)
}
