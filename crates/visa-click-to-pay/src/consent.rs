//! The time of a consent, from a time.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::types::ConsentTime;

/// The first second of the year 10000, which four digits can't write.
const YEAR_10000: Duration = Duration::from_secs(253_402_300_800);

/// A time before 1970 or after 9999, which can't be that of a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidConsentTime;

impl fmt::Display for InvalidConsentTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a consent was given between the years 1970 and 9999")
    }
}

impl std::error::Error for InvalidConsentTime {}

/// In UTC and to the second, as the pages write it: `2020-05-05T12:12:12.000Z`. Whether it has passed
/// is the API's to judge.
impl TryFrom<SystemTime> for ConsentTime {
    type Error = InvalidConsentTime;

    #[inline]
    fn try_from(time: SystemTime) -> Result<Self, InvalidConsentTime> {
        let since_1970 = time.duration_since(UNIX_EPOCH).map_err(|_| InvalidConsentTime)?;
        if since_1970 >= YEAR_10000 {
            return Err(InvalidConsentTime);
        }
        // `Tue, 05 May 2020 12:12:12 GMT` (RFC 9110, section 5.6.7), of fixed length.
        let date = httpdate::fmt_http_date(time);
        let (day, year, clock) = (&date[5..7], &date[12..16], &date[17..25]);
        let month = "JanFebMarAprMayJunJulAugSepOctNovDec".find(&date[8..11]);
        let month = month.map_or(0, |at| at / 3 + 1);
        format!("{year}-{month:02}-{day}T{clock}.000Z").parse().map_err(|_| InvalidConsentTime)
    }
}

/// The same as that of the [`SystemTime`], whatever the time zone.
#[cfg(feature = "chrono")]
impl<Tz: chrono::TimeZone> TryFrom<chrono::DateTime<Tz>> for ConsentTime {
    type Error = InvalidConsentTime;

    fn try_from(time: chrono::DateTime<Tz>) -> Result<Self, InvalidConsentTime> {
        SystemTime::from(time).try_into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::ClickToPayConsent;

    fn written(seconds: u64) -> String {
        let time = UNIX_EPOCH + Duration::from_secs(seconds) + Duration::from_millis(999);
        let consent: ClickToPayConsent =
            ClickToPayConsent::builder().time_of_consent(time).try_into().unwrap();
        consent.time_of_consent.to_string()
    }

    #[test]
    fn a_time_is_written_as_the_pages_write_it() {
        assert_eq!(written(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(written(1_588_680_732), "2020-05-05T12:12:12.000Z");
        assert_eq!(written(951_782_400), "2000-02-29T00:00:00.000Z");
        assert_eq!(written(YEAR_10000.as_secs() - 1), "9999-12-31T23:59:59.000Z");
    }

    #[test]
    fn every_month_has_its_number() {
        // The twenty-eighth of each month of 2021.
        for month in 0..12_u64 {
            let text = written(1_611_792_000 + month * 2_629_746);
            assert_eq!(text[5..7].parse(), Ok(month + 1), "{text}");
        }
    }

    #[test]
    fn a_time_that_can_not_be_written_is_refused() {
        for time in [UNIX_EPOCH - Duration::from_secs(1), UNIX_EPOCH + YEAR_10000] {
            assert_eq!(ConsentTime::try_from(time).unwrap_err(), InvalidConsentTime);
        }
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn a_time_zone_is_turned_into_utc() {
        let time = chrono::DateTime::parse_from_rfc3339("2020-05-05T14:12:12.7+02:00").unwrap();
        assert_eq!(ConsentTime::try_from(time).unwrap().to_string(), "2020-05-05T12:12:12.000Z");
    }
}
