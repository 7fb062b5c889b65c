//! The card verification code, held as shortly as possible.

use std::{fmt, str::FromStr};

use secrecy::{ExposeSecret, SecretString};

use crate::private::REDACTED;

/// A card verification code of 3 or 4 digits; how many is the card scheme's to say.
///
/// It must not be stored once it has been used. The value is wiped from memory when it is
/// dropped, `Debug` does not print it, and there is no `Display`, `Serialize` or comparison.
/// Read it from its text with [`str::parse`]; the text itself is the caller's to wipe.
///
/// Source: `Card.CVV` on the help page, "3 or 4 digits, depending upon card scheme".
#[derive(Clone)]
pub struct Cvv(SecretString);

impl Cvv {
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl FromStr for Cvv {
    type Err = InvalidCvv;

    fn from_str(text: &str) -> Result<Self, InvalidCvv> {
        if matches!(text.len(), 3 | 4) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidCvv)
        }
    }
}

impl fmt::Debug for Cvv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cvv({REDACTED})")
    }
}

/// A text that is not a card verification code. It says nothing of what the text was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCvv;

impl fmt::Display for InvalidCvv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a card verification code: give 3 or 4 digits")
    }
}

impl std::error::Error for InvalidCvv {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_or_four_digits_are_taken() {
        assert_eq!("123".parse::<Cvv>().unwrap().expose(), "123");
        assert_eq!("0042".parse::<Cvv>().unwrap().expose(), "0042");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "12", "12345", "12a", " 123", "123 ", "+12", "١٢٣"] {
            assert_eq!(text.parse::<Cvv>().err(), Some(InvalidCvv), "{text:?}");
        }
    }

    #[test]
    fn debug_does_not_print_it() {
        assert_eq!(format!("{:?}", "9876".parse::<Cvv>().unwrap()), "Cvv([redacted])");
    }
}
