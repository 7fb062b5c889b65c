//! The source that is generated when the crate is built is the committed one, to the byte.

#![cfg(feature = "generate")]

#[test]
fn built_and_committed_source_are_the_same_bytes() {
    let built = include_str!(concat!(env!("OUT_DIR"), "/openapi.rs"));
    let committed = include_str!("../src/generated.rs");
    assert!(built == committed, "run `cargo xtask generate` and commit what it writes");
}
