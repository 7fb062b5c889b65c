//! The builders of operations: what a caller sets of a request, before `send`.
//!
//! Progenitor writes 14 lines for each value that can be set, takes every body for required, drops the reason
//! why a value does not fit, and knows no header but those of the document. Of its builders only the fields
//! and what `send` returns are read; the rest is written here, as the [builders of types](super::builders) are.

use std::collections::BTreeMap;

use pagebind::diagnostic::Diagnostic;
use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::{
    Expr, Fields, File, Ident, ImplItem, ImplItemFn, Item, ItemStruct, Stmt, Type, parse_quote,
};

use super::{
    builders::Setters,
    docs::doc,
    setters::limits,
    source::{argument, expect, module, self_type},
};
use crate::{
    naming,
    plan::{Operation, Plan},
    tokens::{in_blocks, in_module, only},
};

/// Takes out of the builders of operations all that is written anew: what is left are the fields, and a `send`
/// that does nothing.
pub(crate) fn without_methods(source: TokenStream) -> TokenStream {
    let is = |tree: &TokenTree, word| matches!(tree, TokenTree::Ident(ident) if ident == word);
    let is_block = |item: &[TokenTree]| item.iter().any(|tree| is(tree, "impl"));
    let is_send =
        |item: &[TokenTree]| item.windows(2).any(|pair| is(&pair[0], "fn") && is(&pair[1], "send"));
    let nothing = |_| TokenStream::new();
    in_module(source, "builder", |items| {
        in_blocks(items, is_block, |methods| in_blocks(only(methods, is_send), |_| true, nothing))
    })
}

/// Writes the fields and the setters of every operation, and what begins it.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let Some(builders) = module(&mut file.items, "builder") else { return Ok(()) };
    let operations: BTreeMap<String, (&String, &Operation)> =
        plan.operations.iter().map(|it| (naming::type_name(it.0), it)).collect();
    let setters = Setters::new("V");
    let mut given: BTreeMap<String, Vec<Given>> = BTreeMap::new();
    if operations.is_empty() {
        return Ok(());
    }
    let import = parse_quote!(
        use ::pagebind_client::__private::building;
    );
    for mut item in std::mem::replace(builders, vec![import]) {
        let mut begun = None;
        match &mut item {
            Item::Struct(builder) => {
                let name = builder.ident.to_string();
                if let Some((method, operation)) = operations.get(&name) {
                    let fields = fields(builder, operation);
                    define(builder, method, &fields);
                    begun = Some(begin(&builder.ident, &fields));
                    given.insert(name, fields);
                }
            }
            Item::Impl(block) => {
                let name = self_type(block).unwrap_or_default();
                if let Some(((_, operation), given)) = operations.get(&name).zip(given.get(&name)) {
                    let methods = given.iter().flat_map(|it| it.methods(operation, &setters));
                    block.items.splice(0..0, methods.map(ImplItem::Fn));
                }
            }
            _ => {}
        }
        builders.push(item);
        builders.extend(begun);
    }
    for (builder, (_, operation)) in operations {
        let given = given.get(&builder).into_iter().flatten();
        let has_body = given.filter(|it| it.ident == "body").count() == 1;
        let found = has_body == operation.body.is_some();
        expect(found, "operations", format!("the body of `{builder}`"))?;
    }
    Ok(())
}

/// What a caller can set of a request.
pub(super) struct Given {
    pub(super) ident: Ident,
    /// What the builder of the operation holds of it.
    held: Type,
    optional: bool,
}

impl Given {
    /// Of a field that holds an `of`, or an `Option` of it: one that is called by its whole path is of the value
    /// itself.
    fn new(ident: Ident, of: &Type) -> Self {
        let short = matches!(of, Type::Path(of) if of.path.segments.len() == 1);
        let inner = argument(of, "Option").filter(|_| short);
        Self { ident, held: inner.unwrap_or(of).clone(), optional: inner.is_some() }
    }

    /// The type of what a caller hands over.
    pub(super) fn of(&self) -> Type {
        self.built().unwrap_or_else(|| self.held.clone())
    }

    /// The type of a body whose builder is held: `types::X` of a `types::builder::X`.
    pub(super) fn built(&self) -> Option<Type> {
        let Type::Path(held) = &self.held else { return None };
        let names: Vec<&Ident> = held.path.segments.iter().map(|segment| &segment.ident).collect();
        match names[..] {
            [types, builder, name] if types == "types" && builder == "builder" => {
                Some(parse_quote!(#types::#name))
            }
            _ => None,
        }
    }

    fn methods(&self, operation: &Operation, setters: &Setters) -> Vec<ImplItemFn> {
        let Self { ident, held, optional } = self;
        let built = self.built();
        let some = *optional && built.is_none();
        let mut setter = setters.named(ident, &self.of(), some, false);
        let Some(Stmt::Expr(Expr::Assign(set), _)) = setter.block.stmts.first_mut() else {
            return Vec::new();
        };
        if let Some(bounds) = operation.bounds.get(&ident.to_string()) {
            let (name, value, bounds) = (ident.to_string(), &set.right, limits(bounds));
            set.right = parse_quote!(building::within(#name, #value, &#bounds));
        }
        if built.is_none() {
            return vec![setter];
        }
        let value = &set.right;
        // A builder with nothing set is there from the beginning, so that a caller can change it alone.
        let (value, changed): (Expr, Expr) = if *optional {
            let changed = parse_quote!(|body| Some(f(body.unwrap_or_default())));
            (parse_quote!(#value.map(From::from).map(Some)), changed)
        } else {
            (parse_quote!(#value.map(From::from)), parse_quote!(f))
        };
        *set.right = value;
        let map = format_ident!("{ident}_map");
        let map = parse_quote! {
            pub fn #map<F>(mut self, f: F) -> Self
            where
                F: ::std::ops::FnOnce(#held) -> #held,
            {
                self.#ident = self.#ident.map(#changed);
                self
            }
        };
        vec![setter, map]
    }
}

/// What can be set of the request of each operation, by the name of its builder.
pub(super) fn given(file: &mut File) -> BTreeMap<String, Vec<Given>> {
    let given = |builder: &ItemStruct| {
        let fields = builder.fields.iter().filter_map(|field| {
            Some(Given::new(field.ident.clone()?, argument(&field.ty, "Set")?))
        });
        fields.collect()
    };
    let builders = module(&mut file.items, "builder").into_iter().flatten();
    let builders = builders.filter_map(|item| match item {
        Item::Struct(builder) => Some((builder.ident.to_string(), given(builder))),
        _ => None,
    });
    builders.collect()
}

/// What progenitor's builder of an operation holds.
fn fields(builder: &ItemStruct, operation: &Operation) -> Vec<Given> {
    let needless_body = operation.body.as_ref().is_some_and(|body| !body.required);
    let fields = builder.fields.iter().filter_map(|field| {
        let given = Given::new(field.ident.clone()?, argument(&field.ty, "Result")?);
        let optional = given.optional || (needless_body && given.ident == "body");
        Some(Given { optional, ..given })
    });
    fields.collect()
}

/// Makes a builder of progenitor's one of ours.
fn define(builder: &mut ItemStruct, method: &str, given: &[Given]) {
    let words = format!("Builder for [`Client::{method}`](super::Client::{method}).");
    builder.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    builder.attrs.insert(0, doc(&words));
    // `client.delete_customer().body(…)` without `send` is a statement that compiles, and does nothing.
    builder.attrs.push(parse_quote!(#[must_use = "nothing is sent before `send` is awaited"]));
    let given = given.iter().map(|Given { ident, held, optional }| match optional {
        true => quote!(#ident: building::Set<Option<#held>>),
        false => quote!(#ident: building::Set<#held>),
    });
    builder.fields = Fields::Named(parse_quote!({
        client: &'a super::Client,
        #(#given,)*
        headers: pagebind_client::RequestHeaders,
    }));
}

/// What begins a request, and gives it headers that no document names.
fn begin(builder: &Ident, given: &[Given]) -> Item {
    let fields = given.iter().map(|given| {
        let begins_set = given.optional || given.built().is_some();
        let presence = format_ident!("{}", if begins_set { "optional" } else { "required" });
        let ident = &given.ident;
        quote!(#ident: #presence)
    });
    parse_quote!(::pagebind_client::__private::operation! { #builder { #(#fields,)* } })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::generate;

    #[test]
    fn a_type_of_the_caller_s_own_is_taken_as_it_is_whatever_its_module_is_called() {
        let price = json!({ "$ref": "#/components/schemas/Price" });
        let content = json!({ "application/json": { "schema": price } });
        let generated = generate(&json!({
            "openapi": "3.1.0",
            "info": { "title": "a", "version": "1" },
            "x-pagebind": { "command": "", "pages": [], "client_headers": [], "types": {
                "replace": { "Price": "::money::builder::Price" },
            } },
            "paths": { "/": { "post": {
                "operationId": "pay",
                "parameters": [{ "in": "query", "name": "most", "schema": price }],
                "requestBody": { "required": true, "content": content },
                "responses": { "204": { "description": "" } },
            } } },
            "components": { "schemas": { "Price": { "type": "object", "properties": {
                "amount": { "type": "integer" },
            } } } },
        }));
        let source = generated.unwrap().source;
        assert!(source.contains("body: building::Set<::money::builder::Price>"), "{source}");
        assert!(source.contains("most: building::Set<Option<types::Price>>"));
        assert!(source.contains("Pay { most : optional, body : required, }"));
        assert!(source.contains("pub type Price = ::money::builder::Price;"));
        assert!(!source.contains("body_map"));
    }
}
