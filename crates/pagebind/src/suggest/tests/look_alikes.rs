//! What looks like an id, a secret or a person, and is none.

use serde_json::{Value, json};

use super::{rules, thing};

/// A property, and why it must not be proposed.
const LOOK_ALIKES: &[(&str, &str, &str, &str)] = &[
    // Numbers that are no ids.
    ("amount", "number", "Amount of the payment", "15"),
    ("paid_amount", "number", "Paid amount ID", "15"),
    ("interest_rate", "number", "Rate", "3"),
    ("credit_limit", "number", "Limit", "1000"),
    ("id_count", "number", "How many ids there are", "7"),
    ("grid", "number", "Width of the grid", "7"),
    ("paid", "number", "What was paid", "7"),
    ("valid", "number", "How long it is valid, in hours", "96"),
    ("score", "number", "Score of the id", "7"),
    ("latitude", "number", "Latitude", "7"),
    ("balance", "number", "Balance of the account", "10"),
    ("limit", "number", "Limit of the account", "10"),
    ("fee", "number", "Fee for the identifier", "7"),
    ("code", "number", "Country code", "55"),
    ("status", "number", "Status of the order", "200"),
    ("device_index", "number", "Index number for device ID", "99"),
    // Names that are nobody's.
    ("name", "string", "Name of the product", "Blue shirt"),
    ("product_name", "string", "Product name", "Blue shirt"),
    ("file_name", "string", "File name", "a.pdf"),
    ("merchant_name", "string", "Merchant name", "Acme"),
    ("card_name", "string", "Card alias name", "Vacation card"),
    ("display_name", "string", "What is shown", "Main"),
    ("hostname", "string", "Name of the host", "a.example"),
    ("last_name_changed_at", "string", "When the name changed", ""),
    // Addresses where nobody lives.
    ("address", "string", "Address of the server", "10.0.0.1"),
    ("ip_address", "string", "IP address", "10.0.0.1"),
    ("mac_address", "string", "MAC address", ""),
    ("merchant_postal_code", "string", "Where the merchant is", "94105"),
    ("city", "string", "City of the data centre", "Berlin"),
    ("state", "string", "State of the order", "open"),
    ("email_template", "string", "Which template is sent", "welcome"),
    ("email_verified", "boolean", "Whether the email address is verified", ""),
    ("phone_type", "string", "Kind of phone", "mobile"),
    ("country_phone_prefix", "string", "Prefix of a country", "55"),
    // Cards that show nothing.
    ("last_4_digits", "string", "Last 4 PAN digits", "5684"),
    ("masked_card_number", "string", "Masked card number", "411111******1111"),
    ("card_number_hash", "string", "Hash of the card number", "9f86d081"),
    ("pan_reference", "string", "Identifies the card on the network", "V-227"),
    ("pan_sequence", "string", "Sequence of the PAN", "1"),
    ("cvv_try_counter", "integer", "CVV try counter", "3"),
    ("cvv_result", "string", "Result of the check", "M"),
    ("pan_last4", "string", "The last four digits", "5684"),
    ("pin", "boolean", "Whether a PIN was entered", ""),
    ("pinned", "string", "Until when it is pinned", ""),
    ("spin_code", "string", "How it spins", ""),
    ("online_pin", "string", "How the cardholder was verified", "3"),
    ("span", "string", "How long", ""),
    ("account_number_type", "string", "Kind of account", "iban"),
    ("order_number", "string", "Order number", "4111111111111112"),
    ("protocol", "string", "Custom id of a request", "20251128111532456"),
    // Tokens and keys that open nothing.
    ("next_page_token", "string", "Where to go on", "abc"),
    ("token", "string", "Token for the next page of results", "abc"),
    ("token_id", "string", "Id of the token", "412"),
    ("token_type", "string", "Kind of token", "bearer"),
    ("total_tokens", "integer", "Tokens generated", "7"),
    ("public_key", "string", "Public key", ""),
    ("api_key_uuid", "string", "UUID of the key", ""),
    ("secret_name", "string", "Name of the secret", "db"),
    ("password_policy", "string", "Which passwords are good enough", "strict"),
    ("password_changed_at", "string", "When it was changed", ""),
    ("sort_key", "string", "What it is sorted by", "name"),
    ("message", "string", "What is sent to the customer", "Hello"),
    ("description", "string", "What it is about", "A shirt"),
];

fn schema(kind: &str, words: &str, example: &str) -> Value {
    let mut schema = json!({ "type": kind, "description": words });
    if !example.is_empty() {
        schema["example"] = match kind {
            "string" => example.into(),
            _ => serde_json::from_str(example).unwrap(),
        };
    }
    schema
}

#[test]
fn what_only_looks_like_it_is_not_proposed() {
    for (name, kind, words, example) in LOOK_ALIKES {
        let document = thing(&json!({ *name: schema(kind, words, example) }));
        assert!(rules(&document).is_empty(), "{name} ({words}): {:?}", rules(&document));
    }
}

#[test]
fn what_stands_beside_others_like_it_is_judged_by_them() {
    let text = json!({ "type": "string" });
    let person =
        json!({ "name": text, "address": text, "city": text, "state": text, "phone": text });
    let found = super::all(&thing(&person));
    let marked: Vec<&str> = found
        .iter()
        .filter(|found| found.rule.name == "sensitive-person")
        .flat_map(|found| found.places.iter().filter_map(|place| place.rsplit('/').next()))
        .collect();
    assert_eq!(marked.len(), 4, "{marked:?}");
    assert!(!marked.contains(&"state"), "{marked:?}");
    // A data centre, a shop and a user of a machine have such names too.
    for other in [
        json!({ "name": text, "city": text, "state": text, "country": text }),
        json!({ "name": text, "price": text, "created_by_user_email_id": text }),
        json!({ "name": text, "address": text, "port": text, "host": text }),
    ] {
        assert!(rules(&thing(&other)).is_empty(), "{other}");
    }
}

/// Names of what is never to be printed, as publishers write them, and the rule that finds each.
const SENSITIVE: &[(&str, &[&str])] = &[
    (
        "sensitive-card",
        &[
            "cardNumber",
            "card-number",
            "CardNumber",
            "CARD_NUMBER",
            "cvv2",
            "cvc",
            "security_code",
            "pin",
            "pinBlock",
            "account_number",
            "accountNumber",
            "iban",
        ],
    ),
    (
        "sensitive-secret",
        &[
            "access_token",
            "refreshToken",
            "client_secret",
            "clientSecret",
            "api_key",
            "apiKey",
            "password",
            "private-key",
            "otp",
        ],
    ),
    (
        "sensitive-person",
        &[
            "ssn",
            "tax_id",
            "taxId",
            "document_number",
            "passport_number",
            "passportNumber",
            "date_of_birth",
            "dateOfBirth",
            "birthDate",
            "maiden_name",
            "mothers_maiden_name",
            "first_name",
            "emailAddress",
            "phone_number",
        ],
    ),
];

#[test]
fn what_is_never_to_be_printed_is_found_however_it_is_written() {
    for (rule, names) in SENSITIVE {
        for name in *names {
            let document = thing(&json!({ *name: { "type": "string" } }));
            assert!(rules(&document).contains(rule), "{name}: {:?}", rules(&document));
        }
    }
}

#[test]
fn the_pin_code_of_an_address_is_where_somebody_lives() {
    let text = json!({ "type": "string" });
    for name in ["pin_code", "pincode", "pinCode"] {
        let address = json!({ "address_line1": text, "city": text, "state": text, name: text });
        let found = super::all(&thing(&address));
        let marks = found.iter().filter(|found| found.rule.name.starts_with("sensitive"));
        assert!(
            found.iter().any(|one| one.places.iter().any(|place| place.ends_with(name))),
            "{name}"
        );
        assert!(marks.clone().all(|one| one.rule.name == "sensitive-person"), "{found:?}");
    }
}

#[test]
fn an_id_is_an_integer_and_an_amount_is_none() {
    let names = ["account_id", "amount", "rate", "limit", "balance", "latitude"];
    let number = json!({ "type": "number", "example": 7 });
    let properties: serde_json::Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), number.clone())).collect();
    let found = super::all(&thing(&properties.into()));
    let places: Vec<_> = found.iter().flat_map(|one| &one.places).collect();
    assert_eq!(places, ["/components/schemas/Thing/properties/account_id"]);
}
