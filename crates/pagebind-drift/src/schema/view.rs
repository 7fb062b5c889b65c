//! A conjunction of schemas, flattened: what it says, however it is written.

use std::collections::{HashMap, hash_map::Entry};

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

/// Values that are listed as branches, each with words of its own.
#[derive(Debug)]
pub(super) struct Listing<'d> {
    /// The array.
    pub(super) node: Node<'d>,
    /// Each value with its branch.
    pub(super) values: Vec<(&'d Value, Node<'d>)>,
}

/// A bound of a number, a length or a count.
#[derive(Debug, Clone)]
pub(crate) struct Bound<'d> {
    pub(crate) limit: &'d Number,
    pub(super) exclusive: bool,
    pub(super) node: Node<'d>,
}

/// A schema that is still to be looked into.
struct Open<'d> {
    node: Node<'d>,
    /// Whether it is one of two, and null is the other.
    beside_null: bool,
}

#[derive(Debug)]
pub(crate) struct View<'d> {
    /// Every schema object that has to be satisfied and says something itself.
    pub(super) parts: Vec<Node<'d>>,
    pub(super) alternatives: Vec<Alternatives<'d>>,
    /// References that lead nowhere in this document.
    pub(super) unresolved: Vec<Node<'d>>,
    /// The schema as it was written, be it a reference.
    pub(super) written: Option<Node<'d>>,
    /// The same behind references: what a finding about the whole points at.
    pub(super) site: Option<Node<'d>>,
    /// Whether a part is `false`, which accepts nothing.
    pub(super) never: bool,
    /// The branches of a choice between single values, which is an `enum` written at length.
    pub(super) listing: Option<Listing<'d>>,
    /// The branch of a choice that has no other, but perhaps null.
    only_branch: Option<Node<'d>>,
    /// Whether null is accepted whatever else is said: OpenAPI 3.0's `nullable`.
    nullable: bool,
    /// Whether null is one of several alternatives.
    null_among: bool,
    /// Parts that stand under a choice with null, which takes null though they don't.
    beside_null: Vec<usize>,
    /// The types of a choice between scalars, which is a list of types written at length.
    choice: Types,
    /// The branches of such a choice, which are parts but of types say nothing by themselves.
    of_choice: Vec<usize>,
}

impl<'d> View<'d> {
    pub(crate) fn new(root: &'d Value, schemas: &[Node<'d>]) -> Self {
        let mut view = Self {
            parts: Vec::new(),
            alternatives: Vec::new(),
            unresolved: Vec::new(),
            written: schemas.first().cloned(),
            site: schemas.first().map(|schema| schema.resolve(root)),
            never: false,
            listing: None,
            only_branch: None,
            nullable: false,
            null_among: false,
            beside_null: Vec::new(),
            choice: Types::ANY,
            of_choice: Vec::new(),
        };
        // By address, whether every way there so far leads through a choice with null.
        let mut seen: HashMap<usize, bool> = HashMap::new();
        let mut open: Vec<Open<'d>> = schemas
            .iter()
            .rev()
            .map(|node| Open { node: node.clone(), beside_null: false })
            .collect();
        while let Some(next) = open.pop() {
            let known = seen.entry(next.node.address());
            match known {
                Entry::Vacant(free) => {
                    free.insert(next.beside_null);
                    view.take(root, &next, &mut open);
                }
                Entry::Occupied(mut known) if *known.get() && !next.beside_null => {
                    known.insert(false);
                    view.take(root, &next, &mut open);
                }
                Entry::Occupied(_) => {}
            }
        }
        view.beside_null =
            seen.into_iter().filter_map(|(address, beside)| beside.then_some(address)).collect();
        view
    }

    fn take(&mut self, root: &'d Value, next: &Open<'d>, open: &mut Vec<Open<'d>>) {
        let node = &next.node;
        let schema = match node.value {
            Value::Bool(false) => {
                self.never = true;
                self.part(node);
                return;
            }
            Value::Object(schema) => schema,
            _ => return,
        };
        let with = |node: Node<'d>, beside_null: bool| Open {
            node,
            beside_null: next.beside_null || beside_null,
        };
        // Pushed in reverse, so that they come up in document order.
        if let Some(all) = node.get("allOf") {
            let all: Vec<_> = all.elements().collect();
            open.extend(all.into_iter().rev().map(|node| with(node, false)));
        }
        for keyword in ["oneOf", "anyOf"] {
            let Some(array) = node.get(keyword) else {
                continue;
            };
            let branches: Vec<_> = array.elements().collect();
            let (null, rest): (Vec<_>, Vec<_>) =
                branches.into_iter().partition(|branch| is_null(&branch.resolve(root)));
            let with_null = !null.is_empty();
            if rest.is_empty() {
                open.extend(null.into_iter().map(|node| with(node, false)));
            } else if rest.len() == 1 {
                self.only_branch = rest.first().cloned();
                open.extend(rest.into_iter().map(|node| with(node, with_null)));
            } else if let Some(types) = scalar_types(&rest) {
                let types = if with_null { types.with_null() } else { types };
                self.choice = self.choice.and(types);
                self.of_choice.extend(rest.iter().map(Node::address));
                open.extend(rest.into_iter().rev().map(|node| with(node, with_null)));
            } else if let (None, Some(values)) = (&self.listing, listed(&rest)) {
                let types = values
                    .iter()
                    .fold(Types::NONE, |types, (value, _)| types.or(Types::of_value(value)));
                self.choice = self.choice.and(if with_null { types.with_null() } else { types });
                self.listing = Some(Listing { node: array, values });
            } else if self.alternatives.iter().all(|known| known.node.address() != array.address())
            {
                self.null_among |= with_null;
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
                Some(target) => open.push(with(target, false)),
                None => self.unresolved.push(node.clone()),
            }
        }
        self.nullable |= node.flag("nullable");
        if schema.keys().any(|key| !matches!(key.as_str(), "$ref" | "allOf")) {
            self.part(node);
        }
    }

    fn part(&mut self, node: &Node<'d>) {
        if self.parts.iter().all(|part| part.address() != node.address()) {
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
    pub(crate) fn all(&self, keyword: &str) -> Vec<Node<'d>> {
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
        self.alternatives.len() == 1 && self.parts.iter().all(says_nothing)
    }

    /// All that is said, as one branch. A choice that has no other is that branch: what chooses
    /// between several, a discriminator, says nothing of the one.
    pub(super) fn one_branch(&self, root: &'d Value) -> Vec<Node<'d>> {
        let only = self.only_branch.iter().find(|branch| {
            let within = View::new(root, std::slice::from_ref(branch)).key();
            let mut beside = self.parts.iter().filter(|part| !within.contains(&part.address()));
            beside.all(says_nothing)
        });
        only.map_or_else(|| self.parts.clone(), |branch| vec![branch.clone()])
    }

    /// The types that are accepted, null among them.
    pub(crate) fn types(&self) -> Types {
        if self.never {
            return Types::NONE;
        }
        let mut types = self.choice;
        let says = |part: &&Node<'_>| !self.of_choice.contains(&part.address());
        for part in self.parts.iter().filter(says) {
            if let Some(declared) = Types::of(part) {
                let beside_null = self.beside_null.contains(&part.address());
                types = types.and(if beside_null { declared.with_null() } else { declared });
            }
        }
        if self.nullable { types.with_null() } else { types }
    }

    /// Whether null is accepted by name, and not because nothing is said of types.
    pub(crate) fn is_nullable(&self) -> bool {
        let types = self.types();
        self.nullable || types.has_null() && (self.null_among || types != Types::ANY)
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

    /// The values that are accepted, where they are listed: those of every `enum` and `const`, and
    /// of a choice between single values. Null is no part of them, as it is one of the types.
    pub(super) fn values(&self) -> Option<Vec<&'d Value>> {
        let listing = self.listing.as_ref();
        let mut values: Option<Vec<&'d Value>> =
            listing.map(|listing| listing.values.iter().map(|(value, _)| *value).collect());
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
    pub(super) fn leaves_null_out(&self) -> bool {
        self.parts.iter().any(|part| {
            let values = part.value_of("enum").and_then(Value::as_array);
            let without = values.is_some_and(|values| !values.iter().any(Value::is_null))
                || part.value_of("const").is_some_and(|value| !value.is_null());
            let typed = part.flag("nullable") || Types::of(part).is_some_and(Types::has_null);
            without && typed && !self.beside_null.contains(&part.address())
        })
    }

    /// Whether null is left out of the values, and `nullable` all the same: many write it so and
    /// mean null, and a client takes it.
    pub(super) fn is_nullable_beside_values(&self) -> bool {
        self.nullable && self.leaves_null_out()
    }

    /// The tightest bound that one of the keywords sets: `minimum` with `exclusiveMinimum` in
    /// either form, or a plain count.
    pub(crate) fn bound(
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

/// Whether a schema says nothing itself but alternatives, and words about them.
fn says_nothing(schema: &Node<'_>) -> bool {
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
    schema.members().all(|(key, _)| SAY_NOTHING.contains(&key))
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

/// The values that branches choose between, where each is one `const` with words about it.
fn listed<'d>(branches: &[Node<'d>]) -> Option<Vec<(&'d Value, Node<'d>)>> {
    const WORDS: [&str; 6] = ["const", "type", "format", "title", "description", "deprecated"];
    let one = |branch: &Node<'d>| {
        let plain = branch.members().all(|(key, _)| WORDS.contains(&key));
        let value =
            branch.value_of("const").filter(|value| !value.is_array() && !value.is_object());
        Some((value.filter(|_| plain)?, branch.clone()))
    };
    branches.iter().map(one).collect()
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
