//! Limits that a value is held to as it is set, and never as it is read.

use std::{cmp::Ordering, fmt::Display};

use serde::Serialize;
use serde_json::{Number, Value};

/// The limits of a number, a list or an object, by the keywords of JSON Schema. Those of text are
/// part of its type.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bounds {
    /// The least number.
    pub minimum: Option<f64>,
    /// What a number is greater than.
    pub exclusive_minimum: Option<f64>,
    /// The greatest number.
    pub maximum: Option<f64>,
    /// What a number is less than.
    pub exclusive_maximum: Option<f64>,
    /// What a number is a multiple of.
    pub multiple_of: Option<f64>,
    /// The least number of items.
    pub min_items: Option<usize>,
    /// The greatest number of items.
    pub max_items: Option<usize>,
    /// Whether no item comes twice.
    pub unique_items: bool,
    /// The least number of members.
    pub min_properties: Option<usize>,
    /// The greatest number of members.
    pub max_properties: Option<usize>,
    /// All values there are, as a JSON array; empty if they are not listed.
    pub values: &'static str,
    /// The limits of each item of a list, and of each member of an object.
    pub each: Option<&'static Bounds>,
}

impl Bounds {
    /// No limit at all.
    pub const NONE: Self = Self {
        minimum: None,
        exclusive_minimum: None,
        maximum: None,
        exclusive_maximum: None,
        multiple_of: None,
        min_items: None,
        max_items: None,
        unique_items: false,
        min_properties: None,
        max_properties: None,
        values: "",
        each: None,
    };

    /// Gives `value` back if it is within the limits.
    ///
    /// # Errors
    /// The name of the field and the limit that `value` breaks; the value itself is not repeated.
    pub fn check<T: Serialize, E: From<String>>(&self, field: &str, value: T) -> Result<T, E> {
        let refused =
            |why: &dyn Display| format!("error converting supplied value for {field}: {why}");
        let written = serde_json::to_value(&value).map_err(|error| refused(&error))?;
        match self.broken(&written) {
            None => Ok(value),
            Some(limit) => Err(refused(&limit).into()),
        }
    }

    /// The limit that `value` breaks, in words.
    #[inline]
    fn broken(&self, value: &Value) -> Option<String> {
        if !self.values.is_empty() {
            let listed: Vec<Value> = serde_json::from_str(self.values).unwrap_or_default();
            let equal =
                |one: &Value| one == value || (one.is_number() && one.as_f64() == value.as_f64());
            if !listed.iter().any(equal) {
                return Some(format!("not one of {}", self.values));
            }
        }
        match value {
            Value::Number(number) => self.broken_by_number(number),
            Value::Array(items) => {
                let too_few = self.min_items.filter(|least| items.len() < *least);
                let too_many = self.max_items.filter(|most| items.len() > *most);
                too_few
                    .map(|least| format!("fewer than {least} items"))
                    .or_else(|| too_many.map(|most| format!("more than {most} items")))
                    .or_else(|| {
                        let twice = self.unique_items
                            && (1..items.len()).any(|end| items[..end].contains(&items[end]));
                        twice.then(|| "an item comes twice".to_owned())
                    })
                    .or_else(|| self.broken_within("an item", items))
            }
            Value::Object(members) => {
                let too_few = self.min_properties.filter(|least| members.len() < *least);
                let too_many = self.max_properties.filter(|most| members.len() > *most);
                too_few
                    .map(|least| format!("fewer than {least} members"))
                    .or_else(|| too_many.map(|most| format!("more than {most} members")))
                    .or_else(|| self.broken_within("a member", members.values()))
            }
            _ => None,
        }
    }

    /// The limit that one of `parts` breaks.
    fn broken_within<'v>(
        &self,
        what: &str,
        parts: impl IntoIterator<Item = &'v Value>,
    ) -> Option<String> {
        let limit = parts.into_iter().find_map(|part| self.each?.broken(part))?;
        Some(format!("{what}: {limit}"))
    }

    #[inline]
    fn broken_by_number(&self, number: &Number) -> Option<String> {
        let is = |limit: &f64, order: Ordering| compare(number, *limit) == Some(order);
        let (less, equal, greater) = (Ordering::Less, Ordering::Equal, Ordering::Greater);
        let limits = [
            (self.minimum.filter(|least| is(least, less)), "less than"),
            (
                self.exclusive_minimum.filter(|least| is(least, less) || is(least, equal)),
                "not greater than",
            ),
            (self.maximum.filter(|most| is(most, greater)), "greater than"),
            (
                self.exclusive_maximum.filter(|most| is(most, greater) || is(most, equal)),
                "not less than",
            ),
            (self.multiple_of.filter(|step| !is_multiple(number, *step)), "not a multiple of"),
        ];
        limits.into_iter().find_map(|(limit, words)| limit.map(|limit| format!("{words} {limit}")))
    }
}

/// A limit as a whole number, if it is one.
fn whole(limit: f64) -> Option<i128> {
    (limit.fract() == 0.0 && limit.abs() < 1e38).then_some(limit as i128)
}

/// A number as a whole one, if it is one.
fn whole_number(number: &Number) -> Option<i128> {
    let integer = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    integer.or_else(|| whole(number.as_f64()?))
}

/// How a number stands to a limit: whole ones exactly, beyond the 53 bits of a float as well.
fn compare(number: &Number, limit: f64) -> Option<Ordering> {
    match (whole_number(number), whole(limit)) {
        (Some(number), Some(limit)) => Some(number.cmp(&limit)),
        _ => number.as_f64()?.partial_cmp(&limit),
    }
}

/// Whether `number` is a multiple of `step`: exactly where both are whole, and otherwise within the precision of
/// the two, for 0.3 is one of 0.1.
fn is_multiple(number: &Number, step: f64) -> bool {
    if let (Some(number), Some(step)) = (whole_number(number), whole(step)) {
        return number.checked_rem(step) == Some(0);
    }
    let times = number.as_f64().unwrap_or(f64::NAN) / step;
    (times - times.round()).abs() <= 4.0 * f64::EPSILON * times.abs().max(1.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_within_its_limits_comes_back() {
        let bounds = Bounds { minimum: Some(1.0), exclusive_maximum: Some(5.0), ..Bounds::NONE };
        assert_eq!(bounds.check::<_, String>("limit", 4), Ok(4));
        let step = Bounds { multiple_of: Some(0.1), ..Bounds::NONE };
        assert_eq!(step.check::<_, String>("price", 0.3), Ok(0.3));
        let listed = Bounds { values: "[0,2]", ..Bounds::NONE };
        assert_eq!(listed.check::<_, String>("type", 2), Ok(2));
        let list = Bounds { max_items: Some(2), unique_items: true, ..Bounds::NONE };
        assert!(list.check::<_, String>("tags", vec!["a", "b"]).is_ok());
    }

    #[test]
    fn an_error_names_the_field_and_the_limit_and_not_the_value() {
        const BOUNDS: Bounds = Bounds { maximum: Some(5.0), max_items: Some(1), ..Bounds::NONE };
        let bounds = BOUNDS;
        assert_eq!(
            bounds.check::<_, String>("limit", 77).unwrap_err(),
            "error converting supplied value for limit: greater than 5"
        );
        assert_eq!(
            bounds.check::<_, String>("tags", vec![1, 1]).unwrap_err(),
            "error converting supplied value for tags: more than 1 items"
        );
        let unique = Bounds { unique_items: true, ..Bounds::NONE };
        assert!(
            unique
                .check::<_, String>("tags", vec![1, 1])
                .unwrap_err()
                .ends_with("an item comes twice")
        );
        let small = Bounds { each: Some(&BOUNDS), ..Bounds::NONE };
        let within = |value: Value| small.check::<_, String>("sizes", value).unwrap_err();
        assert!(within(json!([1, 6])).ends_with("for sizes: an item: greater than 5"));
        assert!(within(json!({ "a": 6 })).ends_with("for sizes: a member: greater than 5"));
        let listed = Bounds { values: "[0,2]", ..Bounds::NONE };
        assert!(listed.check::<_, String>("type", 1).unwrap_err().ends_with("not one of [0,2]"));
    }

    #[test]
    fn whole_numbers_are_held_to_their_limits_exactly() {
        let five = Bounds { multiple_of: Some(5.0), ..Bounds::NONE };
        assert!(five.check::<_, String>("n", 1_000_000_000).is_ok());
        assert!(five.check::<_, String>("n", 1_000_000_001).is_err());
        assert!(five.check::<_, String>("n", i64::MAX).is_err());
        let most = Bounds { exclusive_maximum: Some(9_007_199_254_740_992.0), ..Bounds::NONE };
        assert!(most.check::<_, String>("n", 9_007_199_254_740_991_i64).is_ok());
        assert!(most.check::<_, String>("n", 9_007_199_254_740_993_i64).is_err());
        let least = Bounds { exclusive_minimum: Some(9_007_199_254_740_992.0), ..Bounds::NONE };
        assert!(least.check::<_, String>("n", 9_007_199_254_740_993_i64).is_ok());
    }

    #[test]
    fn decimals_are_multiples_within_their_precision_alone() {
        let cents = Bounds { multiple_of: Some(0.01), ..Bounds::NONE };
        for price in [0.07, 1.1, 19.99, 0.1 + 0.2, 1_234_567.89] {
            assert!(cents.check::<_, String>("price", price).is_ok(), "{price}");
        }
        for price in [0.005, 10_000_000.001, 1_000_000_000.001] {
            assert!(cents.check::<_, String>("price", price).is_err(), "{price}");
        }
    }
}
