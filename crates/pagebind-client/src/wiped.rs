//! Bytes that hold a secret, wiped from memory when their last holder lets go of them.
//!
//! A growing vector leaves its old, smaller copies behind in freed memory. What is written here is
//! therefore written twice, once to count its bytes and then into a buffer of just that size; and
//! what is read grows by moving into a larger buffer, with the smaller one wiped.

use std::io::{self, Write};

use bytes::Bytes;
use serde::Serialize;
use zeroize::Zeroizing;

/// What `write` writes, each of the two times that it is called.
///
/// # Errors
/// Those of `write`.
pub fn wiped(write: impl Fn(&mut dyn Write) -> io::Result<()>) -> io::Result<Bytes> {
    let mut size = Count(0);
    write(&mut size)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(size.0));
    write(&mut *bytes)?;
    Ok(Bytes::from_owner(bytes))
}

/// `value` as JSON.
///
/// # Errors
/// When it can't be written as JSON: a map with keys that are no texts, say.
pub fn wiped_json(value: &(impl Serialize + ?Sized)) -> io::Result<Bytes> {
    wiped(|out| Ok(serde_json::to_writer(out, value)?))
}

/// `fields` as `application/x-www-form-urlencoded`.
#[inline]
#[must_use]
pub fn wiped_form(fields: &[(&str, &str)]) -> Bytes {
    let encoded = |text: &str, out: &mut dyn Write| {
        form_urlencoded::byte_serialize(text.as_bytes())
            .try_for_each(|piece| out.write_all(piece.as_bytes()))
    };
    let written = wiped(|out| {
        for (index, (name, value)) in fields.iter().enumerate() {
            if index > 0 {
                out.write_all(b"&")?;
            }
            encoded(name, out)?;
            out.write_all(b"=")?;
            encoded(value, out)?;
        }
        Ok(())
    });
    written.expect("counting and writing to memory don't fail")
}

/// Appends `more`, and leaves no copy behind where there is no room for it.
pub(crate) fn append(bytes: &mut Zeroizing<Vec<u8>>, more: &[u8]) {
    let needed = bytes.len() + more.len();
    if needed > bytes.capacity() {
        let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(2 * bytes.capacity())));
        larger.extend_from_slice(bytes);
        *bytes = larger;
    }
    bytes.extend_from_slice(more);
}

/// Counts what is written to it.
struct Count(usize);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_written_as_forms_are() {
        let form = wiped_form(&[("client id", "a&b=c"), ("secret", "é+ /~"), ("scope", "")]);
        assert_eq!(form, "client+id=a%26b%3Dc&secret=%C3%A9%2B+%2F%7E&scope=");
        assert_eq!(wiped_form(&[]), "");
    }

    #[test]
    fn json_is_written_as_json_is() {
        let text = "\"\u{1}é".repeat(1000);
        assert_eq!(wiped_json(&text).unwrap(), serde_json::to_string(&text).unwrap());
        let no_json = std::collections::HashMap::from([((1, 2), 3)]);
        wiped_json(&no_json).unwrap_err();
    }

    #[test]
    fn appending_never_lets_the_vector_move_by_itself() {
        let mut bytes = Zeroizing::new(Vec::new());
        for length in [0, 1, 7, 1_000, 3, 100_000] {
            let capacity = bytes.capacity();
            append(&mut bytes, &vec![b'x'; length]);
            assert!(
                bytes.capacity() == capacity
                    || bytes.len() == bytes.capacity()
                    || bytes.capacity() == 2 * capacity
            );
        }
        assert_eq!(bytes.len(), 101_011);
    }
}
