//! Parts of a lowered document as the text that they are written as.
//!
//! A tree takes several times as much memory as the text that it was read from. Of a document that is lowered
//! to be written, each part becomes its text as soon as it is lowered, and its tree makes room for the next.

use std::io;

use serde::Serialize as _;
use serde_json::{
    Serializer, Value,
    ser::{Formatter as _, PrettyFormatter},
};

use crate::number;

/// The text of `value`, which `depth` objects are around, as a value that is written as it is.
pub(super) fn of(value: &Value, depth: usize) -> serde_json::Result<Value> {
    let mut formatter = PrettyFormatter::new();
    for _ in 0..depth {
        formatter.begin_object(&mut io::sink()).map_err(serde_json::Error::io)?;
    }
    let mut text = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut text, formatter))?;
    // Copied, it takes as much room as it needs; as it grew, it took up to twice as much.
    let text = str::from_utf8(&text).map_err(serde::ser::Error::custom)?.to_owned();
    // A number is what serde_json writes to the letter.
    Ok(Value::Number(number::written(text)))
}
