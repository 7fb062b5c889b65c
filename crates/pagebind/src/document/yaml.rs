//! YAML text, in the core schema of YAML 1.2 (section 10.3), as far as JSON can say it.
//!
//! The events of the parser are gathered into a tree whose nodes know their places, which serves
//! both reading and finding. Aliases are written out, within a bound, so that a few lines can't
//! expand into gigabytes.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};
use serde_json::{Map, Number, Value};

use super::{
    limits::{MAX_COPIED, MAX_DEPTH, NODE_COST},
    number,
};
use crate::{
    diagnostic::{Diagnostic, Place, Position},
    pointer,
};

/// Parses a whole text that holds one YAML document.
pub(crate) fn parse(name: &str, text: &str) -> Result<Value, Diagnostic> {
    match Reader::read(text) {
        Ok(node) => Ok(node.into_value()),
        Err(problem) => Err(Diagnostic::unreadable(problem.message)
            .place(Place::new(name).at(position(problem.at)))
            .help(problem.help)),
    }
}

/// Where the value at `pointer` begins.
pub(crate) fn locate(text: &str, pointer: &str) -> Option<Position> {
    let root = Reader::read(text).ok()?;
    let mut here = &root;
    for token in pointer::tokens(pointer) {
        here = match &here.content {
            Content::Scalar(_) => return None,
            Content::Sequence(items) => items.get(token.parse::<usize>().ok()?)?,
            Content::Mapping(members) => {
                members.iter().find_map(|(key, node)| (*key == token).then_some(node))?
            }
        };
    }
    Some(position(here.at))
}

fn position(at: Marker) -> Position {
    Position { line: at.line(), column: at.col() + 1 }
}

/// A value, and where it begins.
#[derive(Clone)]
struct Node {
    at: Marker,
    content: Content,
}

#[derive(Clone)]
enum Content {
    Scalar(Value),
    Sequence(Vec<Node>),
    Mapping(Vec<(String, Node)>),
}

impl Node {
    fn into_value(self) -> Value {
        match self.content {
            Content::Scalar(value) => value,
            Content::Sequence(items) => items.into_iter().map(Self::into_value).collect(),
            Content::Mapping(members) => members
                .into_iter()
                .map(|(key, node)| (key, node.into_value()))
                .collect::<Map<_, _>>()
                .into(),
        }
    }

    /// What a copy of the node costs in bytes, and how many levels it has.
    fn measure(&self) -> (usize, usize) {
        let sum = |(cost, height): (usize, usize), (key, node): (usize, &Self)| {
            let (more, levels) = node.measure();
            (cost + key + more, height.max(levels + 1))
        };
        let own = (NODE_COST, 1);
        match &self.content {
            Content::Scalar(Value::String(text)) => (NODE_COST + text.len(), 1),
            Content::Scalar(_) => own,
            Content::Sequence(items) => items.iter().map(|node| (0, node)).fold(own, sum),
            Content::Mapping(members) => {
                members.iter().map(|(key, node)| (key.len(), node)).fold(own, sum)
            }
        }
    }
}

/// What is wrong with a text, and where.
struct Problem {
    message: String,
    at: Marker,
    help: &'static str,
}

impl Problem {
    fn new(message: impl Into<String>, at: Marker, help: &'static str) -> Self {
        Self { message: message.into(), at, help }
    }
}

impl From<ScanError> for Problem {
    fn from(error: ScanError) -> Self {
        let message = format!("not valid YAML: {}", error.info());
        Self::new(message, *error.marker(), "mend the YAML text")
    }
}

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    /// The finished nodes that aliases may name, by the parser's number for them.
    anchors: HashMap<usize, Node>,
    /// What copies of nodes have cost so far, in bytes.
    copied: usize,
}

impl<'t> Reader<'t> {
    fn read(text: &'t str) -> Result<Node, Problem> {
        let mut reader = Self {
            parser: Parser::new_from_str(text.trim_start_matches('\u{feff}')),
            anchors: HashMap::new(),
            copied: 0,
        };
        let mut root = None;
        loop {
            let (event, span) = reader.next()?;
            match event {
                Event::Nothing | Event::StreamStart | Event::DocumentEnd => {}
                Event::DocumentStart(_) if root.is_none() => {
                    let (event, span) = reader.next()?;
                    root = Some(reader.node(event, span, 1)?);
                }
                Event::StreamEnd => {
                    return root.ok_or_else(|| {
                        Problem::new("the text is empty", span.start, "give it a document")
                    });
                }
                _ => {
                    return Err(Problem::new(
                        "the YAML document is followed by something else",
                        span.start,
                        "remove what follows the first document",
                    ));
                }
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), Problem> {
        match self.parser.next_event() {
            Some(event) => Ok(event?),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    /// Reads the node that `event` opens, at `depth` levels from the root.
    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Node, Problem> {
        let at = span.start;
        if depth > MAX_DEPTH {
            return Err(too_deep(at));
        }
        let (anchor, content) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                (anchor, Content::Scalar(scalar(&text, style, tag, at)?))
            }
            Event::SequenceStart(anchor, tag) => {
                check_tag(tag, "seq", at)?;
                let mut items = Vec::new();
                loop {
                    let (event, span) = self.next()?;
                    if event == Event::SequenceEnd {
                        break (anchor, Content::Sequence(items));
                    }
                    items.push(self.node(event, span, depth + 1)?);
                }
            }
            Event::MappingStart(anchor, tag) => {
                check_tag(tag, "map", at)?;
                (anchor, Content::Mapping(self.members(depth)?))
            }
            Event::Alias(anchor) => return self.alias(anchor, at, depth),
            _ => return Err(Problem::new("a value is missing", at, "mend the YAML text")),
        };
        let node = Node { at, content };
        if anchor > 0 {
            self.charge(node.measure().0, at)?;
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    /// Reads the members of a mapping, to its end. A key is taken as it is written, so that the
    /// status code `200` is the key `"200"`.
    fn members(&mut self, depth: usize) -> Result<Vec<(String, Node)>, Problem> {
        let mut members = Vec::new();
        let mut seen = HashSet::new();
        loop {
            let (event, span) = self.next()?;
            let key = match event {
                Event::MappingEnd => return Ok(members),
                Event::Scalar(key, ..) => key.into_owned(),
                _ => {
                    return Err(Problem::new(
                        "a key is not a plain text",
                        span.start,
                        "write it as a string, JSON knows no other keys",
                    ));
                }
            };
            if key == "<<" {
                return Err(Problem::new(
                    "merge key `<<`, which YAML 1.2 does not have",
                    span.start,
                    "write out the keys it stands for",
                ));
            }
            if !seen.insert(key.clone()) {
                return Err(Problem::new(
                    format!("duplicate key `{key}`"),
                    span.start,
                    "keep one of the two, readers disagree on which one counts",
                ));
            }
            let (event, span) = self.next()?;
            members.push((key, self.node(event, span, depth + 1)?));
        }
    }

    /// A copy of an earlier node, in the place of the alias that names it.
    fn alias(&mut self, anchor: usize, at: Marker, depth: usize) -> Result<Node, Problem> {
        let Some(node) = self.anchors.get(&anchor) else {
            return Err(Problem::new(
                "an alias stands for a node that holds it",
                at,
                "write the value out, as far as it goes",
            ));
        };
        let node = node.clone();
        let (cost, height) = node.measure();
        self.charge(cost, at)?;
        if depth + height - 1 > MAX_DEPTH {
            return Err(too_deep(at));
        }
        Ok(Node { at, ..node })
    }

    /// Takes the `cost` of a copy out of what a document may grow by.
    fn charge(&mut self, cost: usize, at: Marker) -> Result<(), Problem> {
        self.copied += cost;
        if self.copied <= MAX_COPIED {
            return Ok(());
        }
        let message = "anchors and aliases expand to more than 64 MiB";
        Err(Problem::new(message, at, "use references instead of aliases"))
    }
}

fn too_deep(at: Marker) -> Problem {
    let message = format!("nested deeper than {MAX_DEPTH} levels");
    Problem::new(message, at, "move the inner parts into components")
}

/// Accepts no tag, and the one of the core schema that says what stands there anyway.
fn check_tag(tag: Option<Cow<'_, Tag>>, expected: &str, at: Marker) -> Result<(), Problem> {
    match tag {
        Some(tag) if !(tag.is_yaml_core_schema() && tag.suffix == expected) => {
            Err(foreign_tag(&tag, at))
        }
        _ => Ok(()),
    }
}

fn foreign_tag(tag: &Tag, at: Marker) -> Problem {
    let message = format!("the tag `{tag}` does not fit what it marks, or is unknown");
    Problem::new(message, at, "remove the tag")
}

/// What a scalar means: text where it is quoted or tagged so, else what the core schema says.
fn scalar(
    text: &str,
    style: ScalarStyle,
    tag: Option<Cow<'_, Tag>>,
    at: Marker,
) -> Result<Value, Problem> {
    let Some(tag) = tag else {
        return if style == ScalarStyle::Plain { plain(text, at) } else { Ok(Value::from(text)) };
    };
    let non_specific = tag.handle.is_empty() && tag.suffix == "!";
    if non_specific || (tag.is_yaml_core_schema() && tag.suffix == "str") {
        return Ok(Value::from(text));
    }
    let value = plain(text, at)?;
    let fits = tag.is_yaml_core_schema()
        && match tag.suffix.as_str() {
            "null" => value.is_null(),
            "bool" => value.is_boolean(),
            "int" => value.is_i64() || value.is_u64(),
            "float" => value.is_number(),
            _ => false,
        };
    if fits { Ok(value) } else { Err(foreign_tag(&tag, at)) }
}

/// What the core schema makes of an unquoted scalar.
fn plain(text: &str, at: Marker) -> Result<Value, Problem> {
    let value = match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Err(unkept(text, at)),
        _ if matches!(text.trim_start_matches(['-', '+']), ".inf" | ".Inf" | ".INF") => {
            return Err(unkept(text, at));
        }
        _ => match integer_of_radix(text).or_else(|| decimal(text)) {
            Some(Some(number)) => Value::Number(number),
            Some(None) => return Err(unkept(text, at)),
            None => Value::from(text),
        },
    };
    Ok(value)
}

fn unkept(text: &str, at: Marker) -> Problem {
    Problem::new(
        format!("the number {text} can't be kept exactly"),
        at,
        "write it within 64 bits and 17 significant digits, or as a string",
    )
}

/// `0x1F` or `0o17`; `Some(None)` if it is one that 64 bits can't hold.
fn integer_of_radix(text: &str) -> Option<Option<Number>> {
    let (digits, radix) = match text.split_at_checked(2)? {
        ("0x", digits) => (digits, 16),
        ("0o", digits) => (digits, 8),
        _ => return None,
    };
    let fits = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    fits.then(|| u64::from_str_radix(digits, radix).ok().map(Number::from))
}

/// A number in base ten; `Some(None)` if it is one that can't be kept.
fn decimal(text: &str) -> Option<Option<Number>> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_number = mantissa.contains(|c: char| c.is_ascii_digit())
        && all_digits(whole)
        && all_digits(fraction)
        && exponent.is_none_or(|exponent| {
            let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            !digits.is_empty() && all_digits(digits)
        });
    if !is_number {
        return None;
    }
    let token = text.strip_prefix('+').unwrap_or(text);
    let kept = number::survives(token).then(|| {
        let integer = token.parse::<i64>().map(Number::from);
        integer
            .or_else(|_| token.parse::<u64>().map(Number::from))
            .ok()
            .or_else(|| Number::from_f64(token.parse().ok()?))
    });
    Some(kept.flatten())
}
