//! The rules, and in which order they are applied.

mod bodies;
mod components;
mod enums;
mod examples;
mod formats;
mod integers;
mod lengths;
mod operations;
mod required;
mod sensitive;
mod words;

use super::{Class, Decisions, found::Found, survey::Survey};
use crate::page::Page;

/// What calls for a correction, or for a look.
#[derive(Debug)]
pub struct Rule {
    /// Its name, as `accepted.toml` and reports write it.
    pub name: &'static str,
    /// How sure it is.
    pub class: Class,
    /// Why what it finds is wrong.
    pub reason: &'static str,
    pub(super) find: fn(&Survey<'_>, &Decisions) -> Vec<Found>,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Makes the table of rules.
macro_rules! rules {
    ($($class:ident $name:literal $find:path: $reason:literal;)*) => {
        /// Every rule.
        pub const RULES: &[&Rule] = &[$(
            &Rule { name: $name, class: Class::$class, reason: $reason, find: $find },
        )*];
    };
}

rules! {
    Certain "array-length" lengths::of_arrays:
        "`minLength` and `maxLength` limit strings (JSON Schema 2020-12 Validation, section 6.3) and mean nothing on an array";
    Certain "number-length" lengths::of_numbers:
        "`minLength` and `maxLength` limit strings (JSON Schema 2020-12 Validation, section 6.3) and mean nothing on a number";
    Certain "format-punctuation" formats::punctuation:
        "a format is a name; the punctuation behind it belongs to a sentence, and no tool knows the two together";
    Certain "format-of-another-type" formats::another_type:
        "the format describes another type than the one that stands beside it (OpenAPI Format Registry)";
    Certain "body-required" bodies::required:
        "a body that requires a member can't be left out, and a body is optional unless it says otherwise (OpenAPI 3.1.1, section 4.8.13)";
    Certain "enum-without-null" enums::without_null:
        "null is allowed by the type and refused by the enum (OpenAPI 3.0.3 proposal on nullable; JSON Schema 2020-12 Validation, section 6.1.2)";
    Certain "enum-duplicate" enums::duplicates:
        "the values of an enum are unique (JSON Schema 2020-12 Validation, section 6.1.2)";
    Certain "required-unknown" required::unknown:
        "what is required is no property of the schema, so nothing that is built by it is ever valid";

    Look "example-refused" examples::refused:
        "a schema refuses its own example: one of them is wrong, and only the publisher knows which";
    Look "date-time-without-offset" examples::without_offset:
        "a `date-time` has an offset (RFC 3339, section 5.6), and the example has none: what the service sends can't be told";
    Look "limit-contradicted" words::limits:
        "the words say another limit than the schema";

    Look "words-differ" nothing:
        "two pages describe one thing in different words, of which the contract keeps one";

    Likely "integer-id" integers::ids:
        "an id is an integer; as a `number` it becomes a float, and 6743052 goes out as 6743052.0";
    Likely "integer-id-width" integers::width:
        "an id without a limit takes the widest integer format";
    Likely "integer-status" integers::status:
        "an HTTP status is an integer; as a `number` it becomes a float";
    Likely "operation-name" operations::names:
        "the id is the slug of a page, or what a tool made of method and path, and becomes the name of a method";

    Likely "component" components::found:
        "a schema that repeats, that a caller has to write, or that holds personal data is a type; without a name it is called after its place";

    Likely "sensitive-card" sensitive::card:
        "card numbers, verification codes and PINs are never to be logged (PCI DSS 4.0, requirements 3.3 and 3.4)";
    Likely "sensitive-secret" sensitive::secret:
        "whoever has a password, a key or a token can act as its owner";
    Likely "sensitive-person" sensitive::person:
        "what tells who somebody is, or where to find them, is personal, and doesn't belong in a log";
    Likely "sensitive-error-text" sensitive::error_texts:
        "the words of an error may quote what the caller sent";
    Likely "sensitive-here" sensitive::here:
        "the manifest says that values of this name are sensitive";
}

/// The rules by stages: each stage sees what the corrections of those before it make of the contract.
pub(super) const STAGES: [&[&str]; 4] = [
    &[
        "array-length",
        "number-length",
        "format-punctuation",
        "format-of-another-type",
        "body-required",
        "enum-without-null",
        "enum-duplicate",
        "required-unknown",
    ],
    &[
        "example-refused",
        "date-time-without-offset",
        "limit-contradicted",
        "integer-id",
        "integer-id-width",
        "integer-status",
        "operation-name",
    ],
    &["component"],
    &[
        "sensitive-card",
        "sensitive-secret",
        "sensitive-person",
        "sensitive-error-text",
        "sensitive-here",
    ],
];

/// What a rule finds in a contract that is about the pages it was made of: see [`differences`].
fn nothing(_: &Survey<'_>, _: &Decisions) -> Vec<Found> {
    Vec::new()
}

/// What the pages of an API say of one thing in different words.
pub(super) fn differences(pages: &[Page]) -> Vec<(&'static Rule, Found)> {
    let rule = find("words-differ");
    let found = words::differ(pages).into_iter();
    rule.map(|rule| found.map(|one| (rule, one)).collect()).unwrap_or_default()
}

/// The rule of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name).copied()
}
