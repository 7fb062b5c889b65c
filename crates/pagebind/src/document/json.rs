//! JSON text: one value of it, without duplicate keys, and the places of its parts.

use std::{collections::BTreeMap, fmt, ops::Range};

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value, error::Category, map::Entry, value::RawValue};

use super::number;
use crate::{
    diagnostic::{Diagnostic, Place, Position},
    pointer,
};

/// Parses the one value that begins at the byte `start` and ends with the text.
pub(crate) fn parse(name: &str, text: &str, start: usize) -> Result<Value, Diagnostic> {
    let (value, end) = parse_prefix(name, text, start)?;
    let rest = text[end..].trim_start();
    if rest.is_empty() {
        return Ok(value);
    }
    let position = Position::of_offset(text, text.len() - rest.len());
    Err(Diagnostic::unreadable("the JSON value is followed by something else")
        .place(Place::new(name).at(position))
        .help("remove what follows the value"))
}

/// Parses the one value that begins at the byte `start`; gives where it ends, too.
pub(crate) fn parse_prefix(
    name: &str,
    text: &str,
    start: usize,
) -> Result<(Value, usize), Diagnostic> {
    let content = &text[start..];
    let mut stream = serde_json::Deserializer::from_str(content).into_iter::<Strict>();
    let unreadable = |message: String, offset: usize, help: &str| {
        Diagnostic::unreadable(message)
            .place(Place::new(name).at(Position::of_offset(text, start + offset)))
            .help(help)
    };
    let value = match stream.next() {
        Some(Ok(Strict(value))) => value,
        Some(Err(error)) => {
            let end = offset_behind(content, &error);
            let message = error.to_string();
            let message =
                message.rsplit_once(" at line ").map_or(&*message, |(message, _)| message);
            return Err(match error.classify() {
                Category::Data => unreadable(
                    message.to_owned(),
                    start_of_key(content, end),
                    "keep one of the two, readers disagree on which one counts",
                ),
                Category::Eof => unreadable(
                    format!("the JSON text is cut short: {message}"),
                    content.len(),
                    "take the page again, whole",
                ),
                Category::Syntax | Category::Io => unreadable(
                    format!("not valid JSON: {message}"),
                    end.saturating_sub(1),
                    "mend the JSON text, or take the page again",
                ),
            });
        }
        None => {
            return Err(unreadable(
                "the JSON text is empty".to_owned(),
                0,
                "take the page again, whole",
            ));
        }
    };
    let end = stream.byte_offset();
    if let Some(token) = changed_number(&content[..end]) {
        return Err(unreadable(
            format!("the number {} can't be kept exactly", &content[token.clone()]),
            token.start,
            "write it within 64 bits and 17 significant digits, or as a string",
        ));
    }
    Ok((value, start + end))
}

/// Where the values at `pointers` begin, in the JSON value that `span` of `text` holds.
///
/// All of them are looked for on one way down, since each level costs a pass over its text.
pub(crate) fn locate(text: &str, span: Range<usize>, pointers: &[&str]) -> Vec<Option<Position>> {
    let tokens: Vec<Vec<String>> =
        pointers.iter().map(|pointer| pointer::tokens(pointer).collect()).collect();
    let mut offsets = vec![None; pointers.len()];
    if let Ok(root) = serde_json::from_str(&text[span]) {
        let all = (0..pointers.len()).collect();
        Descent { text, tokens: &tokens, offsets: &mut offsets }.descend(root, all, 0);
    }
    Position::of_offsets(text, &offsets)
}

/// The way down to several values at once.
struct Descent<'a> {
    text: &'a str,
    /// The reference tokens of each pointer.
    tokens: &'a [Vec<String>],
    /// Where each value begins, once it is found.
    offsets: &'a mut [Option<usize>],
}

impl Descent<'_> {
    /// Looks in `here`, which `depth` tokens have led to, for the values of these pointers.
    fn descend(&mut self, here: &RawValue, pointers: Vec<usize>, depth: usize) {
        let mut below: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for pointer in pointers {
            match self.tokens[pointer].get(depth) {
                Some(token) => below.entry(token).or_default().push(pointer),
                // A raw value borrows from the text, so the distance of the two is its offset.
                None => {
                    let offset = here.get().as_ptr() as usize - self.text.as_ptr() as usize;
                    self.offsets[pointer] = Some(offset);
                }
            }
        }
        if below.is_empty() {
            return;
        }
        if here.get().starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(here.get()).unwrap_or_default();
            for (token, pointers) in below {
                if let Some(item) = token.parse().ok().and_then(|index: usize| items.get(index)) {
                    self.descend(item, pointers, depth + 1);
                }
            }
        } else {
            let members: BTreeMap<String, &RawValue> =
                serde_json::from_str(here.get()).unwrap_or_default();
            for (token, pointers) in below {
                if let Some(member) = members.get(token) {
                    self.descend(member, pointers, depth + 1);
                }
            }
        }
    }
}

/// A value of which no object says a key twice.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            match object.entry(key) {
                Entry::Vacant(entry) => {
                    entry.insert(members.next_value::<Strict>()?.0);
                }
                // The key has just been read, so the error bears its place.
                Entry::Occupied(entry) => {
                    let message = format!("duplicate key `{}`", entry.key());
                    return Err(de::Error::custom(message));
                }
            }
        }
        Ok(Value::Object(object))
    }
}

/// The byte behind the one that the error names by line and column.
fn offset_behind(text: &str, error: &serde_json::Error) -> usize {
    let line_start: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    (line_start + error.column()).min(text.len())
}

/// Where the key begins that was the last thing before the byte `end`.
fn start_of_key(text: &str, end: usize) -> usize {
    let bytes = text.as_bytes();
    let Some(closing) = bytes[..end].iter().rposition(|byte| *byte == b'"') else {
        return end;
    };
    // Within a string a quote follows a backslash; the opening one never does.
    (0..closing)
        .rev()
        .find(|at| bytes[*at] == b'"' && (*at == 0 || bytes[at - 1] != b'\\'))
        .unwrap_or(closing)
}

/// The first number in valid JSON text that does not survive being read.
fn changed_number(text: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                at += 1;
                while bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            b'-' | b'0'..=b'9' => {
                let length = bytes[at..]
                    .iter()
                    .take_while(|byte| {
                        matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
                    })
                    .count();
                let token = at..at + length;
                if !number::survives(&text[token.clone()]) {
                    return Some(token);
                }
                at += length;
            }
            _ => at += 1,
        }
    }
    None
}
