//! Generates the client from `openapi.json` (feature `generate`), as the command line does.

#[cfg(feature = "generate")]
fn main() {
    pagebind_codegen::Builder::new("openapi.json").write_to_out_dir();
}

#[cfg(not(feature = "generate"))]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
