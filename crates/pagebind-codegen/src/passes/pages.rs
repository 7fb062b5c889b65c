//! Lists that come page by page: `pages` gives one page after the other, `stream` their items.
//!
//! Each page is a call as `send` makes it. What `send` did is done by `send_page` here, for any page; the
//! name `stream`, for the items, is progenitor's own.

mod items;

use pagebind::diagnostic::Diagnostic;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    File, GenericArgument, ImplItem, ImplItemFn, Item, PathArguments, Type, Visibility, parse_quote,
};

use super::{
    definitions::Definitions,
    source::{awaited, by_builder, expect, module, self_type},
};
use crate::plan::{Asks, Next, Pages, Plan};

/// Adds both to the builders of the operations whose pages are known.
pub(super) fn run(file: &mut File, plan: &Plan, types: &Definitions) -> Result<(), Diagnostic> {
    let operations = by_builder(plan);
    for item in module(&mut file.items, "builder").into_iter().flatten() {
        let Item::Impl(block) = item else { continue };
        let Some(operation) = self_type(block).and_then(|name| operations.get(&name)) else {
            continue;
        };
        let Some(pages) = &operation.pages else { continue };
        let send = block.items.iter_mut().find_map(|item| match item {
            ImplItem::Fn(method) if method.sig.ident == "send" => Some(method),
            _ => None,
        });
        let field = |name: &String| {
            let own = operation.parameters.iter().find(|it| it.name == *name);
            own.map(|it| format_ident!("{}", it.field))
        };
        let added = send.and_then(|send| {
            let page = send_page(send)?;
            let mut added = vec![page];
            added.extend(streams(awaited(&send.sig)?, pages, plan, types, field)?);
            Some(added)
        });
        expect(added.is_some(), "pages", format!("how `{}` is sent", operation.id))?;
        block.items.extend(added.into_iter().flatten().map(ImplItem::Fn));
    }
    Ok(())
}

/// The method that does what `send` did, for any page; `send` calls it for the first.
fn send_page(send: &mut ImplItemFn) -> Option<ImplItemFn> {
    let mut page = send.clone();
    send.block = parse_quote!({ self.send_page(Default::default()) });
    page.sig.ident = format_ident!("send_page");
    page.vis = Visibility::Inherited;
    page.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    page.sig.inputs.push(parse_quote!(page_at: pagebind_client::PageAt));
    let before_sending = page.block.stmts.len().checked_sub(1)?;
    page.block.stmts.insert(before_sending, parse_quote!(call.page(page_at);));
    Some(page)
}

/// `pages`, and `stream` where the list in a page is known.
fn streams(
    returned: &Type,
    pages: &Pages,
    plan: &Plan,
    types: &Definitions,
    field: impl Fn(&String) -> Option<syn::Ident>,
) -> Option<Vec<ImplItemFn>> {
    let [value, error] = arguments(returned, "Result")?.try_into().ok()?;
    let mut of_value = arguments(&value, "ResponseValue")?.into_iter();
    let page = of_value.next()?;
    let headers = of_value.next().unwrap_or(parse_quote!(()));
    let [error] = arguments(&error, "Error")?.try_into().ok()?;
    let paging = paging(pages);
    // What the caller set is where counting begins.
    let counted = match &pages.next {
        Next::Count { asks: Asks::Parameter(parameter), .. } => field(parameter),
        _ => None,
    };
    let from = counted.map(|field| quote!(.from(&self.#field.as_ref().ok())));
    let mut added: Vec<ImplItemFn> = vec![parse_quote! {
        /// All pages, one after the other, each asked for when it is polled for. An error ends them.
        pub fn pages(self) -> pagebind_client::Pages<'a, #page, #error, #headers> {
            let paging = #paging #from;
            pagebind_client::Pages::new(paging, move |page_at| {
                let page = ::std::clone::Clone::clone(&self);
                ::std::boxed::Box::pin(page.send_page(page_at))
            })
        }
    }];
    let list = pages.items.as_ref().and_then(|at| items::list(&page, at, plan, types));
    if let Some((item, items)) = list {
        added.push(parse_quote! {
            /// The items of all pages, one after the other. An error ends them.
            pub fn stream(self) -> pagebind_client::Items<'a, #page, #error, #item, #headers> {
                self.pages().items(|page| #items)
            }
        });
    }
    Some(added)
}

/// `Paging` as `pagebind_client` knows it.
fn paging(pages: &Pages) -> TokenStream {
    let items = pages.items.as_deref().unwrap_or_default();
    let next = match &pages.next {
        Next::Link => quote!(link()),
        Next::Url { member } => quote!(url(#member)),
        Next::Cursor { asks, member } => {
            let asks = self::asks(asks);
            quote!(cursor(#asks, #member))
        }
        Next::Count { asks, first, by_items } => {
            let count = format_ident!("{}", if *by_items { "offset" } else { "pages" });
            let asks = self::asks(asks);
            quote!(#count(#asks, #items, #first))
        }
    };
    let in_body = matches!(
        pages.next,
        Next::Cursor { asks: Asks::Body(_), .. } | Next::Count { asks: Asks::Body(_), .. }
    );
    let in_body = in_body.then(|| quote!(.in_body()));
    let keeping = pages.keeping.as_ref().map(|names| quote!(.keeping(&[#(#names),*])));
    quote!(pagebind_client::Paging::#next #in_body #keeping)
}

/// The name of a query parameter, or the pointer into the body.
fn asks(asks: &Asks) -> &str {
    let (Asks::Parameter(name) | Asks::Body(name)) = asks;
    name
}

/// The arguments of a type that is called `name`.
fn arguments(target: &Type, name: &str) -> Option<Vec<Type>> {
    let Type::Path(path) = target else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(inner) => Some(inner.clone()),
        _ => None,
    });
    Some(types.collect())
}
