//! Which components are sent, and which are read.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{
    operations,
    shaped::{Shaped, reference_to, schema_reference},
};
use crate::{
    plan::Body,
    settings::{Builders, Settings},
};

/// The components that stand anywhere in what goes out, and in what comes back.
#[derive(Debug, Default)]
pub(super) struct Reach {
    pub(super) sent: BTreeSet<String>,
    pub(super) read: BTreeSet<String>,
}

impl Reach {
    pub(super) fn of(shaped: &mut Shaped) -> Self {
        let (mut sent, mut read) = (Vec::new(), Vec::new());
        operations::for_each(shaped, |_, _, _, operation| {
            let parameters = operation.get("parameters").and_then(Value::as_array);
            sent.extend(parameters.into_iter().flatten().cloned());
            sent.extend(operation.get("requestBody").cloned());
            read.extend(operation.get("responses").cloned());
        });
        let responses = shaped.plan.operations.values().flat_map(|operation| &operation.responses);
        read.extend(responses.filter_map(|response| match &response.body {
            Body::Json(Some(name)) => Some(reference_to(name)),
            _ => None,
        }));
        read.extend(shaped.plan.webhooks.iter().map(|hook| reference_to(&hook.component)));
        let headers = shaped.plan.headers.values().flatten();
        read.extend(headers.filter_map(|it| it.component.as_deref()).map(reference_to));
        let schemas = shaped.components("schemas");
        Self { sent: reached(schemas, &sent), read: reached(schemas, &read) }
    }

    /// The components of whose types callers make values, and those of which only a mock does: answers.
    pub(super) fn built(
        &self,
        shaped: &mut Shaped,
        settings: &Settings,
    ) -> (BTreeSet<String>, BTreeSet<String>) {
        match settings.builders {
            Builders::All => {
                (shaped.components("schemas").keys().cloned().collect(), BTreeSet::new())
            }
            Builders::Sent if settings.mock => (self.sent.clone(), &self.read - &self.sent),
            Builders::Sent => (self.sent.clone(), BTreeSet::new()),
        }
    }
}

/// The components that `roots` refer to, and those that these do.
pub(crate) fn reached(schemas: &Map<String, Value>, roots: &[Value]) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&Value> = roots.iter().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::Object(map) => {
                if let Some(name) = schema_reference(value)
                    && reached.insert(name.to_owned())
                {
                    open.extend(schemas.get(name));
                }
                for (key, below) in map {
                    match (key.as_str(), below) {
                        // Examples and lists of values are data, unless members are called so.
                        ("properties", Value::Object(members)) => open.extend(members.values()),
                        ("example" | "examples" | "enum", _) => {}
                        _ => open.push(below),
                    }
                }
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    reached
}

/// Takes out the components that nobody publishes and nothing refers to any more.
pub(super) fn drop_unused(shaped: &mut Shaped) {
    let Reach { sent, read } = Reach::of(shaped);
    let hoisted = std::mem::take(&mut shaped.hoisted);
    let schemas = shaped.components("schemas");
    let published = schemas.iter().filter(|(name, _)| !hoisted.contains_key(*name));
    let published: Vec<Value> = published.map(|(_, schema)| schema.clone()).collect();
    let used = reached(schemas, &published);
    schemas.retain(|name, _| {
        !hoisted.contains_key(name) || [&used, &sent, &read].iter().any(|set| set.contains(name))
    });
    shaped.hoisted = hoisted;
}
