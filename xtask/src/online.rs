//! The same program built with what asks publishers. It has a name of its own, since a program that runs can't
//! be written over everywhere.

fn main() -> std::process::ExitCode {
    xtask::main()
}
