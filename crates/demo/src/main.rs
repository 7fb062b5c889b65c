//! `cargo xtask demo` runs this, once the clients are generated.

use std::error::Error;
use std::process::ExitCode;

use sandbox::Sandbox;

#[tokio::main]
async fn main() -> ExitCode {
    match show().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            anstream::eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn show() -> Result<bool, Box<dyn Error>> {
    demo::run(&Sandbox::start().await?, &mut anstream::stdout()).await
}
