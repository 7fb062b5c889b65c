//! The month in which a card expires, as it is printed on it.

use std::{fmt, str::FromStr};

use crate::private::REDACTED;

/// Month and year of expiry, `MM/YY`.
///
/// The century is not part of it, here as on the card. Whether the date has passed is the
/// service's to judge. `Display` writes `MM/YY`, which [`str::parse`] reads back; `Debug` prints
/// no date, because beside a card number an expiry date is cardholder data.
///
/// Source: `Card.ExpiryDate` on the help page, "12/19 (MM/YY)".
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ExpiryDate {
    month: u8,
    year: u8,
}

impl ExpiryDate {
    /// Takes the month, 1 to 12, and the last two digits of the year, 0 to 99.
    ///
    /// # Errors
    /// When either is out of its range.
    pub fn new(month: u8, year: u8) -> Result<Self, InvalidExpiryDate> {
        if (1..=12).contains(&month) && year <= 99 {
            Ok(Self { month, year })
        } else {
            Err(InvalidExpiryDate)
        }
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The last two digits of the year, 0 to 99.
    pub fn year(self) -> u8 {
        self.year
    }
}

impl FromStr for ExpiryDate {
    type Err = InvalidExpiryDate;

    fn from_str(text: &str) -> Result<Self, InvalidExpiryDate> {
        let &[m1, m2, b'/', y1, y2] = text.as_bytes() else {
            return Err(InvalidExpiryDate);
        };
        Self::new(two_digits(m1, m2)?, two_digits(y1, y2)?)
    }
}

fn two_digits(tens: u8, ones: u8) -> Result<u8, InvalidExpiryDate> {
    if tens.is_ascii_digit() && ones.is_ascii_digit() {
        Ok((tens - b'0') * 10 + (ones - b'0'))
    } else {
        Err(InvalidExpiryDate)
    }
}

impl fmt::Display for ExpiryDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}/{:02}", self.month, self.year)
    }
}

impl fmt::Debug for ExpiryDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExpiryDate({REDACTED})")
    }
}

/// A month and year that are not an expiry date. It says nothing of what they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidExpiryDate;

impl fmt::Display for InvalidExpiryDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an expiry date: give month and year as MM/YY, with a month from 01 to 12")
    }
}

impl std::error::Error for InvalidExpiryDate {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_month_of_every_year_round_trips() {
        for (month, year) in (1..=12).flat_map(|month| (0..=99).map(move |year| (month, year))) {
            let date = ExpiryDate::new(month, year).unwrap();
            assert_eq!(date.to_string().parse(), Ok(date));
            assert_eq!((date.month(), date.year()), (month, year));
        }
    }

    #[test]
    fn it_is_written_with_two_digits_each() {
        assert_eq!(ExpiryDate::new(3, 7).unwrap().to_string(), "03/07");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in
            ["", "00/29", "13/29", "1/29", "12/2029", "12-29", "12/2", " 12/29", "+1/29", "1٢/29"]
        {
            assert_eq!(text.parse::<ExpiryDate>(), Err(InvalidExpiryDate), "{text:?}");
        }
        assert_eq!(ExpiryDate::new(0, 29), Err(InvalidExpiryDate));
        assert_eq!(ExpiryDate::new(13, 29), Err(InvalidExpiryDate));
        assert_eq!(ExpiryDate::new(12, 100), Err(InvalidExpiryDate));
    }

    #[test]
    fn debug_does_not_print_it() {
        assert_eq!(format!("{:?}", ExpiryDate::new(12, 29).unwrap()), "ExpiryDate([redacted])");
    }
}
