//! Types and formats: which kinds of values there are.

use serde_json::Value;

use crate::node::Node;

/// A set of JSON types; a number that may be fractional includes the integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Types(u8);

const NULL: u8 = 1;
const INTEGER: u8 = 2;
const FRACTION: u8 = 4;
const WORDS: [(u8, &str); 6] = [
    (FRACTION | INTEGER, "number"),
    (INTEGER, "integer"),
    (STRING, "string"),
    (BOOLEAN, "boolean"),
    (32, "object"),
    (ARRAY, "array"),
];
const STRING: u8 = 8;
const BOOLEAN: u8 = 16;
const ARRAY: u8 = 64;

impl Types {
    pub(super) const NONE: Self = Self(0);
    pub(super) const ANY: Self = Self(127);
    pub(super) const STRING: Self = Self(STRING);
    pub(crate) const ARRAY: Self = Self(ARRAY);
    pub(super) const SCALARS: Self = Self(INTEGER | FRACTION | STRING | BOOLEAN);

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn with_null(self) -> Self {
        Self(self.0 | NULL)
    }

    pub(super) const fn without_null(self) -> Self {
        Self(self.0 & !NULL)
    }

    pub(super) const fn has_null(self) -> bool {
        self.0 & NULL != 0
    }

    pub(super) const fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether nothing but `types`, and perhaps null, is taken.
    pub(crate) fn is(self, types: Self) -> bool {
        self.without_null() == types
    }

    /// Whether nothing but single values is taken.
    pub(crate) fn is_scalar(self) -> bool {
        let types = self.without_null();
        types != Self::NONE && Self::SCALARS.includes(types)
    }

    /// Whether it is a list of several types, and not simply everything.
    pub(super) fn is_list(self) -> bool {
        self.without_null().0 != Self::ANY.without_null().0 && self.words().count() > 1
    }

    /// What one schema object says of types, itself: by name, or by the values it lists.
    pub(super) fn of(schema: &Node<'_>) -> Option<Self> {
        match schema.value_of("type") {
            Some(Value::String(name)) => Some(Self::named(name)),
            Some(Value::Array(names)) => {
                let names = names.iter().filter_map(Value::as_str);
                Some(Self(names.fold(0, |types, name| types | Self::named(name).0)))
            }
            _ => match (schema.value_of("enum"), schema.value_of("const")) {
                (Some(Value::Array(values)), _) => Some(Self(
                    values.iter().fold(0, |types, value| types | Self::of_value(value).0),
                )),
                (_, Some(value)) => Some(Self::of_value(value)),
                _ => None,
            },
        }
    }

    fn named(name: &str) -> Self {
        let word = WORDS.iter().find(|(_, word)| *word == name);
        match word {
            Some((bits, _)) => Self(*bits),
            None if name == "null" => Self(NULL),
            None => Self::ANY,
        }
    }

    pub(super) fn of_value(value: &Value) -> Self {
        Self::named(match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        })
    }

    fn words(self) -> impl Iterator<Item = &'static str> {
        let number = self.0 & FRACTION != 0;
        WORDS
            .iter()
            .filter(move |(bits, word)| self.0 & bits == *bits && !(number && *word == "integer"))
            .map(|(_, word)| *word)
    }

    /// `string`, `number or array`, `any`, `nothing`; null goes without saying.
    pub(super) fn describe(self, format: Option<Format<'_>>) -> String {
        let types = if self.without_null() == Self::ANY.without_null() {
            "any".to_owned()
        } else if self.without_null() == Self::NONE {
            if self.has_null() { "null" } else { "nothing" }.to_owned()
        } else {
            self.words().collect::<Vec<_>>().join(" or ")
        };
        match format {
            Some(Format(format)) => format!("{types} ({format})"),
            None => types,
        }
    }
}

/// The `format` of a string or number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Format<'d>(pub(super) &'d str);

impl<'d> Format<'d> {
    /// The format as far as a client of values of these types can tell it from none: by another
    /// type in Rust, or another text on the wire. All others (`uri`, `hostname`, …) are words.
    pub(super) fn told_apart(self, types: Types) -> Option<Self> {
        const OF_STRINGS: [&str; 8] =
            ["date", "date-time", "uuid", "ip", "ipv4", "ipv6", "byte", "binary"];
        const OF_INTEGERS: [&str; 7] =
            ["int8", "uint8", "int16", "uint16", "int32", "uint32", "uint64"];
        let has = |bits: u8| types.0 & bits != 0;
        match self.0 {
            "int" if has(INTEGER) => Some(Self("int32")),
            "uint" if has(INTEGER) => Some(Self("uint32")),
            "float" => has(FRACTION).then_some(self),
            name if OF_STRINGS.contains(&name) => has(STRING).then_some(self),
            name if OF_INTEGERS.contains(&name) => has(INTEGER).then_some(self),
            _ => None,
        }
    }

    /// Whether it is what numbers are without one: `int64` and `double`.
    pub(super) fn goes_without_saying(self) -> bool {
        matches!(self.0, "int64" | "double")
    }
}
