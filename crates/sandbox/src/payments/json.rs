//! A request in JSON, read as Json.NET reads it under ASP.NET Web API.
//!
//! Members are found in any order and whatever their case, unknown ones are passed over, and of
//! equal ones the last counts, except that two objects become one. A number or boolean where a
//! string is expected is taken as it is written. A member of the wrong type is noted and reading
//! goes on; what follows the request's value is never looked at.
//!
//! Json.NET also takes comments, single quotes and trailing commas; this reads RFC 8259 only.

use std::fmt;

use serde::{
    Deserialize,
    de::{Deserializer, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::model::{Model, ModelState, ROOT, Shape};

/// The model, or `None` if this is no JSON.
pub(super) fn read(text: &str, state: &mut ModelState) -> Option<Model> {
    let root = <&RawValue>::deserialize(&mut serde_json::Deserializer::from_str(text)).ok()?;
    let mut reader = Reader { model: Model::default(), path: Vec::new(), state };
    reader.value(root, &ROOT);
    Some(reader.model)
}

struct Reader<'a> {
    model: Model,
    path: Vec<&'static str>,
    state: &'a mut ModelState,
}

impl Reader<'_> {
    fn value(&mut self, value: &RawValue, shape: &Shape) {
        let text = value.get();
        let fits = match (shape, text.as_bytes()) {
            (_, [b'n', ..]) => {
                self.model.null(&self.path);
                true
            }
            (Shape::Text, [b'{' | b'[', ..]) => false,
            (Shape::Text, _) => self.text(text),
            (Shape::Flag, _) => is_flag(text),
            // Json.NET takes an empty string for a null object.
            (Shape::Object(_), b"\"\"") => {
                self.model.null(&self.path);
                true
            }
            (Shape::Object(members), [b'{', ..]) => {
                self.model.object(&self.path);
                let members = Members { reader: self, members };
                serde_json::Deserializer::from_str(text).deserialize_map(members).is_ok()
            }
            (Shape::Object(_), _) => false,
        };
        if !fits {
            self.state.exception(&self.path);
        }
    }

    fn text(&mut self, text: &str) -> bool {
        let Some(kept) = self.model.kept(&self.path) else { return true };
        let text = match text.as_bytes() {
            [b'"', ..] => serde_json::from_str(text).ok(),
            _ => Some(text.to_owned()),
        };
        *kept = text.map(Zeroizing::new);
        kept.is_some()
    }
}

/// Whether Json.NET makes a boolean or null of this: of any number, and of a string as
/// `bool.TryParse` does.
fn is_flag(text: &str) -> bool {
    match text.as_bytes() {
        [b'{' | b'[', ..] => false,
        [b'"', ..] => serde_json::from_str::<String>(text).is_ok_and(|text| {
            let flag = text.trim();
            text.is_empty() || ["true", "false"].iter().any(|word| word.eq_ignore_ascii_case(flag))
        }),
        _ => true,
    }
}

/// Reads the members of an object into the reader's model.
struct Members<'r, 'a> {
    reader: &'r mut Reader<'a>,
    members: &'static [(&'static str, Shape)],
}

impl<'de> Visitor<'de> for Members<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
            let known = self.members.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name));
            if let Some((known, shape)) = known {
                self.reader.path.push(known);
                self.reader.value(value, shape);
                self.reader.path.pop();
            }
        }
        Ok(())
    }
}
