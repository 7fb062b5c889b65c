//! What a setter of an operation says when it refuses a value: the type as people write it, and why.
//!
//! Progenitor prints the tokens of the type, ``:: std :: vec :: Vec < i64 >``, and drops the reason.

use quote::ToTokens;
use syn::{
    Expr, ExprMethodCall, File, GenericArgument, ImplItem, ImplItemFn, Item, Lit, PathArguments,
    Type, WherePredicate, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::source::module;

/// Rewrites the errors of every setter of an operation.
pub(super) fn run(file: &mut File) {
    for item in module(&mut file.items, "builder").into_iter().flatten() {
        let Item::Impl(block) = item else { continue };
        for item in &mut block.items {
            let ImplItem::Fn(setter) = item else { continue };
            let mut errors = Errors { found: false };
            errors.visit_block_mut(&mut setter.block);
            if errors.found {
                errors_are_shown(setter);
            }
        }
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

/// `….map_err(|_| "conversion to `…` for … failed".to_string())`.
struct Errors {
    found: bool,
}

impl VisitMut for Errors {
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.method != "map_err" {
            return;
        }
        let Some(Expr::Closure(closure)) = call.args.first_mut() else { return };
        if let Some(said) = text(&closure.body).and_then(|said| reworded(&said)) {
            let said = format!("{said}: {{}}");
            *closure = parse_quote!(|reason| format!(#said, reason));
            self.found = true;
        }
    }
}

/// The text of `"…".to_string()`, in a block or not.
fn text(body: &Expr) -> Option<String> {
    match body {
        Expr::Block(block) => match block.block.stmts.as_slice() {
            [syn::Stmt::Expr(inner, None)] => text(inner),
            _ => None,
        },
        Expr::MethodCall(call) if call.method == "to_string" => match &*call.receiver {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
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
