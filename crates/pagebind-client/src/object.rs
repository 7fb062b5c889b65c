//! Objects: structs with named fields, as they are read and written.
//!
//! What a derive of `serde` writes for each struct is compiled anew in every build, and was half of what the
//! compilation of a large client took. Here is what all of them share; [`object!`](crate::__object) adds the
//! names, and how each field is read. What comes out, and what is refused, is what the derive has it be, but
//! for a list: that is no object.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use self::fields::Read;
pub use self::fields::{
    Further, FurtherNumbers, Nullable, NullableNumber, Optional, OptionalNumber, Required,
    RequiredNumber,
};
pub use self::write::{Write, serialize};
use crate::numbers::{self, Numbers};

mod fields;
mod write;

/// A struct with named fields.
pub trait Object: Sized {
    /// What the type is called.
    const NAME: &'static str;
    /// What its members are called.
    const MEMBERS: &'static [&'static str];
    /// Whether it keeps members that it does not name.
    const OPEN: bool = false;

    /// Reads all members.
    ///
    /// # Errors
    /// When one is missing, comes twice, or is something else.
    fn read<'de, A: MapAccess<'de>>(members: &mut Members<A>) -> Result<Self, A::Error>;

    /// Writes all members.
    fn write<W: Write>(&self, to: &mut W);
}

/// Implements `Serialize` and `Deserialize` for a struct: each field with the [form](fields) in which it is
/// there, and its name where that is another, in groups of as many as a tuple holds; at the end, the field of
/// the members that have none.
#[doc(hidden)]
#[macro_export]
macro_rules! __object {
    (@open) => { false };
    (@open $further:ident) => { true };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
    ($object:ident {
        $({ $($field:ident: $form:ident $($name:literal)?,)* })*
        $(* $further:ident: $of_further:ident,)?
    }) => {
        impl $crate::__private::object::Object for $object {
            const NAME: &'static str = stringify!($object);
            const MEMBERS: &'static [&'static str] = &[
                $($($crate::__object!(@name $field $($name)?)),*),*
            ];
            const OPEN: bool = $crate::__object!(@open $($further)?);

            fn read<'de, A: $crate::__private::serde::de::MapAccess<'de>>(
                members: &mut $crate::__private::object::Members<A>,
            ) -> ::std::result::Result<Self, A::Error> {
                match members.all() {
                    ::std::result::Result::Ok((
                        $(($($crate::__private::object::$form($field),)*),)*
                        $($crate::__private::object::$of_further($further),)?
                    )) => ::std::result::Result::Ok(Self { $($($field,)*)* $($further,)? }),
                    ::std::result::Result::Err(error) => ::std::result::Result::Err(error),
                }
            }

            fn write<W: $crate::__private::object::Write>(&self, to: &mut W) {
                to.all(Self::MEMBERS, (
                    $(($($crate::__private::object::$form(&self.$field),)*),)*
                    $($crate::__private::object::$of_further(&self.$further),)?
                ));
            }
        }

        impl $crate::__private::serde::Serialize for $object {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::__private::object::serialize(self, serializer)
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $object {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::__private::object::deserialize(deserializer)
            }
        }
    };
}

/// Reads an object.
///
/// # Errors
/// See [`Object::read`].
pub fn deserialize<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let visitor = ObjectVisitor(PhantomData);
    if T::OPEN {
        deserializer.deserialize_map(visitor)
    } else {
        deserializer.deserialize_struct(T::NAME, T::MEMBERS, visitor)
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "struct {}", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(&mut Members {
            map,
            names: T::MEMBERS,
            expected: 0,
            unnamed: T::OPEN.then(String::new),
        })
    }
}

/// The members of an object that is being read.
pub struct Members<A> {
    map: A,
    /// What they are called.
    names: &'static [&'static str],
    /// The place of the member that comes next, if they come in the order of the fields.
    expected: usize,
    /// The name of the last member that is none of them, where such are kept.
    unnamed: Option<String>,
}

impl<'de, A: MapAccess<'de>> Members<A> {
    /// Reads all members.
    ///
    /// # Errors
    /// When one is missing, comes twice, or is something else.
    pub fn all<F: Read<'de>>(&mut self) -> Result<F, A::Error> {
        let mut slots = F::Slots::default();
        while let Some(at) = self.next()? {
            F::read(&mut slots, at, self)?;
        }
        F::all(slots, &mut self.names.iter())
    }

    /// The place of the next member among those that are named; past their end, if it is none of them.
    fn next(&mut self) -> Result<Option<usize>, A::Error> {
        let Self { names, expected, .. } = *self;
        let unnamed = self.unnamed.as_mut();
        let at = self.map.next_key_seed(Name { names, expected, unnamed })?;
        self.expected = at.map_or(0, |at| at + 1);
        Ok(at)
    }

    /// Reads the value of a member.
    fn value<T: Deserialize<'de>>(&mut self, field: &mut Option<T>) -> Result<(), A::Error> {
        self.once(field)?;
        *field = Some(self.map.next_value()?);
        Ok(())
    }

    /// Reads the value of a member that holds numbers.
    fn number<T: Numbers>(&mut self, field: &mut Option<T>) -> Result<(), A::Error> {
        self.once(field)?;
        *field = Some(self.map.next_value::<numbers::Read<T>>()?.0);
        Ok(())
    }

    fn once<T>(&self, field: &Option<T>) -> Result<(), A::Error> {
        if field.is_none() {
            return Ok(());
        }
        let name = self.names.get(self.expected - 1).copied().unwrap_or_default();
        Err(A::Error::duplicate_field(name))
    }

    /// Keeps a member that nothing names.
    fn further<T: Deserialize<'de>>(
        &mut self,
        kept: &mut impl Extend<(String, T)>,
    ) -> Result<(), A::Error> {
        let value = self.map.next_value()?;
        kept.extend([(self.unnamed.clone().unwrap_or_default(), value)]);
        Ok(())
    }

    /// Keeps a member that nothing names and that holds numbers.
    fn further_numbers<T: Numbers>(
        &mut self,
        kept: &mut impl Extend<(String, T)>,
    ) -> Result<(), A::Error> {
        let value = self.map.next_value::<numbers::Read<T>>()?.0;
        kept.extend([(self.unnamed.clone().unwrap_or_default(), value)]);
        Ok(())
    }

    /// Passes over a member that nothing names.
    fn skip(&mut self) -> Result<(), A::Error> {
        self.map.next_value::<IgnoredAny>().map(drop)
    }
}

/// Finds the name of a member among those of the fields.
struct Name<'n> {
    names: &'static [&'static str],
    expected: usize,
    /// Where a name goes that is none of them.
    unnamed: Option<&'n mut String>,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("field identifier")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<usize, E> {
        if self.names.get(self.expected) == Some(&name) {
            return Ok(self.expected);
        }
        let found = self.names.iter().position(|known| *known == name);
        if let (None, Some(unnamed)) = (found, self.unnamed) {
            name.clone_into(unnamed);
        }
        Ok(found.unwrap_or(self.names.len()))
    }
}

#[cfg(test)]
mod tests;
