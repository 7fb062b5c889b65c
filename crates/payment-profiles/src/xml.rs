//! XML as .NET's `DataContractSerializer` reads it.
//!
//! That serializer reads members in the ordinal order of their names and passes over one that
//! comes late without an error, so a wrong order loses data silently. It wants every element in
//! the namespace that the page's sample declares, and takes a null from `i:nil` only.

mod read;

use std::io::{self, Write};

use quick_xml::{
    Writer,
    events::{BytesEnd, BytesStart, Event},
};

pub(crate) use read::read;

use crate::request::{ROOT, Value};

/// Namespace of the page's sample, from the models' .NET namespace.
const NAMESPACE: &str = "http://schemas.datacontract.org/2004/07/Payments.Api.Models";
/// Namespace of the `nil` attribute (XML Schema Part 1, section 2.6.2).
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Refuses texts with a character that no XML 1.0 document can hold, escaped or not.
pub(crate) fn check(request: &Value<'_>) -> Result<(), String> {
    let Value::Object(members) = request else {
        return Ok(());
    };
    members.iter().try_for_each(|&(field, ref value)| match value {
        Value::Text(text) => match text.chars().find(|&c| !is_xml_char(c)) {
            Some(character) => Err(format!(
                "{field} holds the character U+{:04X}, which XML can't: remove it, or send JSON",
                u32::from(character)
            )),
            None => Ok(()),
        },
        nested => check(nested),
    })
}

/// `Char` of XML 1.0, section 2.2. A `char` is never a surrogate.
fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Writes the request as a document.
pub(crate) fn write(request: &Value<'_>, out: impl Write) -> io::Result<()> {
    let root = BytesStart::new(ROOT).with_attributes([("xmlns:i", INSTANCE), ("xmlns", NAMESPACE)]);
    write_element(&mut Writer::new(out), root, request)
}

fn write_element<W: Write>(
    writer: &mut Writer<W>,
    start: BytesStart<'static>,
    value: &Value<'_>,
) -> io::Result<()> {
    if let Value::Null = value {
        return writer.write_event(Event::Empty(start.with_attributes([("i:nil", "true")])));
    }
    let end = BytesEnd::new(start.name().into_inner().to_owned());
    writer.write_event(Event::Start(start))?;
    match value {
        Value::Null => {}
        Value::Text(text) => write_text(writer.get_mut(), text)?,
        Value::Bool(value) => write!(writer.get_mut(), "{value}")?,
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            for (name, value) in members {
                write_element(writer, BytesStart::new(*name), value)?;
            }
        }
    }
    writer.write_event(Event::End(end))
}

/// Escapes straight into the output.
///
/// The XML library escapes into a string of its own, which would leave a copy of the key in
/// memory that nobody wipes. A bare carriage return would come back as a line feed (XML 1.0,
/// section 2.11), so it goes as a reference.
fn write_text(out: &mut impl Write, text: &str) -> io::Result<()> {
    for piece in text.split_inclusive(['&', '<', '>', '"', '\r']) {
        let (plain, reference) = match piece.as_bytes().last() {
            Some(b'&') => (&piece[..piece.len() - 1], "&amp;"),
            Some(b'<') => (&piece[..piece.len() - 1], "&lt;"),
            Some(b'>') => (&piece[..piece.len() - 1], "&gt;"),
            Some(b'"') => (&piece[..piece.len() - 1], "&quot;"),
            Some(b'\r') => (&piece[..piece.len() - 1], "&#xD;"),
            _ => (piece, ""),
        };
        out.write_all(plain.as_bytes())?;
        out.write_all(reference.as_bytes())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
