//! A value as an XML document.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Content, Element, Member, Place};
use crate::{InvalidRequest, style};

/// Namespace of the attribute `nil`, by which an element is null (XML Schema Part 1, section 2.6.2).
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The document of which `root` describes the root element.
///
/// # Errors
/// A value with a character that no XML document can hold, or that is no JSON.
pub fn to_xml<T: Serialize + ?Sized>(value: &T, root: &Element) -> Result<String, InvalidRequest> {
    // The source's message could repeat the value.
    let value = serde_json::to_value(value)
        .map_err(|_| InvalidRequest::new("the body can't be written as XML"))?;
    let mut document = Document { text: String::new(), scope: Vec::new() };
    document.element(root, &value)?;
    Ok(document.text)
}

struct Document {
    text: String,
    /// The namespaces that are declared where it ends now, by their prefixes.
    scope: Vec<(&'static str, &'static str)>,
}

impl Document {
    fn element(&mut self, element: &Element, value: &Value) -> Result<(), InvalidRequest> {
        let outside = self.scope.len();
        let name = qualified(element);
        self.text += &format!("<{name}");
        self.declare(element);
        match (value, element.content) {
            (Value::Null, _) => {
                self.text += &format!(" xmlns:xsi=\"{INSTANCE}\" xsi:nil=\"true\"");
                self.content(&name, |_| Ok(()))?;
            }
            (Value::Object(members), Content::Members(described)) => {
                for (attribute, value) in attributes(described, members) {
                    self.declare(attribute);
                    let value = escaped(&style::text(value), true)?;
                    self.text += &format!(" {}=\"{value}\"", qualified(attribute));
                }
                self.content(&name, |this| this.members(described, members))?;
            }
            (Value::Array(items), Content::Items(each)) => {
                self.content(&name, |this| items.iter().try_for_each(|it| this.element(each, it)))?;
            }
            (value, _) => self.content(&name, |this| this.undescribed(value))?,
        }
        self.scope.truncate(outside);
        Ok(())
    }

    /// What stands between the tags of `name`, of which the first is still open.
    fn content(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut Self) -> Result<(), InvalidRequest>,
    ) -> Result<(), InvalidRequest> {
        let open = self.text.len();
        self.text.push('>');
        write(self)?;
        if self.text.len() == open + 1 {
            self.text.truncate(open);
            self.text += "/>";
        } else {
            self.text += &format!("</{name}>");
        }
        Ok(())
    }

    fn members(
        &mut self,
        described: &[Member],
        members: &Map<String, Value>,
    ) -> Result<(), InvalidRequest> {
        for member in described {
            let Some(value) = members.get(member.key) else { continue };
            match (&member.place, value) {
                (Place::Attribute(_) | Place::Rest(_), _) | (Place::Text(_), Value::Null) => {}
                (Place::Text(_), value) => self.text += &escaped(&style::text(value), false)?,
                (Place::Element(element), value) => self.element(element, value)?,
                (Place::Items { each, .. }, Value::Array(items)) => {
                    items.iter().try_for_each(|item| self.element(each, item))?;
                }
                (Place::Items { .. }, Value::Null) => {}
                (Place::Items { each, .. }, value) => self.element(each, value)?,
            }
        }
        let rest = members.iter().filter(|(key, _)| described.iter().all(|it| it.key != **key));
        rest.into_iter().try_for_each(|(key, value)| self.named(key, value))
    }

    /// A value of which nothing is described: objects by their members, lists by their items.
    fn undescribed(&mut self, value: &Value) -> Result<(), InvalidRequest> {
        match value {
            Value::Null => Ok(()),
            Value::Object(members) => {
                members.iter().try_for_each(|(key, value)| self.named(key, value))
            }
            Value::Array(items) => items.iter().try_for_each(|item| self.named("item", item)),
            scalar => {
                self.text += &escaped(&style::text(scalar), false)?;
                Ok(())
            }
        }
    }

    fn named(&mut self, name: &str, value: &Value) -> Result<(), InvalidRequest> {
        if !is_name(name) {
            let why = "the body has a member whose name can't be that of an element of XML";
            return Err(InvalidRequest::new(why));
        }
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| self.named(name, item)),
            value => {
                self.text += &format!("<{name}");
                self.content(name, |this| this.undescribed(value))
            }
        }
    }

    /// Declares the namespace of an element or attribute, unless it holds here already.
    fn declare(&mut self, element: &Element) {
        let Element { prefix, namespace, .. } = *element;
        let known = self.scope.iter().rev().find(|(known, _)| *known == prefix);
        if namespace.is_empty() || known.is_some_and(|(_, known)| *known == namespace) {
            return;
        }
        self.scope.push((prefix, namespace));
        let colon = if prefix.is_empty() { "" } else { ":" };
        // It is a constant of the contract, and no value of a caller's.
        let namespace = namespace.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        self.text += &format!(" xmlns{colon}{prefix}=\"{namespace}\"");
    }
}

fn attributes<'a>(
    described: &'a [Member],
    members: &'a Map<String, Value>,
) -> impl Iterator<Item = (&'a Element, &'a Value)> {
    described.iter().filter_map(|member| match &member.place {
        Place::Attribute(element) => {
            Some((element, members.get(member.key).filter(|value| !value.is_null())?))
        }
        _ => None,
    })
}

fn qualified(element: &Element) -> String {
    match element.prefix {
        "" => element.name.to_owned(),
        prefix => format!("{prefix}:{}", element.name),
    }
}

/// Whether `name` can be that of an element, as far as those of members go (XML 1.0, section 2.3).
fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && name.chars().all(|it| it.is_alphanumeric() || "_-.".contains(it))
}

/// A text between tags, or in an attribute: there, white space has to be told from what stands for it
/// (XML 1.0, sections 2.4, 2.11 and 3.3.3).
fn escaped(text: &str, in_attribute: bool) -> Result<String, InvalidRequest> {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' if in_attribute => escaped += "&quot;",
            '\r' => escaped += "&#13;",
            '\n' if in_attribute => escaped += "&#10;",
            '\t' if in_attribute => escaped += "&#9;",
            '\t' | '\n' | ' '..='\u{FFFD}' | '\u{10000}'.. => escaped.push(c),
            other => {
                return Err(InvalidRequest::new(format!(
                    "the body holds the character U+{:04X}, which XML can't: remove it",
                    u32::from(other)
                )));
            }
        }
    }
    Ok(escaped)
}
