//! Building: a value is put together field by field, and told as a whole what is wrong with it.
//!
//! What the builders of all types share; each adds its setters, and by [`builder!`](crate::__builder) the
//! names of its fields.

use std::borrow::Cow;
use std::fmt::Display;

use serde::Serialize;

use crate::{Bounds, Nullable};

/// A field of a builder: what it was set to, or why it can't be. What is said before it is set is made when
/// the client is compiled: a builder is begun for each call.
pub type Set<T> = Result<T, Cow<'static, str>>;

/// What a field was set to, as its own type.
///
/// # Errors
/// Why `value` is none, by the name of the field.
pub fn set<T, V>(field: &str, value: V) -> Set<T>
where
    V: TryInto<T>,
    V::Error: Display,
{
    value
        .try_into()
        .map_err(|error| format!("error converting supplied value for {field}: {error}").into())
}

/// What a field was set to that can be left out, as its own type.
///
/// # Errors
/// Why `value` is none, by the name of the field.
pub fn set_some<T, V>(field: &str, value: V) -> Set<Option<T>>
where
    V: TryInto<T>,
    V::Error: Display,
{
    set(field, value).map(Some)
}

/// What a field was set to that can be left out or null, as its own type.
///
/// # Errors
/// Why `value` is none, by the name of the field.
pub fn set_nullable<T, V>(field: &str, value: V) -> Set<Option<Nullable<T>>>
where
    V: TryInto<T>,
    V::Error: Display,
{
    set(field, value).map(Nullable::Value).map(Some)
}

/// A field that is held to its limits.
///
/// # Errors
/// Those of the field, and the limit that it breaks.
pub fn within<T: Serialize>(field: &str, value: Set<T>, bounds: &Bounds) -> Set<T> {
    value.and_then(|value| bounds.check(field, value))
}

/// What a parameter or a body was set to, as its own type.
///
/// # Errors
/// `refused`, if `value` is none, and why.
pub fn convert<T, V>(value: V, refused: &str) -> Result<T, String>
where
    V: TryInto<T>,
    V::Error: Display,
{
    value.try_into().map_err(|error| format!("{refused}: {error}"))
}

/// What a builder builds.
///
/// # Errors
/// What is wrong with it.
pub fn build<T, B>(builder: B) -> Result<T, String>
where
    T: TryFrom<B>,
    T::Error: Display,
{
    builder.try_into().map_err(|error: T::Error| error.to_string())
}

/// A field without which there is no value, before it is set.
///
/// # Errors
/// Always: `missing`.
pub fn required<T>(missing: &'static str) -> Set<T> {
    Err(missing.into())
}

/// A field that can be left out, before it is set.
///
/// # Errors
/// None.
pub fn optional<T: Default>(_: &str) -> Set<T> {
    Ok(T::default())
}

/// Why a field is not set, if it is not.
pub fn problem<T>(field: Set<T>) -> Option<Cow<'static, str>> {
    field.err()
}

/// The first of the problems of a builder, which has one.
pub fn first(problems: &mut [Option<Cow<'static, str>>]) -> String {
    problems.iter_mut().find_map(Option::take).unwrap_or_default().into_owned()
}

/// Begins a builder with nothing set, makes a value of it, and a builder of a value. It stands in the module
/// `builder` beside the types.
#[doc(hidden)]
#[macro_export]
macro_rules! __builder {
    ($built:ident { $($field:ident: $presence:ident,)* }) => {
        impl ::std::default::Default for $built {
            #[inline]
            fn default() -> Self {
                use $crate::__private::building;
                Self {
                    $($field: building::$presence(
                        concat!("no value supplied for ", stringify!($field)),
                    ),)*
                }
            }
        }

        impl ::std::convert::TryFrom<$built> for super::$built {
            type Error = super::error::ConversionError;

            #[inline]
            #[allow(unreachable_patterns, reason = "an object may have no members")]
            fn try_from(builder: $built) -> ::std::result::Result<Self, Self::Error> {
                // A closure and a `?` for each field took most of the time to compile a builder.
                match builder {
                    $built { $($field: ::std::result::Result::Ok($field),)* } => {
                        ::std::result::Result::Ok(Self { $($field,)* })
                    }
                    $built { $($field,)* } => {
                        let problems = &mut [$($crate::__private::building::problem($field),)*];
                        ::std::result::Result::Err(
                            $crate::__private::building::first(problems).into(),
                        )
                    }
                }
            }
        }

        impl ::std::convert::From<super::$built> for $built {
            #[inline]
            #[allow(unused_variables, reason = "an object may have no members")]
            fn from(value: super::$built) -> Self {
                Self { $($field: ::std::result::Result::Ok(value.$field),)* }
            }
        }
    };
}
