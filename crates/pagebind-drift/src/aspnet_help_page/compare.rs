//! Two help pages, compared by what they say to a caller.

use std::sync::Arc;

use serde_json::Value;

use super::{
    model::{HelpPage, Member, Message},
    sample::{self, Sample, without_timestamps},
};
use crate::{
    finding::{Change, Finding, Side},
    rules::{Rule, api},
};

/// Compares two help pages; the findings bear the operation's name.
#[must_use]
pub fn compare(old: &HelpPage, new: &HelpPage) -> Vec<Finding> {
    let mut found = Found { operation: new.operation.as_str().into(), findings: Vec::new() };
    if old.operation != new.operation {
        let message = format!("the operation is {} now", new.operation);
        found.push(
            &api::HELP_OPERATION_CHANGED,
            "operation",
            message,
            (Some(&old.operation), Some(&new.operation)),
        );
    }
    if words(&old.description) != words(&new.description) {
        let values = (Some(&*old.description), Some(&*new.description));
        found.push(
            &api::PAGE_PROSE_CHANGED,
            "description",
            "the description changed".into(),
            values,
        );
    }
    found.message((&old.request, &new.request), true);
    found.message((&old.response, &new.response), false);
    let mut findings = found.findings;
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.change.severity));
    findings
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

struct Found {
    operation: Arc<str>,
    findings: Vec<Finding>,
}

impl Found {
    /// A help page is no JSON, so its pointer names the place in the reduced page.
    fn push(
        &mut self,
        rule: &Rule,
        place: &str,
        message: String,
        (old, new): (Option<&str>, Option<&str>),
    ) {
        let change = Change {
            id: rule.id.clone(),
            severity: rule.severity,
            wire: rule.wire,
            prose: rule.prose,
            untold: rule.untold,
            side: if new.is_some() { Side::New } else { Side::Old },
            pointer: format!("/{}", place.replace('.', "/")),
            message,
            old: old.map(Value::from),
            new: new.map(Value::from),
        };
        let operation = Some(Arc::clone(&self.operation));
        self.findings.push(Finding::new(Arc::new(change), operation));
    }

    fn message(&mut self, (old, new): (&Message, &Message), request: bool) {
        let side = if request { "request" } else { "response" };
        if old.model != new.model {
            // The name of a model is never sent as JSON, but it is the root element in XML.
            let message = format!("the {side} is a {} now", new.model);
            self.push(&api::HELP_TYPE_CHANGED, side, message, (Some(&old.model), Some(&new.model)));
        }
        self.members((old, new), request, side);
        for media_type in old.formats.keys().filter(|name| !new.formats.contains_key(*name)) {
            let message = format!("the {side} is no longer spoken as {media_type}");
            self.push(&api::HELP_FORMAT_REMOVED, side, message, (Some(media_type), None));
        }
        for media_type in new.formats.keys().filter(|name| !old.formats.contains_key(*name)) {
            let message = format!("the {side} may be spoken as {media_type} now");
            self.push(&api::HELP_FORMAT_ADDED, side, message, (None, Some(media_type)));
        }
        // The same sample stands under several names of one format; once is enough.
        let mut seen = Vec::new();
        for (media_type, old) in &old.formats {
            let (Some(old), Some(Some(new))) = (old, new.formats.get(media_type)) else {
                continue;
            };
            if !seen.contains(&(old, new)) {
                seen.push((old, new));
                self.samples((old, new), request, side);
            }
        }
    }

    fn members(&mut self, (old, new): (&Message, &Message), request: bool, side: &str) {
        for (name, member) in &old.members {
            let place = format!("{side}.{name}");
            let Some(now) = new.members.get(name) else {
                let rule = if request {
                    &api::HELP_REQUEST_FIELD_REMOVED
                } else {
                    &api::HELP_RESPONSE_FIELD_REMOVED
                };
                self.push(
                    rule,
                    &place,
                    format!("the {side} field `{name}` was removed"),
                    (Some(name), None),
                );
                continue;
            };
            if member.model != now.model {
                let message = format!("the {side} field `{name}` is a {} now", now.model);
                self.push(
                    &api::HELP_TYPE_CHANGED,
                    &place,
                    message,
                    (Some(&member.model), Some(&now.model)),
                );
            }
            if words(&member.description) != words(&now.description) {
                let message = format!("the description of the {side} field `{name}` changed");
                self.push(
                    &api::PAGE_PROSE_CHANGED,
                    &place,
                    message,
                    (Some(&member.description), Some(&now.description)),
                );
            }
            let (was, is) = (member.is_required(), now.is_required());
            if was != is {
                let rule = match (request, is) {
                    (true, true) => &api::HELP_REQUEST_FIELD_BECAME_REQUIRED,
                    (true, false) => &api::HELP_REQUEST_FIELD_BECAME_OPTIONAL,
                    (false, _) => &api::HELP_RESPONSE_REQUIREMENT_CHANGED,
                };
                let not = if is { "now" } else { "no longer" };
                let message = format!("the {side} field `{name}` is {not} required");
                self.push(rule, &place, message, (Some(required(was)), Some(required(is))));
            }
            let constraints = |member: &Member| -> String {
                let notes = member.notes.iter().map(String::as_str);
                notes
                    .filter(|note| !matches!(*note, "Required" | "None."))
                    .collect::<Vec<_>>()
                    .join("; ")
            };
            let (was, is) = (constraints(member), constraints(now));
            if was != is {
                let message = format!("what is said of the {side} field `{name}` changed");
                self.push(&api::HELP_CONSTRAINT_CHANGED, &place, message, (Some(&was), Some(&is)));
            }
        }
        for (name, member) in
            new.members.iter().filter(|(name, _)| !old.members.contains_key(*name))
        {
            self.field_added(request, side, name, member.is_required());
        }
    }

    fn field_added(&mut self, request: bool, side: &str, name: &str, required: bool) {
        let (rule, more) = match (request, required) {
            (true, true) => (&api::HELP_FIELD_ADDED_REQUIRED, ", and not called optional"),
            (true, false) => (&api::HELP_REQUEST_FIELD_ADDED, ""),
            (false, _) => (&api::HELP_RESPONSE_FIELD_ADDED, ""),
        };
        let message = format!("the {side} field `{name}` is new{more}");
        self.push(rule, &format!("{side}.{name}"), message, (None, Some(name)));
    }

    fn samples(&mut self, (old, new): (&Sample, &Sample), request: bool, side: &str) {
        for (name, was) in &old.fields {
            let place = format!("{side}.{name}");
            let Some(is) = new.fields.get(name) else {
                if !new.in_order {
                    let rule = if request {
                        &api::HELP_REQUEST_FIELD_REMOVED
                    } else {
                        &api::HELP_RESPONSE_FIELD_REMOVED
                    };
                    self.push(
                        rule,
                        &place,
                        format!("the {side} field `{name}` was removed"),
                        (Some(name), None),
                    );
                }
                continue;
            };
            if new.in_order || without_timestamps(was) == without_timestamps(is) {
                continue;
            }
            let optional = |text: &str| text.contains("optional");
            let (rule, what) = match (request, optional(was), optional(is)) {
                (true, true, false) => {
                    (&api::HELP_REQUEST_FIELD_BECAME_REQUIRED, "is no longer called optional")
                }
                (true, false, true) => {
                    (&api::HELP_REQUEST_FIELD_BECAME_OPTIONAL, "is called optional now")
                }
                _ if sample::note(was) != sample::note(is) => {
                    (&api::HELP_CONSTRAINT_CHANGED, "is described otherwise in the sample")
                }
                _ => (&api::HELP_SAMPLE_CHANGED, "has another value in the sample"),
            };
            let message = format!("the {side} field `{name}` {what}");
            self.push(rule, &place, message, (Some(was), Some(is)));
        }
        if new.in_order {
            // Fields that were added or removed are found in the JSON sample; what only XML can
            // say is the order of those that stay, and the names of root and namespace.
            let stays = |sample: &Sample, other: &Sample| -> Vec<String> {
                sample
                    .fields
                    .keys()
                    .filter(|name| other.fields.contains_key(*name))
                    .cloned()
                    .collect()
            };
            let (was, is) = (stays(old, new), stays(new, old));
            if was != is || old.root != new.root {
                let message = format!(
                    "the elements of the {side} in XML come in another order, or under another name"
                );
                let text = |root: &str, fields: &[String]| format!("{root}: {}", fields.join(", "));
                let (was, is) = (text(&old.root, &was), text(&new.root, &is));
                self.push(&api::HELP_ORDER_CHANGED, side, message, (Some(&was), Some(&is)));
            }
            return;
        }
        for (name, value) in new.fields.iter().filter(|(name, _)| !old.fields.contains_key(*name)) {
            let required = !value.contains("optional") && value != "null";
            self.field_added(request, side, name, required);
        }
    }
}

fn required(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}
