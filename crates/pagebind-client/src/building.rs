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
    value.try_into().map_err(|error| refused(field, std::any::type_name::<T>(), &error).into())
}

/// What is said of a value that is none of the type `of` as the compiler writes it: that type as people do.
fn refused(field: &str, of: &str, error: &dyn Display) -> String {
    let within = |character: char| character.is_alphanumeric() || matches!(character, ':' | '_');
    let names = of.split_inclusive(|character| !within(character));
    let of: String = names.filter_map(|name| name.rsplit("::").next()).collect();
    format!("conversion to `{of}` for {field} failed: {error}")
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

/// What a builder builds.
///
/// # Errors
/// What is wrong with it.
pub fn build<T, B>(builder: B) -> Set<T>
where
    T: TryFrom<B>,
    T::Error: Display,
{
    builder.try_into().map_err(|error: T::Error| error.to_string().into())
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

/// Gives a type its builder with nothing set, makes a value of one, and a builder of a value. It stands in the
/// module `builder` beside the types.
#[doc(hidden)]
#[macro_export]
macro_rules! __builder {
    ($built:ident { $($field:ident: $presence:ident,)* }) => {
        impl super::$built {
            #[doc = concat!(
                "A builder of [`", stringify!($built), "`](super::", stringify!($built),
                "), with nothing set.",
            )]
            #[inline]
            pub fn builder() -> $built {
                ::std::default::Default::default()
            }
        }

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

/// Begins the request of an operation with nothing set, and gives it headers that no document names, such as
/// those of whoever traces calls. It stands in the module `builder` beside the types.
#[doc(hidden)]
#[macro_export]
macro_rules! __operation {
    ($operation:ident { $($field:ident: $presence:ident,)* }) => {
        impl<'a> $operation<'a> {
            /// The operation with nothing set, to be sent by `client`.
            pub fn new(client: &'a super::Client) -> Self {
                use $crate::__private::building;
                Self {
                    client,
                    $($field: building::$presence(
                        concat!("no value supplied for ", stringify!($field)),
                    ),)*
                    headers: ::std::default::Default::default(),
                }
            }

            /// Adds a header to this request, such as `traceparent`. Those of the operation and the
            /// client are theirs to set; what can't be sent is told by `send`, before anything is.
            pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
                self.headers.set(name.as_ref(), value.as_ref());
                self
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_with_the_type_as_people_write_it_and_the_reason() {
        #[derive(Debug)]
        struct Never<T>(std::marker::PhantomData<T>);
        impl<T> TryFrom<u8> for Never<T> {
            type Error = &'static str;

            fn try_from(_: u8) -> Result<Self, Self::Error> {
                Err("too small")
            }
        }

        let said = set_some::<i8, u16>("page_2", 300).unwrap_err();
        let reason = "out of range integral type conversion attempted";
        assert_eq!(said, format!("conversion to `i8` for page_2 failed: {reason}"));
        let said = set::<Never<HashMap<String, Vec<Option<i64>>>>, u8>("x", 1).unwrap_err();
        let of = "Never<HashMap<String, Vec<Option<i64>>>>";
        assert_eq!(said, format!("conversion to `{of}` for x failed: too small"));
    }
}
