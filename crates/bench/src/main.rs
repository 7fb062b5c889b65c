//! `cargo xtask bench` runs this: what each step costs as its users pay it, beside what a peer costs.
//!
//! A row is a whole process, from its start to its exit, with all that it reads and writes. Ours and the
//! peers of a row take turns (A B A B), after a turn each that is not counted, so that a machine that gets
//! warm or busy does so for all of them. What is kept is the median. Rows without their input and peers
//! that are not installed are said to be missing; `bench/README.md` tells how to get both.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is a program of the terminal")]

mod growth;
mod inputs;
mod machine;
mod measure;
mod processors;
mod report;
mod rows;

use std::{
    error::Error,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;

use self::{
    inputs::Inputs,
    report::Results,
    rows::{Place, Row},
};

/// Time whole processes, ours and their peers in turns, and keep the medians in bench/RESULTS.md.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench")]
struct Arguments {
    /// The rows to run; all that compile nothing when left out
    #[arg(value_name = "ROW")]
    rows: Vec<String>,
    /// How often each contender of a row is run and counted
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(5..))]
    runs: u16,
    /// The folder of the inputs that the repository does not hold [default: bench/inputs]
    #[arg(long, value_name = "DIR")]
    inputs: Option<PathBuf>,
    /// List the rows, and what is missing for each
    #[arg(long)]
    list: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(status) => status,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::from(3)
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    // Cargo builds this program inside the workspace that it measures.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).ok_or("no workspace")?;
    let folder = root.join("bench");
    let inputs = Inputs::new(arguments.inputs.clone().unwrap_or_else(|| folder.join("inputs")))?;
    if arguments.list {
        for row in rows::all() {
            let compiles = if row.compiles { " (compiles)" } else { "" };
            let missing = row.missing(&inputs).map(|why| format!(" ({why})")).unwrap_or_default();
            println!("{:<18} {}{compiles}{missing}", row.name, row.what);
        }
        println!("{:<18} merge, generate and diff on more and more pages, drawn", growth::NAME);
        return Ok(ExitCode::SUCCESS);
    }
    let known = |name: &String| name == growth::NAME || rows::all().any(|row| row.name == *name);
    if let Some(unknown) = arguments.rows.iter().find(|name| !known(name)) {
        let names: Vec<&str> = rows::all().map(|row| row.name).chain([growth::NAME]).collect();
        eprintln!("error: no row is named `{unknown}`; the rows are {}", names.join(", "));
        return Ok(ExitCode::from(2));
    }
    let is_meant = |row: &&'static Row| match arguments.rows.is_empty() {
        true => !row.compiles,
        false => arguments.rows.iter().any(|name| name == row.name),
    };
    rows::build(root)?;
    let mut results = Results::read(&folder)?;
    let machine = machine::describe(root);
    let place = Place { root, inputs: &inputs };
    for row in rows::all().filter(is_meant) {
        if let Some(missing) = row.missing(&inputs) {
            println!("{:<18} left out ({missing})", row.name);
            continue;
        }
        let measured = row.measure(&place, arguments.runs.into())?;
        println!("{}", report::lines(row, &measured));
        results.put(row, measured, &machine);
        results.write(&folder)?;
    }
    if arguments.rows.iter().any(|name| name == growth::NAME) {
        growth::run(root, &inputs, arguments.runs.into(), &machine, &folder)?;
    }
    Ok(ExitCode::SUCCESS)
}
