//! Each pass on a fixture as small as its point: `fixtures/passes/<pass>/openapi.yaml`, and beside
//! it the source that is generated from it, which is compiled here as well.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use insta::{assert_binary_snapshot, with_settings};

/// Compiles the generated source of a pass, and checks it against what is generated now.
macro_rules! pass {
    ($name:ident, $source:literal) => {
        #[path = $source]
        #[allow(dead_code, missing_docs, unreachable_pub)]
        mod $name;

        impl std::fmt::Debug for $name::Client {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("Client")
            }
        }

        #[test]
        fn $name() {
            holds(stringify!($name));
        }
    };
}

#[path = "../fixtures/passes"]
mod generated {
    use super::holds;

    pass!(api_version, "api_version/generated.snap.rs");
    pass!(client, "client/generated.snap.rs");
    pass!(client_headers, "client_headers/generated.snap.rs");
    pass!(content_type, "content_type/generated.snap.rs");
    pass!(custom_methods, "custom_methods/generated.snap.rs");
    pass!(docs, "docs/generated.snap.rs");
    pass!(names, "names/generated.snap.rs");
    pass!(parameter_names, "parameter_names/generated.snap.rs");
    pass!(patterns, "patterns/generated.snap.rs");
    pass!(redaction, "redaction/generated.snap.rs");
    pass!(responses, "responses/generated.snap.rs");
    pass!(setters, "setters/generated.snap.rs");
}

/// Generates from the fixture of a pass, and compares the source with the one beside it.
#[track_caller]
fn holds(pass: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/passes").join(pass);
    let text = std::fs::read_to_string(folder.join("openapi.yaml")).unwrap();
    let contract = pagebind::document::parse("openapi.yaml", &text).unwrap();
    let source = pagebind_codegen::generate(&contract).unwrap().source;
    with_settings!({ snapshot_path => folder, prepend_module_to_snapshot => false, omit_expression => true }, {
        assert_binary_snapshot!("generated.rs", source.into_bytes());
    });
}
