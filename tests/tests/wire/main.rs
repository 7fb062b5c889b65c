//! What generated clients put on the wire, byte for byte, against a server on loopback.
//!
//! `docs/wire.md` is the table; each row of it is a call here, and what the server receives has to be
//! what the row says. The clients are those of `fixtures/wire/<name>/openapi.yaml`, generated and
//! compiled as the fixtures of the passes are.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use insta::{assert_binary_snapshot, with_settings};

mod answers;
mod credentials;
mod multipart;
mod neighbours;
mod pages;
mod server;
mod settings;
mod table;
mod xml;

/// Compiles the client of a fixture, and checks its source against what is generated now.
macro_rules! client {
    ($name:ident, $source:literal) => {
        #[path = $source]
        #[allow(dead_code, missing_docs, unreachable_pub)]
        pub(super) mod $name;

        #[test]
        fn $name() {
            holds(stringify!($name));
        }
    };
}

#[path = "../../fixtures/wire"]
mod clients {
    use super::holds;

    client!(answers, "answers/generated.snap.rs");
    client!(bodies, "bodies/generated.snap.rs");
    client!(credentials, "credentials/generated.snap.rs");
    client!(documents, "documents/generated.snap.rs");
    client!(multipart, "multipart/generated.snap.rs");
    client!(neighbours, "neighbours/generated.snap.rs");
    client!(pages, "pages/generated.snap.rs");
    client!(parameters, "parameters/generated.snap.rs");
    client!(servers, "servers/generated.snap.rs");
}

/// Generates from a fixture, and compares the source with the one beside it.
#[track_caller]
fn holds(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/wire").join(name);
    let text = std::fs::read_to_string(folder.join("openapi.yaml")).unwrap();
    let contract = pagebind::document::parse("openapi.yaml", &text).unwrap();
    let source = pagebind_codegen::generate(&contract).unwrap().source;
    with_settings!({ snapshot_path => folder, prepend_module_to_snapshot => false, omit_expression => true }, {
        assert_binary_snapshot!("generated.rs", source.into_bytes());
    });
}
