//! Setters take what a caller has at hand: `.first_name("Alex")` where typify would have the caller
//! write `.first_name(Some(PersonName::try_from("Alex")?))`.
//!
//! A setter of what may be missing or null takes the value itself, and `….name_null()` sends null. A
//! type that is plain text takes a `&str`. What is set is held to the limits of the contract.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{
    Expr, ExprMethodCall, File, GenericArgument, ImplItem, ImplItemFn, Item, PathArguments, Type,
    TypeParamBound, WherePredicate, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::source::{argument, module, self_type};
use crate::{
    naming,
    plan::{Bounds, Plan},
};

/// Rewrites the setters of all builders, and lets plain text be made of `&str`.
pub(super) fn run(file: &mut File, plan: &Plan) {
    if let Some(types) = module(&mut file.items, "types") {
        from_str(types);
        for item in module(types, "builder").into_iter().flatten() {
            let Item::Impl(block) = item else { continue };
            if block.trait_.is_some() {
                continue;
            }
            let planned = self_type(block).and_then(|name| plan.fields.get(&name));
            let mut nulls = Vec::new();
            for item in &mut block.items {
                let ImplItem::Fn(setter) = item else { continue };
                let name = setter.sig.ident.to_string();
                let planned = planned.and_then(|planned| planned.get(&name));
                let missing = planned.is_some_and(|field| !field.required);
                let null = planned.is_some_and(|field| field.nullable && !field.any);
                take_the_value(setter, missing, null);
                if let Some(bounds) = planned.and_then(|field| field.bounds.as_ref()) {
                    check(setter, &name, bounds);
                }
                if null {
                    nulls.push(null_setter(setter, missing));
                }
                if planned.is_some_and(|field| field.deprecated) {
                    setter.attrs.push(parse_quote!(#[deprecated = "the publisher says so"]));
                }
            }
            let taken: Vec<String> = block
                .items
                .iter()
                .filter_map(|item| match item {
                    ImplItem::Fn(method) => Some(method.sig.ident.to_string()),
                    _ => None,
                })
                .collect();
            for mut null in nulls {
                let wanted = null.sig.ident.to_string();
                let name = naming::unique(&wanted, |name| taken.iter().any(|taken| taken == name));
                null.sig.ident = format_ident!("{name}");
                block.items.push(ImplItem::Fn(null));
            }
        }
    }
    let operations = super::source::by_builder(plan);
    for item in module(&mut file.items, "builder").into_iter().flatten() {
        let Item::Impl(block) = item else { continue };
        let Some(operation) = self_type(block).and_then(|name| operations.get(&name)) else {
            continue;
        };
        for item in &mut block.items {
            let ImplItem::Fn(setter) = item else { continue };
            let name = setter.sig.ident.to_string();
            if let Some(bounds) = operation.bounds.get(&name) {
                check(setter, &name, bounds);
            }
        }
    }
}

/// Lets a setter take a value where its field holds an `Option` of it.
fn take_the_value(setter: &mut ImplItemFn, missing: bool, null: bool) {
    let predicates =
        setter.sig.generics.where_clause.iter_mut().flat_map(|clause| &mut clause.predicates);
    let Some(target) = predicates.filter_map(converted_type).next() else { return };
    let optional = argument(target, "Option").cloned();
    if optional.is_none() && !missing {
        return;
    }
    if let Some(inner) = optional {
        *target = inner;
    }
    Wrap { nullable: missing && null }.visit_impl_item_fn_mut(setter);
}

/// The method that sets null.
fn null_setter(setter: &ImplItemFn, missing: bool) -> ImplItemFn {
    let field = &setter.sig.ident;
    let name =
        format_ident!("{}_null", field.to_string().trim_start_matches("r#").trim_end_matches('_'));
    let null: Expr = if missing {
        parse_quote!(::std::option::Option::Some(::pagebind_client::Nullable::Null))
    } else {
        parse_quote!(::std::option::Option::None)
    };
    let doc = format!("Sets `{field}` to `null`, which is something else than to leave it out.");
    parse_quote! {
        #[doc = #doc]
        pub fn #name(mut self) -> Self {
            self.#field = Ok(#null);
            self
        }
    }
}

/// Holds what a setter takes to the limits of its field.
fn check(setter: &mut ImplItemFn, field: &str, bounds: &Bounds) {
    let bounds = constant(bounds);
    Check { field, bounds }.visit_impl_item_fn_mut(setter);
}

/// Limits as an expression.
fn constant(bounds: &Bounds) -> TokenStream {
    let number = |value: &Value| {
        let number = proc_macro2::Literal::f64_unsuffixed(value.as_f64().unwrap_or_default());
        quote!(Some(#number))
    };
    let count = |value: &Value| {
        let count = usize::try_from(value.as_u64().unwrap_or_default()).unwrap_or(usize::MAX);
        let count = proc_macro2::Literal::usize_unsuffixed(count);
        quote!(Some(#count))
    };
    let fields = bounds.iter().filter_map(|(keyword, value)| {
        Some(match keyword.as_str() {
            "minimum" => (quote!(minimum), number(value)),
            "exclusiveMinimum" => (quote!(exclusive_minimum), number(value)),
            "maximum" => (quote!(maximum), number(value)),
            "exclusiveMaximum" => (quote!(exclusive_maximum), number(value)),
            "multipleOf" => (quote!(multiple_of), number(value)),
            "minItems" => (quote!(min_items), count(value)),
            "maxItems" => (quote!(max_items), count(value)),
            "uniqueItems" => (quote!(unique_items), quote!(true)),
            "minProperties" => (quote!(min_properties), count(value)),
            "maxProperties" => (quote!(max_properties), count(value)),
            "values" => {
                let text = value.to_string();
                (quote!(values), quote!(#text))
            }
            _ => return None,
        })
    });
    let fields = fields.map(|(name, value)| quote!(#name: #value));
    quote!(::pagebind_client::Bounds { #(#fields,)* ..::pagebind_client::Bounds::NONE })
}

/// Adds `From<&str>` to each type that has `From<String>`; typify gives `&str` only to those that
/// check it.
fn from_str(types: &mut Vec<Item>) {
    let mut index = 0;
    while let Some(item) = types.get(index) {
        index += 1;
        let Item::Impl(block) = item else { continue };
        let Some((path, _)) = &block.trait_ else { continue };
        let of_string = path.segments.last().is_some_and(|from| {
            let PathArguments::AngleBracketed(arguments) = &from.arguments else { return false };
            let source = arguments.args.first();
            from.ident == "From"
                && matches!(source, Some(GenericArgument::Type(Type::Path(source)))
                    if source.path.segments.last().is_some_and(|last| last.ident == "String"))
        });
        // Another variant of a union holds the text, and has its own way from `&str`.
        let newtype = block.items.iter().any(|item| {
            matches!(item, ImplItem::Fn(from) if quote!(#from).to_string().contains("Self (value)"))
        });
        if of_string && newtype {
            let name = &block.self_ty;
            let from = parse_quote! {
                impl ::std::convert::From<&str> for #name {
                    fn from(value: &str) -> Self {
                        Self(value.to_owned())
                    }
                }
            };
            types.insert(index, from);
        }
    }
}

/// The `X` of a predicate `T: TryInto<X>`.
fn converted_type(predicate: &mut WherePredicate) -> Option<&mut Type> {
    let WherePredicate::Type(predicate) = predicate else { return None };
    predicate.bounds.iter_mut().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last_mut().filter(|last| last.ident == "TryInto")?;
            let PathArguments::AngleBracketed(arguments) = &mut last.arguments else { return None };
            arguments.args.iter_mut().find_map(|argument| match argument {
                GenericArgument::Type(target) => Some(target),
                _ => None,
            })
        }
        _ => None,
    })
}

/// `value.try_into()` becomes `value.try_into().map(Some)`.
struct Wrap {
    nullable: bool,
}

impl VisitMut for Wrap {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if let Expr::MethodCall(ExprMethodCall { method, .. }) = expression
            && method == "try_into"
        {
            *expression = if self.nullable {
                parse_quote! {
                    #expression
                        .map(::pagebind_client::Nullable::Value)
                        .map(::std::option::Option::Some)
                }
            } else {
                parse_quote!(#expression.map(::std::option::Option::Some))
            };
        }
    }
}

/// `….map_err(…)`, whose error is text by then, becomes `….map_err(…).and_then(…)`.
struct Check<'a> {
    field: &'a str,
    bounds: TokenStream,
}

impl VisitMut for Check<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if let Expr::MethodCall(ExprMethodCall { method, .. }) = expression
            && method == "map_err"
        {
            let Self { field, bounds } = self;
            *expression = parse_quote!(#expression.and_then(|value| #bounds.check(#field, value)));
            return;
        }
        visit_mut::visit_expr_mut(self, expression);
    }
}
