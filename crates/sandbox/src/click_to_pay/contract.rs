//! What the contract asks of a request, read from `openapi.json` as the client's crate ships it.
//!
//! A request that does not fit is refused in the form that the pages show: `details` with one line
//! for each complaint. Where the pages give a line, such as `CustomerID: cannot be blank`, it is
//! that; the others are the sandbox's own, and repeat nothing of what was sent.

use std::fmt;

use axum::http::{HeaderMap, Method, StatusCode, header};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Value, json};

const CONTRACT: &str = include_str!("../../../visa-click-to-pay/openapi.json");

/// The most complaints of one answer.
const MOST_DETAILS: usize = 20;

/// An operation of the contract, and the checks on its requests.
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: Method,
    pub(crate) path: String,
    /// The status of its success.
    pub(crate) accepted: StatusCode,
    headers: Vec<Header>,
    /// `None` for an operation that takes no body.
    body: Option<Validator>,
}

struct Header {
    name: String,
    required: bool,
    value: Validator,
}

/// A contract that the sandbox can't serve.
#[derive(Debug, thiserror::Error)]
#[error("the contract of Click to Pay can't be served: {place}: {problem}")]
pub struct ContractError {
    /// The `operationId`, or `/` for the contract as a whole.
    place: String,
    problem: String,
}

impl ContractError {
    pub(crate) fn new(place: &str, problem: impl fmt::Display) -> Self {
        Self { place: place.to_owned(), problem: problem.to_string() }
    }
}

/// Every operation of the contract.
pub(crate) fn operations() -> Result<Vec<Operation>, ContractError> {
    let contract: Value =
        serde_json::from_str(CONTRACT).map_err(|error| ContractError::new("/", error))?;
    let mut operations = Vec::new();
    for (path, item) in contract["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            // Anything else in a path item has no `operationId`.
            if let Some(id) = operation["operationId"].as_str() {
                operations.push(read(&contract, id, method, path, operation)?);
            }
        }
    }
    Ok(operations)
}

fn read(
    contract: &Value,
    id: &str,
    method: &str,
    path: &str,
    operation: &Value,
) -> Result<Operation, ContractError> {
    let error = |problem: &str| ContractError::new(id, problem);
    let validator =
        |schema| validator(contract, schema).map_err(|problem| ContractError::new(id, problem));
    let mut headers = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let parameter = resolve(contract, parameter);
        if parameter["in"] == "header" {
            headers.push(Header {
                name: parameter["name"]
                    .as_str()
                    .ok_or_else(|| error("a header has no name"))?
                    .into(),
                required: parameter["required"] == true,
                value: validator(&parameter["schema"])?,
            });
        }
    }
    let body = resolve(contract, &operation["requestBody"]);
    let body = body["content"]["application/json"].get("schema");
    let success = operation["responses"].as_object().into_iter().flatten();
    let success = success.map(|(status, _)| status).find(|status| status.starts_with('2'));
    Ok(Operation {
        id: id.to_owned(),
        method: method.to_uppercase().parse().map_err(|_| error("its method is none of HTTP"))?,
        path: path.to_owned(),
        accepted: success
            .and_then(|status| status.parse().ok())
            .ok_or_else(|| error("no status of success"))?,
        headers,
        body: body.map(validator).transpose()?,
    })
}

/// A value, or what its `$ref` leads to.
fn resolve<'a>(contract: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        Some(pointer) => contract.pointer(pointer).unwrap_or(&Value::Null),
        None => value,
    }
}

/// Checks values by a schema. The components go along, for the `$ref`s in it.
fn validator(contract: &Value, schema: &Value) -> Result<Validator, Box<ValidationError<'static>>> {
    let schema = json!({"allOf": [schema], "components": contract["components"]});
    jsonschema::options().with_draft(Draft::Draft202012).build(&schema).map_err(Box::new)
}

impl Operation {
    /// Reads a body; null for an operation that takes none.
    pub(crate) fn read_body(&self, body: &[u8]) -> serde_json::Result<Value> {
        if self.body.is_some() { serde_json::from_slice(body) } else { Ok(Value::Null) }
    }

    /// What is wrong with a request, one line each.
    pub(crate) fn check(&self, headers: &HeaderMap, body: &Value) -> Vec<String> {
        let complaints = self.headers.iter().filter_map(|header| header.check(headers));
        let Some(validator) = &self.body else { return complaints.collect() };
        let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = media_type.and_then(|value| value.split(';').next()).unwrap_or_default();
        let is_json = essence.trim().eq_ignore_ascii_case("application/json");
        let media_type = (!is_json).then(|| "Content-Type: must be application/json".to_owned());
        let body = validator.iter_errors(body).map(|error| detail(&error));
        media_type.into_iter().chain(complaints).chain(body).take(MOST_DETAILS).collect()
    }
}

impl Header {
    fn check(&self, headers: &HeaderMap) -> Option<String> {
        let name = match self.name.as_str() {
            "x-customer-id" => "CustomerID",
            "x-tenant" => "OrgID",
            other => other,
        };
        let value = headers.get(&self.name).map(|value| value.to_str().unwrap_or_default().trim());
        match value {
            None | Some("") if self.required => Some(blank(name)),
            // A header is text: it fits if the text does, or the integer that it writes.
            Some(text) => {
                let number = text.parse::<i64>().map(Value::from);
                let fits = self.value.is_valid(&Value::from(text))
                    || number.is_ok_and(|number| self.value.is_valid(&number));
                (!fits).then(|| format!("{name}: does not fit its schema"))
            }
            None => None,
        }
    }
}

/// The line for a field that is missing. With the full stop for those that the pages write so.
fn blank(name: &str) -> String {
    let stop = if matches!(name, "OrgID" | "cardId") { "." } else { "" };
    format!("{name}: cannot be blank{stop}")
}

fn detail(error: &ValidationError<'_>) -> String {
    let place = error.instance_path().as_str();
    match error.kind() {
        ValidationErrorKind::Required { property } => match property.as_str() {
            Some("card_id") => blank("cardId"),
            Some(name) => blank(name),
            None => blank(place),
        },
        _ => format!("{place}: {}", error.masked_with("the value")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_that_another_page_adds_is_checked_by_its_own_schemas() {
        let contract = json!({"components": {
            "schemas": {"Name": {"type": "string", "maxLength": 3}},
            "requestBodies": {"Card": {"content": {"application/json": {"schema": {
                "type": "object",
                "properties": {"name": {"$ref": "#/components/schemas/Name"}},
            }}}}},
        }});
        let operation = json!({
            "parameters": [{"name": "x-page", "in": "header", "schema": {"type": "integer"}}],
            "requestBody": {"$ref": "#/components/requestBodies/Card"},
            "responses": {"201": {}},
        });
        let read = read(&contract, "add_card", "post", "/cards/{id}", &operation).unwrap();
        assert_eq!(read.accepted, StatusCode::CREATED);

        let json = (header::CONTENT_TYPE, "application/json".parse().unwrap());
        let page = |text: &str| ("x-page".parse().unwrap(), text.parse().unwrap());
        let good = HeaderMap::from_iter([json.clone(), page("1")]);
        assert_eq!(read.check(&good, &json!({"name": "abc"})), [""; 0]);
        let complaints =
            read.check(&HeaderMap::from_iter([json, page("one")]), &json!({"name": "abcd"}));
        assert_eq!(complaints.len(), 2, "{complaints:?}");
        assert!(complaints[1].starts_with("/name: "), "{complaints:?}");
    }
}
