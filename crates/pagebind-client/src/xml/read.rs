//! An XML document as a value.
//!
//! What comes from other hands is read by local names, in whatever order; no entity is ever expanded, and
//! depth is limited.

use quick_xml::Reader;
use quick_xml::escape::{resolve_xml_entity, unescape};
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Number, Value};

use super::{Content, Member, Place, Scalar};

/// Deepest nesting of elements that is read, that of JSON.
const MAX_DEPTH: usize = 128;

/// The value of the root element, or `None` if this is no well-formed XML.
pub(super) fn read(text: &str, content: &Content) -> Option<Value> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut source = Source { reader, depth: 0 };
    let root = loop {
        match source.reader.read_event().ok()? {
            Event::Start(start) => break source.element(&start, content)?,
            Event::Text(text) if text.xml10_content().trim().is_empty() => {}
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            _ => return None,
        }
    };
    loop {
        match source.reader.read_event().ok()? {
            Event::Eof => return Some(root.unwrap_or(Value::Null)),
            Event::Text(text) if text.xml10_content().trim().is_empty() => {}
            Event::Comment(_) | Event::PI(_) => {}
            _ => return None,
        }
    }
}

struct Source<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
}

/// What an element is read into.
enum Into<'c> {
    Text,
    Items(&'c Content, Vec<Value>),
    Members(&'c [Member], Map<String, Value>),
}

impl Source<'_> {
    /// The value of the element that `start` begins, up to its end; nothing where it is empty and an empty
    /// text is no value.
    fn element(&mut self, start: &BytesStart<'_>, content: &Content) -> Option<Option<Value>> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut nil = false;
        let mut into = match content {
            Content::Scalar(_) => Into::Text,
            Content::Items(each) => Into::Items(each.content, Vec::new()),
            Content::Members(described) => Into::Members(described, Map::new()),
        };
        for attribute in start.attributes() {
            let attribute = attribute.ok()?;
            let key = attribute.key;
            let (name, value) = (key.local_name(), unescape(&attribute.value).ok()?);
            let name = name.into_inner();
            nil |= name == "nil" && key.prefix().is_some() && matches!(&*value, "true" | "1");
            if let Into::Members(described, members) = &mut into {
                let found = described.iter().find_map(|member| match &member.place {
                    Place::Attribute(it) if it.name == name => Some((member.key, it.content)),
                    _ => None,
                });
                if let Some((key, Content::Scalar(of))) = found
                    && let Some(value) = scalar(*of, &value)
                {
                    members.insert(key.to_owned(), value);
                }
            }
        }
        let mut text = String::new();
        loop {
            match self.reader.read_event().ok()? {
                Event::Start(start) => match &mut into {
                    Into::Text => self.pass_over(&start)?,
                    Into::Items(of, items) => items.extend(self.element(&start, of)?),
                    Into::Members(described, members) => {
                        self.member(&start, described, members)?;
                    }
                },
                Event::End(_) => break,
                other => append(&mut text, &other)?,
            }
        }
        self.depth -= 1;
        if nil {
            return Some(Some(Value::Null));
        }
        Some(match (into, content) {
            (Into::Items(_, items), _) => Some(items.into()),
            (Into::Members(described, mut members), _) => {
                complete(described, &mut members, &text);
                Some(members.into())
            }
            (Into::Text, Content::Scalar(of)) => scalar(*of, &text),
            (Into::Text, _) => None,
        })
    }

    fn member(
        &mut self,
        start: &BytesStart<'_>,
        described: &[Member],
        members: &mut Map<String, Value>,
    ) -> Option<()> {
        let name = start.local_name();
        let name = name.into_inner();
        let found = described.iter().find(|member| match &member.place {
            Place::Element(element) | Place::Items { each: element, .. } => element.name == name,
            Place::Attribute(_) | Place::Text(_) | Place::Rest(_) => false,
        });
        let rest = || described.iter().find(|member| matches!(member.place, Place::Rest(_)));
        match found.or_else(rest).map(|member| (member.key, &member.place)) {
            Some((key, Place::Element(element))) => {
                if let Some(value) = self.element(start, element.content)? {
                    members.insert(key.to_owned(), value);
                }
            }
            Some((key, Place::Items { each, .. })) => {
                let item = self.element(start, each.content)?;
                let list = members.entry(key).or_insert_with(|| Value::Array(Vec::new()));
                list.as_array_mut()?.extend(item);
            }
            Some((_, Place::Rest(of))) => {
                let name = name.to_owned();
                let value = self.anything(*of)?;
                add(members, name, value);
            }
            _ => self.pass_over(start)?,
        }
        Some(())
    }

    /// The value of an element of which nothing is described: an object where there are elements in it.
    fn anything(&mut self, of: Scalar) -> Option<Value> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let (mut members, mut text) = (Map::new(), String::new());
        loop {
            match self.reader.read_event().ok()? {
                Event::Start(start) => {
                    let name = start.local_name().into_inner().to_owned();
                    let value = self.anything(of)?;
                    add(&mut members, name, value);
                }
                Event::End(_) => break,
                other => append(&mut text, &other)?,
            }
        }
        self.depth -= 1;
        match members.is_empty() {
            true => Some(scalar(of, &text).unwrap_or(Value::Null)),
            false => Some(members.into()),
        }
    }

    fn pass_over(&mut self, start: &BytesStart<'_>) -> Option<()> {
        self.reader.read_to_end(start.name()).ok().map(drop)
    }
}

/// Adds what stands between tags to the text there.
fn append(text: &mut String, event: &Event<'_>) -> Option<()> {
    match event {
        Event::Text(more) => text.push_str(&more.xml10_content()),
        Event::CData(more) => text.push_str(&more.xml10_content()),
        Event::GeneralRef(reference) => match reference.resolve_char_ref().ok()? {
            Some(character) => text.push(character),
            None => text.push_str(resolve_xml_entity(reference)?),
        },
        Event::Comment(_) | Event::PI(_) => {}
        _ => return None,
    }
    Some(())
}

/// Adds a member; several of one name are a list.
fn add(members: &mut Map<String, Value>, name: String, value: Value) {
    match members.get_mut(&name) {
        Some(Value::Array(items)) => items.push(value),
        Some(one) => *one = vec![one.take(), value].into(),
        None => drop(members.insert(name, value)),
    }
}

/// The members that no tag tells of.
fn complete(described: &[Member], members: &mut Map<String, Value>, text: &str) {
    for member in described {
        match member.place {
            Place::Text(of) => {
                if let Some(value) = scalar(of, text) {
                    members.insert(member.key.to_owned(), value);
                }
            }
            Place::Items { required: true, .. } if !members.contains_key(member.key) => {
                members.insert(member.key.to_owned(), Value::Array(Vec::new()));
            }
            _ => {}
        }
    }
}

/// A text as what it stands for; one that stands for nothing of the kind stays a text, which its type then
/// refuses. Nothing where there is nothing.
fn scalar(of: Scalar, text: &str) -> Option<Value> {
    let trimmed = text.trim();
    if of == Scalar::Text {
        return Some(text.into());
    }
    if trimmed.is_empty() {
        return None;
    }
    let number = || {
        let integer = trimmed.strip_prefix('+').unwrap_or(trimmed);
        let exact = integer.parse::<u64>().map(Number::from);
        let exact = exact.or_else(|_| integer.parse::<i64>().map(Number::from)).ok();
        exact.or_else(|| Number::from_f64(trimmed.parse().ok()?)).map(Value::Number)
    };
    let read = match (of, trimmed) {
        (Scalar::Boolean, "true" | "1") => Some(true.into()),
        (Scalar::Boolean, "false" | "0") => Some(false.into()),
        (Scalar::Number, _) => number(),
        _ => None,
    };
    Some(read.unwrap_or_else(|| trimmed.into()))
}
