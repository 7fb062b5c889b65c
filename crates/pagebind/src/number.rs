//! Numbers as they are written, and as what they are.
//!
//! A document gives its numbers back to the letter: `1e2`, `12.50`, `-0` and an integer of thirty
//! digits come out as they went in. So a [`Number`] here is a text, and two of them are equal to Rust
//! only where they are written alike; what JSON Schema calls equal is for this module to say.

use std::{borrow::Cow, cmp::Ordering};

use serde_json::{Number, Value};

/// The number that `text` writes, in the grammar of JSON; it comes out of serde_json as it is, while
/// one that serde_json has read comes out with a sign in its exponent.
pub(crate) fn written(text: String) -> Number {
    Number::from_string_unchecked(text)
}

/// Compares two numbers exactly, whatever their size and however they are written.
#[must_use]
pub fn compare(a: &Number, b: &Number) -> Ordering {
    let (a, b) = (Decimal::of(a.as_str()), Decimal::of(b.as_str()));
    match (a.sign, b.sign) {
        (-1, -1) => b.size().cmp(&a.size()),
        (a_sign, b_sign) => a_sign.cmp(&b_sign).then_with(|| a.size().cmp(&b.size())),
    }
}

/// Whether a number has no fraction: `1.0` and `1e2` have none (JSON Schema 2020-12, 4.2.3).
#[must_use]
pub fn is_integer(number: &Number) -> bool {
    let number = Decimal::of(number.as_str());
    number.point >= i64::try_from(number.digits.len()).unwrap_or(i64::MAX)
}

/// Whether `number` is `divisor` times an integer, exactly (JSON Schema 2020-12, 6.2.1). What divides by
/// more than 37 digits is not looked into, and none.
#[must_use]
pub fn is_multiple(number: &Number, divisor: &Number) -> bool {
    let (number, divisor) = (Decimal::of(number.as_str()), Decimal::of(divisor.as_str()));
    let Some(factor) = divisor.digits.parse().ok().filter(|it| (1..=u128::MAX / 10).contains(it))
    else {
        return false;
    };
    // No digits end with a zero, so that no power of ten can be taken from them.
    let Some(zeros) = number.power().checked_sub(divisor.power()).filter(|it| *it >= 0) else {
        return number.sign == 0;
    };
    // A factor of 128 bits holds no more than 127 twos and fives, which is all that zeros bring.
    let zeros = usize::try_from(zeros).unwrap_or(usize::MAX).min(127);
    let digits = number.digits.bytes().chain(std::iter::repeat_n(b'0', zeros));
    digits.fold(0, |rest, digit| (rest * 10 + u128::from(digit - b'0')) % factor) == 0
}

/// Whether two values are the same to JSON Schema (2020-12, 4.2.2), to which 1 and 1.0 are, and the
/// order of keys is nothing.
#[must_use]
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || compare(a, b).is_eq(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let held = |(key, a): (&String, &Value)| b.get(key).is_some_and(|b| same(a, b));
            a.len() == b.len() && a.iter().all(held)
        }
        (a, b) => a == b,
    }
}

/// Writes every number in `value` as one that 64 bits hold, for readers that know no other: the
/// nearest double where it is no 64-bit integer, the largest one where it is beyond them all.
pub fn fit_64_bits(value: &mut Value) {
    match value {
        Value::Number(number) if !(number.is_i64() || number.is_u64()) => {
            let nearest = number.as_str().parse().unwrap_or(0.0);
            *value = Value::from(f64::clamp(nearest, f64::MIN, f64::MAX));
        }
        Value::Array(items) => items.iter_mut().for_each(fit_64_bits),
        Value::Object(members) => members.values_mut().for_each(fit_64_bits),
        _ => {}
    }
}

/// A number without the freedoms of its notation: 0.DIGITS times ten to the power of `point`.
struct Decimal<'t> {
    /// -1, 0 or 1.
    sign: i8,
    /// The significant digits, of which neither the first nor the last is a zero.
    digits: Cow<'t, str>,
    point: i64,
}

impl<'t> Decimal<'t> {
    /// Reads a number as JSON writes it.
    fn of(text: &'t str) -> Self {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let unsigned = mantissa.trim_start_matches(['-', '+']);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits: Cow<'t, str> =
            if fraction.is_empty() { whole.into() } else { format!("{whole}{fraction}").into() };
        let zeros = digits.len() - digits.trim_start_matches('0').len();
        let significant = digits.trim_matches('0').len();
        if significant == 0 {
            return Self { sign: 0, digits: "".into(), point: 0 };
        }
        let end = zeros + significant;
        let digits = match digits {
            Cow::Borrowed(digits) => Cow::Borrowed(&digits[zeros..end]),
            Cow::Owned(digits) => Cow::Owned(digits[zeros..end].to_owned()),
        };
        // An exponent that 64 bits can't hold is beyond any other on its side.
        let huge = if exponent.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
        let exponent = exponent.parse().unwrap_or(huge).clamp(i64::MIN / 2, i64::MAX / 2);
        let before = i64::try_from(whole.len()).unwrap_or(i64::MAX / 4);
        let zeros = i64::try_from(zeros).unwrap_or(i64::MAX / 4);
        let sign = if mantissa.starts_with('-') { -1 } else { 1 };
        Self { sign, digits, point: exponent + before - zeros }
    }

    /// The power of ten that its digits, as a whole number, are multiplied with.
    fn power(&self) -> i64 {
        self.point - i64::try_from(self.digits.len()).unwrap_or(i64::MAX / 4)
    }

    /// What orders numbers of one sign by how far they are from zero.
    fn size(&self) -> (i64, &str) {
        (self.point, &self.digits)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_stay_as_they_are_written() {
        for text in [
            "0",
            "-0",
            "1.0",
            "1e2",
            "1E+2",
            "12.50",
            "0.1",
            "18446744073709551615",
            "18446744073709552000",
            "12345678901234567890123",
            "1e400",
            "1e-400",
            "5e-324",
            "0.10000000000000000000001",
        ] {
            assert_eq!(written(text.to_owned()).to_string(), text);
        }
    }

    #[test]
    fn numbers_are_compared_by_what_they_are() {
        let ascending = [
            "-1e400",
            "-12345678901234567890123",
            "-2",
            "-1.5",
            "-1e-400",
            "0",
            "1e-400",
            "0.1",
            "1",
            "1.0000000000000000001",
            "9.9",
            "10",
            "12.5",
            "18446744073709551615",
            "18446744073709551616",
            "1e400",
            "1e99999999999999999999",
        ];
        for (index, a) in ascending.iter().enumerate() {
            for (other, b) in ascending.iter().enumerate() {
                assert_eq!(compare(&number(a), &number(b)), index.cmp(&other), "{a} {b}");
            }
        }
        for (a, b) in
            [("1", "1.0"), ("100", "1e2"), ("12.5", "12.50"), ("-0", "0.0"), ("1e400", "10e399")]
        {
            assert!(compare(&number(a), &number(b)).is_eq(), "{a} {b}");
        }
        assert!(same(&json!({"a": [1, 2], "b": 1}), &json!({"b": 1.0, "a": [1.0, 2]})));
        assert!(!same(&json!([1]), &json!([1, 1])));
    }

    #[test]
    fn an_integer_is_a_number_without_a_fraction() {
        for (text, integer) in [
            ("1", true),
            ("1.0", true),
            ("1e2", true),
            ("12.50", false),
            ("-0", true),
            ("1e-1", false),
            ("120e-1", true),
        ] {
            assert_eq!(is_integer(&number(text)), integer, "{text}");
        }
    }

    #[test]
    fn numbers_fit_into_64_bits_as_far_as_they_go() {
        let mut value: Value =
            serde_json::from_str("[1e400, -1e400, 12.50, 18446744073709551616, 7, -7, 1e-400]")
                .unwrap();
        fit_64_bits(&mut value);
        assert_eq!(value, json!([f64::MAX, f64::MIN, 12.5, 18446744073709551616.0, 7, -7, 0.0]));
    }

    #[test]
    fn multiples_are_told_exactly_whatever_their_size_and_however_they_are_written() {
        let is = |number: &str, divisor: &str| {
            is_multiple(&self::number(number), &self::number(divisor))
        };
        for (number, divisor) in [
            ("10", "5"),
            ("10", "10.0"),
            ("0.3", "0.1"),
            ("1", "1e-2"),
            ("1e2", "2.5"),
            ("1.5e-1", "0.05"),
            ("1e400", "1024"),
            ("1e99999999999999999999", "1e400"),
            ("123456789012345678901234567890123456789012345678901234567890", "10"),
            ("0", "3"),
            ("0.0", "10"),
            ("-15", "5"),
        ] {
            assert!(is(number, divisor), "{number} {divisor}");
        }
        for (number, divisor) in [
            ("5", "10"),
            ("0.25", "0.1"),
            ("1e400", "3"),
            ("1e-400", "1"),
            ("1", "1e99999999999999999999"),
            ("3", "0"),
            ("123456789012345678901234567890123456789012345678901234567891", "10"),
        ] {
            assert!(!is(number, divisor), "{number} {divisor}");
        }
    }
}
