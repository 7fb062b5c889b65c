//! What the service says of an update that it did not make.
//!
//! Services echo what they refuse: a validation message may quote the very CVV it complains of.
//! What came from the service is therefore kept in [`ServiceText`], which callers can read and
//! which `Debug` and `Display` of the errors leave out. Parsers' errors quote their input, so
//! none is kept.

use std::fmt;

use reqwest::StatusCode;

/// Why an update did not succeed; the same type as that of every client of `pagebind-client`, with
/// what this service documents in it.
///
/// None prints card data, the key, or a text of the service, in `Debug`, in `Display` or along the
/// chain of sources.
pub type Error = pagebind_client::Error<UpdateError>;

/// What the service, or its framework, says of an update that it did not make, or may not have made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UpdateError {
    /// The service answered with a code other than `00`: the update was not made.
    Refused(Refusal),
    /// The service's framework, or a proxy before it, answered with an error status. Below 500 the
    /// update was not made.
    Service(Box<ServiceError>),
}

/// The service's refusal: its code and why, in its words.
///
/// Source: `MessageModel` on the help page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// HTTP status of the answer; mostly 200.
    pub status: StatusCode,
    /// The code; no other than `00`, success, is published.
    pub code: MessageCode,
    /// The description that came with it.
    pub description: ServiceText,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused with {}, its description says why", self.code)
    }
}

impl std::error::Error for Refusal {}

/// The code in an answer, two digits by the page; any other text is kept as well.
///
/// `Debug` and `Display` print a code of two digits, and no other, because what else stands in
/// its place may be anything.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct MessageCode(String);

impl MessageCode {
    pub(crate) fn new(code: String) -> Self {
        Self(code)
    }

    /// The code as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is `00`, the only code that the page explains: "00 is good".
    pub(crate) fn is_good(&self) -> bool {
        self.0 == "00"
    }

    /// Whether it is a code that is not good: nothing that may be `00` in another spelling, and
    /// nothing with white space around it, which the page knows nothing of.
    pub(crate) fn refuses(&self) -> bool {
        let other = |byte: u8| byte.is_ascii_alphanumeric() && byte != b'0';
        self.0.trim() == self.0 && self.0.bytes().any(other)
    }

    fn has_published_form(&self) -> bool {
        self.0.len() == 2 && self.0.bytes().all(|byte| byte.is_ascii_digit())
    }
}

impl fmt::Display for MessageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.has_published_form() {
            write!(f, "code {}", self.0)
        } else {
            f.write_str("a code that is not two digits")
        }
    }
}

impl fmt::Debug for MessageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageCode({self})")
    }
}

/// An error status, with what the framework or a proxy said of it.
///
/// ASP.NET's own errors are read: 400 with the fields it refuses, 401 for wrong credentials, 415
/// for a format that it does not take, 500 with or without a body. Of another body, such as a
/// proxy's HTML, there is the status alone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceError {
    /// Status of the answer, neither 2xx nor 3xx.
    pub status: StatusCode,
    /// The code that came with it, under a 5xx: whether it speaks of the update is not known.
    pub code: Option<MessageCode>,
    /// `Message`, `MessageDetail`, `ExceptionMessage` and `ExceptionType`, or the `Description` of a
    /// code, those that came.
    pub messages: Vec<ServiceText>,
    /// `ModelState`: the fields that were refused.
    pub invalid_fields: Vec<InvalidField>,
}

impl std::error::Error for ServiceError {}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.status {
            StatusCode::UNAUTHORIZED => "refused, check the id and the key",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "refused, send the other format",
            StatusCode::TOO_MANY_REQUESTS => "rate limited, try again later, and less often",
            status if status.is_client_error() => "refused, its messages say what to change",
            _ => "the service, or something before it, is in trouble",
        })?;
        let known: Vec<_> = self.invalid_fields.iter().filter_map(InvalidField::known).collect();
        if !known.is_empty() {
            write!(f, "; it names {}", known.join(", "))?;
        }
        Ok(())
    }
}

/// One entry of a `ModelState`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidField {
    /// The field's path as the service names it, such as `model.Request.Updates.Card.CVV`.
    pub name: ServiceText,
    /// What it says of the field.
    pub messages: Vec<ServiceText>,
}

impl InvalidField {
    /// The field's name in the contract, if the path ends in one; only that may be printed.
    fn known(&self) -> Option<&'static str> {
        let last = self.name.as_str().rsplit('.').next()?;
        FIELDS.into_iter().find(|field| field.eq_ignore_ascii_case(last))
    }
}

/// Every name in the page's request, the objects' too.
const FIELDS: [&str; 22] = [
    "Authentication",
    "Id",
    "Key",
    "Request",
    "CustomerProfileId",
    "PaymentProfileId",
    "Authorizer",
    "Updates",
    "Card",
    "ExpiryDate",
    "CVV",
    "BillingAddress",
    "HouseNumber",
    "ApartmentNumber",
    "Street",
    "Street2",
    "City",
    "Zip",
    "County",
    "State",
    "MakeDefault",
    "UpdateDateTime",
];

/// A text of the service's, for people to read.
///
/// It may quote what was sent, card data included: think before you log it. `Debug` prints its
/// length, and there is no `Display`.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct ServiceText(String);

impl ServiceText {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    /// The text as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ServiceText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} bytes]", self.0.len())
    }
}
