//! Builders: one for each type that callers make values of, with a setter for each field.
//!
//! Typify writes 28 lines for a field, half of them the same each time, for every type there is; most types
//! only come in answers. It is not asked for any; here they are written for the types of the plan.
//!
//! A setter takes what a caller has at hand: `.first_name("Alex")` where typify would have the caller write
//! `.first_name(Some(PersonName::try_from("Alex")?))`. One of what may be missing or null takes the value
//! itself, and `….name_null()` sends null. What is set is held to the limits of the contract.

use std::collections::BTreeSet;

use quote::{format_ident, quote};
use syn::{
    Expr, Fields, File, Ident, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod, ItemStruct, LitStr,
    Path, Stmt, Type, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::features;
use super::setters::limits;
use super::source::{argument, module};
use crate::{
    naming,
    plan::{Field, Plan},
};

/// Writes the builders of the types that the plan has some of.
pub(super) fn run(file: &mut File, plan: &Plan) {
    let Some(types) = module(&mut file.items, "types") else { return };
    let names: BTreeSet<String> = types
        .iter()
        .filter_map(|item| match item {
            Item::Struct(definition) => Some(definition.ident.to_string()),
            Item::Enum(definition) => Some(definition.ident.to_string()),
            Item::Type(alias) => Some(alias.ident.to_string()),
            _ => None,
        })
        .collect();
    let setters = Setters::new("T");
    let mut builders: Vec<Item> = Vec::new();
    for item in types.iter() {
        if let Item::Struct(definition) = item
            && let Fields::Named(_) = definition.fields
        {
            let name = definition.ident.to_string();
            let by_mock = plan.built_by_mock.contains(&name);
            if by_mock || plan.built.contains(&name) {
                let mut builder = builder(definition, plan, &names, &setters);
                if by_mock {
                    builder.iter_mut().for_each(for_mock);
                }
                builders.extend(builder);
            }
        }
    }
    if builders.is_empty() {
        return;
    }
    let at = types.iter().position(|item| matches!(item, Item::Mod(_))).unwrap_or(types.len());
    let mut module: ItemMod = parse_quote! {
        /// Types for composing complex structures.
        pub mod builder {
            use ::pagebind_client::__private::building;
        }
    };
    module.content.iter_mut().for_each(|(_, items)| items.append(&mut builders));
    types.insert(at, Item::Mod(module));
}

/// Puts an item behind the feature of the module for tests.
fn for_mock(item: &mut Item) {
    features::attributes(item)
        .into_iter()
        .for_each(|attributes| attributes.push(parse_quote!(#[cfg(feature = "mock")])));
}

/// What stands in the module of the builders for a struct.
fn builder(
    definition: &ItemStruct,
    plan: &Plan,
    names: &BTreeSet<String>,
    setters: &Setters,
) -> [Item; 3] {
    let name = &definition.ident;
    let planned = plan.fields.get(&name.to_string());
    let fields: Vec<Built<'_>> = definition
        .fields
        .iter()
        .filter_map(|field| {
            let ident = field.ident.as_ref()?;
            let mut of = field.ty.clone();
            Outside(names).visit_type_mut(&mut of);
            let planned = planned.and_then(|planned| planned.get(&ident.to_string()));
            Some(Built { ident, of, planned })
        })
        .collect();
    let (idents, types): (Vec<_>, Vec<_>) = fields.iter().map(|it| (it.ident, &it.of)).unzip();
    let presence = fields.iter().map(|field| {
        // What is not planned holds the members that have no name: none, to begin with.
        let needed = field.planned.is_some_and(|planned| planned.to_build || planned.required);
        format_ident!("{}", if needed { "required" } else { "optional" })
    });
    let mut methods: ItemImpl = parse_quote! { impl #name {} };
    methods.items.extend(fields.iter().map(|field| ImplItem::Fn(field.setter(setters))));
    let nulls = fields.iter().filter_map(|field| {
        let wanted = field.ident.to_string();
        let wanted = wanted.trim_start_matches("r#").trim_end_matches('_').to_owned() + "_null";
        let taken = |name: &str| idents.iter().any(|ident| *ident == name);
        field.null_setter(&format_ident!("{}", naming::unique(&wanted, taken)))
    });
    methods.items.extend(nulls);
    [
        parse_quote! {
            #[derive(Clone, Debug)]
            pub struct #name { #(#idents: building::Set<#types>,)* }
        },
        parse_quote! {
            ::pagebind_client::__private::builder! { #name { #(#idents: #presence,)* } }
        },
        Item::Impl(methods),
    ]
}

/// Setters of a field to be named: parsing one for each of thousands of fields takes as long as all else that
/// is done for their types.
pub(super) struct Setters([ImplItemFn; 3]);

impl Setters {
    /// Those of methods that take a value of a type of this name.
    pub(super) fn new(value: &str) -> Self {
        let value = format_ident!("{value}");
        Self(["set", "set_some", "set_nullable"].map(|set| {
            let set = format_ident!("{set}");
            parse_quote! {
                pub fn field<#value>(mut self, value: #value) -> Self
                where
                    #value: ::std::convert::TryInto<Of>,
                    #value::Error: ::std::fmt::Display,
                {
                    self.field = building::#set("", value);
                    self
                }
            }
        }))
    }

    /// The setter of a field that holds an `of`, in an `Option` or not, and in a `Nullable` in there or not.
    pub(super) fn named(&self, ident: &Ident, of: &Type, some: bool, nullable: bool) -> ImplItemFn {
        let mut setter = self.0[usize::from(some) + usize::from(some && nullable)].clone();
        Named { ident, of }.visit_impl_item_fn_mut(&mut setter);
        setter
    }
}

/// Says which field a setter is of.
struct Named<'a> {
    ident: &'a Ident,
    of: &'a Type,
}

impl VisitMut for Named<'_> {
    fn visit_ident_mut(&mut self, ident: &mut Ident) {
        if ident == "field" {
            ident.clone_from(self.ident);
        }
    }

    fn visit_type_mut(&mut self, of: &mut Type) {
        match of {
            Type::Path(path) if path.path.is_ident("Of") => of.clone_from(self.of),
            _ => visit_mut::visit_type_mut(self, of),
        }
    }

    fn visit_lit_str_mut(&mut self, name: &mut LitStr) {
        *name = LitStr::new(&self.ident.to_string(), name.span());
    }
}

/// A field of a builder.
struct Built<'a> {
    ident: &'a Ident,
    /// The type of the field, as it is called in the module of the builders.
    of: Type,
    planned: Option<&'a Field>,
}

impl Built<'_> {
    /// Whether it may be missing.
    fn missing(&self) -> bool {
        self.planned.is_some_and(|planned| !planned.required)
    }

    /// Whether null is something else than nothing.
    fn nullable(&self) -> bool {
        self.planned.is_some_and(|planned| planned.nullable && !planned.any)
    }

    fn setter(&self, setters: &Setters) -> ImplItemFn {
        let Self { ident, of, planned } = self;
        let nullable = self.missing() && self.nullable();
        let inner = argument(of, "Option");
        let of = inner.unwrap_or(of);
        let value = argument(of, "Nullable").filter(|_| nullable).unwrap_or(of);
        let mut setter = setters.named(ident, value, inner.is_some(), nullable);
        if planned.is_some_and(|planned| planned.deprecated) {
            setter.attrs.push(parse_quote!(#[deprecated = "the publisher says so"]));
        }
        let bounds = planned.and_then(|planned| planned.bounds.as_ref()).map(limits);
        if let (Some(bounds), Some(Stmt::Expr(Expr::Assign(set), _))) =
            (bounds, setter.block.stmts.first_mut())
        {
            let (name, value) = (ident.to_string(), &set.right);
            set.right = parse_quote!(building::within(#name, #value, &#bounds));
        }
        setter
    }

    /// The method that sets null, if there is any.
    fn null_setter(&self, name: &Ident) -> Option<ImplItem> {
        let ident = self.ident;
        let null = if self.missing() {
            quote!(::std::option::Option::Some(::pagebind_client::Nullable::Null))
        } else {
            quote!(::std::option::Option::None)
        };
        let doc =
            format!("Sets `{ident}` to `null`, which is something else than to leave it out.");
        self.nullable().then(|| {
            parse_quote! {
                #[doc = #doc]
                pub fn #name(mut self) -> Self {
                    self.#ident = Ok(#null);
                    self
                }
            }
        })
    }
}

/// Writes the names of types as they are called from the module of the builders.
struct Outside<'n>(&'n BTreeSet<String>);

impl VisitMut for Outside<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if path.get_ident().is_some_and(|name| self.0.contains(&name.to_string())) {
            *path = parse_quote!(super::#path);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{Builders, Settings, generate, public_items};

    /// The types with builders, of a client that sends `Order` with a `Line` in it, and reads `Receipt`; so
    /// many of them are there for a mock alone.
    fn built(settings: Settings, mocked: usize) -> Vec<String> {
        let body = |name: &str| {
            let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
            json!({ "description": "", "content": { "application/json": { "schema": schema } } })
        };
        let object = |member: Value| json!({ "type": "object", "properties": { "a": member } });
        let generated = generate(&json!({
            "openapi": "3.1.0",
            "info": { "title": "a", "version": "1" },
            "x-pagebind": settings.to_value(),
            "paths": { "/a": { "post": {
                "operationId": "buy",
                "requestBody": body("Order"),
                "responses": { "200": body("Receipt") },
            } } },
            "components": { "schemas": {
                "Line": object(json!({ "type": "integer" })),
                "Order": object(json!({ "$ref": "#/components/schemas/Line" })),
                "Receipt": object(json!({ "type": "string" })),
                "Unused": object(json!({ "type": "string" })),
            } },
        }));
        let source = generated.unwrap().source;
        let items = public_items(&source).unwrap();
        let of_mock = source.matches("#[cfg(feature = \"mock\")]\n        pub struct").count();
        assert_eq!(of_mock, mocked);
        let of_types = items.keys().filter_map(|path| path.strip_prefix("types::"));
        let given = of_types.clone().filter_map(|path| path.strip_suffix("::builder"));
        let given: Vec<String> = given.map(str::to_owned).collect();
        let structs = of_types.filter_map(|path| path.strip_prefix("builder::"));
        let structs = structs.filter(|path| !path.contains(':')).map(str::to_owned);
        assert_eq!(structs.collect::<Vec<_>>(), given);
        given
    }

    #[test]
    fn types_have_builders_that_callers_make_values_of() {
        let sent = Settings { builders: Builders::Sent, ..Settings::default() };
        assert_eq!(built(sent.clone(), 0), ["Line", "Order"]);
        assert_eq!(built(Settings { mock: true, ..sent }, 1), ["Line", "Order", "Receipt"]);
        assert_eq!(built(Settings::default(), 0), ["Line", "Order", "Receipt", "Unused"]);
    }
}
