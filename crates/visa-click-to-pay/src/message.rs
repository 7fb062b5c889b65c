//! The messages of error bodies that the pages show.
//!
//! Callers decide by them, so they are matched here once. They are also the only text of an error
//! body that an error prints: any other text could repeat what was sent.

use pagebind_client::Error;
use serde::Deserialize;

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

macro_rules! by_status {
    ($($error:ident),*) => {$(
        impl ClickToPayError for $error {
            fn known_message(&self) -> Option<KnownMessage> {
                match self {
                    Self::BadRequest(body) => body.known_message(),
                    Self::InternalServerError(body) => body.known_message(),
                }
            }

            fn bad_request(&self) -> Option<&ClickToPayBadRequest> {
                match self {
                    Self::BadRequest(body) => Some(body),
                    Self::InternalServerError(_) => None,
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
        self.details.iter().filter_map(|detail| {
            let (field, complaint) = detail.split_once(':')?;
            (complaint.trim().trim_end_matches('.') == "cannot be blank").then_some(field.trim())
        })
    }
}

/// The known message of an error body, for errors to print.
pub(crate) fn published_message(body: &[u8]) -> Option<&'static str> {
    #[derive(Deserialize)]
    struct Body {
        message: String,
    }

    let body: Body = serde_json::from_slice(body).ok()?;
    KnownMessage::of(&body.message).map(KnownMessage::text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bad_request(json: serde_json::Value) -> ClickToPayBadRequest {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn every_known_message_is_found_by_its_text() {
        for known in KnownMessage::ALL {
            let body = serde_json::json!({"code": 400, "message": known.text()});
            assert_eq!(published_message(body.to_string().as_bytes()), Some(known.text()));
            assert_eq!(bad_request(body).known_message(), Some(known));
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
        assert_eq!(error.bad_request().unwrap().details.len(), 1);
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
