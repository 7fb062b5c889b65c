//! How a union is read: generated code describes its branches, and this chooses the one that
//! describes a value.
//!
//! 1. A branch is of the value's kind: a whole number is an integer before it is a number.
//! 2. Where a member tells the branches apart (a discriminator, or a member of which no two list
//!    the same value), it decides. Where the contract does not list its values, one that names no
//!    branch leaves those that give back all of the value.
//! 3. Otherwise a branch has the members that it requires and the values that it lists, and names
//!    every member that any branch names. Of several branches of text, it goes to one whose limits it
//!    meets.
//! 4. Of several, the first one of the contract that gives back all that it was read from.
//!
//! What no branch describes is kept as JSON, and written as it came. So is a value of which each
//! branch would lose another part.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// A union, as generated code describes it.
pub trait Union: Serialize + Sized {
    /// What tells its branches apart.
    const UNION: Description;

    /// Reads `value` as the branch with this index.
    ///
    /// # Errors
    /// When it is none.
    fn branch(index: usize, value: &Value) -> serde_json::Result<Self>;

    /// Keeps what no branch describes.
    fn unknown(value: Value) -> Self;

    /// Whether `text` meets the limits of the branch with this index, or is a value that it lists.
    fn fits(index: usize, text: &str) -> bool {
        let _ = (index, text);
        true
    }
}

/// What tells the branches of a union apart.
#[derive(Debug, Clone, Copy)]
pub struct Description {
    /// The member that decides.
    pub tag: Option<&'static str>,
    /// Whether a value with another tag than those listed is of no branch.
    pub closed: bool,
    /// The branches, in the order of the contract.
    pub branches: &'static [Branch],
}

/// What the values of a branch look like.
#[derive(Debug, Clone, Copy)]
pub struct Branch {
    /// The kinds of JSON that they can be, a bit each: from 1 for null over boolean, integer,
    /// number, string and array to 64 for an object.
    pub kinds: u8,
    /// The members that it names.
    pub members: &'static [&'static str],
    /// Whether it keeps those that it does not name.
    pub open: bool,
    /// The members that it must have.
    pub required: &'static [&'static str],
    /// The values of the tag that stand for it.
    pub tags: &'static [Scalar],
    /// The members of which it lists the values.
    pub listed: &'static [(&'static str, &'static [Scalar])],
}

impl Description {
    /// One without branches.
    pub const ANY: Self = Self { tag: None, closed: false, branches: &[] };
}

impl Branch {
    /// One of which nothing is known.
    pub const ANY: Self =
        Self { kinds: 0, members: &[], open: false, required: &[], tags: &[], listed: &[] };
}

/// A listed value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// Text.
    Text(&'static str),
    /// A whole number.
    Integer(i64),
    /// `true` or `false`.
    Boolean(bool),
}

impl Scalar {
    fn is(self, value: &Value) -> bool {
        match self {
            Self::Text(text) => value.as_str() == Some(text),
            Self::Integer(number) => {
                value.as_i64() == Some(number) || value.as_f64() == Some(number as f64)
            }
            Self::Boolean(boolean) => value.as_bool() == Some(boolean),
        }
    }
}

/// What a union is read by: what tells its branches apart, then each branch with its index, its variant, how that is
/// read (`value`, or `number` where that has to be exact), what text has to be `parsed` as to be of it, and what its
/// values look like. `_` is the variant that keeps what no branch describes.
#[doc(hidden)]
#[macro_export]
macro_rules! __union {
    ($union:ident { $($key:ident: $told:expr,)* } {
        $($index:literal $variant:ident: $read:ident $(parsed $text:ty)? {
            $($of_branch:ident: $like:expr,)*
        })*
        _ = $unknown:ident
    }) => {
        impl $crate::union::Union for $union {
            #[allow(clippy::needless_update, unused_imports)]
            const UNION: $crate::union::Description = {
                use $crate::union::Scalar::{Boolean, Integer, Text};

                $crate::union::Description {
                    $($key: $told,)*
                    branches: &[$($crate::union::Branch {
                        $($of_branch: $like,)*
                        ..$crate::union::Branch::ANY
                    }),*],
                    ..$crate::union::Description::ANY
                }
            };

            fn branch(
                index: usize,
                value: &$crate::__private::serde_json::Value,
            ) -> ::std::result::Result<Self, $crate::__private::serde_json::Error> {
                match index {
                    $($index => $crate::__union!(@$read value).map(Self::$variant),)*
                    _ => Ok(Self::$unknown(value.clone())),
                }
            }

            fn unknown(value: $crate::__private::serde_json::Value) -> Self {
                Self::$unknown(value)
            }

            fn fits(index: usize, text: &str) -> bool {
                let _ = text;
                match index {
                    $($($index => text.parse::<$text>().is_ok(),)?)*
                    _ => true,
                }
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $union {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::union::read(deserializer)
            }
        }
    };
    (@value $value:ident) => {
        $crate::__private::serde::Deserialize::deserialize($value)
    };
    (@number $value:ident) => {
        $crate::numbers::deserialize($value)
    };
}

const INTEGER: u8 = 1 << 2;
const NUMBER: u8 = 1 << 3;

/// Reads a value as the branch that describes it, or keeps it.
///
/// # Errors
/// Those of the source: any JSON is a value of a union.
pub fn read<'de, T: Union, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(match chosen::<T>(&value) {
        Some(read) => read,
        None => T::unknown(value),
    })
}

/// `value` as one of the branches that may describe it.
fn chosen<T: Union>(value: &Value) -> Option<T> {
    let candidates = candidates::<T>(value);
    let mut best: Option<(T, BTreeSet<String>)> = None;
    // What all branches lose nobody misses: no branch names it.
    let mut lost_by_all: Option<BTreeSet<String>> = None;
    let strict = told::<T>(value).is_some_and(|told| of_tag::<T>(told).next().is_none());
    let only = candidates.len() == 1 && !strict;
    for index in candidates {
        let Ok(read) = T::branch(index, value) else { continue };
        if only {
            return Some(read);
        }
        let mut lost = BTreeSet::new();
        let written = serde_json::to_value(&read).unwrap_or_default();
        compare(value, Some(&written), String::new(), &mut lost);
        if lost.is_empty() {
            return Some(read);
        }
        lost_by_all = Some(match lost_by_all {
            Some(all) => all.intersection(&lost).cloned().collect(),
            None => lost.clone(),
        });
        if best.as_ref().is_none_or(|(_, least)| lost.len() < least.len()) {
            best = Some((read, lost));
        }
    }
    best.filter(|(_, lost)| !strict && Some(lost) == lost_by_all.as_ref()).map(|(read, _)| read)
}

/// What the member that decides says. Null tells nothing: no value that is listed is null.
fn told<T: Union>(value: &Value) -> Option<&Value> {
    value.get(T::UNION.tag?).filter(|told| !told.is_null())
}

/// The branches that a value of the member that decides stands for.
fn of_tag<T: Union>(told: &Value) -> impl Iterator<Item = usize> {
    let branches = T::UNION.branches.iter().enumerate();
    branches
        .filter(|(_, branch)| branch.tags.iter().any(|tag| tag.is(told)))
        .map(|(index, _)| index)
}

/// The branches that may describe `value`, the likeliest first.
fn candidates<T: Union>(value: &Value) -> Vec<usize> {
    let Description { closed, branches, .. } = T::UNION;
    let kinds = kinds(value);
    let mut candidates: Vec<usize> =
        (0..branches.len()).filter(|index| branches[*index].kinds & kinds != 0).collect();
    match value {
        Value::Object(members) => {
            if let Some(told) = told::<T>(value) {
                let of_tag: Vec<usize> =
                    of_tag::<T>(told).filter(|index| candidates.contains(index)).collect();
                if !of_tag.is_empty() || closed {
                    return of_tag;
                }
            }
            prefer(&mut candidates, |index| {
                branches[index].listed.iter().all(|(name, values)| {
                    members
                        .get(*name)
                        .is_none_or(|one| one.is_null() || values.iter().any(|value| value.is(one)))
                })
            });
            prefer(&mut candidates, |index| {
                branches[index].required.iter().all(|name| members.contains_key(*name))
            });
            let names = |index: usize, name: &str| branches[index].members.contains(&name);
            let keeps = |index: usize, name: &str| branches[index].open || names(index, name);
            let named: Vec<&String> = members
                .keys()
                .filter(|name| candidates.iter().any(|index| keeps(*index, name)))
                .collect();
            candidates.retain(|index| named.iter().all(|name| keeps(*index, name)));
            // One that names its members says more than one that takes any.
            candidates.sort_by_key(|index| {
                let unnamed = members.keys().filter(|name| !names(*index, name)).count();
                (branches[*index].open, unnamed)
            });
        }
        // One branch of text reads any; of several, none is meant by what none of them lists.
        Value::String(text) if candidates.len() > 1 => {
            candidates.retain(|index| T::fits(*index, text));
        }
        Value::Number(number) => {
            let float = number.is_f64();
            candidates.sort_by_key(|index| {
                let integer = branches[*index].kinds & INTEGER != 0;
                if float { branches[*index].kinds & NUMBER == 0 } else { !integer }
            });
        }
        _ => {}
    }
    candidates
}

/// Keeps those of `candidates` that are `better`, if there are any.
fn prefer(candidates: &mut Vec<usize>, better: impl Fn(usize) -> bool) {
    if candidates.iter().any(|index| better(*index)) {
        candidates.retain(|index| better(*index));
    }
}

/// The kinds that a value is of, as bits.
fn kinds(value: &Value) -> u8 {
    match value {
        Value::Null => 1,
        Value::Bool(_) => 1 << 1,
        Value::Number(number) => {
            let whole = number.as_f64().is_none_or(|number| number.fract() == 0.0);
            if whole { INTEGER | NUMBER } else { NUMBER }
        }
        Value::String(_) => 1 << 4,
        Value::Array(_) => 1 << 5,
        Value::Object(_) => 1 << 6,
    }
}

/// Collects the places of `value` at which `written` has something else.
#[inline]
fn compare(value: &Value, written: Option<&Value>, place: String, lost: &mut BTreeSet<String>) {
    match (value, written) {
        (Value::Object(members), Some(Value::Object(written))) => {
            for (name, member) in members {
                compare(member, written.get(name), format!("{place}/{name}"), lost);
            }
        }
        (Value::Array(items), Some(Value::Array(written))) if items.len() == written.len() => {
            for (index, (item, written)) in items.iter().zip(written).enumerate() {
                compare(item, Some(written), format!("{place}/{index}"), lost);
            }
        }
        (Value::Number(number), Some(Value::Number(written)))
            if number.as_f64() == written.as_f64() => {}
        (value, Some(written)) if value == written => {}
        // Of a member that is not there at all, each part is lost.
        (Value::Object(members), None) if !members.is_empty() => {
            for (name, member) in members {
                compare(member, None, format!("{place}/{name}"), lost);
            }
        }
        _ => drop(lost.insert(place)),
    }
}

#[cfg(test)]
mod tests;
