//! How the client of a new API becomes a part of the repository: a crate that is a member of its workspace,
//! or a module of its one package.

use std::path::PathBuf;

use pagebind::diagnostic::Diagnostic;

use crate::{
    environment::Environment,
    project::{
        cargo_manifest::CargoManifest,
        files::{self, Output},
        target::Target,
    },
    template::{self, Names, build_script},
};

/// The file of a module that holds a client, from the root of the package.
pub(super) fn module_path(name: &str) -> PathBuf {
    format!("src/{}.rs", name.replace('-', "_")).into()
}

/// Adds the files that are nobody's output, and says what to do next.
pub(super) fn outputs(
    environment: &Environment,
    names: &Names,
    target: &Target,
    manifest: Option<CargoManifest>,
    outputs: &mut Vec<Output>,
) -> Result<String, Diagnostic> {
    match target {
        Target::Crate(folder) => {
            for (name, content) in names.crate_files(environment, manifest.as_ref()) {
                outputs.push(Output::new(folder.join(name), content)?);
            }
            let path = folder.strip_prefix(&environment.root).unwrap_or(folder);
            let path = path.display().to_string().replace('\\', "/");
            // Where the crate is alone, cargo finds it by its manifest only.
            let Some(mut manifest) = manifest else {
                return Ok(format!("`cargo check --manifest-path {path}/Cargo.toml`"));
            };
            if manifest.take_member(&path) {
                outputs.push(Output::new(manifest.path().to_owned(), manifest.text())?);
            }
            Ok(format!("`cargo check --package {}`", names.name))
        }
        Target::Module(contract) => {
            let path = contract.strip_prefix(&environment.root).unwrap_or(contract);
            let contract = path.display().to_string().replace('\\', "/");
            let mut next = Vec::new();
            if let Some(mut manifest) = manifest {
                let from = template::dependency(environment, &[]);
                manifest.depend("dependencies", "pagebind-client", &from);
                manifest.depend("build-dependencies", "pagebind-codegen", &from);
                next.extend(build(environment, &manifest, &contract, outputs)?);
                outputs.push(Output::new(manifest.path().to_owned(), manifest.text())?);
            }
            let module = module_path(&names.name);
            outputs.push(Output::new(environment.root.join(&module), names.module())?);
            let root = ["src/lib.rs", "src/main.rs"].into_iter();
            let root = root.filter(|path| environment.root.join(path).is_file());
            let name = names.name.replace('-', "_");
            next.push(format!(
                "`pub mod {name};` in {}, and `cargo check`",
                root.collect::<Vec<_>>().first().unwrap_or(&"src/lib.rs")
            ));
            Ok(next.join("; "))
        }
    }
}

/// Has the build script generate the client; what to do by hand, where it is somebody's own.
fn build(
    environment: &Environment,
    manifest: &CargoManifest,
    contract: &str,
    outputs: &mut Vec<Output>,
) -> Result<Option<String>, Diagnostic> {
    let name = manifest.build_script().unwrap_or("build.rs");
    let path = environment.root.join(name);
    let before = if path.exists() { Some(files::read_text(&path)?) } else { None };
    match build_script::with(before.as_deref(), contract) {
        Some(script) => {
            outputs.push(Output::new(path, script)?);
            Ok(None)
        }
        None => Ok(Some(format!("`{}` in {name}", build_script::line(contract).trim()))),
    }
}
