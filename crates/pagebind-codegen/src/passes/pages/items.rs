//! The items in a page: the way to the list of them, through members that may be missing or null.

use pagebind::pointer;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    Path, Type, parse_quote,
    visit_mut::{self, VisitMut},
};

use crate::passes::{
    definitions::{Definitions, Member},
    source::argument,
};
use crate::plan::Plan;

/// The type of the items in a page, and the list of them, empty where a part of the way is not there. `at` is a
/// JSON pointer; none if it leads to no list.
pub(super) fn list(
    page: &Type,
    at: &str,
    plan: &Plan,
    types: &Definitions,
) -> Option<(Type, TokenStream)> {
    let mut place = Place { of: page.clone(), value: quote!(page), optional: false };
    for member in pointer::tokens(at) {
        place.unwrap(types);
        let (definition, members) = types.of_struct(&place.of)?;
        let fields = plan.fields.get(definition)?;
        let (name, _) = fields.iter().find(|(_, it)| it.wire == member)?;
        place.step(members.iter().find(|it| it.name.as_ref() == Some(name))?)?;
    }
    place.unwrap(types);
    let mut item = argument(&place.of, "Vec")?.clone();
    Outside(types).visit_type_mut(&mut item);
    let value = place.value;
    Some((item, if place.optional { quote!(#value.unwrap_or_default()) } else { value }))
}

/// A part of a page: what takes it out, and its type.
struct Place {
    of: Type,
    value: TokenStream,
    /// Whether `value` is an `Option` of it.
    optional: bool,
}

impl Place {
    /// Goes on to what it only holds.
    fn unwrap(&mut self, types: &Definitions) {
        while let Some((_, [only, ..])) = types.of_struct(&self.of)
            && only.name.is_none()
            && only.public
            && self.step(only).is_some()
        {}
    }

    /// Goes on to a field of it.
    fn step(&mut self, field: &Member) -> Option<()> {
        let mut taken = match &field.name {
            Some(name) => {
                let name = format_ident!("{name}");
                quote!(.#name)
            }
            None => quote!(.0),
        };
        let of = field.of()?;
        let mut of = &of;
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
        self.of = of.clone();
        self.optional |= optional;
        Some(())
    }
}

/// Names types as a module beside that of the types does.
struct Outside<'t>(&'t Definitions);

impl VisitMut for Outside<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        if path.get_ident().is_some_and(|name| self.0.has(&name.to_string())) {
            let name = path.segments.last().cloned();
            *path = parse_quote!(types::#name);
        }
        visit_mut::visit_path_mut(self, path);
    }
}
