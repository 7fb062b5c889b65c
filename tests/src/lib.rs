//! Home of the integration tests of the workspace; the crate itself is empty.
