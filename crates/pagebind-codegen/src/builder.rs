//! What a build script calls: from a document beside it to a source in `OUT_DIR`.
//!
//! Cargo shows what a build script says of an error under its exit status and its command line. Here each
//! problem is told by `cargo::error` instead, which cargo shows as it shows those of the compiler.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use pagebind::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    document,
    overlay::Overlay,
};
use serde_json::Value;

use crate::{
    generate::{Generated, generate_named},
    settings::{Settings, TypeSettings},
};

/// Generates a client from an OpenAPI document, in a build script.
///
/// ```no_run
/// // In the `main` of build.rs:
/// pagebind_codegen::Builder::new("openapi.json").write_to_out_dir();
/// ```
///
/// The source is a module for the crate to include; it names `pagebind_client` and no other crate:
///
/// ```ignore
/// pub mod cards {
///     include!(concat!(env!("OUT_DIR"), "/openapi.rs"));
/// }
/// ```
///
/// A contract that the command line made holds its settings, to which those that are set here are added.
#[allow(clippy::needless_doctest_main, reason = "a build script is a program")]
#[derive(Debug, Clone)]
#[must_use = "nothing is generated before `write_to_out_dir`"]
pub struct Builder {
    document: PathBuf,
    overlays: Vec<PathBuf>,
    client_headers: Vec<String>,
    types: TypeSettings,
}

impl Builder {
    /// Starts with an OpenAPI document (3.0 or 3.1, JSON or YAML); a relative path is one from the
    /// package's folder.
    pub fn new(document: impl Into<PathBuf>) -> Self {
        Self {
            document: document.into(),
            overlays: Vec::new(),
            client_headers: Vec::new(),
            types: TypeSettings::default(),
        }
    }

    /// Corrects the document with an OpenAPI Overlay, after those that were named before it.
    pub fn overlay(mut self, overlay: impl Into<PathBuf>) -> Self {
        self.overlays.push(overlay.into());
        self
    }

    /// Header parameters that are set once on the client, rather than passed to each call: their names.
    pub fn client_headers<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.client_headers.extend(names.into_iter().map(Into::into));
        self
    }

    /// How types come out: what they derive, what they are called, and what stands in their place. It takes
    /// the place of what the document says of that.
    pub fn types(mut self, types: TypeSettings) -> Self {
        self.types = types;
        self
    }

    /// A trait that all types derive besides, by its path: `::schemars::JsonSchema`.
    pub fn derive(mut self, path: impl Into<String>) -> Self {
        self.types.derives.push(path.into());
        self
    }

    /// A type of the crate's own in the place of a generated one; [`TypeSettings::replace`] says what it needs.
    pub fn replace(mut self, name: impl Into<String>, path: impl Into<String>) -> Self {
        self.types.replace.insert(name.into(), path.into());
        self
    }

    /// The source, and what it does not express.
    ///
    /// # Errors
    /// Files that can't be read, corrections that don't fit, and all that [`generate`](crate::generate)
    /// refuses.
    pub fn generate(&self) -> Result<Generated, Diagnostics> {
        let name = self.document.display().to_string();
        let mut contract = document::parse(&name, &read(&self.document)?)?;
        for path in &self.overlays {
            let overlay = Overlay::parse(&path.display().to_string(), &read(path)?)?;
            contract = overlay.apply(&contract)?.document;
        }
        let mut settings = Settings::of(&contract)?;
        settings.client_headers.extend(self.client_headers.iter().cloned());
        if self.types != TypeSettings::default() {
            settings.types = self.types.clone();
        }
        if let Value::Object(root) = &mut contract {
            settings.write_to(root);
        }
        let generated = generate_named(&name, &contract)?;
        let misnamed = generated.misnamed.iter().cloned();
        Diagnostics::check(misnamed.map(|problem| problem.place(Place::new(&name))).collect())?;
        Ok(generated)
    }

    /// Writes the source into `OUT_DIR`, as the file of the document's name with the ending `.rs`:
    /// `openapi.json` becomes `openapi.rs`. It is made again when one of the files that it is made of has
    /// changed.
    ///
    /// Problems are told to cargo, and fail the build.
    pub fn write_to_out_dir(&self) {
        for path in [&self.document].into_iter().chain(&self.overlays) {
            tell(&format!("cargo::rerun-if-changed={}", path.display()));
        }
        if let Err(problems) = self.write() {
            for line in problems.to_string().lines() {
                tell(&format!("cargo::error={line}"));
            }
        }
    }

    fn write(&self) -> Result<(), Diagnostics> {
        let out = env::var_os("OUT_DIR").ok_or_else(|| {
            Diagnostic::unreadable("`OUT_DIR` is not set")
                .help("call this in a build script, for which cargo sets it")
        })?;
        let name = self.document.file_stem().unwrap_or(self.document.as_os_str());
        let path = Path::new(&out).join(name).with_extension("rs");
        let source = self.generate()?.source;
        fs::write(&path, source).map_err(|error| failed("write", &path, &error).into())
    }
}

/// What a build script says to cargo, it says on standard output.
#[expect(clippy::print_stdout, reason = "that is where cargo reads it")]
fn tell(line: &str) {
    println!("{line}");
}

fn read(path: &Path) -> Result<String, Diagnostic> {
    fs::read_to_string(path).map_err(|error| failed("read", path, &error))
}

fn failed(what: &str, path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::unreadable(format!("failed to {what} the file: {error}"))
        .place(Place::new(path.display().to_string()))
        .help("a relative path is one from the folder of the package")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"
openapi: 3.1.0
info: { title: Cards, version: "1" }
paths:
  /cards:
    get:
      operationId: list
      parameters: [{ name: x-tenant, in: header, required: true, schema: { type: string } }]
      responses: { "204": { description: None } }
"#;

    /// A folder with a document, its corrections and an overlay that fits nothing.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let overlay = |target: &str| {
            format!(
                "overlay: 1.1.0\ninfo: {{ title: T, version: '1' }}\nactions:\n  - target: {target}\n    \
                 description: It lists cards.\n    x-expect: {{ operationId: list }}\n    \
                 update: {{ operationId: list_cards }}\n"
            )
        };
        fs::write(folder.path().join("cards.yaml"), DOCUMENT).unwrap();
        fs::write(folder.path().join("overlay.yaml"), overlay("$.paths['/cards'].get")).unwrap();
        fs::write(folder.path().join("misfit.yaml"), overlay("$.paths['/lists'].get")).unwrap();
        folder
    }

    #[test]
    fn the_document_is_corrected_and_its_headers_go_to_the_client() {
        let folder = folder();
        let builder = Builder::new(folder.path().join("cards.yaml"))
            .overlay(folder.path().join("overlay.yaml"))
            .client_headers(["x-tenant"]);
        let source = builder.generate().unwrap().source;
        assert!(source.contains("pub fn list_cards(&self)"), "{source}");
        assert!(
            source.contains("pub fn x_tenant(self, value: impl AsRef<str>) -> Self"),
            "{source}"
        );
    }

    #[test]
    fn types_are_those_that_are_asked_for() {
        let folder = folder();
        let card = r##"{ "200": { description: A card, content: { application/json: { schema: {
              type: object, title: Card, properties: { at: { $ref: "#/components/schemas/At" } } } } } } }
components: { schemas: { At: { type: string, format: date-time } } }
"##;
        let text = DOCUMENT.replace("{ \"204\": { description: None } }", card);
        fs::write(folder.path().join("cards.yaml"), text).unwrap();
        let builder = Builder::new(folder.path().join("cards.yaml"));
        let builder = builder.derive("::schemars::JsonSchema").replace("At", "::jiff::Timestamp");
        let source = builder.generate().unwrap().source;
        assert!(source.contains("::schemars::JsonSchema"), "{source}");
        assert!(source.contains("::std::option::Option<::jiff::Timestamp>"), "{source}");
    }

    #[test]
    fn a_header_that_no_operation_has_is_an_error_with_the_one_that_was_meant() {
        let folder = folder();
        let builder = Builder::new(folder.path().join("cards.yaml")).client_headers(["x-tenent"]);
        let problem = builder.generate().unwrap_err().to_string();
        assert!(
            problem.starts_with("no operation has the header parameter `x-tenent`"),
            "{problem}"
        );
        assert!(problem.ends_with("help: did you mean `x-tenant`?"), "{problem}");
    }

    #[test]
    fn every_problem_names_the_file_that_it_is_in() {
        let folder = folder();
        let builder = Builder::new(folder.path().join("cards.yaml"));
        let misfit = builder.clone().overlay(folder.path().join("misfit.yaml"));
        assert!(misfit.generate().unwrap_err().to_string().contains("misfit.yaml"));
        let missing = Builder::new(folder.path().join("none.yaml"));
        assert!(missing.generate().unwrap_err().to_string().contains("none.yaml"));
        let open = DOCUMENT.replace("/cards:", "/cards/{id:");
        fs::write(folder.path().join("cards.yaml"), open).unwrap();
        let problem = builder.generate().unwrap_err().to_string();
        assert!(problem.contains("cards.yaml at /paths/~1cards~1{id"), "{problem}");
    }
}
