//! The grid of schema rules: what a change means in a request, and in a response.
//!
//! A request is sent by the consumer: what the API no longer accepts breaks him. A response is
//! read by him: what the API may newly send breaks him. So each change in a request weighs as much
//! as its inverse in a response. Where a row departs from that, it says why.

use std::borrow::Cow;

use super::rule::{Peer, Rule};
use crate::finding::{Severity, Wire};

/// Where a schema stands, as far as it matters for what a change of it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The schema of a parameter.
    RequestParameter,
    /// A property of an object parameter.
    RequestParameterProperty,
    /// The schema of a request body.
    RequestBody,
    /// Anything below it.
    RequestProperty,
    /// Anything below a `readOnly` property of a request body, which no request carries.
    RequestReadOnlyProperty,
    /// The schema of a response body.
    ResponseBody,
    /// Anything below it.
    ResponseProperty,
    /// Anything below a `writeOnly` property of a response body, which no response carries.
    ResponseWriteOnlyProperty,
    /// The schema of a response header.
    ResponseHeader,
}

impl Subject {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::RequestParameter,
        Self::RequestParameterProperty,
        Self::RequestBody,
        Self::RequestProperty,
        Self::RequestReadOnlyProperty,
        Self::ResponseBody,
        Self::ResponseProperty,
        Self::ResponseWriteOnlyProperty,
        Self::ResponseHeader,
    ];

    /// How ids of rules about it begin.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::RequestParameter => "request-parameter",
            Self::RequestParameterProperty => "request-parameter-property",
            Self::RequestBody => "request-body",
            Self::RequestProperty => "request-property",
            Self::RequestReadOnlyProperty => "request-read-only-property",
            Self::ResponseBody => "response-body",
            Self::ResponseProperty => "response-property",
            Self::ResponseWriteOnlyProperty => "response-write-only-property",
            Self::ResponseHeader => "response-header",
        }
    }

    /// Whether it is sent by the consumer.
    #[must_use]
    pub const fn is_request(self) -> bool {
        !matches!(
            self,
            Self::ResponseBody
                | Self::ResponseProperty
                | Self::ResponseWriteOnlyProperty
                | Self::ResponseHeader
        )
    }

    /// Whether it never travels in this direction, so that nothing about it can matter.
    #[must_use]
    pub const fn is_absent(self) -> bool {
        matches!(self, Self::RequestReadOnlyProperty | Self::ResponseWriteOnlyProperty)
    }

    /// Whether values are written as text, where a string takes whatever a number or flag takes.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(
            self,
            Self::RequestParameter | Self::RequestParameterProperty | Self::ResponseHeader
        )
    }

    /// What a schema below this one is.
    #[must_use]
    pub const fn below(self) -> Self {
        match self {
            Self::RequestParameter => Self::RequestParameterProperty,
            Self::RequestBody => Self::RequestProperty,
            Self::ResponseBody | Self::ResponseHeader => Self::ResponseProperty,
            same => same,
        }
    }
}

/// A level of ours beside the well-known one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Ours.
    pub severity: Severity,
    /// The well-known one.
    pub peer: Peer,
}

/// One kind of change of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// How ids of this rule end.
    pub change: &'static str,
    /// The change that takes it back.
    pub inverse: &'static str,
    /// What it means in a request body, or below it.
    pub request: Level,
    /// What it means in a response.
    pub response: Level,
    /// What it means in a parameter, where that is not what it means in a body.
    pub parameter: Option<Level>,
    /// What it does to a client that was generated before, where that is not what its level says.
    pub wire: Option<Wire>,
    /// Whether it is about words alone.
    pub prose: bool,
    /// Whether it is about a limit within the values of a type.
    pub limit: bool,
    /// Why, where a level is not the well-known one or not its mirror's.
    pub reason: &'static str,
}

impl Row {
    /// The level of this change at `subject`.
    #[must_use]
    pub const fn level(&self, subject: Subject) -> Level {
        if subject.is_absent() {
            return Level { severity: Severity::Info, peer: Some(Severity::Info) };
        }
        match (subject, self.parameter) {
            (Subject::RequestParameter | Subject::RequestParameterProperty, Some(level)) => level,
            _ if subject.is_request() => self.request,
            _ => self.response,
        }
    }

    /// The rule for this change at `subject`.
    #[must_use]
    pub fn rule(&self, subject: Subject) -> Rule {
        let level = self.level(subject);
        Rule {
            id: Cow::Owned(format!("{}-{}", subject.prefix(), self.change)),
            severity: level.severity,
            wire: match self.wire {
                Some(wire) => wire,
                // Limits never keep the client from reading a response.
                None if self.limit && !subject.is_request() => Wire::Works,
                None => Wire::of(level.severity),
            },
            prose: self.prose,
            untold: false,
            peer: level.peer,
            reason: self.reason,
        }
    }
}

/// Every rule of the grid.
pub fn all() -> impl Iterator<Item = Rule> {
    let subjects = Subject::ALL.into_iter();
    subjects.flat_map(|subject| rows().map(move |row| row.rule(subject)))
}

/// Every row of the grid.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    let bounds = BOUNDS
        .iter()
        .flat_map(|bound| [&bound.set, &bound.unset, &bound.increased, &bound.decreased]);
    let keywords =
        KEYWORDS.iter().flat_map(|keyword| [&keyword.added, &keyword.removed, &keyword.changed]);
    ROWS.iter().copied().chain(bounds).chain(keywords)
}

const fn level((severity, peer): (Severity, Peer)) -> Level {
    Level { severity, peer }
}

const fn row(
    change: &'static str,
    inverse: &'static str,
    request: (Severity, Peer),
    response: (Severity, Peer),
    reason: &'static str,
) -> Row {
    Row {
        change,
        inverse,
        request: level(request),
        response: level(response),
        parameter: None,
        wire: None,
        prose: false,
        limit: false,
        reason,
    }
}

impl Row {
    const fn in_parameters(mut self, parameter: (Severity, Peer)) -> Self {
        self.parameter = Some(level(parameter));
        self
    }

    /// A client keeps working, though its caller should have a look.
    const fn works(mut self) -> Self {
        self.wire = Some(Wire::Works);
        self
    }

    const fn limit(mut self) -> Self {
        self.limit = true;
        self
    }

    const fn about_words(mut self) -> Self {
        self.prose = true;
        self
    }
}

/// The four rows about one bound of a value space.
#[derive(Debug)]
pub struct Bound {
    /// Whether it is a lower bound: raising it narrows.
    pub lower: bool,
    /// It appeared.
    pub set: Row,
    /// It went.
    pub unset: Row,
    /// Its number grew.
    pub increased: Row,
    /// Its number shrank.
    pub decreased: Row,
}

/// The three rows about a keyword that narrows what a schema accepts and is compared as a whole.
#[derive(Debug)]
pub struct Keyword {
    /// It appeared.
    pub added: Row,
    /// It went.
    pub removed: Row,
    /// It says something else.
    pub changed: Row,
}

// One letter each keeps a row on one line: ours, then the well-known level, `N` where there is none.
const B: Severity = Severity::Breaking;
const W: Severity = Severity::Warning;
const I: Severity = Severity::Info;
const PB: Peer = Some(B);
const PW: Peer = Some(W);
const PI: Peer = Some(I);
const N: Peer = None;

const NEW_BOUND: &str = "a bound that appears in a request mostly writes down what was refused already; one that goes from a response lets through values that callers were told not to meet";

macro_rules! bounds {
    ($($name:ident = $word:literal, $lower:literal;)*) => {
        $(
            #[doc = concat!("The bound `", $word, "`.")]
            pub static $name: Bound = {
                let tighter = ((B, PB), (I, PI));
                let looser = ((I, PI), (B, PB));
                let (increased, decreased) = if $lower { (tighter, looser) } else { (looser, tighter) };
                Bound {
                    lower: $lower,
                    set: row(concat!($word, "-set"), concat!($word, "-unset"), (W, PW), (I, N), NEW_BOUND).limit(),
                    unset: row(concat!($word, "-unset"), concat!($word, "-set"), (I, N), (B, PB), NEW_BOUND).limit(),
                    increased: row(concat!($word, "-increased"), concat!($word, "-decreased"), increased.0, increased.1, "").limit(),
                    decreased: row(concat!($word, "-decreased"), concat!($word, "-increased"), decreased.0, decreased.1, "").limit(),
                }
            };
        )*
        static BOUNDS: &[&Bound] = &[$(&$name),*];
    };
}

bounds! {
    MIN = "min", true;
    MAX = "max", false;
    EXCLUSIVE_MIN = "exclusive-min", true;
    EXCLUSIVE_MAX = "exclusive-max", false;
    MIN_LENGTH = "min-length", true;
    MAX_LENGTH = "max-length", false;
    MIN_ITEMS = "min-items", true;
    MAX_ITEMS = "max-items", false;
    MIN_PROPERTIES = "min-properties", true;
    MAX_PROPERTIES = "max-properties", false;
    MIN_CONTAINS = "min-contains", true;
    MAX_CONTAINS = "max-contains", false;
}

const CHANGED_KEYWORD: &str =
    "whether it became stricter or laxer can't be told, so it may break either way";

macro_rules! keywords {
    ($($name:ident = $word:literal;)*) => {
        $(
            #[doc = concat!("The keyword behind `", $word, "`.")]
            pub static $name: Keyword = Keyword {
                added: row(concat!($word, "-added"), concat!($word, "-removed"), (B, PB), (I, PI), ""),
                removed: row(concat!($word, "-removed"), concat!($word, "-added"), (I, PI), (B, PB), ""),
                changed: row(concat!($word, "-changed"), concat!($word, "-changed"), (B, PB), (B, PB), CHANGED_KEYWORD),
            };
        )*
        static KEYWORDS: &[&Keyword] = &[$(&$name),*];
    };
}

keywords! {
    IF = "if";
    THEN = "then";
    ELSE = "else";
    NOT = "not";
    CONTAINS = "contains";
    DEPENDENT_REQUIRED = "dependent-required";
    PROPERTY_NAMES = "property-names";
    UNEVALUATED_ITEMS = "unevaluated-items";
    UNEVALUATED_PROPERTIES = "unevaluated-properties";
    CONTENT_SCHEMA = "content-schema";
    MULTIPLE_OF = "multiple-of";
}

macro_rules! rows {
    ($($name:ident = $row:expr;)*) => {
        $(
            #[allow(missing_docs, reason = "the row says what it is")]
            pub static $name: Row = $row;
        )*
        static ROWS: &[&Row] = &[$(&$name),*];
    };
}

rows! {
    TYPE_CHANGED = row("type-changed", "type-changed", (B, PB), (B, PB), "the well-known level in a property of a parameter is a warning, but what does not fit is refused there too");
    FORMAT_CHANGED = row("format-changed", "format-changed", (I, N), (I, N), "neither the client's type nor the text of a value is another");
    TYPE_GENERALIZED = row("type-generalized", "type-specialized", (I, PI), (B, PB), "");
    TYPE_SPECIALIZED = row("type-specialized", "type-generalized", (B, PB), (I, PI), "");
    TYPES_WIDENED = row("list-of-types-widened", "list-of-types-narrowed", (I, PI), (B, PB), "");
    TYPES_NARROWED = row("list-of-types-narrowed", "list-of-types-widened", (B, PB), (I, PI), "");
    BECAME_NULLABLE = row("became-nullable", "became-not-nullable", (I, PI), (B, PB), "");
    BECAME_NOT_NULLABLE = row("became-not-nullable", "became-nullable", (B, PB), (I, PI), "");

    BECAME_ENUM = row("became-enum", "no-longer-enum", (B, PB), (I, N), OPEN_ENUM);
    NO_LONGER_ENUM = row("no-longer-enum", "became-enum", (I, N), (W, N), OPEN_ENUM).works();
    ENUM_VALUE_ADDED = row("enum-value-added", "enum-value-removed", (I, PI), (W, PW), OPEN_ENUM).works();
    ENUM_VALUE_REMOVED = row("enum-value-removed", "enum-value-added", (B, PB), (I, PI), OPEN_ENUM);
    EXTENSIBLE_ENUM_VALUE_ADDED = row("x-extensible-enum-value-added", "x-extensible-enum-value-removed", (I, N), (I, N), EXTENSIBLE);
    EXTENSIBLE_ENUM_VALUE_REMOVED = row("x-extensible-enum-value-removed", "x-extensible-enum-value-added", (B, PB), (I, N), EXTENSIBLE);
    CONST_ADDED = row("const-added", "const-removed", (B, PB), (I, PI), "");
    CONST_REMOVED = row("const-removed", "const-added", (I, PI), (B, PB), "");
    CONST_CHANGED = row("const-changed", "const-changed", (B, PB), (B, PB), "");

    PATTERN_ADDED = row("pattern-added", "pattern-removed", (B, PB), (I, PI), PATTERN).limit();
    PATTERN_REMOVED = row("pattern-removed", "pattern-added", (I, PI), (W, PI), PATTERN).limit();
    PATTERN_CHANGED = row("pattern-changed", "pattern-changed", (W, PW), (W, PI), PATTERN).limit();
    PATTERN_GENERALIZED = row("pattern-generalized", "pattern-changed", (I, PI), (W, N), PATTERN).limit();

    MULTIPLE_OF_GENERALIZED = row("multiple-of-generalized", "multiple-of-specialized", (I, N), (B, N), "");
    MULTIPLE_OF_SPECIALIZED = row("multiple-of-specialized", "multiple-of-generalized", (B, N), (I, N), "");

    DEFAULT_ADDED = row("default-value-added", "default-value-removed", (I, PI), (I, PI), "")
        .in_parameters((B, PB));
    DEFAULT_REMOVED = row("default-value-removed", "default-value-added", (W, PI), (I, PI), DEFAULT)
        .in_parameters((B, PB));
    DEFAULT_CHANGED = row("default-value-changed", "default-value-changed", (W, PI), (I, PI), DEFAULT)
        .in_parameters((B, PB));

    ONE_OF_ADDED = row("one-of-added", "one-of-removed", (I, PI), (W, PB), UNION).works();
    ONE_OF_REMOVED = row("one-of-removed", "one-of-added", (B, PB), (I, PI), UNION);
    ANY_OF_ADDED = row("any-of-added", "any-of-removed", (I, PI), (W, PI), UNION).works();
    ANY_OF_REMOVED = row("any-of-removed", "any-of-added", (B, PB), (I, PI), UNION);
    BECAME_ONE_OF_SEVERAL = row("became-one-of-several", "no-longer-one-of-several", (I, N), (B, N), "");
    NO_LONGER_ONE_OF_SEVERAL = row("no-longer-one-of-several", "became-one-of-several", (B, N), (I, N), "");
    DEPENDENT_SCHEMA_ADDED = row("dependent-schema-added", "dependent-schema-removed", (B, PB), (I, PI), "");
    DEPENDENT_SCHEMA_REMOVED = row("dependent-schema-removed", "dependent-schema-added", (I, PI), (B, PB), "");
    PATTERN_PROPERTY_ADDED = row("pattern-property-added", "pattern-property-removed", (B, PB), (I, PI), "");
    PATTERN_PROPERTY_REMOVED = row("pattern-property-removed", "pattern-property-added", (I, PI), (B, PB), "");
    PREFIX_ITEMS_ADDED = row("prefix-items-added", "prefix-items-removed", (I, PI), (B, PB), "");
    PREFIX_ITEMS_REMOVED = row("prefix-items-removed", "prefix-items-added", (B, PB), (I, PI), "");
    ADDITIONAL_PROPERTIES_FORBIDDEN = row("additional-properties-forbidden", "additional-properties-allowed", (W, N), (I, N), "");
    ADDITIONAL_PROPERTIES_ALLOWED = row("additional-properties-allowed", "additional-properties-forbidden", (I, N), (W, N), "");
    ITEMS_BECAME_UNIQUE = row("items-became-unique", "items-no-longer-unique", (W, N), (I, N), "");
    ITEMS_NO_LONGER_UNIQUE = row("items-no-longer-unique", "items-became-unique", (I, N), (W, N), "");
    DISCRIMINATOR_ADDED = row("discriminator-added", "discriminator-removed", (I, PI), (I, PI), "");
    DISCRIMINATOR_REMOVED = row("discriminator-removed", "discriminator-added", (I, PI), (I, PI), "");
    DISCRIMINATOR_PROPERTY = row("discriminator-property-name-changed", "discriminator-property-name-changed", (W, PI), (W, PI), DISCRIMINATOR);
    MAPPING_ADDED = row("discriminator-mapping-added", "discriminator-mapping-deleted", (I, PI), (W, PI), DISCRIMINATOR);
    MAPPING_DELETED = row("discriminator-mapping-deleted", "discriminator-mapping-added", (W, PI), (I, PI), DISCRIMINATOR);
    MAPPING_CHANGED = row("discriminator-mapping-changed", "discriminator-mapping-changed", (W, PI), (W, PI), DISCRIMINATOR);
    CONTENT_MEDIA_TYPE_CHANGED = row("content-media-type-changed", "content-media-type-changed", (B, PB), (B, PB), "");
    CONTENT_ENCODING_CHANGED = row("content-encoding-changed", "content-encoding-changed", (B, PB), (B, PB), "");
    XML_CHANGED = row("xml-changed", "xml-changed", (B, N), (B, N), "");
    TOO_DEEP = row("too-deep", "too-deep", (W, N), (W, N), "what is nested deeper was not compared, and is not silently called equal");
    REFERENCE_CHANGED = row("reference-changed", "reference-changed", (W, N), (W, N), "what a reference to elsewhere leads to can't be seen from here");

    DIALECT_CHANGED = row("dialect-changed", "dialect-changed", (W, N), (W, N), "in another dialect the same schema may mean something else, and it is not compared what");
    BECAME_REQUIRED = row("became-required", "became-optional", (B, PB), (I, PI), "");
    BECAME_OPTIONAL = row("became-optional", "became-required", (I, PI), (B, PB), "");
    DEPRECATED = row("deprecated", "reactivated", (I, PI), (I, PI), "");
    DEPRECATED_WITH_SUNSET = row("deprecated-with-sunset", "reactivated", (W, PI), (W, PI), "it goes at a date that the page names, and a caller has to be gone by then")
        .in_parameters((W, N)).works();
    REACTIVATED = row("reactivated", "deprecated", (I, PI), (I, PI), "");
    SUNSET_CHANGED = row("sunset-changed", "sunset-changed", (W, N), (W, N), "a caller's deadline moved").works();
    SUNSET_DELETED = row("sunset-deleted", "sunset-changed", (I, N), (I, N), "a caller is given time, not denied it")
        .in_parameters((I, PB));
    STABILITY_DECREASED = row("stability-decreased", "stability-increased", (W, PB), (W, PB), STABILITY)
        .in_parameters((W, N)).works();
    STABILITY_INCREASED = row("stability-increased", "stability-decreased", (I, PI), (I, PI), STABILITY);
    DESCRIPTION_CHANGED = row("description-changed", "description-changed", (I, N), (I, N), "").about_words();
    TITLE_CHANGED = row("title-changed", "title-changed", (I, N), (I, N), "").about_words();
    EXAMPLE_CHANGED = row("example-changed", "example-changed", (I, N), (I, N), "").about_words();
}

const STABILITY: &str = "the publisher promises less than before, and still answers as before";
const OPEN_ENUM: &str = "enums in responses are open in the client: a value it doesn't know is kept and not refused, so a new one is only worth a look";
const EXTENSIBLE: &str =
    "by its name this list of values promises nothing about what a response holds";
const PATTERN: &str = "a pattern is seldom exact, and which of two is wider can't be told; a response is read whatever it says";
const DEFAULT: &str = "who leaves it out gets something else, and nothing in the caller's source would tell; in a response the service has applied it already";
const UNION: &str = "the client keeps what no branch of its union describes as JSON, so that a new one is only worth a look";
const DISCRIMINATOR: &str =
    "it decides which type a body is read as; that the properties differ too is found by itself";

#[cfg(test)]
mod tests {
    use super::*;

    fn inverse(row: &Row) -> &'static Row {
        rows()
            .find(|other| other.change == row.inverse)
            .unwrap_or_else(|| panic!("{} has no inverse {}", row.change, row.inverse))
    }

    #[test]
    fn a_change_in_a_request_weighs_what_its_inverse_weighs_in_a_response() {
        for row in rows() {
            let mirrored = row.request.severity == inverse(row).response.severity;
            assert!(mirrored || !row.reason.is_empty(), "{} says no reason", row.change);
        }
    }

    #[test]
    fn what_a_direction_never_carries_matters_to_nobody() {
        for row in rows() {
            for subject in [Subject::RequestReadOnlyProperty, Subject::ResponseWriteOnlyProperty] {
                assert_eq!(row.rule(subject).severity, Severity::Info);
            }
        }
    }
}
