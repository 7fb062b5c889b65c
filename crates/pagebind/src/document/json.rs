//! JSON text: one value of it, without duplicate keys, and the places of its parts.

use std::{cell::Cell, collections::BTreeMap, fmt, ops::Range};

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, error::Category, value::RawValue};

use super::{
    FEW,
    limits::{MAX_DEPTH, MAX_VALUES},
};
use crate::{
    diagnostic::{Diagnostic, Place, Position},
    number, pointer,
};

/// The key under which serde_json hands over a number as it is written (`arbitrary_precision`).
const NUMBER: &str = "$serde_json::private::Number";

/// How the error about too many levels begins.
const TOO_DEEP: &str = "nested deeper than";

/// How the error about too many values begins.
const TOO_MANY: &str = "more than";

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
    let mut deserializer = serde_json::Deserializer::from_str(content);
    deserializer.disable_recursion_limit();
    let mut stream = deserializer.into_iter::<Strict>();
    let unreadable = |message: String, offset: usize, help: &str| {
        Diagnostic::unreadable(message)
            .place(Place::new(name).at(Position::of_offset(text, start + offset)))
            .help(help)
    };
    let Strict { mut value, has_exponents } = match stream.next() {
        Some(Ok(strict)) => strict,
        Some(Err(error)) => {
            let end = offset_behind(content, &error);
            let message = error.to_string();
            let message =
                message.rsplit_once(" at line ").map_or(&*message, |(message, _)| message);
            return Err(match error.classify() {
                Category::Data if message.starts_with(TOO_DEEP) => unreadable(
                    message.to_owned(),
                    end.saturating_sub(1),
                    "move the inner parts into components",
                ),
                Category::Data if message.starts_with(TOO_MANY) => unreadable(
                    message.to_owned(),
                    end.saturating_sub(1),
                    "check that this is what was meant, or split it into several pages",
                ),
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
    if has_exponents {
        spell_numbers(&mut value, &content[..end]);
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

/// A value of which no object says a key twice, and no level lies deeper than is allowed.
struct Strict {
    value: Value,
    /// Whether a number in it is written with an exponent.
    has_exponents: bool,
}

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (values, exponents) = (Cell::new(0), Cell::new(false));
        let level = Level { depth: 1, values: &values, has_exponents: &exponents };
        let value = level.deserialize(deserializer)?;
        Ok(Self { value, has_exponents: exponents.get() })
    }
}

/// Where a value is read.
#[derive(Clone, Copy)]
struct Level<'c> {
    /// How deep it lies, from 1 at the root.
    depth: usize,
    /// How many values were read so far.
    values: &'c Cell<usize>,
    /// Whether one of them is a number with an exponent.
    has_exponents: &'c Cell<bool>,
}

impl Level<'_> {
    /// The level of the values in an object or array at this level.
    fn below<E: de::Error>(self) -> Result<Self, E> {
        if self.depth <= MAX_DEPTH {
            Ok(Self { depth: self.depth + 1, ..self })
        } else {
            Err(E::custom(format_args!("{TOO_DEEP} {MAX_DEPTH} levels")))
        }
    }

    /// Counts one more value.
    fn count<E: de::Error>(self) -> Result<(), E> {
        self.values.set(self.values.get() + 1);
        if self.values.get() <= MAX_VALUES {
            Ok(())
        } else {
            Err(E::custom(format_args!("{TOO_MANY} {MAX_VALUES} values")))
        }
    }
}

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_> {
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

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(below)? {
            self.count()?;
            array.push(item);
        }
        array.shrink_to_fit();
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        let mut few: Vec<(String, Value)> = Vec::new();
        // Looked up by hash once there are many, as in the object that they become.
        let mut many = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            // This is how serde_json hands over a number, as it is written.
            if few.is_empty() && many.is_empty() && key == NUMBER {
                let text = members.next_value::<String>()?;
                self.has_exponents.set(self.has_exponents.get() || text.contains(['e', 'E']));
                return text.parse().map(Value::Number).map_err(de::Error::custom);
            }
            self.count()?;
            if many.contains_key(&key) || few.iter().any(|(known, _)| *known == key) {
                // The key has just been read, so the error bears its place.
                return Err(de::Error::custom(format_args!("duplicate key `{key}`")));
            }
            if few.len() == FEW {
                many.extend(few.drain(..));
            }
            let value = members.next_value_seed(below)?;
            if many.is_empty() {
                few.push((key, value));
            } else {
                many.insert(key, value);
            }
        }
        // As it grows, an object takes room for half as many members again. Put anew, it takes as much as
        // they need.
        let object: Map<_, _> =
            if many.is_empty() { few.into_iter().collect() } else { many.into_iter().collect() };
        Ok(Value::Object(object))
    }
}

/// Writes the numbers of `value`, which was read from `text`, as the text does: serde_json gives every
/// exponent a sign.
fn spell_numbers(value: &mut Value, text: &str) {
    let mut spelled: Vec<_> =
        number_tokens(text).enumerate().filter(|(_, token)| token.contains(['e', 'E'])).collect();
    spelled.reverse();
    spell(value, &mut 0, &mut spelled);
}

/// Spells the numbers of `value`, the first of which is the one with the index `next` in the text; what
/// is left of `spelled` comes later in the text, the nearest last.
fn spell(value: &mut Value, next: &mut usize, spelled: &mut Vec<(usize, &str)>) {
    match value {
        Value::Number(number) => {
            if let Some((_, token)) = spelled.pop_if(|(index, _)| *index == *next) {
                *number = number::written(token.to_owned());
            }
            *next += 1;
        }
        Value::Array(items) => items.iter_mut().for_each(|item| spell(item, next, spelled)),
        Value::Object(members) => {
            members.values_mut().for_each(|value| spell(value, next, spelled));
        }
        _ => {}
    }
}

/// The numbers in valid JSON text, in order.
fn number_tokens(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at;
            at += 1;
            match bytes[start] {
                b'"' => {
                    while bytes[at] != b'"' {
                        at += if bytes[at] == b'\\' { 2 } else { 1 };
                    }
                    at += 1;
                }
                b'-' | b'0'..=b'9' => {
                    let is_part =
                        |byte: &u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
                    at += bytes[at..].iter().take_while(|byte| is_part(byte)).count();
                    return Some(&text[start..at]);
                }
                _ => {}
            }
        }
        None
    })
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
