//! Generates the client from `openapi.json` (feature `generate`), as the command line does.

fn main() -> std::process::ExitCode {
    println!("cargo::rerun-if-changed=openapi.json");
    #[cfg(feature = "generate")]
    if let Err(problem) = generate() {
        #[expect(clippy::print_stderr, reason = "cargo shows it when the build fails")]
        {
            eprintln!("{problem}");
        }
        return std::process::ExitCode::FAILURE;
    }
    std::process::ExitCode::SUCCESS
}

#[cfg(feature = "generate")]
fn generate() -> Result<(), Box<dyn std::error::Error>> {
    let contract = std::fs::read_to_string("openapi.json")?;
    let source = pagebind_codegen::generate_from_text("openapi.json", &contract)?.source;
    let out = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR for build scripts")?;
    std::fs::write(std::path::Path::new(&out).join("generated.rs"), source)?;
    Ok(())
}
