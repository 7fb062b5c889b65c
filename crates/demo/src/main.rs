//! `cargo xtask demo` runs this, once the clients are generated. It passes `--color=always`, and takes
//! the colours off again where nobody wants them.

use std::error::Error;
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use sandbox::Sandbox;

#[tokio::main]
async fn main() -> ExitCode {
    match show().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            anstream::eprintln!("error: {problem}");
            // Could not tell, as in the command line of the workspace.
            ExitCode::from(3)
        }
    }
}

async fn show() -> Result<bool, Box<dyn Error>> {
    let stdout = std::io::stdout();
    let colors = match std::env::args().nth(1).as_deref() {
        Some("--color=always") => ColorChoice::Always,
        _ => AutoStream::choice(&stdout),
    };
    demo::run(&Sandbox::start().await?, &mut AutoStream::new(stdout, colors)).await
}
