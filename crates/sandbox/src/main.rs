//! `cargo run -p sandbox`: serves until it is stopped, or runs a command against itself.

#![allow(clippy::print_stderr, reason = "this is a program for a terminal")]

use std::ffi::OsString;
use std::io::{Write, stderr, stdout};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use sandbox::{Sandbox, Settings};
use tokio::process::Command;

/// A local server of the published APIs, on 127.0.0.1.
///
/// Prints the environment variables that point a program at it, and serves until it is stopped. With
/// COMMAND it runs that with these variables set, and ends with its exit status.
#[derive(Debug, Parser)]
#[command(name = "sandbox")]
struct Arguments {
    /// The port; 0 takes one that is free
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// How long a token is good
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    token_lifetime: u32,
    /// A tenant to which Click to Pay is not enabled; may be given several times
    #[arg(long, value_name = "TENANT")]
    tenant_off: Vec<String>,
    /// Write a line for each request to standard error [default: without COMMAND]
    #[arg(long)]
    log: bool,
    /// The command to run, with its arguments
    #[arg(value_name = "COMMAND", trailing_var_arg = true)]
    command: Vec<OsString>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Each connection takes a file descriptor. The limit is as it is where it can't be raised.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    if arguments.log || arguments.command.is_empty() {
        tracing_subscriber::fmt().with_writer(stderr).with_target(false).init();
    }
    match run(arguments).await {
        Ok(status) => status,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<ExitCode, String> {
    let token_lifetime = Duration::from_secs(arguments.token_lifetime.into());
    let settings = Settings { port: arguments.port, token_lifetime };
    let sandbox = Sandbox::start_with(settings).await.map_err(|error| error.to_string())?;
    for tenant in &arguments.tenant_off {
        sandbox.enable_tenant(tenant, false);
    }
    let environment = sandbox.environment();
    let Some((program, rest)) = arguments.command.split_first() else {
        for (name, value) in environment {
            writeln!(stdout(), "{name}={value}")
                .map_err(|error| format!("standard output can't be written: {error}"))?;
        }
        return match tokio::signal::ctrl_c().await {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(error) => Err(format!("the interrupt signal can't be waited for: {error}")),
        };
    };
    let run = async { Command::new(program).args(rest).envs(environment).status().await };
    // An interrupt from the terminal reaches the command too, which decides what becomes of it.
    let interrupts = async { while tokio::signal::ctrl_c().await.is_ok() {} };
    // In this order, so that an interrupt is heard of before there is a command.
    let status = tokio::select! {
        biased;
        () = interrupts => return Err("the interrupt signal can't be waited for".to_owned()),
        status = run => status,
    };
    let status =
        status.map_err(|error| format!("{} can't be run: {error}", program.to_string_lossy()))?;
    // A command that a signal ended has no status.
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from))
}
