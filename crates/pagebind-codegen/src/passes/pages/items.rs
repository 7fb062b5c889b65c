//! The items in a page: the way to the list of them, through members that may be missing or null.

use pagebind::pointer;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Field, Fields, Item, ItemStruct, Path, Type, Visibility, parse_quote,
    visit_mut::{self, VisitMut},
};

use crate::passes::source::argument;
use crate::plan::Plan;

/// The type of the items in a page, and the list of them, empty where a part of the way is not there. `at` is a
/// JSON pointer; none if it leads to no list.
pub(super) fn list(
    page: &Type,
    at: &str,
    plan: &Plan,
    types: &[Item],
) -> Option<(Type, TokenStream)> {
    let mut place = Place { of: page, value: quote!(page), optional: false };
    for member in pointer::tokens(at) {
        place.unwrap(types);
        let definition = place.definition(types)?;
        let fields = plan.fields.get(&definition.ident.to_string())?;
        let (name, _) = fields.iter().find(|(_, it)| it.wire == member)?;
        let named = |it: &&Field| it.ident.as_ref().is_some_and(|it| it == name);
        place.step(definition.fields.iter().find(named)?);
    }
    place.unwrap(types);
    let mut item = argument(place.of, "Vec")?.clone();
    Outside(types).visit_type_mut(&mut item);
    let value = place.value;
    Some((item, if place.optional { quote!(#value.unwrap_or_default()) } else { value }))
}

/// A part of a page: what takes it out, and its type.
struct Place<'t> {
    of: &'t Type,
    value: TokenStream,
    /// Whether `value` is an `Option` of it.
    optional: bool,
}

impl<'t> Place<'t> {
    fn definition(&self, types: &'t [Item]) -> Option<&'t ItemStruct> {
        let Type::Path(path) = self.of else { return None };
        let name = &path.path.segments.last()?.ident;
        types.iter().find_map(|item| match item {
            Item::Struct(definition) if definition.ident == *name => Some(definition),
            _ => None,
        })
    }

    /// Goes on to what it only holds.
    fn unwrap(&mut self, types: &'t [Item]) {
        while let Some(Fields::Unnamed(fields)) = self.definition(types).map(|it| &it.fields)
            && let Some(only) = fields.unnamed.first()
            && matches!(only.vis, Visibility::Public(_))
        {
            self.step(only);
        }
    }

    /// Goes on to a field of it.
    fn step(&mut self, field: &'t Field) {
        let mut taken = match &field.ident {
            Some(name) => quote!(.#name),
            None => quote!(.0),
        };
        let mut of = &field.ty;
        let mut optional = false;
        if let Some(inner) = argument(of, "Option") {
            (of, optional) = (inner, true);
        }
        if let Some(inner) = argument(of, "Nullable") {
            taken = match optional {
                true => quote!(#taken.and_then(|it| it.into_value())),
                false => quote!(#taken.into_value()),
            };
            (of, optional) = (inner, true);
        }
        while let Some(inner) = argument(of, "Box") {
            of = inner;
        }
        let value = &self.value;
        self.value = match (self.optional, optional) {
            (false, _) => quote!(#value #taken),
            (true, false) => quote!(#value.map(|it| it #taken)),
            (true, true) => quote!(#value.and_then(|it| it #taken)),
        };
        self.of = of;
        self.optional |= optional;
    }
}

/// Names types as a module beside that of the types does.
struct Outside<'t>(&'t [Item]);

impl VisitMut for Outside<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        let own = path.get_ident().is_some_and(|name| {
            self.0.iter().any(|item| match item {
                Item::Struct(it) => it.ident == *name,
                Item::Enum(it) => it.ident == *name,
                Item::Type(it) => it.ident == *name,
                _ => false,
            })
        });
        if own {
            let name = path.segments.last().cloned();
            *path = parse_quote!(types::#name);
        }
        visit_mut::visit_path_mut(self, path);
    }
}
