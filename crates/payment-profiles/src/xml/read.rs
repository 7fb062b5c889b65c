//! An answer in XML, read into the tree that the same answer in JSON would give.
//!
//! The page has no XML sample of an answer and ASP.NET cannot write one of an interface type,
//! so this reads by local names and leaves namespaces and order alone. What it must get right is
//! what comes from other hands: no entity is ever expanded, and depth is limited.

use quick_xml::{
    NsReader,
    errors::Error,
    escape::resolve_xml_entity,
    events::{BytesStart, Event},
    name::ResolveResult,
};
use serde_json::{Map, Value};

use super::INSTANCE;

/// Deepest nesting of elements that is read; an answer has three levels.
pub(super) const MAX_DEPTH: usize = 32;

/// An element that is being read.
struct Open {
    name: String,
    nil: bool,
    text: String,
    members: Map<String, Value>,
}

/// The value of the document's root element, or `None` if this is no well-formed XML.
///
/// An element with child elements becomes an object, another one a string, and one that is
/// marked `nil` null. Of equal names, the last counts.
pub(crate) fn read(text: &str) -> Option<Value> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                if open.len() == MAX_DEPTH || root.is_some() {
                    return None;
                }
                let nil = is_nil(&reader, &start).ok()?;
                let name = member_name(start.local_name().into_inner());
                open.push(Open { name, nil, text: String::new(), members: Map::new() });
            }
            Event::End(_) => {
                let element = open.pop()?;
                let value = if element.nil {
                    Value::Null
                } else if element.members.is_empty() {
                    Value::String(element.text)
                } else {
                    Value::Object(element.members)
                };
                match open.last_mut() {
                    Some(parent) => drop(parent.members.insert(element.name, value)),
                    None => root = Some(value),
                }
            }
            Event::Text(text) => append(&mut open, &text.xml10_content())?,
            Event::CData(text) => append(&mut open, &text.xml10_content())?,
            Event::GeneralRef(reference) => {
                let mut buffer = [0; 4];
                let text = match reference.resolve_char_ref().ok()? {
                    Some(character) => character.encode_utf8(&mut buffer),
                    None => resolve_xml_entity(&reference)?,
                };
                append(&mut open, text)?;
            }
            Event::DocType(_) => return None,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Empty(_) => {}
            Event::Eof => return root.filter(|_| open.is_empty()),
        }
    }
}

/// Adds text to the innermost element; outside of the root there may be white space only.
fn append(open: &mut [Open], text: &str) -> Option<()> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return None,
    }
    Some(())
}

fn is_nil(reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Result<bool, Error> {
    for attribute in start.attributes() {
        let attribute = attribute?;
        let (namespace, name) = reader.resolver().resolve_attribute(attribute.key);
        let is_instance = matches!(namespace, ResolveResult::Bound(bound) if bound.0 == INSTANCE);
        if is_instance && name.into_inner() == "nil" {
            return Ok(matches!(&*attribute.value, "true" | "1"));
        }
    }
    Ok(false)
}

/// Undoes .NET's `XmlConvert.EncodeLocalName`, by which the keys of a `ModelState` become
/// element names: `_xHHHH_` stands for a UTF-16 code unit.
fn member_name(name: &str) -> String {
    let mut decoded = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once("_x") {
        decoded.push_str(before);
        rest = match encoded_character(after) {
            Some((character, after)) => {
                decoded.push(character);
                after
            }
            None => {
                decoded.push_str("_x");
                after
            }
        };
    }
    decoded + rest
}

/// The character that four hexadecimal digits and an underscore stand for, and what follows.
fn encoded_character(text: &str) -> Option<(char, &str)> {
    let (code, after) = text.split_at_checked(5)?;
    let code = u32::from_str_radix(code.strip_suffix('_')?, 16).ok()?;
    Some((char::from_u32(code)?, after))
}
