//! YAML text, in the core schema of YAML 1.2 (section 10.3), as far as JSON can say it.
//!
//! The events of the parser are gathered into a tree: to read a text, into its value, and to find places in it
//! again, into nodes that know them. Aliases are written out, within a bound, so that a few lines can't expand
//! into gigabytes.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    ops::Range,
};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};
use serde_json::{Map, Number, Value};

use super::{
    FEW,
    limits::{MAX_COPIED, MAX_DEPTH, MAX_VALUES, NODE_COST, cost},
};
use crate::{
    diagnostic::{Diagnostic, Place, Position},
    number, pointer, stack,
};

/// What saphyr-parser says of the 256th bracket within another.
const FLOW_TOO_DEEP: &str = "recursion limit exceeded";

/// Parses the one YAML document that `span` of a text holds, from the start of a line on; says where
/// merge keys stand in it, too.
pub(crate) fn parse_span(
    name: &str,
    text: &str,
    span: Range<usize>,
) -> Result<(Value, Vec<Position>), Diagnostic> {
    let lines = lines_before(text, &span);
    match stack::roomy(|| Reader::read(&text[span])) {
        Ok((value, merge_keys)) => {
            Ok((value, merge_keys.into_iter().map(|at| position(at, lines)).collect()))
        }
        Err(problem) => Err(Diagnostic::unreadable(problem.message)
            .place(Place::new(name).at(position(problem.at, lines)))
            .help(problem.help)),
    }
}

fn lines_before(text: &str, span: &Range<usize>) -> usize {
    text[..span.start].matches('\n').count()
}

/// Where the values at `pointers` of the document in `span` of a text begin; it is read once for all.
pub(crate) fn locate(text: &str, span: Range<usize>, pointers: &[&str]) -> Vec<Option<Position>> {
    let lines = lines_before(text, &span);
    let Ok((root, _)) = stack::roomy(|| Reader::<Node>::read(&text[span])) else {
        return vec![None; pointers.len()];
    };
    // Mappings that pointers lead through are looked up by key, for the next pointer as well.
    let mut known: HashMap<*const Node, HashMap<&str, &Node>> = HashMap::new();
    let mut find = |pointer: &str| {
        pointer::tokens(pointer).try_fold(&root, |here, token| match &here.content {
            Content::Scalar(_) => None,
            Content::Sequence(items) => items.get(token.parse::<usize>().ok()?),
            Content::Mapping(members) => known
                .entry(here)
                .or_insert_with(|| members.iter().map(|(key, node)| (&**key, node)).collect())
                .get(&*token)
                .copied(),
        })
    };
    pointers.iter().map(|pointer| find(pointer).map(|node| position(node.at, lines))).collect()
}

fn position(at: Marker, lines_before: usize) -> Position {
    Position { line: lines_before + at.line(), column: at.col() + 1 }
}

/// What a text is read into.
trait Tree: Clone {
    /// The node with `content` that begins at a place.
    fn new(at: Marker, content: Content<Self>) -> Self;

    fn into_content(self) -> Content<Self>;

    /// The same node in the place of an alias for it.
    fn moved(self, to: Marker) -> Self;

    /// What a copy of the node costs in bytes, and how many levels of sequences and mappings it has.
    fn measure(&self) -> (usize, usize);
}

#[derive(Clone)]
enum Content<T> {
    Scalar(Value),
    Sequence(Vec<T>),
    Mapping(Vec<(String, T)>),
}

impl Tree for Value {
    fn new(_: Marker, content: Content<Self>) -> Self {
        match content {
            Content::Scalar(value) => value,
            Content::Sequence(items) => Self::Array(items),
            Content::Mapping(members) => members.into_iter().collect::<Map<_, _>>().into(),
        }
    }

    fn into_content(self) -> Content<Self> {
        match self {
            Self::Array(items) => Content::Sequence(items),
            Self::Object(members) => Content::Mapping(members.into_iter().collect()),
            scalar => Content::Scalar(scalar),
        }
    }

    fn moved(self, _: Marker) -> Self {
        self
    }

    fn measure(&self) -> (usize, usize) {
        fn height(value: &Value) -> usize {
            match value {
                Value::Array(items) => items.iter().map(height).max().unwrap_or_default() + 1,
                Value::Object(members) => {
                    members.values().map(height).max().unwrap_or_default() + 1
                }
                _ => 0,
            }
        }
        (cost(self), height(self))
    }
}

/// A value, and where it begins.
#[derive(Clone)]
struct Node {
    at: Marker,
    content: Content<Node>,
}

impl Tree for Node {
    fn new(at: Marker, content: Content<Self>) -> Self {
        Self { at, content }
    }

    fn into_content(self) -> Content<Self> {
        self.content
    }

    fn moved(self, to: Marker) -> Self {
        Self { at: to, ..self }
    }

    fn measure(&self) -> (usize, usize) {
        let sum = |(cost, height): (usize, usize), (key, node): (usize, &Self)| {
            let (more, levels) = node.measure();
            (cost + key + more, height.max(levels + 1))
        };
        let own = (NODE_COST, 1);
        match &self.content {
            Content::Scalar(value) => (cost(value), 0),
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
        if error.info() == FLOW_TOO_DEEP {
            let message = "brackets and braces nest deeper than 255 levels in YAML";
            return Self::new(message, *error.marker(), "write it in block style, or as JSON");
        }
        let message = format!("not valid YAML: {}", error.info());
        Self::new(message, *error.marker(), "mend the YAML text")
    }
}

struct Reader<'t, T> {
    parser: Parser<'t, StrInput<'t>>,
    /// The finished nodes that aliases may name, by the parser's number for them.
    anchors: HashMap<usize, T>,
    /// What copies of nodes have cost so far, in bytes.
    copied: usize,
    /// How many values were read so far.
    values: usize,
    /// Where merge keys stand.
    merge_keys: Vec<Marker>,
}

impl<'t, T: Tree> Reader<'t, T> {
    /// The root of a text, and where merge keys stand in it.
    fn read(text: &'t str) -> Result<(T, Vec<Marker>), Problem> {
        let mut reader = Self {
            parser: Parser::new_from_str(text.trim_start_matches('\u{feff}')),
            anchors: HashMap::new(),
            copied: 0,
            values: 0,
            merge_keys: Vec::new(),
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
                    let root = root.ok_or_else(|| {
                        Problem::new("the text is empty", span.start, "give it a document")
                    })?;
                    return Ok((root, reader.merge_keys));
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
    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<T, Problem> {
        let at = span.start;
        self.values += 1;
        if self.values > MAX_VALUES {
            let message = format!("more than {MAX_VALUES} values");
            let help = "check that this is what was meant, or split it into several pages";
            return Err(Problem::new(message, at, help));
        }
        let is_scalar = matches!(event, Event::Scalar(..));
        if depth > MAX_DEPTH && !is_scalar {
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
                        // As it grows, a list takes room for four, and for as many again; most are short.
                        items.shrink_to_fit();
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
        let node = T::new(at, content);
        if anchor > 0 {
            self.charge(node.measure().0, at)?;
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    /// Reads the members of a mapping, to its end. A key is taken as it is written, so that the
    /// status code `200` is the key `"200"`.
    fn members(&mut self, depth: usize) -> Result<Vec<(String, T)>, Problem> {
        let mut members: Vec<(String, T)> = Vec::new();
        // Looked up by hash once there are many.
        let mut seen = HashSet::new();
        let mut merged = Vec::new();
        loop {
            let (event, span) = self.next()?;
            let key = match event {
                Event::MappingEnd => {
                    if !merged.is_empty() {
                        seen.extend(members.iter().map(|(key, _)| key.clone()));
                    }
                    members.extend(
                        merged.into_iter().filter(|(key, _)| seen.insert(String::clone(key))),
                    );
                    return Ok(members);
                }
                Event::Scalar(key, ScalarStyle::Plain, _, None) if key == "<<" => {
                    self.merge_keys.push(span.start);
                    let (event, span) = self.next()?;
                    merged.extend(mappings(self.node(event, span, depth + 1)?, span.start)?);
                    continue;
                }
                // A copy takes as much as it needs, unlike the buffer that the parser reads into.
                Event::Scalar(key, ..) => String::from(&*key),
                _ => {
                    return Err(Problem::new(
                        "a key is not a plain text",
                        span.start,
                        "write it as a string, JSON knows no other keys",
                    ));
                }
            };
            if members.len() == FEW {
                seen.extend(members.iter().map(|(key, _)| key.clone()));
            }
            let is_known = match members.len() {
                ..FEW => members.iter().any(|(known, _)| *known == key),
                _ => !seen.insert(key.clone()),
            };
            if is_known {
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
    fn alias(&mut self, anchor: usize, at: Marker, depth: usize) -> Result<T, Problem> {
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
        if depth + height > MAX_DEPTH + 1 {
            return Err(too_deep(at));
        }
        Ok(node.moved(at))
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

/// The members of what stands under a merge key: of a mapping, or of each in a sequence of them, the
/// first of which counts where several have a key (<https://yaml.org/type/merge.html>).
fn mappings<T: Tree>(node: T, at: Marker) -> Result<Vec<(String, T)>, Problem> {
    match node.into_content() {
        Content::Mapping(members) => Ok(members),
        Content::Sequence(items) => {
            let all = items.into_iter().map(|item| match item.into_content() {
                Content::Mapping(members) => Ok(members),
                _ => Err(no_mapping(at)),
            });
            all.collect::<Result<Vec<_>, _>>().map(|all| all.into_iter().flatten().collect())
        }
        Content::Scalar(_) => Err(no_mapping(at)),
    }
}

fn no_mapping(at: Marker) -> Problem {
    let message = "a merge key `<<` takes in something that is no mapping";
    Problem::new(message, at, "write out the keys that are meant")
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
            "int" => matches!(&value, Value::Number(number) if !number.is_f64()),
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
        _ => match integer_of_radix(text).or_else(|| decimal(text).map(Some)) {
            Some(Some(number)) => Value::Number(number),
            Some(None) => return Err(unkept(text, at)),
            None => Value::from(text),
        },
    };
    Ok(value)
}

fn unkept(text: &str, at: Marker) -> Problem {
    let message = format!("`{text}` is a number that JSON does not have");
    Problem::new(message, at, "write it as a string, or leave it out")
}

/// `0x1F` or `0o17`; `Some(None)` if it is one that 128 bits can't hold.
fn integer_of_radix(text: &str) -> Option<Option<Number>> {
    let (digits, radix) = match text.split_at_checked(2)? {
        ("0x", digits) => (digits, 16),
        ("0o", digits) => (digits, 8),
        _ => return None,
    };
    let fits = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    fits.then(|| Some(number::written(u128::from_str_radix(digits, radix).ok()?.to_string())))
}

/// A number in base ten, as it is written as far as JSON can write it so.
fn decimal(text: &str) -> Option<Number> {
    let (sign, unsigned) = match text.strip_prefix(['-', '+']) {
        Some(unsigned) => (if text.starts_with('-') { "-" } else { "" }, unsigned),
        None => ("", text),
    };
    let exponent = unsigned.find(['e', 'E']).unwrap_or(unsigned.len());
    let (mantissa, exponent) = unsigned.split_at(exponent);
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let is_number = mantissa.contains(|c: char| c.is_ascii_digit())
        && all_digits(whole)
        && all_digits(fraction.unwrap_or_default())
        && (exponent.is_empty() || {
            let digits = exponent[1..].strip_prefix(['-', '+']).unwrap_or(&exponent[1..]);
            !digits.is_empty() && all_digits(digits)
        });
    if !is_number {
        return None;
    }
    // JSON wants exactly one zero before a point that nothing stands before, and none elsewhere.
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = match fraction {
        Some("") => ".0".to_owned(),
        Some(fraction) => format!(".{fraction}"),
        None => String::new(),
    };
    Some(number::written(format!("{sign}{whole}{fraction}{exponent}")))
}
