//! A conjunction of schemas, flattened: what it says, however it is written.

use std::collections::HashSet;

use indexmap::{IndexMap, IndexSet};
use serde_json::{Number, Value};

use super::{
    equal,
    kinds::{Format, Types},
};
use crate::node::{Node, find};

/// Several schemas of which one (or any number) has to be satisfied.
#[derive(Debug)]
pub(super) struct Alternatives<'d> {
    /// Whether it is `oneOf`, and not `anyOf`.
    pub(super) exclusive: bool,
    /// The array.
    pub(super) node: Node<'d>,
    /// Each of them, without a branch that takes null alone.
    pub(super) branches: Vec<Node<'d>>,
}

/// A bound of a number, a length or a count.
#[derive(Debug, Clone)]
pub(super) struct Bound<'d> {
    pub(super) limit: &'d Number,
    pub(super) exclusive: bool,
    pub(super) node: Node<'d>,
}

#[derive(Debug)]
pub(super) struct View<'d> {
    /// Every schema object that has to be satisfied and says something itself.
    pub(super) parts: Vec<Node<'d>>,
    pub(super) alternatives: Vec<Alternatives<'d>>,
    /// References that lead nowhere in this document.
    pub(super) unresolved: Vec<Node<'d>>,
    /// The schema as it was written, behind references: what a finding about the whole points at.
    pub(super) site: Option<Node<'d>>,
    /// Whether a part is `false`, which accepts nothing.
    pub(super) never: bool,
    /// Whether something says outright that null is accepted.
    null: bool,
    /// The types of a choice between scalars, which is a list of types written at length.
    choice: Types,
    /// The branches of such a choice, which are parts but of types say nothing by themselves.
    of_choice: Vec<usize>,
}

impl<'d> View<'d> {
    pub(super) fn new(root: &'d Value, schemas: &[Node<'d>]) -> Self {
        let mut view = Self {
            parts: Vec::new(),
            alternatives: Vec::new(),
            unresolved: Vec::new(),
            site: schemas.first().map(|schema| schema.resolve(root)),
            never: false,
            null: false,
            choice: Types::ANY,
            of_choice: Vec::new(),
        };
        let mut seen = HashSet::new();
        let mut open: Vec<Node<'d>> = schemas.iter().rev().cloned().collect();
        while let Some(node) = open.pop() {
            if seen.insert(node.address()) {
                view.take(root, &node, &mut open);
            }
        }
        view
    }

    fn take(&mut self, root: &'d Value, node: &Node<'d>, open: &mut Vec<Node<'d>>) {
        let schema = match node.value {
            Value::Bool(false) => {
                self.never = true;
                self.parts.push(node.clone());
                return;
            }
            Value::Object(schema) => schema,
            _ => return,
        };
        // Pushed in reverse, so that they come up in document order.
        if let Some(all) = node.get("allOf") {
            open.extend(all.elements().collect::<Vec<_>>().into_iter().rev());
        }
        for keyword in ["oneOf", "anyOf"] {
            let Some(array) = node.get(keyword) else {
                continue;
            };
            let branches: Vec<_> = array.elements().collect();
            let (null, mut rest): (Vec<_>, Vec<_>) =
                branches.into_iter().partition(|branch| is_null(&branch.resolve(root)));
            if rest.is_empty() {
                open.extend(null);
                continue;
            }
            self.null |= !null.is_empty();
            if rest.len() == 1 {
                open.append(&mut rest);
            } else if let Some(types) = scalar_types(&rest) {
                self.choice = self.choice.and(types);
                self.null |= types.has_null();
                self.of_choice.extend(rest.iter().map(Node::address));
                open.extend(rest.into_iter().rev());
            } else {
                self.alternatives.push(Alternatives {
                    exclusive: keyword == "oneOf",
                    node: array,
                    branches: rest,
                });
            }
        }
        // A dynamic reference is a plain one where a single schema bears its anchor.
        for keyword in ["$ref", "$dynamicRef"] {
            let Some(reference) = node.str_of(keyword) else { continue };
            match find(root, reference) {
                Some(target) => open.push(target),
                None => self.unresolved.push(node.clone()),
            }
        }
        self.null |= node.flag("nullable");
        if schema.keys().any(|key| !matches!(key.as_str(), "$ref" | "allOf")) {
            self.parts.push(node.clone());
        }
    }

    /// What makes this conjunction the same as another of the same document.
    pub(super) fn key(&self) -> Vec<usize> {
        let nodes = self.parts.iter().chain(&self.unresolved);
        let mut key: Vec<_> = nodes.map(Node::address).collect();
        key.sort_unstable();
        key
    }

    /// The member `keyword` of every part that has it.
    pub(super) fn all(&self, keyword: &str) -> Vec<Node<'d>> {
        self.parts.iter().filter_map(|part| part.get(keyword)).collect()
    }

    /// The member `keyword` of the first part that has it.
    pub(super) fn first(&self, keyword: &str) -> Option<Node<'d>> {
        self.parts.iter().find_map(|part| part.get(keyword))
    }

    pub(super) fn flag(&self, keyword: &str) -> bool {
        self.parts.iter().any(|part| part.flag(keyword))
    }

    /// Whether nothing is said but the alternatives, and words about them.
    pub(super) fn is_only_alternatives(&self) -> bool {
        const SAY_NOTHING: [&str; 14] = [
            "oneOf",
            "anyOf",
            "allOf",
            "$ref",
            "discriminator",
            "title",
            "description",
            "example",
            "examples",
            "nullable",
            "deprecated",
            "externalDocs",
            "readOnly",
            "writeOnly",
        ];
        let mut keys = self.parts.iter().flat_map(|part| part.members());
        self.alternatives.len() == 1 && keys.all(|(key, _)| SAY_NOTHING.contains(&key))
    }

    /// The types that are accepted, null among them.
    pub(super) fn types(&self) -> Types {
        if self.never {
            return Types::NONE;
        }
        let mut types = self.choice;
        let says = |part: &&Node<'_>| !self.of_choice.contains(&part.address());
        for part in self.parts.iter().filter(says) {
            if let Some(declared) = Types::of(part) {
                types = types.and(declared);
            }
        }
        if self.null { types.with_null() } else { types }
    }

    /// Whether null is accepted by name, and not because nothing is said of types.
    pub(super) fn is_nullable(&self) -> bool {
        let types = self.types();
        self.null || types != Types::ANY && types.has_null()
    }

    /// How strings and numbers are written; 3.1's content keywords are 3.0's formats.
    pub(super) fn format(&self) -> Option<(Format<'d>, Node<'d>)> {
        self.parts.iter().find_map(|part| {
            let node = |name: &str| part.get(name);
            if let Some(format) = node("format") {
                return Some((Format(format.value.as_str()?), format));
            }
            let encoding = node("contentEncoding").filter(|node| node.value == "base64");
            let media_type =
                node("contentMediaType").filter(|node| node.value == "application/octet-stream");
            let byte = encoding.map(|node| (Format("byte"), node));
            byte.or_else(|| Some((Format("binary"), media_type?)))
        })
    }

    /// The values that are accepted, where they are listed: those of every `enum` and `const`.
    /// Null is no part of them, as it is one of the types.
    pub(super) fn values(&self) -> Option<Vec<&'d Value>> {
        let mut values: Option<Vec<&'d Value>> = None;
        for part in &self.parts {
            let listed: Vec<&Value> = match (part.value_of("enum"), part.value_of("const")) {
                (Some(Value::Array(values)), None) => values.iter().collect(),
                (Some(Value::Array(values)), Some(only)) => {
                    values.iter().filter(|value| equal::equal(value, only)).collect()
                }
                (_, Some(value)) => vec![value],
                _ => continue,
            };
            let null_alone = !listed.is_empty() && listed.iter().all(|value| value.is_null());
            if null_alone {
                continue;
            }
            let listed = listed.into_iter().filter(|value| !value.is_null());
            values = Some(match values {
                None => listed.collect(),
                Some(before) => listed.filter(|value| before.contains(value)).collect(),
            });
        }
        values
    }

    /// Whether a part lists values without null, though its types take it.
    pub(super) fn refuses_null(&self) -> bool {
        self.parts.iter().any(|part| {
            let values = part.value_of("enum").and_then(Value::as_array);
            values.is_some_and(|values| !values.iter().any(Value::is_null))
                && (part.flag("nullable") || Types::of(part).is_some_and(Types::has_null))
        })
    }

    /// The tightest bound that one of the keywords sets: `minimum` with `exclusiveMinimum` in
    /// either form, or a plain count.
    pub(super) fn bound(
        &self,
        keyword: &str,
        exclusive_keyword: Option<&str>,
        lower: bool,
    ) -> Option<Bound<'d>> {
        let mut tightest: Option<Bound<'d>> = None;
        for part in &self.parts {
            let exclusive = exclusive_keyword.and_then(|keyword| part.get(keyword));
            let boolean = exclusive.as_ref().is_some_and(|node| node.value == &Value::Bool(true));
            let candidates = [(part.get(keyword), boolean), (exclusive, true)];
            for (node, exclusive) in candidates {
                let Some(node) = node else { continue };
                let Value::Number(limit) = node.value else {
                    continue;
                };
                let bound = Bound { limit, exclusive, node };
                if tightest.as_ref().is_none_or(|other| bound.is_tighter(other, lower)) {
                    tightest = Some(bound);
                }
            }
        }
        // No length or count is below zero.
        let trivial = |bound: &Bound<'_>| {
            exclusive_keyword.is_none() && lower && bound.limit.as_u64() == Some(0)
        };
        tightest.filter(|bound| !trivial(bound))
    }

    /// Every property, with the schemas that describe it.
    pub(super) fn properties(&self) -> IndexMap<&'d str, Vec<Node<'d>>> {
        let mut properties: IndexMap<_, Vec<_>> = IndexMap::new();
        for node in self.all("properties") {
            for (name, schema) in node.named() {
                properties.entry(name).or_default().push(schema);
            }
        }
        properties
    }

    /// The names of the properties that have to be there.
    pub(super) fn required(&self) -> IndexSet<&'d str> {
        let lists = self.parts.iter().filter_map(|part| part.value_of("required"));
        let names = lists.filter_map(Value::as_array).flatten();
        // An empty name is what some editors leave behind, and names nothing.
        let names = names.filter_map(Value::as_str);
        names.filter(|name| !name.is_empty()).collect()
    }
}

impl Bound<'_> {
    fn is_tighter(&self, other: &Self, lower: bool) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        match equal::order(self.limit, other.limit) {
            Equal => self.exclusive && !other.exclusive,
            Greater => lower,
            Less => !lower,
        }
    }
}

/// The types that branches choose between, where each is of one scalar type, no two of the same,
/// and says nothing that would touch a value of another type.
fn scalar_types(branches: &[Node<'_>]) -> Option<Types> {
    const OF_ONE_TYPE: [&str; 13] = [
        "type",
        "format",
        "nullable",
        "title",
        "description",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "pattern",
    ];
    let mut types = Types::NONE;
    for branch in branches {
        let scalar =
            matches!(branch.str_of("type"), Some("string" | "number" | "integer" | "boolean"));
        let plain = branch.members().all(|(key, _)| OF_ONE_TYPE.contains(&key));
        let own =
            Types::of(branch).filter(|own| scalar && plain && types.and(*own) == Types::NONE)?;
        types = types.or(own);
    }
    Some(types)
}

/// Whether a schema takes null and nothing else.
fn is_null(schema: &Node<'_>) -> bool {
    let says_null = |keyword: &str| match schema.value_of(keyword) {
        Some(Value::Array(values)) => {
            values.len() == 1 && (values[0].is_null() || values[0] == "null")
        }
        Some(value) => {
            keyword == "type" && value == "null" || keyword == "const" && value.is_null()
        }
        None => false,
    };
    ["type", "enum", "const"].into_iter().any(says_null)
}
