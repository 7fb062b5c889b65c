//! What a contract says about its own client, under the root key `x-pagebind`.
//!
//! The settings travel inside the contract, so that a build script which sees nothing but that
//! file generates the same source as the command line does.

use pagebind::diagnostic::{Diagnostic, Place};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use self::types::{TypePatch, TypeSettings};

mod types;

/// One page that a contract was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageSource {
    /// Where it is published.
    pub url: String,
    /// The SHA-256 of the page as it was vendored, 64 lowercase hexadecimal digits.
    pub sha256: String,
}

/// How a client is generated from its contract.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The command that makes the generated source, as its first line tells it.
    pub command: String,
    /// The pages that the contract was made from.
    pub pages: Vec<PageSource>,
    /// Header parameters that the client fills in, rather than each call: their names.
    pub client_headers: Vec<String>,
    /// Whether what makes a client is written by hand, beside the source: then `Client` has neither
    /// `builder` nor `Debug`, and is made of a `pagebind_client::Session`.
    pub builder_by_hand: bool,
    /// How lists come page by page, an object each in the words of `x-pagination`, for the `operations`
    /// that it names, or for all that have its `parameter`.
    pub pagination: Vec<Value>,
    /// Whether the source has a module `mock` for tests, behind the feature `mock` of its crate, which
    /// then depends on `pagebind-mock`.
    pub mock: bool,
    /// Which types have builders.
    pub builders: Builders,
    /// Whether the operations of each tag, and the types that only they need, stand behind a feature of the
    /// crate that holds the source.
    pub features: bool,
    /// Whether what can't be generated is left out and told, instead of refusing the whole.
    pub keep_going: bool,
    /// How types come out.
    pub types: TypeSettings,
}

/// Which types have builders.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Builders {
    /// Every type that is an object.
    #[default]
    All,
    /// Those that requests hold; with `mock` those that answers hold besides, behind the feature `mock`. The
    /// source, and the time that it takes to compile, are about half of what they are with all.
    Sent,
}

/// The root key of a contract that holds its settings.
const KEY: &str = "x-pagebind";

impl Settings {
    /// Reads the settings of a contract; one without any gets the default.
    ///
    /// # Errors
    /// Settings of another shape than [`Settings::to_value`] writes.
    pub fn of(contract: &Value) -> Result<Self, Diagnostic> {
        let Some(settings) = contract.get(KEY) else { return Ok(Self::default()) };
        let text = |value: &Value, key: &str| {
            value.get(key).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| malformed(key))
        };
        let list =
            |key: &str| settings.get(key).and_then(Value::as_array).ok_or_else(|| malformed(key));
        let page = |page: &Value| {
            Ok(PageSource { url: text(page, "url")?, sha256: text(page, "sha256")? })
        };
        let header = |header: &Value| {
            header.as_str().map(str::to_owned).ok_or_else(|| malformed("client_headers"))
        };
        Ok(Self {
            command: text(settings, "command")?,
            pages: list("pages")?.iter().map(page).collect::<Result<_, Diagnostic>>()?,
            client_headers: list("client_headers")?.iter().map(header).collect::<Result<_, _>>()?,
            builder_by_hand: settings.get("builder_by_hand").map_or(Ok(false), |by_hand| {
                by_hand.as_bool().ok_or_else(|| malformed("builder_by_hand"))
            })?,
            pagination: match settings.get("pagination") {
                Some(_) => list("pagination")?.clone(),
                None => Vec::new(),
            },
            mock: match settings.get("mock") {
                None => false,
                Some(mock) => mock.as_bool().ok_or_else(|| malformed("mock"))?,
            },
            builders: match settings.get("builders") {
                None => Builders::All,
                Some(which) => Builders::deserialize(which).map_err(|_| malformed("builders"))?,
            },
            features: match settings.get("features") {
                None => false,
                Some(of) if of == "tags" => true,
                Some(_) => return Err(malformed("features")),
            },
            keep_going: match settings.get("keep_going") {
                None => false,
                Some(keep_going) => keep_going.as_bool().ok_or_else(|| malformed("keep_going"))?,
            },
            types: match settings.get("types") {
                None => TypeSettings::default(),
                Some(types) => TypeSettings::deserialize(types).map_err(|_| malformed("types"))?,
            },
        })
    }

    /// Writes the settings into a contract.
    pub fn write_to(&self, contract: &mut Map<String, Value>) {
        contract.insert(KEY.to_owned(), self.to_value());
    }

    /// The settings as they stand in a contract.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let pages = self.pages.iter().map(|page| json!({ "url": page.url, "sha256": page.sha256 }));
        let mut value = json!({
            "command": self.command,
            "pages": pages.collect::<Vec<_>>(),
            "client_headers": self.client_headers,
        });
        if self.builder_by_hand {
            value["builder_by_hand"] = Value::Bool(true);
        }
        if !self.pagination.is_empty() {
            value["pagination"] = self.pagination.clone().into();
        }
        if self.mock {
            value["mock"] = Value::Bool(true);
        }
        if self.builders != Builders::All {
            value["builders"] = json!(self.builders);
        }
        if self.features {
            value["features"] = json!("tags");
        }
        if self.keep_going {
            value["keep_going"] = Value::Bool(true);
        }
        if !self.types.is_default() {
            value["types"] = json!(self.types);
        }
        value
    }

    /// The name of the header that the client fills in, if `parameter` is one of those.
    pub(crate) fn client_header(&self, parameter: &Map<String, Value>) -> Option<String> {
        let name = parameter.get("name")?.as_str()?;
        let is_header = parameter.get("in")? == "header";
        // Field names are case-insensitive (RFC 9110, section 5.1).
        (is_header && self.client_headers.iter().any(|header| header.eq_ignore_ascii_case(name)))
            .then(|| name.to_ascii_lowercase())
    }
}

/// What an error calls the document that a client is generated from; it may have no file.
pub(crate) const CONTRACT: &str = "the contract";

/// That document, as the place of an error.
pub(crate) fn contract_place() -> Place {
    Place::new(CONTRACT)
}

fn malformed(key: &str) -> Diagnostic {
    Diagnostic::unreadable(format!("`{key}` is missing or of the wrong type"))
        .place(contract_place().pointer(format!("/{KEY}")))
        .help("generate the contract again from its pages")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_the_way_through_a_contract() {
        let settings = Settings {
            command: "cargo xtask generate example".to_owned(),
            pages: vec![PageSource {
                url: "https://example.org/a.md".to_owned(),
                sha256: "0".repeat(64),
            }],
            client_headers: vec!["x-tenant".to_owned()],
            builder_by_hand: true,
            pagination: vec![json!({ "parameter": "page", "items": "/data" })],
            mock: true,
            builders: Builders::Sent,
            features: true,
            keep_going: true,
            types: TypeSettings { derives: vec!["Eq".to_owned()], ..TypeSettings::default() },
        };
        let mut contract = Map::new();
        settings.write_to(&mut contract);
        assert_eq!(Settings::of(&contract.into()), Ok(settings));
        assert_eq!(Settings::of(&json!({})), Ok(Settings::default()));
    }

    #[test]
    fn settings_of_types_are_checked_before_they_are_used() {
        let of = |types: Value| {
            let settings =
                json!({ "command": "", "pages": [], "client_headers": [], "types": types });
            let paths =
                json!({ "/a": { "get": { "responses": { "200": { "description": "OK" } } } } });
            let schemas = json!({ "Card": { "type": "object", "properties": { "a": {} } } });
            crate::generate(&json!({
                "openapi": "3.1.0",
                "info": { "title": "a", "version": "1" },
                "x-pagebind": settings,
                "paths": paths,
                "components": { "schemas": schemas },
            }))
        };
        let said = of(json!({ "replace": { "Card": "no path" } })).unwrap_err().to_string();
        assert!(said.contains("`no path` is no path in Rust"), "{said}");
        let said = of(json!({ "derive": [] })).unwrap_err().to_string();
        assert!(said.contains("`types` is missing or of the wrong type"), "{said}");
        let misnamed = of(json!({ "keep-unknown": ["Cart"] })).unwrap().misnamed;
        assert_eq!(misnamed.len(), 1);
        let said = misnamed[0].to_string();
        assert!(said.contains("no type `Cart`") && said.contains("did you mean `Card`?"), "{said}");
        let renamed = of(json!({ "patch": { "Card": { "rename": "Kard" } } })).unwrap();
        assert_eq!(renamed.misnamed, []);
        assert!(renamed.source.contains("pub struct Kard {"), "{}", renamed.source);
    }

    #[test]
    fn settings_of_another_shape_name_the_key() {
        let problem = Settings::of(&json!({ "x-pagebind": { "command": 1 } })).unwrap_err();
        assert!(
            problem.to_string().contains("`command` is missing or of the wrong type"),
            "{problem}"
        );
    }

    #[test]
    fn a_header_is_known_by_its_name_in_any_case_and_only_as_a_header() {
        let settings =
            Settings { client_headers: vec!["X-Tenant".to_owned()], ..Settings::default() };
        let parameter = |name: &str, location: &str| {
            json!({ "name": name, "in": location }).as_object().cloned().unwrap()
        };
        assert_eq!(
            settings.client_header(&parameter("x-tenant", "header")).as_deref(),
            Some("x-tenant")
        );
        assert_eq!(settings.client_header(&parameter("x-tenant", "query")), None);
        assert_eq!(settings.client_header(&parameter("x-other", "header")), None);
    }
}
