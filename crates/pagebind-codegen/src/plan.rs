//! What shaping took out of a document because progenitor can't express it, for the passes to
//! put back into the generated source.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use crate::{naming, settings::TypeSettings};

pub(crate) use self::headers::{Header, HeaderForm};
pub(crate) use self::multipart::{Part, PartContent, PartHeader};
pub(crate) use self::pages::{Asks, Next, Pages};
pub(crate) use self::security::{ClientCredentials, Scheme, SchemeKind};
pub(crate) use self::server::{Server, Variable};
pub(crate) use self::types::{Bounds, Branch, Enum, Field, Union};
pub(crate) use self::webhooks::{Webhook, WebhookForm};
pub(crate) use self::wire::{BodyForm, Parameter, Place, RequestBody, Style};
pub(crate) use self::xml::Xml;

mod headers;
mod multipart;
mod pages;
mod security;
mod server;
mod types;
mod webhooks;
mod wire;
pub(crate) mod xml;

/// What the passes restore.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Whether the source has a module for tests.
    pub(crate) mock: bool,
    /// Whether the operations of each tag stand behind a feature.
    pub(crate) features: bool,
    /// What is restored in each operation, by the name of its method.
    pub(crate) operations: BTreeMap<String, Operation>,
    /// The paths of the caller's own that the source names, without the colons before them.
    pub(crate) paths: BTreeSet<String>,
    /// Whether what makes a client is written by hand, and the source has no `ClientBuilder`.
    pub(crate) builder_by_hand: bool,
    /// The servers of the whole API; the first is the one that the publisher means.
    pub(crate) servers: Vec<Server>,
    /// The servers that operations have of their own.
    pub(crate) own_servers: Vec<Server>,
    /// The security schemes that operations take.
    pub(crate) schemes: Vec<Scheme>,
    /// The types whose values are personal data: the contract says `x-sensitive`.
    pub(crate) sensitive: BTreeSet<String>,
    /// The types that the publisher asks callers to leave.
    pub(crate) deprecated: BTreeSet<String>,
    /// What stands in for a type where progenitor does not take it, by its name: the type itself.
    pub(crate) stand_ins: BTreeMap<String, String>,
    /// The enums of texts.
    pub(crate) enums: BTreeMap<String, Enum>,
    /// How types come out, by their names in the source.
    pub(crate) types: TypeSettings,
    /// The types that have builders, of those that typify gives one.
    pub(crate) built: BTreeSet<String>,
    /// Those that have builders besides for the module for tests, and behind its feature.
    pub(crate) built_by_mock: BTreeSet<String>,
    /// How each union is read, by the name of its enum.
    pub(crate) unions: BTreeMap<String, Union>,
    /// What the service sends of its own accord.
    pub(crate) webhooks: Vec<Webhook>,
    /// What there is to know of bodies of XML.
    pub(crate) xml: Xml,
    /// The types that hold the headers of responses.
    pub(crate) headers: BTreeMap<String, Vec<Header>>,
    /// The fields of each struct, by their names in the source.
    pub(crate) fields: BTreeMap<String, BTreeMap<String, Field>>,
}

/// What the passes restore in one operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Operation {
    /// The `operationId` of the contract; the name of the method where it has none.
    pub(crate) id: String,
    /// The HTTP method, in upper case.
    pub(crate) method: String,
    /// The path as the contract writes it.
    pub(crate) path: String,
    /// What the publisher files it under.
    pub(crate) tags: Vec<String>,
    /// Whether the publisher asks callers to leave it.
    pub(crate) deprecated: bool,
    /// The headers that the client fills in, in the order of the document.
    pub(crate) client_headers: Vec<String>,
    /// The URL of its own server, if it has one.
    pub(crate) server: Option<String>,
    /// The security schemes that it takes: alternatives, each of several together.
    pub(crate) security: Vec<Vec<String>>,
    /// The parameters that the caller sets.
    pub(crate) parameters: Vec<Parameter>,
    /// The body that it sends, if it has one.
    pub(crate) body: Option<RequestBody>,
    /// How its pages follow each other, if it answers with a list page by page.
    pub(crate) pages: Option<Pages>,
    /// The limits of parameters, by their names in the source.
    pub(crate) bounds: BTreeMap<String, Bounds>,
    /// The type that holds any of several successful responses.
    pub(crate) success_type: Option<String>,
    /// The type that holds any of several error responses.
    pub(crate) error_type: Option<String>,
    /// The type that holds the headers of its responses, if the contract documents any.
    pub(crate) headers: Option<String>,
    /// Every documented response, the most specific status first.
    pub(crate) responses: Vec<Response>,
}

/// One documented response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Response {
    /// When it applies.
    pub(crate) status: Status,
    /// What the publisher says of it.
    pub(crate) description: String,
    /// What its body holds.
    pub(crate) body: Body,
    /// The media types that it is asked for as.
    pub(crate) accept: Vec<String>,
    /// The root element of its body, where that is XML: it is decoded as JSON otherwise.
    pub(crate) xml: Option<String>,
    /// The other one of JSON and XML, where its body is either, and what comes decides: a caller asks for it.
    pub(crate) or_accept: Option<String>,
    /// The media types by which it is told from another response of the same status, if there is one.
    pub(crate) only_if: Vec<String>,
}

/// The statuses that a response applies to, ordered from the most specific.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// One status.
    Code(u16),
    /// A hundred: `4XX` is 4.
    Range(u16),
    /// `default`: whatever the others leave.
    Default,
}

impl Status {
    /// Reads a key of an OpenAPI responses object: `404`, `4XX` or `default`.
    pub(crate) fn parse(key: &str) -> Option<Self> {
        match key.as_bytes() {
            [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] => key.parse().ok().map(Self::Code),
            [hundred @ b'1'..=b'5', b'X' | b'x', b'X' | b'x'] => {
                Some(Self::Range(u16::from(hundred - b'0')))
            }
            b"default" => Some(Self::Default),
            _ => None,
        }
    }

    /// Whether it is a success: 2xx. `default` is none.
    pub(crate) fn is_success(self) -> bool {
        matches!(self, Self::Code(200..=299) | Self::Range(2))
    }
}

/// The body of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Body {
    /// None.
    Empty,
    /// JSON; the type that it is decoded as, where an enum has to name it.
    Json(Option<String>),
    /// Bytes of any other media type.
    Raw,
    /// Server-sent events with values of this type in them, or with text.
    Events(Option<String>),
    /// JSON line by line: values of this type, or any.
    Lines(Option<String>),
}

impl Body {
    /// Whether it is handed on as it arrives.
    pub(crate) fn is_stream(&self) -> bool {
        matches!(self, Self::Raw | Self::Events(_) | Self::Lines(_))
    }

    /// The type of a stream of values, seen from a module where `types` is the path to the types.
    pub(crate) fn stream_type(&self, types: &str) -> Option<String> {
        match self {
            Self::Events(Some(name)) => {
                Some(format!("pagebind_client::EventStream<{types}{name}>"))
            }
            Self::Events(None) => {
                Some("pagebind_client::EventStream<::std::string::String>".to_owned())
            }
            Self::Lines(Some(name)) => Some(format!("pagebind_client::JsonLines<{types}{name}>")),
            Self::Lines(None) => Some("pagebind_client::JsonLines<::serde_json::Value>".to_owned()),
            _ => None,
        }
    }
}

impl Response {
    /// The name of the enum variant that holds it.
    pub(crate) fn variant(&self) -> String {
        let stream = if self.only_if.is_empty() { "" } else { "Stream" };
        self.status.variant() + stream
    }
}

impl Status {
    /// The name of the enum variant that holds such a response: the reason phrase of its status
    /// (RFC 9110, section 15), the class of a range, or the number.
    pub(crate) fn variant(self) -> String {
        match self {
            Self::Code(code) => {
                let status = http::StatusCode::from_u16(code).ok();
                let reason = status.and_then(|status| status.canonical_reason());
                reason.map_or_else(|| format!("Status{code}"), naming::type_name)
            }
            Self::Range(1) => "Informational".to_owned(),
            Self::Range(2) => "Success".to_owned(),
            Self::Range(3) => "Redirection".to_owned(),
            Self::Range(4) => "ClientError".to_owned(),
            Self::Range(_) => "ServerError".to_owned(),
            Self::Default => "Default".to_owned(),
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(hundred) => write!(f, "{hundred}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_from_the_keys_of_a_responses_object() {
        let read = ["404", "4XX", "5xx", "default", "99", "600", "40", "4X", ""].map(Status::parse);
        let expected = [
            Some(Status::Code(404)),
            Some(Status::Range(4)),
            Some(Status::Range(5)),
            Some(Status::Default),
            None,
            None,
            None,
            None,
            None,
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn the_most_specific_status_comes_first() {
        let mut statuses =
            [Status::Default, Status::Range(4), Status::Code(404), Status::Code(202)];
        statuses.sort();
        assert_eq!(
            statuses,
            [Status::Code(202), Status::Code(404), Status::Range(4), Status::Default]
        );
    }

    #[test]
    fn a_variant_is_named_by_the_reason_phrase() {
        let names = [Status::Code(400), Status::Code(418), Status::Code(499), Status::Range(5)]
            .map(Status::variant);
        assert_eq!(names, ["BadRequest", "ImATeapot", "Status499", "ServerError"]);
    }
}
