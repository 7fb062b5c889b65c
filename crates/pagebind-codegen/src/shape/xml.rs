//! Bodies of XML: the elements and attributes that the `xml` objects of a schema make of its values
//! (OpenAPI 3.1.1, section 4.8.26), for the plan.
//!
//! A schema whose values have more than one form in XML, a union above all, has none here: such a body
//! stays text.

use pagebind::pointer;
use serde_json::{Map, Value, json};

use super::{multipart, ranges, shaped::Shaped};
use crate::naming;
use crate::plan::xml::{Content, Element, Member, Place, Scalar};

/// Whether a schema says anything of the elements of a body: a text, or nothing, is what the caller writes.
pub(super) fn is_described(shaped: &Shaped, schema: &Value) -> bool {
    ranges::is_structured(shaped, schema) || Xml::of(shaped, schema).name.is_some()
}

/// The root element of a body that is sent, by its name in the plan; or why it can't be told, in words about the
/// schema.
pub(super) fn root(shaped: &mut Shaped, schema: &Value) -> Result<String, &'static str> {
    let name = root_name(shaped, schema);
    let name = name.ok_or("its root element has no name: neither `xml` nor a component has one")?;
    planned(shaped, schema, &name)
}

/// The same of a body that is read, whatever its root element is called.
pub(super) fn root_of_read(shaped: &mut Shaped, schema: &Value) -> Result<String, &'static str> {
    let name = root_name(shaped, schema).unwrap_or_else(|| "root".to_owned());
    planned(shaped, schema, &name)
}

fn planned(shaped: &mut Shaped, schema: &Value, name: &str) -> Result<String, &'static str> {
    let before = shaped.plan.xml.clone();
    let xml = Xml::of(shaped, schema);
    let root = element(shaped, schema, &xml, name).inspect_err(|_| shaped.plan.xml = before)?;
    let roots = &mut shaped.plan.xml.roots;
    let known = roots.iter().find(|(_, known)| **known == root).map(|(name, _)| name.clone());
    Ok(known.unwrap_or_else(|| {
        let wanted = naming::method_name(&root.name).to_uppercase();
        let name = naming::unique(&wanted, |name| roots.contains_key(name));
        roots.insert(name.clone(), root);
        name
    }))
}

fn root_name(shaped: &Shaped, schema: &Value) -> Option<String> {
    Xml::of(shaped, schema).name.or_else(|| published_name(shaped, schema))
}

/// What the `xml` object of a schema says, its own words before those of what it refers to.
#[derive(Default)]
struct Xml {
    name: Option<String>,
    prefix: String,
    namespace: String,
    attribute: bool,
    text: bool,
    wrapped: bool,
}

impl Xml {
    fn of(shaped: &Shaped, schema: &Value) -> Self {
        let said = [schema, shaped.resolve(schema)].map(|schema| schema.get("xml"));
        let says = |key: &str| said.iter().flatten().find_map(|xml| xml.get(key));
        let text = |key: &str| says(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let is = |key: &str| says(key) == Some(&json!(true));
        // OpenAPI 3.2 has one word for all of them.
        let node = text("nodeType");
        Self {
            name: says("name").and_then(Value::as_str).map(str::to_owned),
            prefix: text("prefix"),
            namespace: text("namespace"),
            attribute: is("attribute") || node == "attribute",
            text: node == "text" || node == "cdata",
            wrapped: is("wrapped") || node == "element",
        }
    }
}

/// What the contract calls the component that a schema is.
fn published_name(shaped: &Shaped, schema: &Value) -> Option<String> {
    let component = shaped.component_of(schema)?;
    let origin = shaped.origins.get(&component);
    origin.and_then(|origin| pointer::tokens(origin).last()).or(Some(component))
}

fn element(
    shaped: &mut Shaped,
    schema: &Value,
    xml: &Xml,
    name: &str,
) -> Result<Element, &'static str> {
    let sound = |name: &str| {
        name.starts_with(|first: char| first.is_alphabetic() || first == '_')
            && name.chars().all(|it| it.is_alphanumeric() || "_-.".contains(it))
    };
    if !sound(name) || !(xml.prefix.is_empty() || sound(&xml.prefix)) {
        return Err("it has a name that can't be that of an element");
    }
    Ok(Element {
        name: name.to_owned(),
        prefix: xml.prefix.clone(),
        namespace: xml.namespace.clone(),
        content: content(shaped, schema, name)?,
    })
}

/// What is in an element of this schema, which is called `name`.
fn content(shaped: &mut Shaped, schema: &Value, name: &str) -> Result<Content, &'static str> {
    let resolved = shaped.resolve(schema).clone();
    let kind = resolved.get("type").and_then(Value::as_str);
    let texts = resolved.get("enum").and_then(Value::as_array);
    let texts = texts.is_some_and(|values| values.iter().all(Value::is_string));
    if ["oneOf", "anyOf", "not"].iter().any(|key| resolved.get(key).is_some()) {
        return Err("a union has no form in XML");
    }
    Ok(match kind {
        Some("string") => Content::Scalar(Scalar::Text),
        Some("integer" | "number") => Content::Scalar(Scalar::Number),
        Some("boolean") => Content::Scalar(Scalar::Boolean),
        Some("array") => {
            let items = resolved.get("items").cloned().unwrap_or_default();
            Content::Items(Box::new(item(shaped, &items, name, true)?))
        }
        None if texts => Content::Scalar(Scalar::Text),
        _ => {
            let mut properties = Map::new();
            let mut required = Vec::new();
            multipart::collect(shaped, &resolved, &mut properties, &mut required, 0);
            let rest = rest(shaped, &resolved)?;
            if properties.is_empty() && rest.is_none() {
                return Err("a value of which no members are said has no form in XML");
            }
            let members = |shaped: &mut Shaped| -> Result<_, &'static str> {
                let mut members = members(shaped, &properties, &required)?;
                members.extend(rest.clone());
                Ok(members)
            };
            let Some(component) = shaped.component_of(schema) else {
                return Ok(Content::Members(members(shaped)?));
            };
            // It is entered before its members are, since they may lead back to it.
            if !shaped.plan.xml.components.contains_key(&component) {
                shaped.plan.xml.components.insert(component.clone(), Vec::new());
                let members = members(shaped)?;
                shaped.plan.xml.components.insert(component.clone(), members);
            }
            Content::Of(component)
        }
    })
}

/// What stands for the members that have no name, where an object has such.
fn rest(shaped: &Shaped, schema: &Value) -> Result<Option<Member>, &'static str> {
    let of = match schema.get("additionalProperties") {
        None | Some(Value::Bool(false)) => return Ok(None),
        Some(Value::Bool(true)) => Scalar::Text,
        Some(schema) => match shaped.resolve(schema).get("type").and_then(Value::as_str) {
            None | Some("string") => Scalar::Text,
            Some("integer" | "number") => Scalar::Number,
            Some("boolean") => Scalar::Boolean,
            Some(_) => return Err("its members without a name hold more than a text"),
        },
    };
    Ok(Some(Member { key: String::new(), place: Place::Rest(of) }))
}

/// The element of an item of a list. Where its schema has no name, it is called what the list is; in a list
/// that is nobody's member, what the component of its items is called comes first.
fn item(
    shaped: &mut Shaped,
    items: &Value,
    list: &str,
    alone: bool,
) -> Result<Element, &'static str> {
    let xml = Xml::of(shaped, items);
    let component = || published_name(shaped, items).filter(|_| alone);
    let name = xml.name.clone().or_else(component);
    let name = name.unwrap_or_else(|| list.to_owned());
    element(shaped, items, &xml, &name)
}

fn members(
    shaped: &mut Shaped,
    properties: &Map<String, Value>,
    required: &[Value],
) -> Result<Vec<Member>, &'static str> {
    let mut members = Vec::new();
    for (key, schema) in properties {
        let place = place(shaped, key, schema, required.iter().any(|it| it == key))?;
        members.push(Member { key: key.clone(), place });
    }
    Ok(members)
}

fn place(
    shaped: &mut Shaped,
    key: &str,
    schema: &Value,
    required: bool,
) -> Result<Place, &'static str> {
    let xml = Xml::of(shaped, schema);
    let name = xml.name.clone().unwrap_or_else(|| key.to_owned());
    if let Some("array") = shaped.resolve(schema).get("type").and_then(Value::as_str) {
        let items = shaped.resolve(schema).get("items").cloned().unwrap_or_default();
        if xml.wrapped {
            let each = item(shaped, &items, &name, false)?;
            let mut outer = element(shaped, &json!({ "type": "string" }), &xml, &name)?;
            outer.content = Content::Items(Box::new(each));
            return Ok(Place::Element(outer));
        }
        // What a list without an element is called, calls nothing.
        let mut each = item(shaped, &items, key, false)?;
        if each.prefix.is_empty() && each.namespace.is_empty() {
            (each.prefix, each.namespace) = (xml.prefix, xml.namespace);
        }
        return Ok(Place::Items { each, required });
    }
    let element = element(shaped, schema, &xml, &name)?;
    match (&element.content, xml.attribute, xml.text) {
        (Content::Scalar(_), true, _) => Ok(Place::Attribute(element)),
        (_, true, _) => Err("it has an attribute that is no text"),
        (Content::Scalar(of), _, true) => Ok(Place::Text(*of)),
        _ => Ok(Place::Element(element)),
    }
}
