//! Two documents side by side, and what has been found so far.
//!
//! A pair of schemas is compared once per [`Subject`], however many operations lead to it: its
//! differences are a list of their own, which every place that leads there names by number. So a
//! component that six hundred operations share costs one comparison, and a schema that refers to
//! itself is a list that names itself. In the end the lists are read out once per operation.

use std::{
    collections::{HashMap, HashSet},
    fmt::Display,
    hash::{Hash, Hasher},
    sync::Arc,
};

use serde_json::Value;

use crate::{
    equality::Equality,
    finding::{Change, Side},
    node::Node,
    rules::{
        Rule,
        schema::{Row, Subject},
    },
};

/// The pointer of a change leads to one of these.
#[derive(Debug, Clone, Copy)]
pub(crate) enum At<'n, 'd> {
    Old(&'n Node<'d>),
    New(&'n Node<'d>),
}

/// One entry of a list of differences.
#[derive(Debug, Clone)]
pub(crate) enum Item {
    Change(Arc<Change>),
    /// All that is in the shared list of this number.
    Shared(usize),
}

pub(crate) type Items = Vec<Item>;

/// What makes two comparisons the same: the values on both sides, and where they stand.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Pair {
    old: Vec<usize>,
    new: Vec<usize>,
    subject: Subject,
    to_caller: bool,
    /// The parameter whose schema it is, which every difference names.
    parameter: Option<String>,
}

/// A parameter by its name, with its schema on either side.
#[derive(Debug)]
pub(crate) struct Named<'d> {
    pub(crate) name: &'d str,
    pub(crate) old: Vec<Node<'d>>,
    pub(crate) new: Vec<Node<'d>>,
}

impl<'d> Named<'d> {
    /// What people call a place behind a reference, of which the name of a component would tell
    /// nobody which parameter it is.
    fn label(&self, root: &'d Value, schemas: &[Node<'d>], node: &Node<'d>) -> Option<String> {
        let is_component = |node: &Node<'d>| node.pointer().starts_with("/components/schemas/");
        if !is_component(node) {
            return None;
        }
        let label = node.label(root);
        // What the schema itself is made of bears the name of the parameter.
        let own = schemas.iter().map(|schema| schema.resolve(root)).filter(is_component);
        let rest = own.map(|own| own.label(root)).find_map(|own| {
            let rest = label.strip_prefix(&own)?;
            (rest.is_empty() || rest.starts_with(['.', '[', '{', '('])).then(|| rest.to_owned())
        });
        let name = self.name;
        Some(rest.map_or_else(|| format!("{name} ({label})"), |rest| format!("{name}{rest}")))
    }
}

pub(crate) struct Comparison<'d> {
    pub(crate) old: &'d Value,
    pub(crate) new: &'d Value,
    pub(crate) equality: Equality,
    numbers: HashMap<Pair, usize>,
    /// By number; `None` while it is being made.
    lists: Vec<Option<Items>>,
    /// Every change of a shared list, so that the same one met on two ways is one: a schema that
    /// is extended here and there by `allOf` is another conjunction each time.
    changes: HashSet<Known>,
    pub(crate) depth: usize,
    /// Whether what is compared is a call to the caller, whose request he reads.
    pub(crate) to_caller: bool,
    /// The parameter whose schema is being compared.
    pub(crate) parameter: Option<Named<'d>>,
    /// The calls to the caller that are being compared, by the addresses of their path items.
    pub(crate) open_calls: Vec<(usize, usize)>,
}

/// A change by what it says and where.
#[derive(Debug, Clone)]
struct Known(Arc<Change>);

impl Known {
    fn identity(&self) -> (&str, Side, &str, &str) {
        (&self.0.id, self.0.side, &self.0.pointer, &self.0.message)
    }
}

impl PartialEq for Known {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for Known {}

impl Hash for Known {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.identity().hash(state);
    }
}

impl<'d> Comparison<'d> {
    pub(crate) fn new(old: &'d Value, new: &'d Value) -> Self {
        Self {
            old,
            new,
            equality: Equality::new(old, new),
            numbers: HashMap::new(),
            lists: Vec::new(),
            changes: HashSet::new(),
            depth: 0,
            to_caller: false,
            parameter: None,
            open_calls: Vec::new(),
        }
    }

    /// Whether both are the same text, and so is all that they refer to.
    pub(crate) fn same(&self, old: &Node<'d>, new: &Node<'d>) -> bool {
        self.equality.same(old.value, new.value)
    }

    /// Whether two maps hold the same by each name, be it behind a reference, with the same words
    /// beside it. Nothing in an entry is followed: in an example, a `$ref` is data.
    pub(crate) fn same_entries(&self, old: Option<&Node<'d>>, new: Option<&Node<'d>>) -> bool {
        let (Some(old), Some(new)) = (old, new) else { return old.is_none() && new.is_none() };
        let (Some(before), Some(after)) = (old.value.as_object(), new.value.as_object()) else {
            return old.value == new.value;
        };
        let same = |old: &Node<'d>, new: &Node<'d>| {
            let is_reference = |node: &Node<'d>| node.value_of("$ref").is_some();
            let said = |keyword| old.value_of(keyword) == new.value_of(keyword);
            let references = is_reference(old) && is_reference(new);
            (!references || said("summary") && said("description"))
                && self.resolve_old(old).value == self.resolve_new(new).value
        };
        before.len() == after.len()
            && old.named().all(|(name, old)| new.get(name).is_some_and(|new| same(&old, &new)))
    }

    pub(crate) fn resolve_old(&self, node: &Node<'d>) -> Node<'d> {
        node.resolve(self.old)
    }

    pub(crate) fn resolve_new(&self, node: &Node<'d>) -> Node<'d> {
        node.resolve(self.new)
    }

    /// The number of the list for this pair, which `compare` makes if nobody has yet.
    pub(crate) fn shared(
        &mut self,
        old: Vec<usize>,
        new: Vec<usize>,
        subject: Subject,
        compare: impl FnOnce(&mut Self, &mut Items),
    ) -> usize {
        let number = self.lists.len();
        let parameter = self.parameter.as_ref().map(|parameter| parameter.name.to_owned());
        let pair = Pair { old, new, subject, to_caller: self.to_caller, parameter };
        match self.numbers.entry(pair) {
            std::collections::hash_map::Entry::Occupied(known) => return *known.get(),
            std::collections::hash_map::Entry::Vacant(free) => free.insert(number),
        };
        self.lists.push(None);
        let mut items = Items::new();
        compare(self, &mut items);
        for item in &mut items {
            let Item::Change(change) = item else { continue };
            let known = Known(Arc::clone(change));
            match self.changes.get(&known) {
                Some(Known(first)) => *change = Arc::clone(first),
                None => {
                    self.changes.insert(known);
                }
            }
        }
        self.lists[number] = Some(items);
        number
    }

    /// Adds the shared list to `items`, unless it is known to be empty.
    pub(crate) fn include(&self, number: usize, items: &mut Items) {
        if self.lists[number].as_ref().is_none_or(|list| !list.is_empty()) {
            items.push(Item::Shared(number));
        }
    }

    /// Whether the list says of any difference but in prose. One that is still being made counts
    /// as empty: a difference in a cycle is found at the place where it is.
    pub(crate) fn differs(&self, number: usize) -> bool {
        self.any(&[Item::Shared(number)])
    }

    /// Whether there is any difference but in prose among `items`.
    pub(crate) fn any(&self, items: &[Item]) -> bool {
        let mut any = false;
        self.visit(items, &mut |change| any |= !change.prose);
        any
    }

    /// Whether there is any difference at all among `items`.
    pub(crate) fn says(&self, items: &[Item]) -> bool {
        let mut says = false;
        self.visit(items, &mut |_| says = true);
        says
    }

    /// Every change in `items` and in the lists that they name, each list once.
    pub(crate) fn visit<'s>(&'s self, items: &'s [Item], each: &mut dyn FnMut(&'s Arc<Change>)) {
        let mut seen = HashSet::new();
        let mut open = vec![items.iter()];
        while let Some(items) = open.last_mut() {
            match items.next() {
                None => {
                    open.pop();
                }
                Some(Item::Change(change)) => each(change),
                Some(Item::Shared(number)) => {
                    if let Some(list) =
                        self.lists[*number].as_ref().filter(|_| seen.insert(*number))
                    {
                        open.push(list.iter());
                    }
                }
            }
        }
    }

    /// Notes a change by a rule that is not one of the schema grid.
    pub(crate) fn found(
        &self,
        items: &mut Items,
        rule: &Rule,
        at: At<'_, 'd>,
        message: impl Display,
        values: (Option<Value>, Option<Value>),
    ) {
        let (side, node) = match at {
            At::Old(node) => (Side::Old, node),
            At::New(node) => (Side::New, node),
        };
        items.push(Item::Change(Arc::new(Change {
            id: rule.id.clone(),
            severity: rule.severity,
            wire: rule.wire,
            prose: rule.prose,
            untold: rule.untold,
            side,
            pointer: node.pointer(),
            message: message.to_string(),
            old: values.0,
            new: values.1,
        })));
    }

    /// Notes a change of a schema: the message begins with where it stands.
    pub(crate) fn found_in_schema(
        &self,
        items: &mut Items,
        row: &Row,
        subject: Subject,
        at: At<'_, 'd>,
        what: impl Display,
        values: (Option<Value>, Option<Value>),
    ) {
        let message = format!("{}: {what}", self.place(subject, at));
        self.found(items, &row.rule(subject), at, message, values);
    }

    /// What people call a place in a schema: ``request property `Card.number` ``. In a call to the
    /// caller, a response's place is that of what he receives, and a request's of what he answers.
    pub(crate) fn place(&self, subject: Subject, at: At<'_, 'd>) -> String {
        let parameter = self.parameter.as_ref();
        let label = match at {
            At::Old(node) => parameter
                .and_then(|parameter| parameter.label(self.old, &parameter.old, node))
                .unwrap_or_else(|| node.label(self.old)),
            At::New(node) => parameter
                .and_then(|parameter| parameter.label(self.new, &parameter.new, node))
                .unwrap_or_else(|| node.label(self.new)),
        };
        let subject = subject.prefix().replace('-', " ");
        let subject = match (self.to_caller, subject.split_once(' ')) {
            (true, Some(("response", rest))) => format!("received {rest}"),
            (true, Some(("request", rest))) => format!("answered {rest}"),
            _ => subject,
        };
        if label.is_empty() { subject } else { format!("{subject} `{label}`") }
    }
}
