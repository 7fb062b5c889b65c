//! When an update was made, as the service writes it.

use std::{fmt, str::FromStr, time::SystemTime};

use jiff::{Timestamp, civil::DateTime, tz::Offset};

/// `strftime` terms of the page's `YYYY-MM-DD HH:MM:SS`.
const FORMAT: &str = "%Y-%m-%d %H:%M:%S";

/// A second in UTC, `YYYY-MM-DD HH:MM:SS`.
///
/// `Display` writes that form and [`str::parse`] reads it back, nothing else. Fractions of a
/// second are cut off. The date library stays out of this type's signature, so that changing
/// it breaks no caller.
///
/// Source: `Request.UpdateDateTime` on the help page, "YYYY-MM-DD HH:MM:SS - UTC format".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UpdateDateTime(DateTime);

impl UpdateDateTime {
    /// The present second, by the system's clock.
    pub fn now() -> Self {
        Self(whole_second(Timestamp::now()))
    }

    /// Refuses the years that four digits can't write: they would come out with a sign.
    fn checked(at: DateTime) -> Result<Self, InvalidUpdateDateTime> {
        if at.year() < 1 { Err(InvalidUpdateDateTime) } else { Ok(Self(at)) }
    }
}

fn whole_second(timestamp: Timestamp) -> DateTime {
    let at = Offset::UTC.to_datetime(timestamp);
    at.date().at(at.hour(), at.minute(), at.second(), 0)
}

impl TryFrom<SystemTime> for UpdateDateTime {
    type Error = InvalidUpdateDateTime;

    fn try_from(time: SystemTime) -> Result<Self, InvalidUpdateDateTime> {
        let timestamp = Timestamp::try_from(time).map_err(|_| InvalidUpdateDateTime)?;
        Self::checked(whole_second(timestamp))
    }
}

impl FromStr for UpdateDateTime {
    type Err = InvalidUpdateDateTime;

    fn from_str(text: &str) -> Result<Self, InvalidUpdateDateTime> {
        let at = DateTime::strptime(FORMAT, text).map_err(|_| InvalidUpdateDateTime)?;
        let at = Self::checked(at)?;
        // Parsing by format takes `2025-4-9`, signs and other spacing too; what the service
        // reads is only what is written back unchanged.
        if at.to_string() == text { Ok(at) } else { Err(InvalidUpdateDateTime) }
    }
}

impl fmt::Display for UpdateDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.strftime(FORMAT).fmt(f)
    }
}

/// A text or time that is not a date and time of the service's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidUpdateDateTime;

impl fmt::Display for InvalidUpdateDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date and time of the form YYYY-MM-DD HH:MM:SS in UTC, with a year from 0001 to 9999")
    }
}

impl std::error::Error for InvalidUpdateDateTime {}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_sample_of_the_page_round_trips() {
        let at: UpdateDateTime = "2025-04-19 08:29:17".parse().unwrap();
        assert_eq!(at.to_string(), "2025-04-19 08:29:17");
    }

    #[test]
    fn a_system_time_is_written_in_utc_to_the_second() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_745_051_357_999);
        let at = UpdateDateTime::try_from(time).unwrap();
        assert_eq!(at.to_string(), "2025-04-19 08:29:17");
        assert_eq!(at.to_string().parse(), Ok(at));
    }

    #[test]
    fn now_lies_between_the_clock_before_and_after() {
        let before = UpdateDateTime::try_from(SystemTime::now()).unwrap();
        let now = UpdateDateTime::now();
        let after = UpdateDateTime::try_from(SystemTime::now()).unwrap();
        assert!(before <= now && now <= after);
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "2025-04-19",
            "2025-4-19 08:29:17",
            "2025-04-19T08:29:17Z",
            "2025-04-19  08:29:17",
            "2025-04-19 08:29:17 ",
            "2025-04-19 08:29:60",
            "2025-02-30 08:29:17",
            "+2025-04-19 08:29:17",
            "-001-04-19 08:29:17",
            "0000-04-19 08:29:17",
        ] {
            assert_eq!(text.parse::<UpdateDateTime>(), Err(InvalidUpdateDateTime), "{text:?}");
        }
    }
}
