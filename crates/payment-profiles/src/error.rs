//! What can go wrong, and whether the update may have been made all the same.
//!
//! Services echo what they refuse: a validation message may quote the very CVV it complains of.
//! What came from the service is therefore kept in [`ServiceText`], which callers can read and
//! which `Debug` and `Display` of the errors leave out. Parsers' errors quote their input, so
//! none is kept.

use std::fmt;

use reqwest::StatusCode;

/// Why an update did not succeed.
///
/// No variant prints card data, the key, or a text of the service, in `Debug`, in `Display` or
/// along the chain of sources.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing is set that the service could change.
    #[error("the update changes nothing, so it was not sent: set at least one field to change")]
    NothingToChange,

    /// A text holds a character that XML 1.0 can't.
    #[error(
        "{field} holds the character U+{:04X}, which XML can't, so the update was not sent: \
         remove it, or send JSON",
        u32::from(*.character)
    )]
    NotInXml {
        /// The member's name in the contract.
        field: &'static str,
        /// The first such character.
        character: char,
    },

    /// No connection came about, in any of the tries: a name that does not resolve, a refused
    /// connection, a certificate that does not hold, or the connect timeout.
    #[error(
        "could not connect to the service in {tries} {}, so the update was not sent: \
         check the base URL, the network and the service's certificate",
        if *.tries == 1 { "try" } else { "tries" }
    )]
    Connect {
        /// How often it was tried.
        tries: u32,
        /// The last failure, without the URL.
        source: reqwest::Error,
    },

    /// The time for the whole call ran out.
    #[error(
        "no complete answer came in time: the update may have been made, \
         so find out before sending it again"
    )]
    Timeout,

    /// The connection broke once the request was on its way.
    #[error(
        "the exchange with the service broke off before its answer was complete: \
         the update may have been made, so find out before sending it again"
    )]
    Interrupted(
        /// What broke it off, without the URL.
        #[source]
        reqwest::Error,
    ),

    /// The answer sends the request elsewhere. Nothing of it was sent there.
    #[error(
        "the answer was a redirect ({status}), which is never followed: \
         give the service's own address as the base URL"
    )]
    Redirected {
        /// Status of the answer.
        status: StatusCode,
    },

    /// The answer is longer than is read.
    #[error(
        "the answer ({status}) is longer than the limit of {limit} bytes: the update may have \
         been made; if the service is known to write so much, raise the limit"
    )]
    TooLarge {
        /// Status of the answer.
        status: StatusCode,
        /// The limit in bytes, as set when the client was built.
        limit: usize,
    },

    /// The answer says success and is not of a form that the page describes.
    #[error(transparent)]
    Undecodable(Undecodable),

    /// The service answered with a code other than `00`.
    #[error(transparent)]
    Refused(Refusal),

    /// The service's framework, or a proxy before it, answered with an error status.
    #[error(transparent)]
    Service(Box<ServiceError>),
}

/// What an error says about the update itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The update was not made: nothing of it left, so it can safely be sent again.
    NotSent,
    /// The update was not made: the service, or something before it, refused it.
    Refused,
    /// The update may have been made. The service publishes no idempotency key, so whether to
    /// send it again is the caller's to decide.
    Unknown,
}

impl Error {
    /// Whether the update may have been made in spite of this error.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::NothingToChange | Self::NotInXml { .. } | Self::Connect { .. } => {
                Outcome::NotSent
            }
            Self::Refused(_) => Outcome::Refused,
            Self::Service(error) if error.status.is_client_error() => Outcome::Refused,
            Self::Timeout
            | Self::Interrupted(_)
            | Self::Redirected { .. }
            | Self::TooLarge { .. }
            | Self::Undecodable(_)
            | Self::Service(_) => Outcome::Unknown,
        }
    }

    /// The answer's HTTP status, where there was an answer.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Redirected { status } | Self::TooLarge { status, .. } => Some(*status),
            Self::Undecodable(Undecodable { status, .. }) => Some(*status),
            Self::Refused(refusal) => Some(refusal.status),
            Self::Service(error) => Some(error.status),
            Self::NothingToChange
            | Self::NotInXml { .. }
            | Self::Connect { .. }
            | Self::Timeout
            | Self::Interrupted(_) => None,
        }
    }

    /// The kind of error in one word, for a span or a metric's label.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::NothingToChange => "nothing_to_change",
            Self::NotInXml { .. } => "not_in_xml",
            Self::Connect { .. } => "connect",
            Self::Timeout => "timeout",
            Self::Interrupted(_) => "interrupted",
            Self::Redirected { .. } => "redirected",
            Self::TooLarge { .. } => "too_large",
            Self::Undecodable(_) => "undecodable",
            Self::Refused(_) => "refused",
            Self::Service(_) => "service",
        }
    }
}

/// An answer of success that can't be read; the update may have been made.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "the answer ({status}, {}, {length} bytes) can't be read, {reason}: \
     the update may have been made, so find out before sending it again",
    .media_type.unwrap_or("no known media type")
)]
#[non_exhaustive]
pub struct Undecodable {
    /// Status of the answer.
    pub status: StatusCode,
    /// What the answer says it is, if that is a media type that one would expect.
    pub media_type: Option<&'static str>,
    /// Length of the body in bytes.
    pub length: usize,
    /// What it lacks.
    pub reason: &'static str,
}

/// The service's refusal: its code and why, in its words.
///
/// Source: `MessageModel` on the help page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the service refused the update with {code}: its description says why")]
#[non_exhaustive]
pub struct Refusal {
    /// HTTP status of the answer; mostly 200.
    pub status: StatusCode,
    /// The code; no other than `00`, success, is published.
    pub code: MessageCode,
    /// The description that came with it.
    pub description: ServiceText,
}

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
    /// `Message`, `MessageDetail`, `ExceptionMessage` and `ExceptionType`, those that came.
    pub messages: Vec<ServiceText>,
    /// `ModelState`: the fields that were refused.
    pub invalid_fields: Vec<InvalidField>,
}

impl std::error::Error for ServiceError {}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the service answered {}", self.status)?;
        let known: Vec<_> = self.invalid_fields.iter().filter_map(InvalidField::known).collect();
        if !known.is_empty() {
            write!(f, " and named {}", known.join(", "))?;
        }
        f.write_str(match self.status {
            StatusCode::UNAUTHORIZED => ": check the id and the key",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ": send the other format",
            status if status.is_client_error() => ": its messages say what to change",
            _ => ": the update may have been made, so find out before sending it again",
        })
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

/// Why a client could not be built.
///
/// The base URL is in none of them, because a wrong one may hold a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The base URL is not one.
    #[error("the base URL {0}: give scheme, host and at most a path, as in https://host/path")]
    BaseUrl(
        /// What is wrong with it.
        &'static str,
    ),
    /// The base URL would send card data in clear text.
    #[error("the base URL is not https: card data goes over TLS only, except to loopback")]
    Insecure,
    /// No credentials were given.
    #[error("no credentials were given: pass them to the builder")]
    NoCredentials,
    /// The user agent holds a line break or another character that no header can.
    #[error("the user agent can't be a header's value: leave out control characters")]
    UserAgent,
    /// The HTTP client could not be built, such as for want of root certificates.
    #[error("the HTTP client could not be built")]
    Http(
        /// What the HTTP library says.
        #[source]
        reqwest::Error,
    ),
}
