//! Responses: statuses and headers.

use indexmap::IndexMap;

use crate::{
    comparison::{At, Comparison, Items},
    node::Node,
    operation::Operation,
    parameter,
    rules::{
        api,
        schema::{self as rows, Subject},
    },
};

impl<'d> Comparison<'d> {
    pub(crate) fn responses(&mut self, operation: &Operation<'d>, items: &mut Items) {
        let statuses = |operation: &Node<'d>| -> IndexMap<String, Node<'d>> {
            let responses = operation.get("responses");
            let responses =
                responses.iter().flat_map(|responses| responses.members().collect::<Vec<_>>());
            responses.map(|(name, node)| (status(name), node)).collect()
        };
        let (old, new) = (statuses(&operation.old), statuses(&operation.new));
        for (status, before) in &old {
            if let Some(after) = new.get(status) {
                self.listed_response((before, after), items);
                continue;
            }
            let at = self.resolve_old(before);
            let values = (Some(status.as_str().into()), None);
            if let Some((wider, after)) = decoding(&new, status) {
                let (rule, message) = if wider == "default" {
                    (&api::OTHER_STATUS_REMOVED, format!("the response {status} was removed"))
                } else {
                    let message = format!("the response {status} is one of {wider} now");
                    (&api::STATUS_JOINED_RANGE, message)
                };
                self.found(items, rule, At::Old(&at), message, values);
                self.listed_response((before, after), items);
            } else {
                let rule = if is_success(status) {
                    &api::SUCCESS_STATUS_REMOVED
                } else {
                    &api::OTHER_STATUS_REMOVED
                };
                let message = format!("the response {status} was removed");
                self.found(items, rule, At::Old(&at), message, values);
            }
        }
        for (status, after) in new.iter().filter(|(status, _)| !old.contains_key(*status)) {
            let at = self.resolve_new(after);
            let values = (None, Some(status.as_str().into()));
            if let Some((wider, before)) = decoding(&old, status) {
                let (rule, message) = if wider == "default" {
                    (&api::OTHER_STATUS_ADDED, format!("the response {status} is new"))
                } else {
                    let message =
                        format!("the response {status} has a form of its own beside {wider}");
                    (&api::STATUS_LEFT_RANGE, message)
                };
                self.found(items, rule, At::New(&at), message, values);
                self.listed_response((before, after), items);
            } else {
                let is_new = || format!("the response {status} is new");
                // Who answers a call to himself need not answer by what is taken besides.
                let (rule, message) = match (is_success(status), self.to_caller) {
                    (true, true) => {
                        let message = format!("may now be answered with {status}");
                        (&api::ANSWER_STATUS_ADDED, message)
                    }
                    (true, false) => (&api::SUCCESS_STATUS_ADDED, is_new()),
                    (false, _) => (&api::OTHER_STATUS_ADDED, is_new()),
                };
                self.found(items, rule, At::New(&at), message, values);
            }
        }
    }

    /// Compares what decodes a status on both sides, be it as references.
    fn listed_response(&mut self, (old, new): (&Node<'d>, &Node<'d>), items: &mut Items) {
        let rule = || api::RESPONSE_DESCRIPTION_CHANGED.clone();
        self.text_beside_reference(items, rule, (old, new), "the response");
        self.response(&self.resolve_old(old), &self.resolve_new(new), items);
    }

    fn response(&mut self, old: &Node<'d>, new: &Node<'d>, items: &mut Items) {
        if self.same(old, new) {
            return;
        }
        let addresses = (vec![old.address()], vec![new.address()]);
        let number = self.shared(addresses.0, addresses.1, Subject::ResponseBody, |this, items| {
            this.text(
                items,
                &api::RESPONSE_DESCRIPTION_CHANGED,
                "description",
                (old, new),
                "the response",
            );
            this.headers((old, new), items);
            this.content(this.returned(), (old, new), items);
            let links = (old.get("links"), new.get("links"));
            if this.same_entries(links.0.as_ref(), links.1.as_ref()) {
                return;
            }
            let at = links.1.as_ref().map_or(At::New(new), At::New);
            this.found(
                items,
                &api::LINK_CHANGED,
                at,
                "the links of the response changed",
                (None, None),
            );
        });
        self.include(number, items);
    }

    /// The headers of a response, or of a part of one.
    pub(crate) fn headers(&mut self, (old, new): (&Node<'d>, &Node<'d>), items: &mut Items) {
        let headers = |response: &Node<'d>| -> IndexMap<String, Node<'d>> {
            let headers = response.get("headers");
            let headers = headers.iter().flat_map(|headers| headers.named().collect::<Vec<_>>());
            headers
                .map(|(name, node)| (name.to_ascii_lowercase(), node))
                .filter(|(name, _)| name != "content-type")
                .collect()
        };
        let (old, new) = (headers(old), headers(new));
        for (name, old) in &old {
            let listed = old;
            let old = self.resolve_old(listed);
            match new.get(name) {
                Some(new) => {
                    let rule = || rows::DESCRIPTION_CHANGED.rule(Subject::ResponseHeader);
                    self.text_beside_reference(
                        items,
                        rule,
                        (listed, new),
                        format_args!("the response header `{name}`"),
                    );
                    self.header(name, &old, &self.resolve_new(new), items);
                }
                None => {
                    let rule = if old.flag("required") {
                        &api::REQUIRED_HEADER_REMOVED
                    } else {
                        &api::OPTIONAL_HEADER_REMOVED
                    };
                    let message = format!("the response header `{name}` was removed");
                    self.found(
                        items,
                        rule,
                        At::Old(&old),
                        message,
                        (Some(name.as_str().into()), None),
                    );
                }
            }
        }
        for (name, new) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
            let message = format!("the response header `{name}` is new");
            self.found(
                items,
                &api::HEADER_ADDED,
                At::New(&self.resolve_new(new)),
                message,
                (None, Some(name.as_str().into())),
            );
        }
    }

    fn header(&mut self, name: &str, old: &Node<'d>, new: &Node<'d>, items: &mut Items) {
        if self.same(old, new) {
            return;
        }
        let subject = Subject::ResponseHeader;
        let addresses = (vec![old.address()], vec![new.address()]);
        let number = self.shared(addresses.0, addresses.1, subject, |this, items| {
            let (was, is) = (old.flag("required"), new.flag("required"));
            if was != is {
                let (row, what) = if is {
                    (&rows::BECAME_REQUIRED, "always comes now")
                } else {
                    (&rows::BECAME_OPTIONAL, "may now be missing")
                };
                let message = format!("the response header `{name}` {what}");
                this.found(
                    items,
                    &row.rule(subject),
                    At::New(new),
                    message,
                    (Some(was.into()), Some(is.into())),
                );
            }
            let whose = format!("the response header `{name}`");
            this.annotated(subject, (old, new), &whose, items);
            this.style((old, new), (&api::HEADER_STYLE_CHANGED, "header"), &whose, items);
            let (old, new): (Vec<_>, Vec<_>) =
                (parameter::schema(old).collect(), parameter::schema(new).collect());
            this.schema(&old, &new, subject, items);
        });
        self.include(number, items);
    }
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

/// `4XX` however it is written; `default` is no range.
fn status(name: &str) -> String {
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.to_ascii_uppercase()
    } else {
        name.to_owned()
    }
}

/// `2XX` for `204`.
fn range(status: &str) -> Option<String> {
    let digit = status.chars().next().filter(char::is_ascii_digit)?;
    Some(format!("{digit}XX"))
}

/// What decodes a status that is not listed itself: its range, or what is said of all others, which
/// are failures (OpenAPI 3.1, Responses Object).
fn decoding<'n, 'd>(
    responses: &'n IndexMap<String, Node<'d>>,
    status: &str,
) -> Option<(String, &'n Node<'d>)> {
    let range = range(status).filter(|range| range != status);
    let default = (!is_success(status)).then(|| "default".to_owned());
    let mut wider = range.into_iter().chain(default);
    wider.find_map(|wider| responses.get(&wider).map(|response| (wider, response)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_that_of_the_first_digit() {
        assert_eq!(range("204").as_deref(), Some("2XX"));
        assert_eq!(range("default"), None);
    }
}
