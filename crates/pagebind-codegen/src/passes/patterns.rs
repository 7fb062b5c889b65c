//! Patterns: a table where characters that follow each other are all there is to match, and no `unwrap`
//! elsewhere.
//!
//! Typify compiles the pattern of a string when a value is first checked, and unwraps the result. Most
//! patterns are a sequence of characters, which the runtime matches by a table; the engine for regular
//! expressions is compiled along only where a contract has another one. Shaping compiled every pattern
//! with the same library before, and the source says so.

mod sequence;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{
    Block, Expr, File, Item, ItemStatic, Lit, Stmt, parse_quote,
    visit::{self, Visit},
    visit_mut::{self, VisitMut},
};

use sequence::{Part, Sequence};

/// Writes patterns that are sequences as tables, and says why compiling another can't fail.
pub(super) fn run(file: &mut File) {
    Patterns.visit_file_mut(file);
}

struct Patterns;

impl VisitMut for Patterns {
    /// The `static` with the pattern, and the check of a value after it.
    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_mut::visit_block_mut(self, block);
        for at in 1..block.stmts.len() {
            let Stmt::Item(Item::Static(pattern)) = &block.stmts[at - 1] else { continue };
            let Some(table) = table(pattern) else { continue };
            let Stmt::Expr(Expr::If(check), _) = &mut block.stmts[at] else { continue };
            check.cond = parse_quote!(!PATTERN.is_in(value));
            block.stmts[at - 1] = table;
        }
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        let Expr::MethodCall(call) = expression else { return };
        if call.method == "unwrap" && pattern(&call.receiver).is_some() {
            let compiled = &call.receiver;
            *expression =
                parse_quote!(#compiled.expect("the pattern compiled when this was generated"));
        }
    }
}

/// What is compiled by `expression`, which is `::regress::Regex::new("…")`.
fn pattern(expression: &Expr) -> Option<String> {
    let Expr::Call(call) = expression else { return None };
    let Expr::Path(function) = &*call.func else { return None };
    let names: Vec<String> =
        function.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    match call.args.first() {
        Some(Expr::Lit(literal)) if names == ["regress", "Regex", "new"] => match &literal.lit {
            Lit::Str(pattern) => Some(pattern.value()),
            _ => None,
        },
        _ => None,
    }
}

/// The table in the place of `compiled`, if its pattern is a sequence.
fn table(compiled: &ItemStatic) -> Option<Stmt> {
    let mut found = Found(None);
    found.visit_expr(&compiled.expr);
    let Sequence { from_start, parts, to_end } = Sequence::read(&found.0?)?;
    let parts = parts.iter().map(part);
    Some(parse_quote! {
        static PATTERN: ::pagebind_client::__private::Pattern = ::pagebind_client::__private::Pattern {
            from_start: #from_start,
            parts: &[#(#parts),*],
            to_end: #to_end,
        };
    })
}

fn part(Part { kind, least, most }: &Part) -> TokenStream {
    let kind = kind.iter().map(|(first, last)| quote!((#first, #last)));
    let least = Literal::usize_unsuffixed(*least);
    let most = most.map(Literal::usize_unsuffixed);
    let most = most.map_or_else(|| quote!(usize::MAX), |most| quote!(#most));
    quote!((&[#(#kind),*], #least, #most))
}

/// The pattern that is compiled somewhere in an expression.
struct Found(Option<String>);

impl<'ast> Visit<'ast> for Found {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        match pattern(expression) {
            Some(pattern) => self.0 = Some(pattern),
            None => visit::visit_expr(self, expression),
        }
    }
}
