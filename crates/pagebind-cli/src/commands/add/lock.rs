//! `Cargo.lock`, which has to know a new crate before anything runs with `--locked`.

use crate::{
    environment::{Environment, cargo},
    terminal::console::Console,
};

/// Brings it in step with the manifests, where there is one. What the files of the repository call for is
/// written already: if cargo can't, it will with the next command that may use the network.
pub(super) fn update(environment: &Environment, console: &mut Console<'_>) {
    if !environment.root.join("Cargo.lock").is_file() {
        return;
    }
    let mut command = cargo();
    command.args(["update", "--workspace", "--offline", "--quiet"]).current_dir(&environment.root);
    // Cargo hands these to `cargo run`; they are of the workspace that runs.
    command.env_remove("CARGO_MANIFEST_DIR");
    match command.output() {
        Ok(output) if output.status.success() => console.step("Locked", "Cargo.lock"),
        _ => console
            .warn("Warning", "Cargo.lock does not know the new packages yet: run `cargo check`"),
    }
}
