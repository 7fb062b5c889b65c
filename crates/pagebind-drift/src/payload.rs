//! Request bodies, and the media types of requests and responses with the schemas in them.

use indexmap::{IndexMap, IndexSet};

use crate::{
    comparison::{At, Comparison, Items},
    node::Node,
    operation::Operation,
    rules::{
        Rule, api,
        schema::{self as rows, Subject},
    },
};

/// What differs between the media types of a request and those of a response.
pub(crate) struct Direction {
    subject: Subject,
    added: &'static Rule,
    removed: &'static Rule,
    schema_added: &'static Rule,
    schema_removed: &'static Rule,
    encoding_changed: &'static Rule,
    words: &'static str,
}

const REQUEST: Direction = Direction {
    subject: Subject::RequestBody,
    added: &api::BODY_MEDIA_TYPE_ADDED,
    removed: &api::BODY_MEDIA_TYPE_REMOVED,
    schema_added: &api::BODY_SCHEMA_ADDED,
    schema_removed: &api::BODY_SCHEMA_REMOVED,
    encoding_changed: &api::BODY_ENCODING_CHANGED,
    words: "the request body",
};

const RESPONSE: Direction = Direction {
    subject: Subject::ResponseBody,
    added: &api::RESPONSE_MEDIA_TYPE_ADDED,
    removed: &api::RESPONSE_MEDIA_TYPE_REMOVED,
    schema_added: &api::RESPONSE_SCHEMA_ADDED,
    schema_removed: &api::RESPONSE_SCHEMA_REMOVED,
    encoding_changed: &api::RESPONSE_ENCODING_CHANGED,
    words: "the response",
};

/// What the API sends to the caller's own server, which reads it.
static RECEIVED: Direction = Direction { words: "what is received", ..RESPONSE };

/// What the caller's own server answers.
static ANSWERED: Direction = Direction { words: "what is answered", ..REQUEST };

impl<'d> Comparison<'d> {
    /// The direction of request bodies.
    const fn sent(&self) -> &'static Direction {
        if self.to_caller { &RECEIVED } else { &REQUEST }
    }

    /// The direction of responses.
    pub(crate) const fn returned(&self) -> &'static Direction {
        if self.to_caller { &ANSWERED } else { &RESPONSE }
    }

    pub(crate) fn request_body(&mut self, operation: &Operation<'d>, items: &mut Items) {
        let (old, new) = (operation.old.get("requestBody"), operation.new.get("requestBody"));
        let subject = self.sent().subject;
        if let (Some(old), Some(new)) = (&old, &new) {
            let rule = || rows::DESCRIPTION_CHANGED.rule(subject);
            self.text_beside_reference(items, rule, (old, new), "the request body");
        }
        let old = old.map(|body| self.resolve_old(&body));
        let new = new.map(|body| self.resolve_new(&body));
        match (old, new) {
            (None, None) => {}
            (None, Some(new)) => {
                let (rule, message) = if self.to_caller {
                    (&api::RESPONSE_SCHEMA_ADDED, "a body is received now")
                } else if new.flag("required") {
                    (&api::BODY_ADDED_REQUIRED, "a required request body is new")
                } else {
                    (&api::BODY_ADDED_OPTIONAL, "an optional request body is new")
                };
                self.found(items, rule, At::New(&new), message, (None, None));
            }
            (Some(old), None) => {
                let (rule, message) = if self.to_caller {
                    (&api::RESPONSE_MEDIA_TYPE_REMOVED, "a body is no longer received")
                } else {
                    (&api::BODY_REMOVED, "the request body was removed")
                };
                self.found(items, rule, At::Old(&old), message, (None, None));
            }
            (Some(old), Some(new)) if !self.same(&old, &new) => {
                let addresses = (vec![old.address()], vec![new.address()]);
                let number = self.shared(addresses.0, addresses.1, subject, |this, items| {
                    this.body(&old, &new, items);
                });
                self.include(number, items);
            }
            _ => {}
        }
    }

    fn body(&mut self, old: &Node<'d>, new: &Node<'d>, items: &mut Items) {
        let (was, is) = (old.flag("required"), new.flag("required"));
        if was != is {
            let (row, message) = if is {
                (&rows::BECAME_REQUIRED, "the request body is now required")
            } else {
                (&rows::BECAME_OPTIONAL, "the request body is no longer required")
            };
            let rule = row.rule(self.sent().subject);
            self.found(items, &rule, At::New(new), message, (Some(was.into()), Some(is.into())));
        }
        let rule = rows::DESCRIPTION_CHANGED.rule(self.sent().subject);
        self.text(items, &rule, "description", (old, new), "the request body");
        self.content(self.sent(), (old, new), items);
    }

    pub(crate) fn content(
        &mut self,
        direction: &Direction,
        (old, new): (&Node<'d>, &Node<'d>),
        items: &mut Items,
    ) {
        let media_types = |node: &Node<'d>| -> IndexMap<&'d str, Node<'d>> {
            let content = node.get("content");
            content.iter().flat_map(|content| content.named().collect::<Vec<_>>()).collect()
        };
        let (mut old, mut new) = (media_types(old), media_types(new));
        // The same name, else the same type with other parameters (`;charset=`), else one that
        // covers the other (`text/*`).
        for matches in [same_media_type, same_essence, one_covers_the_other] {
            old.retain(|old_name, old| {
                let Some(index) = new.keys().position(|new_name| matches(old_name, new_name))
                else {
                    return true;
                };
                let Some((new_name, new)) = new.shift_remove_index(index) else {
                    return true;
                };
                self.media_type_name(direction, (old_name, new_name), &new, items);
                self.media_type(direction, old, &new, items);
                false
            });
        }
        for (name, old) in &old {
            let message = format!("{} no longer comes as `{name}`", direction.words);
            self.found(
                items,
                direction.removed,
                At::Old(old),
                message,
                (Some((*name).into()), None),
            );
        }
        for (name, new) in &new {
            let message = format!("{} may now come as `{name}`", direction.words);
            self.found(items, direction.added, At::New(new), message, (None, Some((*name).into())));
        }
    }

    fn media_type_name(
        &self,
        direction: &Direction,
        (old, new): (&'d str, &'d str),
        node: &Node<'d>,
        items: &mut Items,
    ) {
        if same_media_type(old, new) {
            return;
        }
        let request = direction.subject.is_request();
        let rule = if same_essence(old, new) {
            if request {
                return;
            } else {
                &api::RESPONSE_MEDIA_TYPE_NAME_CHANGED
            }
        } else {
            match (covers(new, old), request) {
                (true, true) => &api::BODY_MEDIA_TYPE_ADDED,
                (false, true) => &api::BODY_MEDIA_TYPE_REMOVED,
                (true, false) => &api::RESPONSE_MEDIA_TYPE_GENERALIZED,
                (false, false) => &api::RESPONSE_MEDIA_TYPE_SPECIALIZED,
            }
        };
        let message = format!("{} comes as `{new}` instead of `{old}`", direction.words);
        self.found(items, rule, At::New(node), message, (Some(old.into()), Some(new.into())));
    }

    fn media_type(
        &mut self,
        direction: &Direction,
        old: &Node<'d>,
        new: &Node<'d>,
        items: &mut Items,
    ) {
        if self.same(old, new) {
            return;
        }
        match (old.get("schema"), new.get("schema")) {
            (None, None) => {}
            (None, Some(new)) => {
                let message = format!("{} now has a schema", direction.words);
                self.found(items, direction.schema_added, At::New(&new), message, (None, None));
            }
            (Some(old), None) => {
                let message = format!("{} no longer has a schema", direction.words);
                self.found(items, direction.schema_removed, At::Old(&old), message, (None, None));
            }
            (Some(old), Some(new)) => self.schema(&[old], &[new], direction.subject, items),
        }
        self.encoding(direction, (old, new), items);
        let rule = rows::EXAMPLE_CHANGED.rule(direction.subject);
        self.examples(items, &rule, (old, new), direction.words);
    }

    /// How parts are written. Their headers are judged as those of the whole.
    fn encoding(
        &mut self,
        direction: &Direction,
        (old, new): (&Node<'d>, &Node<'d>),
        items: &mut Items,
    ) {
        let parts = |media_type: &Node<'d>| -> IndexMap<&'d str, Node<'d>> {
            let encoding = media_type.get("encoding");
            encoding.iter().flat_map(|encoding| encoding.named().collect::<Vec<_>>()).collect()
        };
        let (before, after) = (parts(old), parts(new));
        let names: IndexSet<_> = before.keys().chain(after.keys()).copied().collect();
        let part = |parts: &IndexMap<&'d str, Node<'d>>, name: &str| {
            parts.get(name).cloned().unwrap_or_else(Node::nothing)
        };
        let both: Vec<_> =
            names.into_iter().map(|name| (part(&before, name), part(&after, name))).collect();
        if !both.iter().all(|(old, new)| are_written_alike(old, new)) {
            let encoding = new.get("encoding");
            let at = encoding.as_ref().map_or(At::New(new), At::New);
            let message = format!("the encoding of the parts of {} changed", direction.words);
            self.found(items, direction.encoding_changed, at, message, (None, None));
        }
        for (old, new) in &both {
            if direction.subject.is_request() {
                self.sent_headers((old, new), items);
            } else {
                self.headers((old, new), items);
            }
        }
    }
}

/// Whether two parts are written alike, their headers aside.
fn are_written_alike(old: &Node<'_>, new: &Node<'_>) -> bool {
    let says_all = |here: &Node<'_>, there: &Node<'_>| {
        let mut members = here.members().filter(|(keyword, _)| *keyword != "headers");
        members.all(|(keyword, member)| there.value_of(keyword) == Some(member.value))
    };
    says_all(old, new) && says_all(new, old)
}

fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

fn same_media_type(old: &str, new: &str) -> bool {
    let bare = |name: &str| name.to_ascii_lowercase().replace([' ', '"'], "");
    bare(old) == bare(new)
}

fn same_essence(old: &str, new: &str) -> bool {
    essence(old).eq_ignore_ascii_case(essence(new))
}

fn one_covers_the_other(old: &str, new: &str) -> bool {
    covers(old, new) || covers(new, old)
}

/// Whether the range `wide` (`*/*`, `text/*`, or a suffix's own type such as `application/json`
/// for `application/problem+json`) holds all of `narrow`.
fn covers(wide: &str, narrow: &str) -> bool {
    let (wide, narrow) = (essence(wide).to_ascii_lowercase(), essence(narrow).to_ascii_lowercase());
    if wide == "*/*" {
        return true;
    }
    let (Some((wide_type, wide_sub)), Some((narrow_type, narrow_sub))) =
        (wide.split_once('/'), narrow.split_once('/'))
    else {
        return false;
    };
    let suffix = narrow_sub.rsplit_once('+').is_some_and(|(_, suffix)| suffix == wide_sub);
    wide_type == narrow_type && (wide_sub == "*" || suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_matched_by_name_then_essence_then_range() {
        assert!(same_media_type(
            "Application/JSON; charset=utf-8",
            "application/json;charset=utf-8"
        ));
        assert!(same_essence("application/json", "application/json; charset=utf-8"));
        assert!(
            covers("text/*", "text/plain")
                && covers("application/json", "application/problem+json")
        );
        assert!(!covers("text/plain", "text/*") && !covers("application/xml", "application/json"));
    }
}
