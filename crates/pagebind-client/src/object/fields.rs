//! Fields: all that an object is made of, as one value that is read and written by one call.
//!
//! What generated code says of a field is then but its name and the form in which it is there: a call for each
//! field, with a type for the compiler to find, took most of the time that an object cost to compile. Tuples
//! hold up to twelve, which are fields or tuples again.

use std::slice::Iter;

use serde::de::{Error, MapAccess};
use serde::{Deserialize, Serialize};

use super::{Members, Write};
use crate::numbers::Numbers;

/// A field that is always there.
pub struct Required<T>(pub T);

/// A field for which null is the same as nothing.
pub struct Optional<T>(pub T);

/// A field that is left out, or null, or has a value.
pub struct Nullable<T>(pub T);

/// A [`Required`] field of numbers.
pub struct RequiredNumber<T>(pub T);

/// An [`Optional`] field of numbers.
pub struct OptionalNumber<T>(pub T);

/// A [`Nullable`] field of numbers.
pub struct NullableNumber<T>(pub T);

/// The members that no field names.
pub struct Further<T>(pub T);

/// The members that no field names and that hold numbers.
pub struct FurtherNumbers<T>(pub T);

/// Fields that are read.
pub trait Read<'de>: Sized {
    /// How many they are.
    const COUNT: usize;

    /// What is there of them so far.
    type Slots: Default;

    /// Reads the value of the field at a place.
    ///
    /// # Errors
    /// When it is something else, or was there already.
    fn read<A: MapAccess<'de>>(
        slots: &mut Self::Slots,
        at: usize,
        members: &mut Members<A>,
    ) -> Result<(), A::Error>;

    /// The fields, once all that there is was read.
    ///
    /// # Errors
    /// When one is missing.
    fn all<E: Error>(slots: Self::Slots, names: &mut Names) -> Result<Self, E>;
}

/// Fields that are written.
pub trait Fields {
    /// Writes them.
    fn write<W: Write>(&self, names: &mut Names, to: &mut W);
}

/// What the fields are called, one after the other.
pub(super) type Names = Iter<'static, &'static str>;

fn name(names: &mut Names) -> &'static str {
    names.next().copied().unwrap_or_default()
}

/// A form in which a field is there: what it holds, what is read of it, whether that is written, and what it is
/// if nothing was read.
macro_rules! form {
    (
        $de:lifetime, $form:ident<$field:ty>, $method:ident $read:ty, $reads:path, $writes:path,
        $there:expr, $all:expr
    ) => {
        impl<$de, T: $reads> Read<$de> for $form<$field> {
            const COUNT: usize = 1;
            type Slots = Option<$read>;

            fn read<A: MapAccess<$de>>(
                slot: &mut Self::Slots,
                _: usize,
                members: &mut Members<A>,
            ) -> Result<(), A::Error> {
                members.$method(slot)
            }

            fn all<E: Error>(slot: Self::Slots, names: &mut Names) -> Result<Self, E> {
                $all(slot, name(names)).map(Self)
            }
        }

        impl<T: $writes> Fields for $form<&$field> {
            fn write<W: Write>(&self, names: &mut Names, to: &mut W) {
                let there: fn(&$field) -> bool = $there;
                to.$method(name(names), there(self.0).then_some(self.0));
            }
        }
    };
}

form!('de, Required<T>, value T, Deserialize<'de>, Serialize, |_| true, required);
form!('de, RequiredNumber<T>, number T, Numbers, Numbers, |_| true, required);
form!('de, Optional<Option<T>>, value Option<T>, Deserialize<'de>, Serialize, Option::is_some, optional);
form!('de, OptionalNumber<Option<T>>, number Option<T>, Numbers, Numbers, Option::is_some, optional);
form!('de, Nullable<Option<T>>, value T, Deserialize<'de>, Serialize, Option::is_some, nullable);
form!('de, NullableNumber<Option<T>>, number T, Numbers, Numbers, Option::is_some, nullable);

fn required<T, E: Error>(slot: Option<T>, name: &'static str) -> Result<T, E> {
    slot.ok_or_else(|| E::missing_field(name))
}

fn optional<T, E>(slot: Option<Option<T>>, _: &'static str) -> Result<Option<T>, E> {
    Ok(slot.flatten())
}

fn nullable<T, E>(slot: Option<T>, _: &'static str) -> Result<Option<T>, E> {
    Ok(slot)
}

/// What keeps the members that no field names.
macro_rules! further {
    ($de:lifetime, $form:ident, $method:ident $reads:path, $writes:path) => {
        impl<$de, T: $reads, M> Read<$de> for $form<M>
        where
            M: Default + Extend<(String, T)> + IntoIterator<Item = (String, T)>,
        {
            const COUNT: usize = 1;
            type Slots = M;

            fn read<A: MapAccess<$de>>(
                kept: &mut M,
                _: usize,
                members: &mut Members<A>,
            ) -> Result<(), A::Error> {
                members.$method(kept)
            }

            fn all<E: Error>(kept: M, _: &mut Names) -> Result<Self, E> {
                Ok(Self(kept))
            }
        }

        impl<'a, T: $writes + 'a, M> Fields for $form<&'a M>
        where
            &'a M: IntoIterator<Item = (&'a String, &'a T)>,
        {
            fn write<W: Write>(&self, _: &mut Names, to: &mut W) {
                to.$method(self.0);
            }
        }
    };
}

further!('de, Further, further Deserialize<'de>, Serialize);
further!('de, FurtherNumbers, further_numbers Numbers, Numbers);

/// Fields together, one after the other.
macro_rules! tuple {
    ($($field:ident $at:tt)*) => {
        #[allow(unused_variables, reason = "an object may have no members")]
        impl<'de, $($field: Read<'de>),*> Read<'de> for ($($field,)*) {
            const COUNT: usize = 0 $(+ $field::COUNT)*;
            type Slots = ($($field::Slots,)*);

            #[inline]
            fn read<A: MapAccess<'de>>(
                slots: &mut Self::Slots,
                at: usize,
                members: &mut Members<A>,
            ) -> Result<(), A::Error> {
                $(
                    if at < $field::COUNT {
                        return $field::read(&mut slots.$at, at, members);
                    }
                    let at = at - $field::COUNT;
                )*
                members.skip()
            }

            #[inline]
            fn all<E: Error>(slots: Self::Slots, names: &mut Names) -> Result<Self, E> {
                Ok(($($field::all(slots.$at, names)?,)*))
            }
        }

        #[allow(unused_variables, reason = "an object may have no members")]
        impl<$($field: Fields),*> Fields for ($($field,)*) {
            #[inline]
            fn write<W: Write>(&self, names: &mut Names, to: &mut W) {
                $(self.$at.write(names, to);)*
            }
        }
    };
}

tuple!();
tuple!(T0 0);
tuple!(T0 0 T1 1);
tuple!(T0 0 T1 1 T2 2);
tuple!(T0 0 T1 1 T2 2 T3 3);
tuple!(T0 0 T1 1 T2 2 T3 3 T4 4);
tuple!(T0 0 T1 1 T2 2 T3 3 T4 4 T5 5);
tuple!(T0 0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6);
tuple!(T0 0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7);
tuple!(T0 0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7 T8 8);
tuple!(T0 0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7 T8 8 T9 9);
tuple!(T0 0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7 T8 8 T9 9 T10 10);
tuple!(T0 0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7 T8 8 T9 9 T10 10 T11 11);
