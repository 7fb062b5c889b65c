//! A request in XML, read as .NET's `DataContractSerializer` reads it.
//!
//! That reader goes forward only: it looks for the members in the ordinal order of their names, so
//! that an element that comes after a later member, comes twice or is in another namespace is
//! passed over without an error.

use roxmltree::{Document, Node};
use zeroize::Zeroizing;

use super::model::{Model, ROOT, ROOT_NAME, Shape};

/// Namespace of the models, from their .NET namespace; as in the page's sample.
pub(super) const NAMESPACE: &str = "http://schemas.datacontract.org/2004/07/Payments.Api.Models";
/// Namespace of the `nil` attribute (XML Schema Part 1, section 2.6.2).
pub(super) const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The serializer throws, and says nothing of the place.
struct Exception;

/// The model, or `None` where the serializer throws: the text is not well-formed, has a document
/// type, or holds something else than the model.
pub(super) fn read(text: &str) -> Option<Model> {
    let document = Document::parse(text).ok()?;
    let root = document.root_element();
    if !root.has_tag_name((NAMESPACE, ROOT_NAME)) {
        return None;
    }
    let mut model = Model::default();
    value(root, &ROOT, &mut Vec::new(), &mut model).ok()?;
    Some(model)
}

fn value(
    node: Node<'_, '_>,
    shape: &Shape,
    path: &mut Vec<&'static str>,
    model: &mut Model,
) -> Result<(), Exception> {
    match node.attribute((INSTANCE, "nil")).map(str::trim_ascii) {
        Some("true" | "1") => {
            model.null(path);
            return Ok(());
        }
        None | Some("false" | "0") => {}
        Some(_) => return Err(Exception),
    }
    match shape {
        Shape::Text => text(node, path, model),
        // Only what was measured to be read. XML Schema, and .NET by its source, have `1` and `0`
        // too.
        Shape::Flag => match content(node)?.trim_ascii() {
            "true" | "false" => Ok(()),
            _ => Err(Exception),
        },
        Shape::Object(members) => {
            model.object(path);
            object(node, members, path, model)
        }
    }
}

fn object(
    node: Node<'_, '_>,
    members: &'static [(&'static str, Shape)],
    path: &mut Vec<&'static str>,
    model: &mut Model,
) -> Result<(), Exception> {
    let mut remaining = members;
    for child in node.children() {
        if child.is_element() {
            let found =
                remaining.iter().position(|(name, _)| child.has_tag_name((NAMESPACE, *name)));
            if let Some(index) = found {
                let (name, shape) = &remaining[index];
                remaining = &remaining[index + 1..];
                path.push(name);
                value(child, shape, path, model)?;
                path.pop();
            }
        } else if child.is_text() && !is_white_space(child) {
            return Err(Exception);
        }
    }
    Ok(())
}

fn is_white_space(text: Node<'_, '_>) -> bool {
    text.text().is_none_or(|text| text.trim_ascii().is_empty())
}

/// Takes a text out of the body only if the service acts on it.
fn text(node: Node<'_, '_>, path: &[&str], model: &mut Model) -> Result<(), Exception> {
    match model.kept(path) {
        Some(kept) => *kept = Some(content(node)?),
        None if node.children().any(|child| child.is_element()) => return Err(Exception),
        None => {}
    }
    Ok(())
}

/// The text of an element, which may be interrupted by comments but not hold elements.
fn content(node: Node<'_, '_>) -> Result<Zeroizing<String>, Exception> {
    if node.children().any(|child| child.is_element()) {
        return Err(Exception);
    }
    let texts = || node.children().filter(Node::is_text).filter_map(|text| text.text());
    // A string that grows would leave its old, smaller copies behind.
    let mut content = Zeroizing::new(String::with_capacity(texts().map(str::len).sum()));
    texts().for_each(|text| content.push_str(text));
    Ok(content)
}
