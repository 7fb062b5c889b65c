//! `cargo xtask …`: the command line on the real workspace and terminal.

fn main() -> std::process::ExitCode {
    xtask::main()
}
