//! Numbers and values as JSON Schema compares them: by what they are, not by how they are written.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// The order of two numbers of any kind.
pub(super) fn order(a: &Number, b: &Number) -> Ordering {
    pagebind::number::compare(a, b)
}

/// Whether two values are equal, `1` and `1.0` being one number.
pub(super) fn equal(a: &Value, b: &Value) -> bool {
    pagebind::number::same(a, b)
}

/// Whether `number` is `divisor` times an integer, exactly. What divides by more than 37 digits is
/// not looked into, and none.
pub(super) fn is_multiple(number: &Number, divisor: &Number) -> bool {
    let ((digits, power), (divisor, divisor_power)) = (whole(number), whole(divisor));
    let Some(divisor) =
        divisor.parse().ok().filter(|divisor| (1..=u128::MAX / 10).contains(divisor))
    else {
        return false;
    };
    // Neither ends with a zero, so that no power of ten can be taken from the digits.
    let Some(zeros) = power.checked_sub(divisor_power).filter(|zeros| *zeros >= 0) else {
        return false;
    };
    // A factor of 128 bits holds no more than 127 twos and fives, which is all that zeros bring.
    let zeros = usize::try_from(zeros).unwrap_or(usize::MAX).min(127);
    let digits = digits.bytes().chain(std::iter::repeat_n(b'0', zeros));
    digits.fold(0, |rest, digit| (rest * 10 + u128::from(digit - b'0')) % divisor) == 0
}

/// A number without its sign as digits, of which the last is no zero, times a power of ten.
fn whole(number: &Number) -> (String, i64) {
    let text = number.as_str();
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = format!("{}{fraction}", whole.trim_start_matches('-'));
    let (length, end) = (digits.len(), digits.trim_end_matches('0').len());
    digits.truncate(end);
    // An exponent that 64 bits can't hold is beyond any other on its side.
    let huge = if exponent.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
    let exponent = exponent.parse().unwrap_or(huge).clamp(i64::MIN / 2, i64::MAX / 2);
    let moved = |by: usize| i64::try_from(by).unwrap_or(i64::MAX / 4);
    (digits, exponent + moved(length - end) - moved(fraction.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiples_are_told_exactly_whatever_their_size_and_however_they_are_written() {
        let is = |number: &str, divisor: &str| {
            is_multiple(&number.parse().unwrap(), &divisor.parse().unwrap())
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
