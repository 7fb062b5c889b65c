//! Setters take what a caller has at hand: `.first_name("Alex")` where typify would have the caller
//! write `.first_name(Some(PersonName::try_from("Alex")?))`.
//!
//! An optional setter takes the value itself, and a type that is plain text takes a `&str`.

use syn::{
    Expr, ExprMethodCall, File, GenericArgument, Item, PathArguments, Type, TypeParamBound,
    WherePredicate, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::source::{methods, module};

/// Rewrites the setters of all type builders whose field is optional, and lets plain text be made
/// of `&str`.
pub(super) fn run(file: &mut File) {
    let Some(types) = module(&mut file.items, "types") else { return };
    from_str(types);
    let Some(builders) = module(types, "builder") else { return };
    for (_, method) in methods(builders) {
        let predicates =
            method.sig.generics.where_clause.iter_mut().flat_map(|clause| &mut clause.predicates);
        let mut optional = predicates.filter_map(converted_type);
        if let Some((target, inner)) = optional
            .find_map(|target| Some((argument(target, "Option")?.clone(), target)))
            .map(|(inner, target)| (target, inner))
        {
            *target = inner;
            WrapInSome.visit_impl_item_fn_mut(method);
        }
    }
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
        if of_string {
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

/// The `X` of a type `wrapper<X>`.
fn argument<'a>(target: &'a Type, wrapper: &str) -> Option<&'a Type> {
    let Type::Path(path) = target else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == wrapper)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    })
}

/// `value.try_into()` becomes `value.try_into().map(Some)`.
struct WrapInSome;

impl VisitMut for WrapInSome {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if let Expr::MethodCall(ExprMethodCall { method, .. }) = expression
            && method == "try_into"
        {
            *expression = parse_quote!(#expression.map(::std::option::Option::Some));
        }
    }
}
