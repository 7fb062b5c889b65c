//! Limits of numbers, lists and maps: they are checked where a value is set, and never where one is read.

use serde_json::{Map, Value, json};

use super::{
    notes::{self, note},
    shaped::Shaped,
};

type Schema = Map<String, Value>;

/// The keywords of limits that setters hold to, besides flags.
pub(super) const KEYWORDS: [&str; 7] =
    ["minimum", "maximum", "multipleOf", "minItems", "maxItems", "minProperties", "maxProperties"];

/// Formats of whole numbers that say how large one can be: those with room in an `i64`, which one from
/// beyond their limits is read as, too, and the limits.
const INTEGER_FORMATS: [(&str, i64, i64); 6] = [
    ("int8", i8::MIN as i64, i8::MAX as i64),
    ("uint8", 0, u8::MAX as i64),
    ("int16", i16::MIN as i64, i16::MAX as i64),
    ("uint16", 0, u16::MAX as i64),
    ("int32", i32::MIN as i64, i32::MAX as i64),
    ("uint32", 0, u32::MAX as i64),
];

/// Takes the limits out of a schema, and notes them.
pub(super) fn shape(shaped: &mut Shaped, pointer: &str, schema: &mut Schema) {
    sized(shaped, schema);
    unsigned(schema);
    take(shaped, pointer, schema);
}

/// Whether a format says how large a whole number can be.
pub(super) fn sizes_integers(format: &str) -> bool {
    format == "uint64" || INTEGER_FORMATS.iter().any(|(name, ..)| *name == format)
}

/// Once the members of an `allOf` are one, a format that stood without a type has found its own.
pub(super) fn settle(shaped: &Shaped, schema: &mut Schema) {
    let noted = schema.get(notes::BOUNDS).and_then(Value::as_object).cloned().unwrap_or_default();
    let of_noted = ["minimum", "maximum"].map(|key| (key.to_owned(), noted.get(key).cloned()));
    let mut limited = schema.clone();
    limited.extend(of_noted.into_iter().filter_map(|(key, value)| Some((key, value?))));
    sized(shaped, &mut limited);
    if schema.get("format") != limited.get("format") {
        schema.remove("format");
        let mut bounds = noted;
        for key in ["minimum", "maximum"] {
            bounds.extend(limited.remove(key).map(|limit| (key.to_owned(), limit)));
        }
        note(schema, notes::BOUNDS, bounds);
    }
}

/// A format that says how large a whole number can be sets limits, as bounds do.
fn sized(shaped: &Shaped, schema: &mut Schema) {
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    let known = INTEGER_FORMATS.iter().find(|(name, ..)| *name == format);
    let Some((format, least, most)) = known else { return };
    if schema.get("type") != Some(&json!("integer"))
        || shaped.plan.types.convert.contains_key(*format)
    {
        return;
    }
    schema.remove("format");
    for (bound, exclusive, limit) in
        [("minimum", "exclusiveMinimum", *least), ("maximum", "exclusiveMaximum", *most)]
    {
        let is_lower = bound == "minimum";
        let tighter = schema.get(bound).and_then(Value::as_f64).is_some_and(|published| {
            if is_lower { published >= limit as f64 } else { published <= limit as f64 }
        });
        if !tighter {
            schema.insert(bound.to_owned(), limit.into());
            schema.remove(exclusive);
        }
    }
}

/// A whole number that is never negative, and can be too large for an `i64`, is a `u64`.
fn unsigned(schema: &mut Schema) {
    if schema.get("type") != Some(&json!("integer")) || schema.contains_key("format") {
        return;
    }
    let large = |value: &Value| value.is_u64() && !value.is_i64();
    let natural = |value: &Value| value.is_u64();
    let bounded = schema.get("minimum").is_some_and(natural);
    let by_bound = bounded && schema.get("maximum").is_some_and(large);
    let listed = schema.get("enum").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if by_bound || (listed.iter().any(large) && listed.iter().all(natural)) {
        schema.insert("format".to_owned(), "uint64".into());
    }
}

/// Bounds are whole numbers where the type asks for it; one that can't be is no bound.
///
/// Those of numbers, lists and maps leave the schema: typify would make other types of some, and
/// check none.
fn take(shaped: &mut Shaped, pointer: &str, schema: &mut Schema) {
    let of_integers = schema.get("type") == Some(&json!("integer"));
    let lengths =
        ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];
    let numbers = ["minimum", "maximum", "multipleOf"];
    for key in lengths.into_iter().chain(numbers) {
        let Some(published) = schema.get(key).cloned() else { continue };
        let is_length = lengths.contains(&key);
        let whole = published.as_i64().or_else(|| {
            let float = published.as_f64()?;
            // Every whole number below 2^53 is exact in a float.
            (float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0).then_some(float as i64)
        });
        let kept = match whole {
            Some(whole) if !is_length || (0..=i64::from(u32::MAX)).contains(&whole) => {
                Some(json!(whole))
            }
            _ if !is_length && (!of_integers || published.is_u64()) && published.is_number() => {
                Some(published.clone())
            }
            _ => None,
        };
        // Nothing but a number above zero has multiples (JSON Schema 2020-12, section 6.2.1).
        let kept =
            kept.filter(|kept| key != "multipleOf" || kept.as_f64().is_some_and(|step| step > 0.0));
        let kept =
            kept.map(|kept| if is_length { kept } else { checked(shaped, pointer, key, kept) });
        match kept {
            Some(bound) => drop(schema.insert(key.to_owned(), bound)),
            None => {
                schema.remove(key);
                shaped.degrade(
                    pointer,
                    format!("`{key}: {published}` can't be expressed and is not checked"),
                );
            }
        }
    }
    let mut bounds = Map::new();
    for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        let is_exclusive = schema.remove(exclusive) == Some(json!(true));
        if let Some(value) = schema.remove(bound) {
            bounds.insert(if is_exclusive { exclusive } else { bound }.to_owned(), value);
        }
    }
    for key in
        ["multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"]
    {
        if let Some(value) = schema.remove(key).filter(|value| value != &json!(false)) {
            bounds.insert(key.to_owned(), value);
        }
    }
    // A text that can't be shorter needs no check, and the compiler would say so.
    if schema.get("minLength") == Some(&json!(0)) {
        schema.remove("minLength");
    }
    bounds.retain(|key, value| !(key.starts_with("min") && key != "minimum" && value == &json!(0)));
    if !bounds.is_empty() {
        note(schema, notes::BOUNDS, bounds);
    }
}

/// A limit as the client checks it: in a float, which holds not every whole number above 2^53. One that it does
/// not hold is the next that lets through more.
fn checked(shaped: &mut Shaped, pointer: &str, key: &str, limit: Value) -> Value {
    let whole = limit.as_i64().map(i128::from).or_else(|| limit.as_u64().map(i128::from));
    let (Some(whole), Some(float)) = (whole, limit.as_f64()) else { return limit };
    // No value is beyond what the type itself holds.
    let of_type = [i128::from(i64::MAX), i128::from(u64::MAX)].contains(&whole);
    if float as i128 == whole || of_type {
        return limit;
    }
    let wider = match key {
        "minimum" if float as i128 > whole => float.next_down(),
        "maximum" if (float as i128) < whole => float.next_up(),
        _ => float,
    };
    let wider = wider as i128;
    shaped.degrade(
        pointer,
        format!("`{key}: {limit}` is checked as {wider}, the nearest that can be"),
    );
    i64::try_from(wider)
        .map(Value::from)
        .or_else(|_| u64::try_from(wider).map(Value::from))
        .unwrap_or(limit)
}

/// The least number that is a multiple of both, exactly; none if it can't be had.
pub(super) fn least_common(a: &Value, b: &Value) -> Option<Value> {
    let decimal = |value: &Value| -> Option<(i128, u32)> {
        let text = match value.as_i64() {
            Some(whole) => whole.to_string(),
            // As digits, and never with an exponent.
            None => value.as_f64()?.to_string(),
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let digits = format!("{whole}{fraction}").parse().ok().filter(|digits| *digits > 0)?;
        Some((digits, u32::try_from(fraction.len()).ok()?))
    };
    let ((a, a_places), (b, b_places)) = (decimal(a)?, decimal(b)?);
    let places = a_places.max(b_places);
    let a = a.checked_mul(10_i128.checked_pow(places - a_places)?)?;
    let b = b.checked_mul(10_i128.checked_pow(places - b_places)?)?;
    let (mut divisor, mut rest) = (a, b);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    let common = (a / divisor).checked_mul(b)?;
    let unit = 10_i128.checked_pow(places)?;
    if common % unit == 0 {
        let whole = i64::try_from(common / unit).ok().filter(|whole| *whole < 1 << 53)?;
        return Some(whole.into());
    }
    // As many digits as a float tells apart.
    let width = places as usize;
    let fraction = common % unit;
    let text = format!("{}.{fraction:0width$}", common / unit);
    (common < 1_000_000_000_000_000).then(|| text.parse::<f64>().ok().map(Value::from))?
}
