//! What changed between two OpenAPI documents, and what it does to callers.
