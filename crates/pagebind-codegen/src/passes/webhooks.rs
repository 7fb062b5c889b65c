//! Webhooks and callbacks: a function for each, which reads what came.

use quote::{format_ident, quote};
use syn::{File, Item, parse_quote};

use super::xml;
use crate::plan::{Plan, Webhook, WebhookForm};

/// Adds the module of those that the contract has.
pub(super) fn run(file: &mut File, plan: &Plan) {
    if plan.webhooks.is_empty() {
        return;
    }
    let functions = plan.webhooks.iter().map(|hook| {
        let Webhook { published, description, .. } = hook;
        let function = format_ident!("{}", hook.function);
        let component = format_ident!("{}", hook.component);
        let what = format!("Reads `{published}`.");
        let words = if description.is_empty() { what } else { format!("{what}\n\n{description}") };
        let read = match &hook.form {
            WebhookForm::Json => quote!(read(headers, body)),
            WebhookForm::Form => quote!(read_form(headers, body)),
            WebhookForm::Xml(root) => {
                let root = xml::root(root);
                quote!(read_xml(headers, body, #root))
            }
            WebhookForm::JsonOrXml(root) => {
                let root = xml::root(root);
                quote!(read_json_or_xml(headers, body, #root))
            }
        };
        let doc = format!("{words}\n\n# Errors\nWhen it is not signed, or something else.");
        quote! {
            #[doc = #doc]
            pub fn #function(
                receiver: &::pagebind_client::WebhookReceiver,
                headers: &::pagebind_client::reqwest::header::HeaderMap,
                body: &[u8],
            ) -> ::std::result::Result<types::#component, ::pagebind_client::WebhookError> {
                receiver.#read
            }
        }
    });
    let module: Item = parse_quote! {
        /// What the service sends to its users' own servers: webhooks, and callbacks of operations.
        #[allow(clippy::all)]
        pub mod webhooks {
            use super::types;

            #(#functions)*
        }
    };
    file.items.push(module);
}
