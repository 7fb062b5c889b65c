//! What the package has to bring whose module a client is: its `Cargo.toml` is somebody's own, in which nothing
//! follows the manifest of an API.

use pagebind::diagnostic::{Diagnostic, Place};

use super::{cargo_manifest::CargoManifest, files, manifest, sources::Api};
use crate::environment::Environment;

/// Whether the package can hold the client that the manifest asks for.
///
/// # Errors
/// What has to be done, in one manifest or the other.
pub(crate) fn check(
    environment: &Environment,
    api: &Api,
    mock_dependency: &str,
) -> Result<(), Diagnostic> {
    let refused = |what: &str| {
        let place = Place::new(files::show(&api.folder.join(manifest::FILE_NAME)));
        Diagnostic::finding(format!("{what}, and this client is a module of a package"))
            .place(place)
    };
    if api.features {
        return Err(refused("`features = \"tags\"` is for a crate of its own").help(
            "take it out, or name the folder of crates as `crates = \"…\"` in pagebind.toml, and add the API there",
        ));
    }
    let has_feature =
        CargoManifest::read(&environment.root)?.is_none_or(|manifest| manifest.has_feature("mock"));
    if api.mock && !has_feature {
        return Err(refused("`mock = true` takes a feature `mock`").help(format!(
            "add these to Cargo.toml, or take it out\n[features]\nmock = [\"dep:pagebind-mock\"]\n[dependencies]\npagebind-mock = {mock_dependency}"
        )));
    }
    Ok(())
}
