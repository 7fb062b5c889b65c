//! From an OpenAPI 3.1 contract to the source of a typed Rust client.
