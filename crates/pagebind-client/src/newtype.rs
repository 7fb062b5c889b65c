//! Newtypes: structs that only hold a value, as they are read and written: as this value.
//!
//! As with [objects](crate::object), a derive of `serde` for each would be most of what they cost to compile.

/// Implements `Serialize` and `Deserialize` for a struct that only holds a value, or `number`s.
#[doc(hidden)]
#[macro_export]
macro_rules! __newtype {
    (@read value $deserializer:ident) => {
        $crate::__private::serde::Deserialize::deserialize($deserializer)
    };
    (@read number $deserializer:ident) => {
        $crate::numbers::deserialize($deserializer)
    };
    (@write value $value:expr, $serializer:ident) => {
        $crate::__private::serde::Serialize::serialize($value, $serializer)
    };
    (@write number $value:expr, $serializer:ident) => {
        $crate::numbers::serialize($value, $serializer)
    };
    ($newtype:ident: $kind:ident) => {
        impl $crate::__private::serde::Serialize for $newtype {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::__newtype!(@write $kind &self.0, serializer)
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $newtype {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                match $crate::__newtype!(@read $kind deserializer) {
                    ::std::result::Result::Ok(value) => ::std::result::Result::Ok(Self(value)),
                    ::std::result::Result::Err(error) => ::std::result::Result::Err(error),
                }
            }
        }
    };
}
