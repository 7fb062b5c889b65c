//! What the workflows may do, and that they do what anyone can do by hand.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use pagebind_cli::Status;
use pagebind_tests::{run, workspace};
use serde_json::{Value, json};

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap();
    pagebind::document::parse(&path.display().to_string(), &text).unwrap()
}

/// The workflows, by the names of their files.
fn workflows() -> Vec<(String, Value)> {
    let folder = workspace().join(".github/workflows");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut workflows: Vec<_> = entries
        .map(|path| (path.file_name().unwrap().display().to_string(), read(&path)))
        .collect();
    workflows.sort_by(|(a, _), (b, _)| a.cmp(b));
    assert_eq!(
        workflows.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        ["audit.yml", "ci.yml", "drift.yml"]
    );
    workflows
}

fn action() -> Value {
    read(&workspace().join(".github/actions/drift/action.yml"))
}

fn jobs(workflow: &Value) -> impl Iterator<Item = (&String, &Value)> {
    workflow["jobs"].as_object().unwrap().iter()
}

/// Every value of a key, wherever it stands.
fn values<'a>(value: &'a Value, key: &str) -> Vec<&'a Value> {
    match value {
        Value::Object(map) => map
            .iter()
            .flat_map(|(name, value)| {
                let mut found = values(value, key);
                found.extend((name == key).then_some(value));
                found
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(|item| values(item, key)).collect(),
        _ => Vec::new(),
    }
}

/// The scripts of a workflow or action; `defaults.run` is none.
fn scripts(file: &Value) -> Vec<&str> {
    values(file, "run").into_iter().filter_map(Value::as_str).collect()
}

/// Whether an action is named by a commit, which nobody can move, or is part of this repository.
fn is_pinned(uses: &str) -> bool {
    let by_commit = |(_, commit): (&str, &str)| {
        commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    uses.starts_with("./") || uses.split_once('@').is_some_and(by_commit)
}

#[test]
fn an_action_is_pinned_by_a_whole_commit_only() {
    assert!(is_pinned("owner/action@0123456789abcdef0123456789abcdef01234567"));
    assert!(is_pinned("./.github/actions/drift"));
    for movable in ["owner/action@v4", "owner/action@main", "owner/action", "owner/action@0123456"]
    {
        assert!(!is_pinned(movable), "{movable}");
    }
}

#[test]
fn every_action_of_others_is_pinned() {
    let mut files = workflows();
    files.push(("action.yml".to_owned(), action()));
    for (name, file) in &files {
        assert!(!scripts(file).is_empty(), "{name} is not understood");
        for uses in values(file, "uses") {
            assert!(is_pinned(uses.as_str().unwrap()), "{name} uses {uses}");
        }
    }
}

#[test]
fn a_job_may_do_what_it_needs_and_no_more() {
    for (name, workflow) in workflows() {
        assert_eq!(workflow["permissions"], json!({}), "{name}");
        for (job, definition) in jobs(&workflow) {
            let allowed = match (name.as_str(), job.as_str()) {
                ("audit.yml" | "ci.yml", _) | ("drift.yml", "compare") => {
                    json!({ "contents": "read" })
                }
                ("drift.yml", "issue") => json!({ "issues": "write" }),
                ("drift.yml", "settled") => {
                    json!({ "contents": "write", "issues": "write", "pull-requests": "write" })
                }
                ("drift.yml", "update") => {
                    json!({ "contents": "write", "pull-requests": "write" })
                }
                _ => json!({}),
            };
            assert_eq!(definition["permissions"], allowed, "{name}: {job}");
            assert!(definition["timeout-minutes"].is_u64(), "{name}: {job} may run for ever");
        }
    }
}

#[test]
fn nothing_from_outside_is_read_as_a_command() {
    let mut files = workflows();
    files.push(("action.yml".to_owned(), action()));
    for (name, file) in &files {
        for script in scripts(file) {
            assert!(!script.contains("${{"), "{name}: pass it through the environment: {script}");
        }
    }
}

/// `PAGEBIND_SHELLCHECK` names a ShellCheck; without it nobody reads the scripts, and the test says so.
#[test]
fn shellcheck_finds_nothing_in_the_scripts() {
    let Ok(shellcheck) = std::env::var("PAGEBIND_SHELLCHECK") else {
        eprintln!(
            "PAGEBIND_SHELLCHECK is not set: the scripts of the workflows are not read by it"
        );
        return;
    };
    let mut files = workflows();
    files.push(("action.yml".to_owned(), action()));
    let scripts = files.iter().flat_map(|(name, file)| {
        scripts(file).into_iter().map(move |script| (name.as_str(), script.to_owned()))
    });
    let own = fs::read_to_string(workspace().join(".ci/run")).unwrap();
    for (name, script) in scripts.chain([(".ci/run", own)]) {
        let mut child = Command::new(&shellcheck)
            .args(["--shell=bash", "--severity=warning", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stdout));
    }
}

/// What the action's script makes of its input.
#[test]
fn the_action_takes_several_apis_on_a_line_or_on_several() {
    let action = action();
    let script = scripts(&action).pop().unwrap();
    let read = script.lines().find(|line| line.contains("-a apis")).unwrap();
    for (apis, expected) in
        [("a b", "a b"), ("a\nb\n", "a b"), ("  a\n\n  b c\n", "a b c"), ("", "")]
    {
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c"])
            .arg(format!("{read}\necho ${{apis[@]+\"${{apis[@]}}\"}}"))
            .env("APIS", apis)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(String::from_utf8(output.stdout).unwrap().trim_end(), expected);
    }
}

#[test]
fn ci_runs_what_anyone_can_run() {
    let [_, (_, ci), _] = workflows().try_into().unwrap();
    assert!(scripts(&ci).contains(&".ci/run"));
    assert!(workspace().join(".ci/run").is_file());
}

#[test]
fn the_commands_that_are_run_are_those_of_the_command_line() {
    let [_, _, (_, drift)] = workflows().try_into().unwrap();
    let action = action();
    let mut commands = Vec::new();
    for script in scripts(&drift).into_iter().chain(scripts(&action)) {
        let lines =
            script.lines().filter_map(|line| line.trim().strip_prefix("\"${pagebind[@]}\" "));
        let commands_of = lines.map(|line| {
            let command = line.split_once(" > ").map_or(line, |(command, _)| command);
            let command = command.split_once(" -- ").map_or(command, |(command, _)| command);
            let command = command.replace("\"$FAIL_ON\"", "breaking");
            command
                .replace("\"$api\"", "visa-click-to-pay")
                .replace("\"$API\"", "visa-click-to-pay")
        });
        commands.extend(commands_of);
    }
    assert_eq!(commands.len(), 5, "{commands:?}");
    for command in commands {
        // An option that isn't there is told before the help is.
        let arguments = format!("{command} --help");
        let run = run(&workspace(), arguments.split_whitespace());
        assert_eq!(run.status, Status::Done, "{command}: {}", run.err);
    }
}

/// The workflows call the command line by the name that a repository gives it.
#[test]
fn the_command_is_found_by_its_name_in_the_repository_or_installed() {
    let [_, _, (_, drift)] = workflows().try_into().unwrap();
    let found = |settings: Option<&str>| {
        let folder = tempfile::tempdir().unwrap();
        if let Some(settings) = settings {
            fs::write(folder.path().join("pagebind.toml"), settings).unwrap();
        }
        let script = scripts(&drift).into_iter().find(|it| it.contains("command=$(sed")).unwrap();
        // Nothing is installed here; that it would be is told.
        let script = format!("cargo() {{ echo \"cargo $*\"; }}\n{script}");
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", &script])
            .current_dir(folder.path())
            .env("GITHUB_OUTPUT", folder.path().join("output"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let named = fs::read_to_string(folder.path().join("output")).unwrap();
        (named, String::from_utf8(output.stdout).unwrap())
    };
    let ours = fs::read_to_string(workspace().join("pagebind.toml")).unwrap();
    assert_eq!(found(Some(&ours)), ("command=cargo xtask\n".to_owned(), String::new()));
    let installed = "cargo install --locked --quiet pagebind-cli\n".to_owned();
    for settings in [None, Some("# command = \"cargo pagebind\"\n")] {
        assert_eq!(found(settings), ("command=cargo pagebind\n".to_owned(), installed.clone()));
    }
}
