//! Generates a client as progenitor's own documentation does.

fn main() {
    println!("cargo::rerun-if-changed=openapi.json");
    let document = std::fs::File::open("openapi.json").unwrap();
    let document = serde_json::from_reader(document).unwrap();
    let mut settings = progenitor::GenerationSettings::default();
    settings.with_interface(progenitor::InterfaceStyle::Builder);
    let tokens = progenitor::Generator::new(&settings).generate_tokens(&document).unwrap();
    let source = prettyplease::unparse(&syn::parse2(tokens).unwrap());
    let out = std::env::var("OUT_DIR").unwrap();
    std::fs::write(std::path::Path::new(&out).join("client.rs"), source).unwrap();
}
