//! Random schemas and instances: whatever a schema accepts, its type reads and writes back equal.
//!
//! All schemas are one document, so that one client is generated and compiled. A validator that is none of
//! ours says what an instance is. `PAGEBIND_SEED=7 cargo test --package pagebind-tests --test random_types`
//! tries others than those of every day; the document and the program stay in `random-types` of the folder
//! for the tests' files.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod instances;
mod schemas;

use std::{env, fs, path::Path, process::Command};

use pagebind_tests::workspace;
use serde_json::{Map, Value, json};

use self::instances::Instances;
use self::schemas::{Schemas, name};

/// How many schemas are tried, and how many instances of each.
const SCHEMAS: usize = 40;
const INSTANCES: usize = 12;

#[test]
fn whatever_a_schema_accepts_its_type_reads_and_writes_back() {
    let seed: u64 = env::var("PAGEBIND_SEED").map_or(1, |seed| seed.parse().unwrap());
    let mut random = Schemas { rng: fastrand::Rng::with_seed(seed), count: SCHEMAS, own: 0 };
    let document = document(&mut random);
    let instances = exchanged(&document, &mut random);
    assert!(instances.lines().count() > SCHEMAS, "seed {seed} makes few instances");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("random-types");
    // Before anything is made of it, so that one that is refused can be looked at.
    write(&folder.join("openapi.json"), serde_json::to_string_pretty(&document).unwrap());
    let generated = pagebind_codegen::generate(&document);
    let source = generated.unwrap_or_else(|problems| panic!("seed {seed}: {problems}")).source;
    for (file, text) in [
        ("Cargo.toml", manifest()),
        ("Cargo.lock", fs::read_to_string(workspace().join("Cargo.lock")).unwrap()),
        ("instances.jsonl", instances),
        ("src/generated.rs", source),
        ("src/main.rs", program()),
    ] {
        write(&folder.join(file), text);
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let run = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline", "--color=never", "--target-dir"])
        .arg(target)
        .current_dir(&folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(
        run.status.success(),
        "seed {seed}, in {}:\n{said}{}",
        folder.display(),
        String::from_utf8_lossy(&run.stderr)
    );
    println!("seed {seed}: {said}");
}

/// Writes a file that has another text: by the times of files cargo knows what to build again.
fn write(path: &Path, text: String) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    if fs::read_to_string(path).ok().as_ref() != Some(&text) {
        fs::write(path, text).unwrap();
    }
}

/// A document with a schema `T…` for each random one, and an operation that exchanges a `W…`: a value of
/// it as a member that is there, one that may be missing, and the items of a list.
fn document(random: &mut Schemas) -> Value {
    let mut schemas = Map::new();
    for index in 0..random.count {
        random.own = index;
        schemas.insert(name(index), random.schema(3));
    }
    let mut paths = Map::new();
    for index in 0..random.count {
        let value = json!({ "$ref": format!("#/components/schemas/{}", name(index)) });
        let whole = json!({
            "type": "object",
            "required": ["v"],
            "properties": { "v": value, "o": value, "l": { "type": "array", "items": value } },
        });
        schemas.insert(format!("W{index}"), whole);
        let schema = json!({ "$ref": format!("#/components/schemas/W{index}") });
        let content = json!({ "application/json": { "schema": schema } });
        let mut operation = json!({
            "operationId": format!("exchange_{index}"),
            "responses": { "200": { "description": "OK", "content": content } },
        });
        // Some types are read alone.
        if random.rng.bool() {
            operation["requestBody"] = json!({ "required": true, "content": content });
        }
        paths.insert(format!("/{index}"), json!({ "post": operation }));
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "random", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

/// Instances, one a line, each with the name of its type.
fn exchanged(document: &Value, random: &mut Schemas) -> String {
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut lines = String::new();
    for index in 0..random.count {
        let whole = format!("W{index}");
        let validator = jsonschema::validator_for(&json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": format!("#/components/schemas/{whole}"),
            "components": document["components"],
        }))
        .unwrap();
        for _ in 0..INSTANCES {
            let made = Instances { schemas, random, inside: false }.of(&schemas[&whole], 0);
            if let Some(value) = made.filter(|value| validator.is_valid(value)) {
                lines += &format!("{}\n", json!({ "type": whole, "value": value }));
            }
        }
    }
    lines
}

/// The manifest of the program: what any crate with a generated client needs, and this workspace's profiles.
fn manifest() -> String {
    let root = fs::read_to_string(workspace().join("Cargo.toml")).unwrap();
    let (_, profiles) = root.split_once("\n[profile").unwrap();
    let client = json!(workspace().join("crates/pagebind-client"));
    format!(
        "[package]\nname = \"random-types\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\npagebind-client = {{ path = {client} }}\nserde_json = \"1\"\n\n[profile{profiles}"
    )
}

/// The program: it reads and writes every instance, and says which come back as something else.
fn program() -> String {
    let arms = (0..SCHEMAS).map(|index| {
        format!("        \"W{index}\" => exchange::<generated::types::W{index}>(value),\n")
    });
    include_str!("program.rs").replace("        // each type\n", &arms.collect::<String>())
}
