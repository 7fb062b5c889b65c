//! What the workflows may do, and that they do what anyone can do by hand.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, path::Path};

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
    assert_eq!(workflows.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["ci.yml", "drift.yml"]);
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
                ("ci.yml", _) | ("drift.yml", "compare") => json!({ "contents": "read" }),
                ("drift.yml", "issue") => json!({ "issues": "write" }),
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

#[test]
fn ci_runs_what_anyone_can_run() {
    let [(_, ci), _] = workflows().try_into().unwrap();
    assert!(scripts(&ci).contains(&".ci/run"));
    assert!(workspace().join(".ci/run").is_file());
}

#[test]
fn the_commands_that_are_run_are_those_of_the_command_line() {
    let [_, (_, drift)] = workflows().try_into().unwrap();
    let action = action();
    let mut commands = Vec::new();
    for script in scripts(&drift).into_iter().chain(scripts(&action)) {
        let lines = script.lines().filter_map(|line| line.trim().strip_prefix("cargo xtask "));
        let commands_of = lines.map(|line| {
            let command = line.split_once(" > ").map_or(line, |(command, _)| command);
            let command = command.split_once(" -- ").map_or(command, |(command, _)| command);
            command.replace("\"$FAIL_ON\"", "breaking")
        });
        commands.extend(commands_of);
    }
    assert_eq!(commands.len(), 3, "{commands:?}");
    for command in commands {
        // An option that isn't there is told before the help is.
        let arguments = format!("{command} --help");
        let run = run(&workspace(), arguments.split_whitespace());
        assert_eq!(run.status, Status::Done, "{command}: {}", run.err);
    }
}
