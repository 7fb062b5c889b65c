//! What an operation puts on the wire: its parameters and its body, as the contract wants them.
//!
//! Progenitor writes a query, three headers and two kinds of body. So shaping shows it parameters
//! and bodies as something of which it makes the right setters, and what they are stands here.

use super::Part;

/// One parameter of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parameter {
    /// Its name in the source: a field of the builder.
    pub(crate) field: String,
    /// Its name on the wire.
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) style: Style,
    pub(crate) explode: bool,
    pub(crate) allow_reserved: bool,
    /// The members of an object, unless they are sorted.
    pub(crate) order: Vec<String>,
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    Header,
    Cookie,
}

impl Place {
    /// Reads the `in` of a parameter.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "path" => Some(Self::Path),
            "query" => Some(Self::Query),
            "header" => Some(Self::Header),
            "cookie" => Some(Self::Cookie),
            _ => None,
        }
    }

    /// The style that a parameter has unless it says another one (OpenAPI 3.1.1, section 4.8.12.2.1).
    pub(crate) fn default_style(self) -> Style {
        match self {
            Self::Path | Self::Header => Style::Simple,
            Self::Query | Self::Cookie => Style::Form,
        }
    }

    /// The constructor of `pagebind_client::Parameter`.
    pub(crate) fn constructor(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// How a value is written; the variants are those of `pagebind_client::Style`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Simple,
    Form,
    Label,
    Matrix,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    Json,
}

impl Style {
    /// Reads the `style` of a parameter, if it is one that there is at this place.
    pub(crate) fn parse(text: &str, place: Place) -> Option<Self> {
        match (text, place) {
            ("simple", Place::Path | Place::Header) => Some(Self::Simple),
            ("label", Place::Path) => Some(Self::Label),
            ("matrix", Place::Path) => Some(Self::Matrix),
            // The last is OpenAPI 3.2's word for what a cookie is in any case.
            ("form", Place::Query | Place::Cookie) | ("cookie", Place::Cookie) => Some(Self::Form),
            ("spaceDelimited", Place::Query) => Some(Self::SpaceDelimited),
            ("pipeDelimited", Place::Query) => Some(Self::PipeDelimited),
            ("deepObject", Place::Query) => Some(Self::DeepObject),
            _ => None,
        }
    }

    /// Whether values are taken apart unless the parameter says so or not.
    pub(crate) fn explodes(self) -> bool {
        matches!(self, Self::Form | Self::DeepObject)
    }
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestBody {
    /// What is sent as `Content-Type`.
    pub(crate) media_type: String,
    /// Whether the caller can say another: the contract offers several, or a range of them.
    pub(crate) one_of_several: bool,
    /// Whether there is no call without one.
    pub(crate) required: bool,
    pub(crate) form: BodyForm,
}

/// How a body is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BodyForm {
    Json,
    /// A form: the names of its fields in the order of the contract, and those that are not written in
    /// the default way.
    Urlencoded {
        order: Vec<String>,
        fields: Vec<Parameter>,
    },
    /// Parts, and the type that holds them; none where the caller names them.
    Multipart {
        holder: Option<String>,
        parts: Vec<Part>,
    },
    /// XML, with this root element.
    Xml(String),
    /// Bytes or text of the caller's.
    Raw,
}
