//! The bytes of a request, wiped from memory when the last holder lets go of them.

use std::{io, time::SystemTime};

use pagebind_client::wiped;
use reqwest::Body;

use crate::{
    Credentials, InvalidUpdateDateTime, ProfileUpdate,
    request::{self, Formatted, Value},
};

/// The format of a request; the service takes both.
///
/// Source: "Request Formats" on the help page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// `application/json`.
    #[default]
    Json,
    /// `application/xml`, as .NET's `DataContractSerializer` reads it.
    #[cfg(feature = "xml")]
    Xml,
}

impl Format {
    /// The media type sent as `Content-Type`.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            #[cfg(feature = "xml")]
            Self::Xml => "application/xml",
        }
    }

    fn write(self, request: &Value<'_>, out: impl io::Write) -> io::Result<()> {
        match self {
            Self::Json => Ok(serde_json::to_writer(out, request)?),
            #[cfg(feature = "xml")]
            Self::Xml => crate::xml::write(request, out),
        }
    }
}

/// Builds the body of a request that is made `now`.
///
/// # Errors
/// Why it can't be sent: it changes nothing, holds a character that XML can't, or a clock that is set wrong
/// gives it a year that has more than four digits.
pub(crate) fn build(
    format: Format,
    credentials: &Credentials,
    update: &ProfileUpdate,
    now: SystemTime,
) -> Result<Body, String> {
    let at = update.update_date_time.map_or_else(|| now.try_into(), Ok);
    let at = at.map_err(|error: InvalidUpdateDateTime| format!("the clock: {error}"))?;
    let formatted = Formatted::of(update, at);
    let Some(request) = request::request(credentials, update, &formatted) else {
        return Err("the update changes nothing: set at least one field to change".to_owned());
    };
    #[cfg(feature = "xml")]
    if format == Format::Xml {
        crate::xml::check(&request)?;
    }
    let bytes = wiped(|out| format.write(&request, out))
        .expect("counting and writing to memory don't fail, and the tree has texts only");
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    fn update() -> ProfileUpdate {
        ProfileUpdate::new("123456789", "987654321", "Sierra")
    }

    fn credentials() -> Credentials {
        Credentials::new("170200123", "467512342123")
    }

    fn json(update: &ProfileUpdate) -> serde_json::Value {
        let body = build(Format::Json, &credentials(), update, SystemTime::now()).unwrap();
        serde_json::from_slice(body.as_bytes().unwrap()).unwrap()
    }

    proptest! {
        #[test]
        fn any_text_comes_back_from_json_as_it_was(text in any::<String>(), key in any::<String>()) {
            let update = ProfileUpdate::new(&text, &text, &text).street(&text);
            let credentials = Credentials::new(&text, key.as_str());
            let body = build(Format::Json, &credentials, &update, SystemTime::now()).unwrap();
            let body: serde_json::Value = serde_json::from_slice(body.as_bytes().unwrap()).unwrap();
            prop_assert_eq!(&body["Authentication"]["Id"], &text);
            prop_assert_eq!(&body["Authentication"]["Key"], &key);
            for member in ["CustomerProfileId", "PaymentProfileId", "Authorizer"] {
                prop_assert_eq!(&body["Request"][member], &text);
            }
            prop_assert_eq!(&body["Request"]["Updates"]["BillingAddress"]["Street"], &text);
        }
    }

    #[test]
    fn what_is_not_set_is_absent() {
        let body = json(&update().make_default(false));
        assert_eq!(body["Request"]["Updates"], serde_json::json!({"MakeDefault": false}));
        let body = json(&update().zip(""));
        assert_eq!(body["Request"]["Updates"], serde_json::json!({"BillingAddress": {"Zip": ""}}));
    }

    #[test]
    fn a_profile_without_customer_sends_its_id_as_null() {
        let body = json(&ProfileUpdate::without_customer("987654321", "Sierra").zip("90001"));
        assert!(body["Request"].as_object().unwrap()["CustomerProfileId"].is_null());
    }

    #[test]
    fn an_update_that_changes_nothing_is_refused() {
        let at = "2025-04-19 08:29:17".parse().unwrap();
        for update in [update(), update().update_date_time(at)] {
            let refused = build(Format::Json, &credentials(), &update, SystemTime::now());
            assert!(refused.unwrap_err().contains("changes nothing"));
        }
    }

    #[test]
    fn the_time_of_the_call_is_sent_unless_one_is_set() {
        let at = |update: &ProfileUpdate, seconds| {
            let now = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            let body = build(Format::Json, &credentials(), update, now)?;
            let body: serde_json::Value = serde_json::from_slice(body.as_bytes().unwrap()).unwrap();
            Ok::<_, String>(body["Request"]["UpdateDateTime"].as_str().unwrap().to_owned())
        };
        let update = update().zip("90001");
        assert_eq!(at(&update, 1_745_051_357).unwrap(), "2025-04-19 08:29:17");
        let refused = at(&update, 300_000_000_000).unwrap_err();
        assert!(refused.starts_with("the clock: "), "{refused}");

        let update = update.update_date_time("2024-02-29 23:59:59".parse().unwrap());
        assert_eq!(at(&update, 300_000_000_000).unwrap(), "2024-02-29 23:59:59");
    }
}
