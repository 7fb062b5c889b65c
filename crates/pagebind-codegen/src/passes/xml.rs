//! Bodies of XML: the module `xml`, which says what the elements and attributes of each are.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{File, parse_quote};

use crate::{
    naming,
    plan::Plan,
    plan::xml::{Content, Element, Member, Place},
};

/// Adds the module, where there is a body of XML.
pub(super) fn run(file: &mut File, plan: &Plan) {
    if plan.xml.roots.is_empty() {
        return;
    }
    let roots = plan.xml.roots.iter().map(|(name, root)| {
        let (name, root) = (format_ident!("{name}"), element(root));
        quote!(pub(super) static #name: Element = #root;)
    });
    let components = plan.xml.components.iter().map(|(component, members)| {
        let (name, members) = (constant(component), members.iter().map(member));
        quote!(pub(super) static #name: Content = Content::Members(&[#(#members),*]);)
    });
    file.items.push(parse_quote! {
        /// The root elements of XML.
        mod xml {
            use pagebind_client::xml::{Content, Element, Member, Place, Scalar};
            #(#roots)*

            /// What is in the elements of components.
            mod components {
                use super::{Content, Element, Member, Place, Scalar, components};
                #(#components)*
            }
        }
    });
}

/// The constant that says what is in a component.
fn constant(component: &str) -> Ident {
    format_ident!("{}", naming::method_name(component).to_uppercase())
}

/// The root of a body, seen from any other module.
pub(super) fn root(name: &str) -> TokenStream {
    let name = format_ident!("{name}");
    quote!(&super::xml::#name)
}

fn element(element: &Element) -> TokenStream {
    let Element { name, prefix, namespace, content } = element;
    let content = match content {
        Content::Scalar(scalar) => {
            let scalar = format_ident!("{scalar:?}");
            quote!(Content::Scalar(Scalar::#scalar))
        }
        Content::Items(each) => {
            let each = self::element(each);
            quote!(Content::Items(&#each))
        }
        Content::Members(members) => {
            let members = members.iter().map(member);
            quote!(Content::Members(&[#(#members),*]))
        }
        Content::Of(component) => {
            let constant = constant(component);
            quote!(components::#constant)
        }
    };
    quote!(Element { name: #name, prefix: #prefix, namespace: #namespace, content: &#content })
}

fn member(Member { key, place }: &Member) -> TokenStream {
    let place = match place {
        Place::Attribute(described) => {
            let described = element(described);
            quote!(Attribute(#described))
        }
        Place::Element(described) => {
            let described = element(described);
            quote!(Element(#described))
        }
        Place::Items { each, required } => {
            let each = element(each);
            quote!(Items { each: #each, required: #required })
        }
        Place::Text(scalar) => {
            let scalar = format_ident!("{scalar:?}");
            quote!(Text(Scalar::#scalar))
        }
        Place::Rest(scalar) => {
            let scalar = format_ident!("{scalar:?}");
            quote!(Rest(Scalar::#scalar))
        }
    };
    quote!(Member { key: #key, place: Place::#place })
}
