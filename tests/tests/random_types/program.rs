//! Reads every instance as its type, and writes it back. The arms of `exchanged` are written by the test.

#![deny(warnings)]

#[allow(dead_code)]
mod generated;

use pagebind_client::__private::serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

fn main() {
    let instances = std::fs::read_to_string("instances.jsonl").expect("the instances are there");
    let mut wrong = 0;
    for line in instances.lines() {
        let line: Value = serde_json::from_str(line).expect("an instance is JSON");
        if let Err(fault) = exchanged(line["type"].as_str().unwrap_or_default(), &line["value"]) {
            wrong += 1;
            println!("{}: {}\n  {fault}", line["type"], line["value"]);
        }
    }
    println!("{} instances, {wrong} of them wrong", instances.lines().count());
    std::process::exit(i32::from(wrong > 0));
}

fn exchanged(name: &str, value: &Value) -> Result<(), String> {
    match name {
        // each type
        _ => Err("no such type".to_owned()),
    }
}

fn exchange<T: Serialize + DeserializeOwned + Clone + std::fmt::Debug>(
    value: &Value,
) -> Result<(), String> {
    // By way of text, as it comes over the wire.
    let read: T =
        serde_json::from_str(&value.to_string()).map_err(|error| format!("is not read: {error}"))?;
    let written = serde_json::to_value(read.clone()).map_err(|error| error.to_string())?;
    if equal(value, &written) { Ok(()) } else { Err(format!("is written as {written}, read as {read:?}")) }
}

/// Whether two values are the same JSON: 1.0 and 1 are one number.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| equal(a, b)))
        }
        (a, b) => a == b,
    }
}
