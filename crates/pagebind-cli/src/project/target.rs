//! Where what is made of an API goes: into a crate of its own, or beside the manifest of a package whose
//! build script generates the client.

use std::path::{Path, PathBuf};

use pagebind::diagnostic::Diagnostic;

use super::files::Output;

/// Where what is made of an API goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Contract and source, in this folder of a crate.
    Crate(PathBuf),
    /// The contract, as this file.
    Module(PathBuf),
}

impl Target {
    /// The contract.
    pub(crate) fn contract(&self) -> PathBuf {
        match self {
            Self::Crate(folder) => folder.join("openapi.json"),
            Self::Module(path) => path.clone(),
        }
    }

    /// The source of the client, where it is committed.
    pub(crate) fn source(&self) -> Option<PathBuf> {
        match self {
            Self::Crate(folder) => Some(folder.join("src/generated.rs")),
            Self::Module(_) => None,
        }
    }

    /// The folder of the crate, or that of the contract.
    pub(crate) fn folder(&self) -> &Path {
        match self {
            Self::Crate(folder) => folder,
            Self::Module(path) => path.parent().unwrap_or(path),
        }
    }

    /// The files, as they have to be.
    pub(crate) fn outputs(
        &self,
        contract: String,
        source: String,
    ) -> Result<Vec<Output>, Diagnostic> {
        let mut outputs = vec![Output::new(self.contract(), contract)?];
        if let Some(path) = self.source() {
            outputs.push(Output::new(path, source)?);
        }
        Ok(outputs)
    }
}
