//! What the program shows on a terminal, and what it does not show where there is none.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    ffi::OsStr,
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    os::unix::ffi::OsStrExt,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
};

use rustix::{
    pty::{self, OpenptFlags},
    termios::{self, Winsize},
};

const PAGE: &str = r#"{
  "openapi": "3.1.0",
  "info": { "title": "Cards", "version": "1" },
  "paths": { "/cards": { "get": { "operationId": "list_cards", "responses": { "204": { "description": "None" } } } } }
}"#;

/// A publisher of one page, who answers once he is told to.
fn publisher(answer: mpsc::Receiver<()>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/list-cards.json", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
        lines.take_while(|line| !line.is_empty()).for_each(drop);
        answer.recv().unwrap();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", PAGE.len());
        stream.write_all((head + PAGE).as_bytes()).unwrap();
    });
    url
}

/// Both ends of a terminal so many columns wide: what is seen, and what a program writes to.
fn terminal(columns: u16) -> (File, File) {
    let seen = pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    pty::grantpt(&seen).unwrap();
    pty::unlockpt(&seen).unwrap();
    let path = pty::ptsname(&seen, Vec::new()).unwrap();
    let path = OsStr::from_bytes(path.as_bytes());
    let written = OpenOptions::new().read(true).write(true).open(path).unwrap();
    let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    termios::tcsetwinsize(&written, size).unwrap();
    (File::from(seen), written)
}

/// All that the program writes to a terminal while it adds an API; the page is published as soon as
/// `shown` was written.
fn written(shown: &str, columns: u16, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let (publish, published) = mpsc::channel();
    let url = publisher(published);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("Cargo.toml"), "[workspace]\n").unwrap();
    let (mut seen, terminal) = terminal(columns);
    let mut program = Command::new(env!("CARGO_BIN_EXE_cargo-pagebind"))
        .args(["add", "cards", &url])
        .args(arguments)
        .current_dir(folder.path())
        .env_clear()
        .env("TERM", "xterm")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(terminal)
        .spawn()
        .unwrap();
    let mut written = Vec::new();
    let mut publish = Some(publish);
    let mut part = [0; 4096];
    loop {
        if String::from_utf8_lossy(&written).contains(shown)
            && let Some(publish) = publish.take()
        {
            publish.send(()).unwrap();
        }
        // Linux says that the other end is gone by an error.
        match seen.read(&mut part) {
            Ok(read) if read > 0 => written.extend(&part[..read]),
            _ => break,
        }
    }
    assert!(program.wait().unwrap().success(), "{}", String::from_utf8_lossy(&written));
    String::from_utf8(written).unwrap()
}

/// What is left on the screen: a line that was taken back is gone.
fn left(written: &str) -> Vec<String> {
    let left = written.split("\r\n").map(|line| line.rsplit("\u{1b}[2K").next().unwrap_or(line));
    left.map(|line| anstream::adapter::strip_str(line).to_string()).collect()
}

const BAR: &str = "] 0/1";

#[test]
fn a_terminal_shows_how_far_a_step_has_come_until_it_ends() {
    let written = written(BAR, 80, &[], &[]);
    let left = left(&written);
    assert!(left[0].starts_with("     Fetched http://127.0.0.1:"), "{left:?}");
    assert!(left.iter().any(|line| line.starts_with("    Finished next: ")), "{left:?}");
    assert!(!left.concat().contains(BAR) && !left.concat().contains("Generating"), "{left:?}");
}

#[test]
fn colours_and_bars_are_left_out_where_somebody_asks_for_it_and_lines_fit_the_terminal() {
    let plain = written(BAR, 80, &[], &[("NO_COLOR", "1")]);
    let styled = plain.match_indices("\u{1b}[").any(|(at, _)| {
        plain[at + 2..]
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == ';')
            .starts_with('m')
    });
    assert!(!styled, "{plain:?}");
    let dumb = written("", 30, &[], &[("TERM", "dumb")]);
    assert!(!dumb.contains('\u{1b}') && !dumb.contains(BAR), "{dumb:?}");
    assert!(
        dumb.contains("    Finished next: `cargo check\r\n             --package cards`\r\n"),
        "{dumb:?}"
    );
    assert_eq!(written("", 80, &["--quiet"], &[]), "");
}

#[test]
fn a_report_fits_the_terminal_and_a_pipe_has_whole_lines() {
    let folder = tempfile::tempdir().unwrap();
    let of = |name: &str, page: &str| std::fs::write(folder.path().join(name), page).unwrap();
    of("old.json", PAGE);
    of("new.json", &PAGE.replace("/cards", "/cards-and-all-that-belongs-to-them"));
    let diff = || {
        let mut program = Command::new(env!("CARGO_BIN_EXE_cargo-pagebind"));
        program.args(["diff", "old.json", "new.json"]).current_dir(folder.path()).env_clear();
        program.stdin(Stdio::null()).stderr(Stdio::null());
        program
    };
    let (mut seen, terminal) = terminal(40);
    let mut program = diff().env("TERM", "xterm").stdout(terminal).spawn().unwrap();
    let mut written = Vec::new();
    // Linux says that the other end is gone by an error.
    let _ = seen.read_to_end(&mut written);
    assert_eq!(program.wait().unwrap().code(), Some(1));
    let shown = left(&String::from_utf8(written).unwrap());
    let fits = |line: &String| line.chars().count() <= 40 || !line.trim().contains(' ');
    assert!(shown.len() > 5 && shown.iter().all(fits), "{shown:#?}");
    let piped = String::from_utf8(diff().output().unwrap().stdout).unwrap();
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&shown.join("\n")), words(&piped));
    assert!(piped.lines().any(|line| line.len() > 80), "{piped}");
}
