//! The walk over the objects of OpenAPI, down to each place where a schema stands.

use serde_json::{Map, Value, json};

use super::{pass::Lowering, references::is_reference};
use crate::pointer::{self, join};

/// The version that a lowered document says it is.
const VERSION: &str = "3.0.3";

/// The dialects that mean what OpenAPI 3.1 means; the first is its default.
const DIALECTS: [&str; 2] = [
    "https://spec.openapis.org/oas/3.1/dialect/base",
    "https://json-schema.org/draft/2020-12/schema",
];

impl Lowering<'_> {
    /// The whole document.
    pub(super) fn document(&mut self) -> Value {
        let source = self.source;
        self.take_published_names();
        if self.known.in_3_0 {
            return self.document_3_0();
        }
        self.find_dropped_schemes();
        let mut document = self.object(source, "", |this, key, value, at| match key {
            "openapi" => Some(json!(VERSION)),
            "info" => Some(this.info(value, at)),
            "jsonSchemaDialect" => {
                this.dialect(value, "", key);
                None
            }
            "webhooks" => {
                this.lose("", key, "dropped: 3.0 has no webhooks");
                None
            }
            "paths" => Some(this.paths(value, at)),
            "components" => Some(this.components(value, at)),
            "servers" => Some(this.servers(value, at)),
            "security" => Some(this.security(value, at)),
            _ => Some(value.clone()),
        });
        self.hoist_into(&mut document);
        if let Value::Object(map) = &mut document {
            map.entry("paths").or_insert_with(|| json!({}));
        }
        document
    }

    /// A document in 3.0, with references that its tools can follow; all else stays as it is.
    fn document_3_0(&mut self) -> Value {
        let source = self.source;
        let mut document = self.object(source, "", |this, key, value, at| {
            Some(match key {
                "paths" => this.paths(value, at),
                "components" => this.components(value, at),
                _ => value.clone(),
            })
        });
        self.hoist_into(&mut document);
        document
    }

    /// Drops the name of a dialect, which 3.0 has no key for, if it is one that 3.1 itself speaks.
    pub(super) fn dialect(&mut self, value: &Value, at: &str, key: &str) {
        let name = value.as_str().unwrap_or_default().trim_end_matches('#');
        if DIALECTS.contains(&name) {
            self.lose(at, key, "dropped: it names the default dialect");
        } else {
            self.problem(
                &join(at, key),
                format!("the schemas are written in a foreign dialect: {value}"),
                "only JSON Schema 2020-12 as OpenAPI 3.1 uses it can be lowered",
            );
        }
    }

    fn info(&mut self, info: &Value, at: &str) -> Value {
        self.object(info, at, |this, key, value, at| match key {
            "summary" => {
                this.lose(parent(at), key, "dropped: 3.0 has no place for it");
                None
            }
            "license" => Some(this.object(value, at, |this, key, value, at| {
                if key == "identifier" {
                    this.lose(parent(at), key, "dropped: 3.0 has no place for it");
                    return None;
                }
                Some(value.clone())
            })),
            _ => Some(value.clone()),
        })
    }

    fn paths(&mut self, paths: &Value, at: &str) -> Value {
        self.object(paths, at, |this, _, value, at| {
            let lowered = this.path_item(value, at);
            Some(this.part(lowered, 2))
        })
    }

    fn components(&mut self, components: &Value, at: &str) -> Value {
        self.object(components, at, |this, section, value, at| {
            let lower: fn(&mut Self, &Value, &str) -> Value = match section {
                "schemas" => Self::component_schema,
                "responses" => Self::response,
                "parameters" => Self::parameter,
                "requestBodies" => Self::request_body,
                "headers" => Self::header,
                "links" => Self::link,
                "callbacks" => Self::callback,
                "examples" => Self::example,
                "securitySchemes" if !this.known.in_3_0 => {
                    return Some(this.security_schemes(value, at));
                }
                "pathItems" => {
                    this.lose(parent(at), section, "inlined where they are used");
                    return None;
                }
                _ => return Some(value.clone()),
            };
            Some(this.named(value, at, lower))
        })
    }

    /// A section of components, each under a name that 3.0 allows.
    fn named(
        &mut self,
        section: &Value,
        at: &str,
        lower: fn(&mut Self, &Value, &str) -> Value,
    ) -> Value {
        let Value::Object(map) = section else {
            return section.clone();
        };
        let mut named = Map::new();
        for (name, value) in map {
            let here = join(at, name);
            let lowered = lower(self, value, &here);
            let lowered = self.part(lowered, 3);
            let renamed = self.known.renamed.get(&here);
            if let Some(renamed) = renamed {
                self.lose(
                    at,
                    name,
                    format!("named `{renamed}`, in the characters that 3.0 allows"),
                );
            }
            named.insert(renamed.unwrap_or(name).clone(), lowered);
        }
        Value::Object(named)
    }

    /// A component's schema, noting whether it got wider.
    fn component_schema(&mut self, schema: &Value, at: &str) -> Value {
        self.owned(at, |this| this.schema(schema, at))
    }

    pub(super) fn operation(&mut self, operation: &Value, at: &str) -> Value {
        let mut lowered = self.object(operation, at, |this, key, value, at| match key {
            "parameters" => Some(this.list(value, at, Self::parameter)),
            "requestBody" => Some(this.request_body(value, at)),
            "responses" => {
                Some(this.object(value, at, |this, _, value, at| Some(this.response(value, at))))
            }
            "callbacks" => Some(this.map(value, at, Self::callback)),
            "servers" if !this.known.in_3_0 => Some(this.servers(value, at)),
            "security" if !this.known.in_3_0 => Some(this.security(value, at)),
            _ => Some(value.clone()),
        });
        // 3.0 wants at least one response; the least that can be said is that there is one.
        if !self.known.in_3_0
            && let Value::Object(map) = &mut lowered
            && map.get("responses").is_none_or(|it| *it == json!({}))
        {
            map.insert("responses".to_owned(), json!({"default": {"description": ""}}));
        }
        lowered
    }

    pub(super) fn parameter(&mut self, parameter: &Value, at: &str) -> Value {
        self.referable(parameter, at, "parameters", Self::with_schema)
    }

    pub(super) fn header(&mut self, header: &Value, at: &str) -> Value {
        self.referable(header, at, "headers", Self::with_schema)
    }

    pub(super) fn request_body(&mut self, body: &Value, at: &str) -> Value {
        self.referable(body, at, "requestBodies", Self::with_schema)
    }

    pub(super) fn response(&mut self, response: &Value, at: &str) -> Value {
        self.referable(response, at, "responses", |this, key, value, at| match key {
            "headers" => this.map(value, at, Self::header),
            "links" => this.map(value, at, Self::link),
            _ => this.with_schema(key, value, at),
        })
    }

    pub(super) fn link(&mut self, link: &Value, at: &str) -> Value {
        self.referable(link, at, "links", |this, key, value, at| match key {
            "server" if !this.known.in_3_0 => this.server(value, at),
            _ => value.clone(),
        })
    }

    pub(super) fn example(&mut self, example: &Value, at: &str) -> Value {
        self.referable(example, at, "examples", |_, _, value, _| value.clone())
    }

    pub(super) fn callback(&mut self, callback: &Value, at: &str) -> Value {
        self.referable(callback, at, "callbacks", |this, _, value, at| this.path_item(value, at))
    }

    /// The keys that lead to a schema in parameters, headers, bodies and responses.
    fn with_schema(&mut self, key: &str, value: &Value, at: &str) -> Value {
        match key {
            "schema" => self.schema(value, at),
            "content" => self.map(value, at, Self::media_type),
            "examples" => self.map(value, at, Self::example),
            _ => value.clone(),
        }
    }

    fn media_type(&mut self, media_type: &Value, at: &str) -> Value {
        self.object(media_type, at, |this, key, value, at| {
            Some(match key {
                "encoding" => this.map(value, at, |this, value, at| {
                    this.object(value, at, |this, key, value, at| {
                        Some(match key {
                            "headers" => this.map(value, at, Self::header),
                            _ => value.clone(),
                        })
                    })
                }),
                _ => this.with_schema(key, value, at),
            })
        })
    }

    pub(super) fn servers(&mut self, servers: &Value, at: &str) -> Value {
        self.list(servers, at, Self::server)
    }

    fn server(&mut self, server: &Value, at: &str) -> Value {
        self.object(server, at, |this, key, value, at| match key {
            "variables" => Some(this.map(value, at, |this, variable, at| {
                this.object(variable, at, |this, key, value, at| {
                    if key == "enum" && *value == json!([]) {
                        this.lose(parent(at), key, "dropped: an empty list allows no value");
                        return None;
                    }
                    Some(value.clone())
                })
            })),
            _ => Some(value.clone()),
        })
    }

    fn security_schemes(&mut self, schemes: &Value, at: &str) -> Value {
        self.object(schemes, at, |this, name, value, at| {
            if this.dropped_schemes.contains(name) {
                this.lose(at, "type", "scheme dropped: 3.0 has no mutualTLS");
                return None;
            }
            Some(this.referable(value, at, "securitySchemes", |_, _, value, _| value.clone()))
        })
    }

    fn find_dropped_schemes(&mut self) {
        let schemes = self.source.pointer("/components/securitySchemes");
        for (name, scheme) in schemes.and_then(Value::as_object).into_iter().flatten() {
            if scheme.get("type").and_then(Value::as_str) == Some("mutualTLS") {
                self.dropped_schemes.insert(name.clone());
            }
        }
    }

    /// Security requirements. One that named a dropped scheme alone stays as `{}`: beside the
    /// client's certificate, which is no part of HTTP, it asks for nothing.
    fn security(&mut self, security: &Value, at: &str) -> Value {
        self.list(security, at, |this, requirement, at| {
            this.object(requirement, at, |this, name, roles, at| {
                if this.dropped_schemes.contains(name) {
                    this.lose(parent(at), name, "dropped: 3.0 has no mutualTLS");
                    return None;
                }
                let scheme = format!("/components/securitySchemes/{}", pointer::escape(name));
                let scheme = this.source.pointer(&scheme);
                let kind = scheme.and_then(|it| it.get("type")?.as_str());
                let scoped = matches!(kind, None | Some("oauth2" | "openIdConnect"));
                if scoped || *roles == json!([]) {
                    return Some(roles.clone());
                }
                let outcome = "roles dropped: 3.0 has them for OAuth 2 and OpenID Connect alone";
                this.lose(parent(at), name, outcome);
                Some(json!([]))
            })
        })
    }

    /// An object that may stand as a reference to a component of `section` instead.
    pub(super) fn referable(
        &mut self,
        value: &Value,
        at: &str,
        section: &'static str,
        mut lower: impl FnMut(&mut Self, &str, &Value, &str) -> Value,
    ) -> Value {
        let Some(reference) = is_reference(value) else {
            return self
                .object(value, at, |this, key, value, at| Some(lower(this, key, value, at)));
        };
        let lowered = self.reference(reference, at, section);
        if self.known.in_3_0 {
            let mut value = value.clone();
            value["$ref"] = json!(lowered);
            return value;
        }
        for key in value.as_object().into_iter().flat_map(Map::keys) {
            if key != "$ref" {
                self.lose(at, key, "dropped: 3.0 reads nothing beside a `$ref` here");
            }
        }
        json!({"$ref": lowered})
    }

    /// An object with fixed keys: each is lowered or, with `None`, dropped; extensions stay.
    pub(super) fn object(
        &mut self,
        value: &Value,
        at: &str,
        mut lower: impl FnMut(&mut Self, &str, &Value, &str) -> Option<Value>,
    ) -> Value {
        let Value::Object(map) = value else {
            return value.clone();
        };
        let mut lowered = Map::with_capacity(map.len());
        for (key, value) in map {
            let value = if key.starts_with("x-") {
                Some(value.clone())
            } else {
                lower(self, key, value, &join(at, key))
            };
            if let Some(value) = value {
                lowered.insert(key.clone(), value);
            }
        }
        Value::Object(lowered)
    }

    /// An object whose keys are names that the document chose.
    pub(super) fn map(
        &mut self,
        value: &Value,
        at: &str,
        lower: impl Fn(&mut Self, &Value, &str) -> Value,
    ) -> Value {
        let Value::Object(map) = value else {
            return value.clone();
        };
        map.iter()
            .map(|(key, value)| (key.clone(), lower(self, value, &join(at, key))))
            .collect::<Map<_, _>>()
            .into()
    }

    /// An array.
    pub(super) fn list(
        &mut self,
        value: &Value,
        at: &str,
        lower: impl Fn(&mut Self, &Value, &str) -> Value,
    ) -> Value {
        let Value::Array(items) = value else {
            return value.clone();
        };
        (items.iter().enumerate())
            .map(|(index, value)| lower(self, value, &format!("{at}/{index}")))
            .collect()
    }
}

/// The pointer of what holds the value at `pointer`.
fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}
