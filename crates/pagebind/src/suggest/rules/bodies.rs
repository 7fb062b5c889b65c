//! Bodies that can't be left out, and don't say so.

use serde_json::{Value, json};

use super::{super::survey::Site, Decisions, Found, Survey};
use crate::pointer;

/// A body whose schema requires a member, in whichever form it is sent.
pub(super) fn required(survey: &Survey<'_>, _: &Decisions) -> Vec<Found> {
    let mut found = Vec::new();
    for (at, body) in &survey.bodies {
        // One that says `required: false` has been thought about.
        if body.contains_key("required") {
            continue;
        }
        let forms = body.get("content").and_then(Value::as_object);
        let mut forms = forms.into_iter().flatten().map(|(media, _)| {
            let at = format!("{}/schema", pointer::join(&format!("{at}/content"), media));
            survey.resolve(&at).and_then(|site| member(survey, site, 0))
        });
        let Some(Some(member)) = forms.next() else { continue };
        if forms.all(|form| form.is_some()) {
            let why =
                format!("A request without a body says nothing, and `{member}` in it is required.");
            found.push(Found::update(at, json!({}), json!({ "required": true }), why));
        }
    }
    found
}

/// A member that every value of a schema has to have.
fn member<'d>(survey: &'d Survey<'_>, site: &'d Site<'_>, depth: usize) -> Option<&'d str> {
    // Deeper than any composition is.
    if depth > 16 {
        return None;
    }
    let names = site.get("required").and_then(Value::as_array);
    if let Some(name) = names.into_iter().flatten().find_map(Value::as_str) {
        return Some(name);
    }
    let mut members = site.children().iter().map(|child| &survey.sites[*child]);
    members.find_map(|child| {
        let below = child.pointer.strip_prefix(&site.pointer)?;
        let target = below.starts_with("/allOf/").then(|| survey.resolve(&child.pointer))??;
        member(survey, target, depth + 1)
    })
}
