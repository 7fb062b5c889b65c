//! Documentation: the publisher's words, and none of it is run as a test.
//!
//! Typify documents types and fields with these words, and leaves the builders without any: a setter says what its
//! field says. What the publisher says nothing of has a name, which needs no repeating. Code in descriptions is the
//! publisher's, in whatever language; rustdoc would compile it as Rust unless its fence says otherwise.

use std::collections::BTreeMap;

use proc_macro2::Span;
use syn::{
    AttrStyle, Attribute, Block, Expr, ExprLit, File, Ident, ImplItem, ImplItemFn, Item, Lit,
    LitStr, Meta, MetaNameValue, Visibility, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::{
    markup::to_markdown,
    source::{methods, module},
};
use crate::naming;

/// What the generated modules allow, by name; the header says why.
fn allows() -> Attribute {
    parse_quote! {
        #[allow(
            deprecated, missing_docs, unused_imports, unused_qualifications,
            clippy::doc_lazy_continuation, clippy::large_enum_variant, clippy::redundant_field_names,
            clippy::type_complexity,
            rustdoc::bare_urls, rustdoc::broken_intra_doc_links, rustdoc::invalid_html_tags
        )]
    }
}

/// What holds of all types, as their module says it.
const RULES: &str = "
Reading is lenient, building is strict: limits, patterns and lists of values fail no response, and are
checked by `FromStr`, `TryFrom` and every setter. What is absent (`None`), null (`Nullable::Null`) and
empty are three things, in both directions. A value that no branch of a union describes is kept as
JSON, in its variant `Unknown`; an enum keeps text that the contract does not list. What the service
fills in (`readOnly`) is not needed to build a value, what it never shows (`writeOnly`) not to read
one. Members that a struct does not name are kept in `extra` where the contract says that there are more,
and dropped elsewhere.";

/// Documents what has no words yet, and quiets the code in what has.
pub(super) fn run(file: &mut File) {
    builders_of_types(file);
    builders_of_operations(file);
    for item in &mut file.items {
        allow_by_name(item);
    }
    Modules.visit_file_mut(file);
    Fences.visit_file_mut(file);
}

/// Documents `types::builder` by the fields that its setters set.
fn builders_of_types(file: &mut File) {
    let Some(types) = module(&mut file.items, "types") else { return };
    types.iter_mut().for_each(without_name);
    let fields: BTreeMap<(String, String), String> =
        types.iter().flat_map(documented_fields).collect();
    let Some(builders) = module(types, "builder") else { return };
    for item in builders.iter_mut() {
        if let Item::Struct(builder) = item {
            let words = format!("Builder of [`{0}`](super::{0}).", builder.ident);
            builder.attrs.insert(0, doc(&words));
        }
    }
    for (name, method) in methods(builders) {
        if let Some(words) = fields.get(&(name, method.sig.ident.to_string())) {
            document(method, words);
        }
    }
}

/// Takes away words that are nothing but the name of a type, which typify gives those without any.
fn without_name(item: &mut Item) {
    let (name, attributes) = match item {
        Item::Struct(definition) => (&definition.ident, &mut definition.attrs),
        Item::Enum(definition) => (&definition.ident, &mut definition.attrs),
        _ => return,
    };
    let name = format!("`{name}`");
    attributes.retain(|attribute| doc_text(attribute).is_none_or(|words| words != name));
}

/// The fields of a struct with their documentation.
fn documented_fields(item: &Item) -> Vec<((String, String), String)> {
    let Item::Struct(definition) = item else { return Vec::new() };
    let named = definition.fields.iter().filter_map(|field| {
        let words = field.attrs.iter().find_map(doc_text)?;
        Some(((definition.ident.to_string(), field.ident.as_ref()?.to_string()), words))
    });
    named.collect()
}

/// Says of the builders of operations how a body is set.
fn builders_of_operations(file: &mut File) {
    let builders = module(&mut file.items, "builder").map(Vec::as_mut_slice).unwrap_or_default();
    for (_, method) in methods(builders) {
        match method.sig.ident.to_string().as_str() {
            "body" => document(method, "Sets the request body, or the builder of one."),
            "body_map" => document(method, "Changes the request body that is being built."),
            _ => {}
        }
    }
}

/// Documents a method that has no words yet.
fn document(method: &mut ImplItemFn, words: &str) {
    if !method.attrs.iter().any(is_doc) {
        method.attrs.insert(0, doc(words));
    }
}

/// `#[doc = "…"]`, put together: there are too many to have each parsed.
pub(super) fn doc(words: &str) -> Attribute {
    let text = LitStr::new(words, Span::call_site());
    Attribute {
        pound_token: Default::default(),
        style: AttrStyle::Outer,
        bracket_token: Default::default(),
        meta: Meta::NameValue(MetaNameValue {
            path: Ident::new("doc", Span::call_site()).into(),
            eq_token: Default::default(),
            value: Expr::Lit(ExprLit { attrs: Vec::new(), lit: Lit::Str(text) }),
        }),
    }
}

fn is_doc(attribute: &Attribute) -> bool {
    matches!(&attribute.meta, Meta::NameValue(value) if value.path.is_ident("doc"))
}

/// The text of a `doc` attribute.
fn doc_text(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(value) = &attribute.meta else { return None };
    match &value.value {
        Expr::Lit(literal) if value.path.is_ident("doc") => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Puts the list of allowed lints in the place of an `#[allow]` of all of clippy's, where the
/// publisher's words stand: at the modules, the client and its operations.
fn allow_by_name(item: &mut Item) {
    let attributes = match item {
        Item::Mod(module) => &mut module.attrs,
        Item::Struct(client) => &mut client.attrs,
        Item::Impl(block) => {
            let public = |item: &ImplItem| matches!(item, ImplItem::Fn(method) if matches!(method.vis, Visibility::Public(_)));
            block.attrs.clear();
            if !block.items.iter().any(public) {
                return;
            }
            &mut block.attrs
        }
        _ => return,
    };
    attributes.retain(|attribute| !attribute.path().is_ident("allow"));
    attributes.push(allows());
}

/// Documents the modules that have no words yet.
struct Modules;

impl VisitMut for Modules {
    fn visit_item_mut(&mut self, item: &mut Item) {
        // All modules stand in modules.
        if let Item::Mod(module) = item {
            self.visit_item_mod_mut(module);
        }
    }

    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        visit_mut::visit_item_mod_mut(self, module);
        if module.ident == "types" {
            let described = module.attrs.iter().rposition(is_doc);
            let behind = described.map_or(0, |last| last + 1);
            let rules = RULES.lines().map(|line| -> Attribute {
                let line = if line.is_empty() { String::new() } else { format!(" {line}") };
                doc(&line)
            });
            module.attrs.splice(behind..behind, rules);
        }
        if !module.attrs.iter().any(is_doc) {
            let words = match module.ident.to_string().as_str() {
                "builder" => "Builders of the types.",
                "error" => "What a value that breaks a rule of its type is refused with.",
                "defaults" => "Values of properties that are left out.",
                _ => "Generated items.",
            };
            module.attrs.insert(0, doc(words));
        }
    }
}

/// Marks code in documentation as text.
struct Fences;

impl VisitMut for Fences {
    /// Nothing in the body of a function is documented.
    fn visit_block_mut(&mut self, _: &mut Block) {}

    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        if let Some(text) = doc_text(attribute) {
            let quiet = as_text(&to_markdown(&at_its_path(&text)));
            if quiet != text {
                *attribute = doc(&quiet);
            }
        }
    }
}

/// `text` with the path of an operation in the place of that of a further body of it.
fn at_its_path(text: &str) -> String {
    let mut parts = text.split(naming::BODY);
    let mut path = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        path.push_str(part.find('`').map_or(part, |end| &part[end..]));
    }
    path
}

/// `text` with every code block marked as no Rust: a fence gets a language, and an indented block,
/// which can't have one, loses its indent.
fn as_text(text: &str) -> String {
    let mut fence: Option<String> = None;
    let mut after_blank = true;
    let mut dedent = false;
    let lines = text.lines().map(|line| {
        let body = line.trim_start();
        let marker: String = body.chars().take_while(|c| *c == '`' || *c == '~').collect();
        if let Some(open) = &fence {
            if body.starts_with(open.as_str()) {
                fence = None;
            }
            return line.to_owned();
        }
        if marker.len() >= 3 {
            let indent = &line[..line.len() - body.len()];
            let language = body[marker.len()..].trim();
            let language =
                if matches!(language, "" | "rust" | "ignore") { "text" } else { language };
            fence = Some(marker.clone());
            return format!("{}{marker}{language}", indent.get(..3).unwrap_or(indent));
        }
        let indented = line.starts_with("    ") || line.starts_with('\t');
        dedent = indented && (after_blank || dedent);
        after_blank = body.is_empty();
        if dedent { format!("   {body}") } else { line.to_owned() }
    });
    let joined = lines.collect::<Vec<_>>().join("\n");
    if text.ends_with('\n') { joined + "\n" } else { joined }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_in_descriptions_is_no_rust() {
        assert_eq!(as_text("a\n```\nlet x;\n```\n"), "a\n```text\nlet x;\n```\n");
        assert_eq!(as_text("```json\n{}\n```"), "```json\n{}\n```");
        assert_eq!(as_text("a\n\n    curl x\n    curl y\n\nb"), "a\n\n   curl x\n   curl y\n\nb");
        assert_eq!(as_text("a\n    continued"), "a\n    continued");
        assert_eq!(as_text("```\n\n    deep\n```"), "```text\n\n    deep\n```");
    }
}
