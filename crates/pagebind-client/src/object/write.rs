//! How objects are written: a struct where all members are known, and a map where others may be kept.

use serde::ser::{Error as _, SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

use super::Object;
use super::fields::Fields;
use crate::numbers::{self, Numbers};

/// Writes an object.
///
/// # Errors
/// When a value can't be written.
pub fn serialize<T: Object, S: Serializer>(object: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut count = Count(0);
    object.write(&mut count);
    if T::OPEN {
        let to = serializer.serialize_map(Some(count.0))?;
        let mut written = WrittenMap { to, failed: None };
        object.write(&mut written);
        return match written.failed {
            Some(error) => Err(error),
            None => written.to.end(),
        };
    }
    let to = serializer.serialize_struct(T::NAME, count.0)?;
    let mut written = Written { to, failed: None };
    object.write(&mut written);
    match written.failed {
        Some(error) => Err(error),
        None => written.to.end(),
    }
}

/// What takes the members of an object: each that is there, or none in its place.
pub trait Write: Sized {
    /// Takes all members, by what they are called.
    fn all(&mut self, names: &'static [&'static str], fields: impl Fields) {
        fields.write(&mut names.iter(), self);
    }

    /// Takes a member.
    fn value<T: Serialize>(&mut self, name: &'static str, value: Option<&T>);

    /// Takes a member that no field names.
    fn unnamed<T: Serialize>(&mut self, name: &str, value: &T);

    /// Takes a member that holds numbers.
    fn number<T: Numbers>(&mut self, name: &'static str, value: Option<&T>) {
        self.value(name, value.map(numbers::Write).as_ref());
    }

    /// Takes the members that no field names.
    fn further<'a, T: Serialize + 'a>(
        &mut self,
        members: impl IntoIterator<Item = (&'a String, &'a T)>,
    ) {
        members.into_iter().for_each(|(name, value)| self.unnamed(name, value));
    }

    /// Takes the members that no field names and that hold numbers.
    fn further_numbers<'a, T: Numbers + 'a>(
        &mut self,
        members: impl IntoIterator<Item = (&'a String, &'a T)>,
    ) {
        members.into_iter().for_each(|(name, value)| self.unnamed(name, &numbers::Write(value)));
    }
}

/// How many members there are, which some formats write before these.
pub(super) struct Count(pub(super) usize);

impl Write for Count {
    fn value<T: Serialize>(&mut self, _: &'static str, value: Option<&T>) {
        self.0 += usize::from(value.is_some());
    }

    fn unnamed<T: Serialize>(&mut self, _: &str, _: &T) {
        self.0 += 1;
    }
}

struct Written<S: SerializeStruct> {
    to: S,
    /// What went wrong first; nothing is written after it.
    failed: Option<S::Error>,
}

impl<S: SerializeStruct> Write for Written<S> {
    fn value<T: Serialize>(&mut self, name: &'static str, value: Option<&T>) {
        if self.failed.is_none() {
            let written = match value {
                Some(value) => self.to.serialize_field(name, value),
                None => self.to.skip_field(name),
            };
            self.failed = written.err();
        }
    }

    fn unnamed<T: Serialize>(&mut self, name: &str, _: &T) {
        self.failed = Some(S::Error::custom(format_args!("no field is called `{name}`")));
    }
}

/// An object with members that no field names: what they are called is not known before.
struct WrittenMap<S: SerializeMap> {
    to: S,
    /// What went wrong first; nothing is written after it.
    failed: Option<S::Error>,
}

impl<S: SerializeMap> Write for WrittenMap<S> {
    fn value<T: Serialize>(&mut self, name: &'static str, value: Option<&T>) {
        if let Some(value) = value {
            self.unnamed(name, value);
        }
    }

    fn unnamed<T: Serialize>(&mut self, name: &str, value: &T) {
        if self.failed.is_none() {
            self.failed = self.to.serialize_entry(name, value).err();
        }
    }
}
