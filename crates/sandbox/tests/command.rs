//! `cargo run -p sandbox`, as a process.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test")]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Command, Stdio};

fn sandbox() -> Command {
    Command::new(env!("CARGO_BIN_EXE_sandbox"))
}

#[test]
fn it_prints_where_it_listens_and_serves_until_it_is_stopped() {
    let mut child = sandbox().stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let variables: Vec<String> = lines.take(10).map(Result::unwrap).collect();
    let url = variables.iter().find_map(|line| line.strip_prefix("CLICK_TO_PAY_URL=")).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let answer = runtime.block_on(reqwest::get(format!("{url}/nothing"))).unwrap();
    assert_eq!(answer.status(), 404);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_command_runs_with_the_variables_and_its_exit_status_is_passed_on() {
    let script = "test -n \"$CLICK_TO_PAY_URL\" && echo \"$PAYMENTS_KEY\"; exit 7";
    let output = sandbox().args(["--", "sh", "-c", script]).output().unwrap();
    assert_eq!(output.status.code(), Some(7));
    // What the command writes is all that is written.
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "467512342123\n");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[cfg(unix)]
#[test]
fn an_interrupt_is_the_command_s_to_handle() {
    let script = "kill -INT $PPID; exit 7";
    let output = sandbox().args(["--", "sh", "-c", script]).output().unwrap();
    assert_eq!(output.status.code(), Some(7));
}

#[test]
fn what_can_t_be_done_is_told_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let told = |arguments: &[&str]| {
        let output = sandbox().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let message = told(&["--port", &port]);
    assert!(message.contains(&port) && message.contains("port 0 takes a free one"), "{message}");
    let message = told(&["no-such-program"]);
    assert!(message.contains("no-such-program can't be run"), "{message}");
}
