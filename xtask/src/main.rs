//! `cargo xtask …`: the command line on the real workspace and terminal.

use std::{path::Path, process::ExitCode};

fn main() -> ExitCode {
    // Cargo builds this program inside the workspace that it works on.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    // Both strip colours where there is no terminal, and where `NO_COLOR` asks for it.
    let mut out = anstream::stdout().lock();
    let mut err = anstream::stderr().lock();
    let status = xtask::run(root, std::env::args_os(), &mut out, &mut err);
    ExitCode::from(status as u8)
}
