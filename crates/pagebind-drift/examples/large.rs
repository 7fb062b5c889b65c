//! How long and how much memory a comparison of two large documents takes.
//!
//! `cargo run --release -p pagebind-drift --example large -- make OLD.json NEW.json` writes a
//! document of 1,200 operations and about 10 MB, and a changed copy of it;
//! `… --example large -- diff OLD.json NEW.json` reads and compares two documents, and prints the
//! time of each part and, where the system tells, the peak of resident memory.

#![allow(clippy::print_stdout, reason = "printing is what it is for")]

use std::{env, error::Error, fs, time::Instant};

use pagebind_drift::compare;
use serde_json::{Value, json};

const OPERATIONS: usize = 1_200;
const RESOURCES: usize = 300;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["make", old, new] => {
            fs::write(old, serde_json::to_string_pretty(&document(false))?)?;
            fs::write(new, serde_json::to_string_pretty(&document(true))?)?;
        }
        ["diff", old, new] => {
            let start = Instant::now();
            let read = |path: &str| -> Result<Value, Box<dyn Error>> {
                Ok(serde_json::from_slice(&fs::read(path)?)?)
            };
            let (old, new) = (read(old)?, read(new)?);
            let parsed = start.elapsed();
            let findings = compare(&old, &new);
            let all = start.elapsed();
            println!(
                "{} findings; read in {parsed:?}, compared in {:?}, {all:?} in all",
                findings.len(),
                all - parsed
            );
            if let Ok(status) = fs::read_to_string("/proc/self/status") {
                for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
                    println!("{line}");
                }
            }
        }
        _ => return Err("usage: large make|diff OLD.json NEW.json".into()),
    }
    Ok(())
}

/// Four operations on each of three hundred resources, which refer to each other and to shared
/// components; `changed` changes one property in ten resources, a component that all share, every
/// hundredth description, and adds and removes an operation.
fn document(changed: bool) -> Value {
    let mut paths = serde_json::Map::new();
    let mut schemas = serde_json::Map::new();
    schemas.insert("Error".into(), json!({
        "type": "object",
        "required": ["code", "message"],
        "properties": {
            "code": {"type": "string", "enum": if changed { json!(["A", "B", "C"]) } else { json!(["A", "B"]) }},
            "message": {"type": "string", "maxLength": 200},
        },
    }));
    for index in 0..RESOURCES {
        let name = format!("Resource{index}");
        schemas.insert(name.clone(), resource(index, changed));
        let body = json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
        let item = format!("/v1/resources{index}/{{id}}");
        let mut methods = serde_json::Map::new();
        for (position, method) in ["get", "put", "patch", "delete"].into_iter().enumerate() {
            if changed && index == 7 && method == "delete" {
                continue;
            }
            let number = index * 4 + position;
            let description = if changed && number % 100 == 0 { "Newly described." } else { LOREM };
            methods.insert(method.into(), operation(method, number, description, &body));
        }
        paths.insert(item, methods.into());
    }
    if changed {
        paths.insert(
            "/v1/new".into(),
            json!({"get": operation("get", OPERATIONS, LOREM, &json!({}))}),
        );
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Large", "version": "1.0.0"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

const LOREM: &str = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor \
incididunt ut labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation.";

fn operation(method: &str, number: usize, description: &str, body: &Value) -> Value {
    let parameters: Vec<_> = (0..6)
        .map(|index| json!({
            "name": format!("filter_{index}"), "in": "query", "description": LOREM,
            "schema": {"type": "string", "minLength": 1, "maxLength": 40 + index},
        }))
        .chain([json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}})])
        .collect();
    let mut operation = json!({
        "operationId": format!("{method}_{number}"),
        "summary": format!("Does the {number}th thing"),
        "description": description,
        "tags": [format!("tag{}", number % 20)],
        "parameters": parameters,
        "responses": {
            "200": {"description": "It worked.", "content": body},
            "400": {"description": "It did not.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}},
            "500": {"description": "It did not.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}},
        },
    });
    if matches!(method, "put" | "patch") {
        operation["requestBody"] = json!({"required": true, "content": body});
    }
    operation
}

fn resource(index: usize, changed: bool) -> Value {
    let properties: serde_json::Map<String, Value> = (0..60)
        .map(|property| {
            let kind = if changed && index.is_multiple_of(30) && property == 5 { "integer" } else { "string" };
            let schema = match property % 6 {
                0 => json!({"$ref": format!("#/components/schemas/Resource{}", (index + property + 1) % RESOURCES)}),
                1 => json!({"type": "array", "items": {"type": "object", "description": LOREM, "properties": {
                    "key": {"type": "string"}, "value": {"type": ["string", "null"], "description": LOREM},
                }}}),
                _ => json!({"type": kind, "description": LOREM, "example": format!("value {property}")}),
            };
            (format!("property_{property}"), schema)
        })
        .collect();
    json!({"type": "object", "required": ["property_1", "property_2"], "properties": properties})
}
