//! The messages of error bodies that the pages show.
//!
//! Callers decide by them, so they are matched here once. They are also the only text of an error
//! body that an error prints: any other text could repeat what was sent.

use pagebind_client::Error;

use crate::types::{
    ClickToPayBadRequest, ClickToPayInternalServerError, DeleteCustomerError, EnrollCustomerError,
    UpdateCustomerError,
};

/// A message that the pages give as an example of an error body.
///
/// Source: `examples` of the 400 and 500 responses. The API may send others, which are in
/// [`Error::body`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KnownMessage {
    /// `bad request`, 400 of every operation; [`ClickToPayBadRequest::blank_fields`] may tell why.
    BadRequest,
    /// `customer already on click to pay`, 400 of an enrolment: the customer is enrolled, which may
    /// be all that was wanted.
    CustomerAlreadyEnrolled,
    /// `customer not enabled to click to pay`, 400 of an update or deletion: there is no customer to
    /// update or delete.
    CustomerNotEnrolled,
    /// `click to pay is not enabled to tenant`, 400 of every operation: Pismo has to enable it for
    /// the organization.
    TenantNotEnabled,
    /// `invalid network`, 400 of an update or deletion; what it means is not published.
    InvalidNetwork,
    /// `internal server error`, 500 of every operation.
    InternalServerError,
}

impl KnownMessage {
    const ALL: [Self; 6] = [
        Self::BadRequest,
        Self::CustomerAlreadyEnrolled,
        Self::CustomerNotEnrolled,
        Self::TenantNotEnabled,
        Self::InvalidNetwork,
        Self::InternalServerError,
    ];

    /// The message as the pages write it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::BadRequest => "bad request",
            Self::CustomerAlreadyEnrolled => "customer already on click to pay",
            Self::CustomerNotEnrolled => "customer not enabled to click to pay",
            Self::TenantNotEnabled => "click to pay is not enabled to tenant",
            Self::InvalidNetwork => "invalid network",
            Self::InternalServerError => "internal server error",
        }
    }

    /// The known message that `text` is; the case of its letters does not matter, as the pages
    /// themselves write both `Internal` and `internal`.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.text().eq_ignore_ascii_case(text.trim()))
    }
}

/// An error, or its body, that may hold a [`KnownMessage`]; import it to ask.
pub trait ClickToPayError {
    /// The known message, if it holds one: none for another message, and none for an error without
    /// a documented body.
    fn known_message(&self) -> Option<KnownMessage>;

    /// The body of a 400, whose details tell what is wrong with the request.
    fn bad_request(&self) -> Option<&ClickToPayBadRequest>;
}

impl ClickToPayError for ClickToPayBadRequest {
    fn known_message(&self) -> Option<KnownMessage> {
        self.message.as_ref().and_then(|message| KnownMessage::of(message))
    }

    fn bad_request(&self) -> Option<&ClickToPayBadRequest> {
        Some(self)
    }
}

impl ClickToPayError for ClickToPayInternalServerError {
    fn known_message(&self) -> Option<KnownMessage> {
        self.message.as_ref().and_then(|message| KnownMessage::of(message))
    }

    fn bad_request(&self) -> Option<&ClickToPayBadRequest> {
        None
    }
}

// A status that the pages document one day has a body of its own, and no known message until
// somebody adds it here.
macro_rules! by_status {
    ($($error:ident),*) => {$(
        impl ClickToPayError for $error {
            #[allow(unreachable_patterns, reason = "the pages document no other status today")]
            fn known_message(&self) -> Option<KnownMessage> {
                match self {
                    Self::BadRequest(body) => body.known_message(),
                    Self::InternalServerError(body) => body.known_message(),
                    _ => None,
                }
            }

            fn bad_request(&self) -> Option<&ClickToPayBadRequest> {
                match self {
                    Self::BadRequest(body) => Some(body),
                    _ => None,
                }
            }
        }
    )*};
}

by_status!(EnrollCustomerError, UpdateCustomerError, DeleteCustomerError);

impl<E: ClickToPayError> ClickToPayError for Error<E> {
    fn known_message(&self) -> Option<KnownMessage> {
        self.body()?.known_message()
    }

    fn bad_request(&self) -> Option<&ClickToPayBadRequest> {
        self.body()?.bad_request()
    }
}

impl ClickToPayBadRequest {
    /// The fields that the API found blank, in its own spelling: `AccountID`, `CustomerID`,
    /// `OrgID`, `cardId`. The first three come from the token and the headers.
    pub fn blank_fields(&self) -> impl Iterator<Item = &str> {
        self.details.iter().flatten().filter_map(|detail| {
            let (field, complaint) = detail.split_once(':')?;
            (complaint.trim().trim_end_matches('.') == BLANK).then_some(field.trim())
        })
    }
}

/// What of an error body errors print: its message, if that is a known one, and of its details the
/// fields, if they are the contract's, and what is wrong with them, if the pages say it like that.
// Whoever calls an operation compiles how this body is read; here it would be compiled once more.
#[inline]
pub(crate) fn published_message(body: &[u8]) -> Option<String> {
    let body: ClickToPayBadRequest = serde_json::from_slice(body).ok()?;
    let mut text = body.known_message()?.text().to_owned();
    let (mut told, mut untold) = (false, false);
    for detail in body.details.iter().flatten() {
        match published_detail(detail) {
            Some(detail) => {
                text.push_str(if told { ", " } else { ": " });
                text.push_str(&detail);
                told = true;
            }
            None => untold = true,
        }
    }
    text.push_str(match (told, untold) {
        (_, false) => "",
        (false, true) => ", its details tell why",
        (true, true) => ", and more in its details",
    });
    Some(text)
}

/// A detail without words that could repeat what was sent: `last_name: cannot be blank`.
fn published_detail(detail: &str) -> Option<String> {
    let (path, complaint) = detail.split_once(':')?;
    // `customer_information.emails.0` and `emails[0]` end in a name and an index.
    let mut names = path.split(['.', '/', '[', ']', ' ']).filter(|part| !part.is_empty());
    let is_index = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    let name = names.rfind(|part| !is_index(part))?;
    let known = FIELDS.iter().find(|field| field.eq_ignore_ascii_case(name))?;
    let blank = complaint.trim().trim_end_matches('.').eq_ignore_ascii_case(BLANK);
    Some(if blank { format!("{known}: {BLANK}") } else { format!("{known}: [redacted]") })
}

/// The complaint that the pages show.
const BLANK: &str = "cannot be blank";

/// Every name in the contract's requests, and those by which its errors call the account, the
/// customer, the organization and the card. A test holds
/// that the contract has them.
const FIELDS: [&str; 32] = [
    "AccountID",
    "CustomerID",
    "OrgID",
    "cardId",
    "address_line1",
    "address_line2",
    "address_line3",
    "billing_address",
    "card_id",
    "card_information",
    "city",
    "consent",
    "country_code",
    "customer_information",
    "emails",
    "first_name",
    "last_name",
    "locale",
    "middle_name",
    "national_identifiers",
    "owner_bid",
    "phones",
    "postal_code",
    "presenter",
    "state",
    "time_of_consent",
    "type",
    "value",
    "version",
    "x-cid",
    "x-customer-id",
    "x-tenant",
];

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn bad_request(json: Value) -> ClickToPayBadRequest {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn every_known_message_is_found_by_its_text() {
        for known in KnownMessage::ALL {
            let body = serde_json::json!({"code": 400, "message": known.text()});
            assert_eq!(published_message(body.to_string().as_bytes()).unwrap(), known.text());
            assert_eq!(bad_request(body).known_message(), Some(known));
        }
    }

    #[test]
    fn every_field_is_one_of_the_contract() {
        let contract: Value = serde_json::from_str(include_str!("../openapi.json")).unwrap();
        let mut names = std::collections::BTreeSet::new();
        for operations in contract["paths"].as_object().unwrap().values() {
            for operation in operations.as_object().unwrap().values() {
                for parameter in operation["parameters"].as_array().unwrap() {
                    names.insert(resolved(&contract, parameter)["name"].as_str().unwrap());
                }
                let body = &operation["requestBody"]["content"]["application/json"]["schema"];
                insert_properties(&contract, body, &mut names);
            }
        }
        for known in ["AccountID", "CustomerID", "OrgID", "cardId"] {
            assert!(names.insert(known), "{known} comes from the examples of its errors");
        }
        // The contract may have got others since: what is said of these stays unprinted.
        let unknown: Vec<_> = FIELDS.iter().filter(|field| !names.contains(*field)).collect();
        assert_eq!(unknown, [&""; 0], "the contract has no such field");
    }

    fn resolved<'a>(contract: &'a Value, value: &'a Value) -> &'a Value {
        let reference = value["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
        reference.map_or(value, |pointer| contract.pointer(pointer).unwrap())
    }

    fn insert_properties<'a>(
        contract: &'a Value,
        schema: &'a Value,
        names: &mut std::collections::BTreeSet<&'a str>,
    ) {
        let schema = resolved(contract, schema);
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            names.insert(name);
            insert_properties(contract, property, names);
        }
        if let Some(items) = schema.get("items") {
            insert_properties(contract, items, names);
        }
    }

    #[test]
    fn a_bad_request_tells_the_fields_and_no_word_that_could_repeat_what_was_sent() {
        for (details, expected) in [
            (vec![], "bad request"),
            (vec!["last_name: cannot be blank"], "bad request: last_name: cannot be blank"),
            (
                vec!["AccountID: cannot be blank", "cardId: Cannot be blank."],
                "bad request: AccountID: cannot be blank, cardId: cannot be blank",
            ),
            (
                vec!["customer_information.emails[0]: anita@example.com is no email"],
                "bad request: emails: [redacted]",
            ),
            (
                vec!["first_name: the length must be between 1 and 35", "Alex: cannot be blank"],
                "bad request: first_name: [redacted], and more in its details",
            ),
            (vec!["Alex cannot be blank", "4111"], "bad request, its details tell why"),
        ] {
            let body = serde_json::json!({"message": "Bad Request", "details": details});
            assert_eq!(published_message(body.to_string().as_bytes()).unwrap(), expected);
        }
    }

    #[test]
    fn any_other_text_is_not_printed() {
        let body = br#"{"message": "anita_drink@provider.com is no email"}"#;
        assert_eq!(published_message(body), None);
        assert_eq!(published_message(b"<html>"), None);
    }

    #[test]
    fn the_body_of_a_400_is_found_whatever_the_operation() {
        let body = bad_request(serde_json::json!({"message": "bad request", "details": ["a"]}));
        let error = UpdateCustomerError::BadRequest(body);
        assert_eq!(error.bad_request().unwrap().details.as_ref().unwrap().len(), 1);
        let body = serde_json::json!({"message": "internal server error"});
        let error: ClickToPayInternalServerError = serde_json::from_value(body).unwrap();
        assert!(DeleteCustomerError::InternalServerError(error).bad_request().is_none());
    }

    #[test]
    fn blank_fields_are_named_as_the_pages_spell_them() {
        let body = bad_request(serde_json::json!({
            "message": "bad request",
            "details": ["AccountID: cannot be blank", "cardId: cannot be blank.", "else"],
        }));
        let fields: Vec<_> = body.blank_fields().collect();
        assert_eq!(fields, ["AccountID", "cardId"]);
    }
}
