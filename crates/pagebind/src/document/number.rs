//! Whether a number survives being read.
//!
//! Values hold 64-bit integers and IEEE 754 doubles. A number that neither can hold, such as
//! `1e400` or an integer of thirty digits, must not turn into its neighbour without a word.

use serde_json::Number;

/// Whether reading `token` (a number as JSON writes it) and writing it again gives the same
/// number. How it is written may change: `1e2` comes back as `100.0`.
pub(super) fn survives(token: &str) -> bool {
    if token.parse::<i64>().is_ok() || token.parse::<u64>().is_ok() {
        return true;
    }
    token
        .parse::<f64>()
        .ok()
        .and_then(Number::from_f64)
        .is_some_and(|number| decimal(token) == decimal(&number.to_string()))
}

/// The significant digits of a number and the power of ten of the first, so that two spellings
/// of one number compare equal; no digits and no power for zero.
fn decimal(token: &str) -> Option<(String, i64)> {
    let (mantissa, exponent) = token.split_once(['e', 'E']).unwrap_or((token, "0"));
    let mantissa = mantissa.trim_start_matches(['-', '+']);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return Some((String::new(), 0));
    }
    let leading_zeros = i64::try_from(digits.len() - significant.len()).ok()?;
    let first = i64::try_from(whole.len()).ok()? - leading_zeros;
    let power = exponent.parse::<i64>().ok()?.checked_add(first)?;
    Some((significant.trim_end_matches('0').to_owned(), power))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_64_bits_hold_survive() {
        for token in [
            "0",
            "-0.0",
            "1.0",
            "1e2",
            "0.1",
            "-12.50",
            "9223372036854775807",
            "18446744073709551615",
            "-9223372036854775808",
            "100000000000000000000",
            "1.7976931348623157e308",
            "5e-324",
            // Halfway between two spellings of 17 digits, of which only one is written again.
            "-2239579002664958.2",
            "0e99999999999999999999",
        ] {
            assert!(survives(token), "{token}");
        }
    }

    #[test]
    fn numbers_that_would_change_do_not() {
        for token in [
            "1e400",
            "1e-400",
            "18446744073709551617",
            "100000000000000000001",
            "0.1000000000000000000001",
        ] {
            assert!(!survives(token), "{token}");
        }
    }
}
