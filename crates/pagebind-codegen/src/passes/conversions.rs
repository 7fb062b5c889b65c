//! What each operation does with a value is a call of the runtime, and no closure of its own.
//!
//! Progenitor writes out for every setter how a value that can't be converted is told, and for every body
//! how it is built; whoever compiles the client pays for each closure. It prints the tokens of the type
//! besides, ``:: std :: vec :: Vec < i64 >``, and drops the reason. Here both are said as people do.

use quote::{ToTokens, quote};
use syn::{
    Expr, ExprClosure, ExprMethodCall, File, GenericArgument, ImplItem, ImplItemFn, Item, LitStr,
    Macro, PathArguments, Type, WherePredicate, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::source::module;

/// Calls the runtime in the place of closures, in the builders of operations.
pub(super) fn run(file: &mut File) {
    let Some(builders) = module(&mut file.items, "builder") else { return };
    let mut called = false;
    for item in builders.iter_mut() {
        let Item::Impl(block) = item else { continue };
        for item in &mut block.items {
            let ImplItem::Fn(method) = item else { continue };
            let mut calls = Calls::default();
            calls.visit_block_mut(&mut method.block);
            if calls.reason {
                errors_are_shown(method);
            }
            called |= calls.made;
        }
    }
    if called {
        builders.insert(
            0,
            parse_quote!(
                use ::pagebind_client::__private::building;
            ),
        );
    }
}

/// Asks of what a caller hands over that its errors say something.
fn errors_are_shown(setter: &mut ImplItemFn) {
    let Some(clause) = &mut setter.sig.generics.where_clause else { return };
    if let Some(WherePredicate::Type(predicate)) = clause.predicates.first() {
        let given = predicate.bounded_ty.clone();
        clause.predicates.push(parse_quote!(#given::Error: ::std::fmt::Display));
    }
}

/// Puts calls in the place of closures.
#[derive(Default)]
struct Calls {
    made: bool,
    /// Whether one tells a reason that was dropped.
    reason: bool,
}

impl VisitMut for Calls {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        let Expr::MethodCall(call) = expression else { return };
        let Some(Expr::Closure(closure)) = call.args.first() else { return };
        if call.method == "and_then"
            && let Some(of) = built(closure)
        {
            call.args = parse_quote!(building::build::<#of, _>);
            self.made = true;
        } else if call.method == "map_err"
            && let Some(refusal) = refusal(closure)
        {
            let words = &refusal.words;
            let convert = parse_quote!(building::convert(value, #words));
            let mut receiver = (*call.receiver).clone();
            if convert_by(&mut receiver, &convert) {
                *expression = receiver;
                self.made = true;
                self.reason |= !refusal.with_reason;
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

/// What is said where a value can't be converted.
struct Refusal {
    words: String,
    /// Whether progenitor says why.
    with_reason: bool,
}

/// The words of `|_| "conversion to `…` for … failed".to_string()`, or of `|s| format!("…: {}", s)`.
fn refusal(closure: &ExprClosure) -> Option<Refusal> {
    match body(closure) {
        Expr::MethodCall(call) if call.method == "to_string" => {
            let said: LitStr = syn::parse2(call.receiver.to_token_stream()).ok()?;
            Some(Refusal { words: reworded(&said.value())?, with_reason: false })
        }
        Expr::Macro(format) if format.mac.path.is_ident("format") => {
            let words = first_text(&format.mac)?.strip_suffix(": {}")?.to_owned();
            Some(Refusal { words, with_reason: true })
        }
        _ => None,
    }
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

/// What progenitor says, with the type as people write it.
fn reworded(said: &str) -> Option<String> {
    let (published, rest) = said.strip_prefix("conversion to `")?.split_once("` for ")?;
    let published = syn::parse_str::<Type>(published).ok()?;
    Some(format!("conversion to `{}` for {rest}", written(&published)))
}

/// A type without the paths that lead to it.
fn written(target: &Type) -> String {
    let Type::Path(path) = target else { return target.to_token_stream().to_string() };
    let Some(last) = path.path.segments.last() else { return String::new() };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return last.ident.to_string();
    };
    let arguments: Vec<String> = arguments
        .args
        .iter()
        .map(|argument| match argument {
            GenericArgument::Type(inner) => written(inner),
            other => other.to_token_stream().to_string(),
        })
        .collect();
    format!("{}<{}>", last.ident, arguments.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_named_as_people_write_them() {
        for (said, reworded_as) in [
            (":: std :: string :: String", "String"),
            (":: std :: vec :: Vec < types :: Color >", "Vec<Color>"),
            (
                ":: std :: collections :: HashMap < :: std :: string :: String , i64 >",
                "HashMap<String, i64>",
            ),
            ("f64", "f64"),
        ] {
            let said = reworded(&format!("conversion to `{said}` for x failed"));
            assert_eq!(said.unwrap(), format!("conversion to `{reworded_as}` for x failed"));
        }
    }
}
