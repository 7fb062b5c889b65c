//! What the guide and the READMEs show beside prose: each command is one of the command line, each setting one
//! that is read, each correction an overlay. Their Rust is compiled, as documentation tests and in the
//! repositories of `outside.rs` and `consumer.rs`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;

use pagebind::overlay::Overlay;
use pagebind_cli::Status;
use pagebind_tests::{Tree, document, page, run, workspace};
use serde_json::Value;

/// What is written for users and maintainers, with its path.
fn documents() -> Vec<(String, String)> {
    let root = workspace();
    let mut paths: Vec<_> =
        ["README.md", "CONTRIBUTING.md", "bench/README.md"].map(|path| root.join(path)).into();
    for folder in ["docs", "docs/guide"] {
        let entries = fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        paths.extend(entries.filter(|path| path.extension().is_some_and(|it| it == "md")));
    }
    let crates = fs::read_dir(root.join("crates")).unwrap().map(|entry| entry.unwrap().path());
    paths.extend(crates.map(|folder| folder.join("README.md")).filter(|path| path.is_file()));
    paths.sort();
    let named = |path: std::path::PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path.strip_prefix(&root).unwrap().display().to_string(), text)
    };
    paths.into_iter().map(named).collect()
}

/// The blocks of a language in a document, without the indentation of a list.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some((indent, name)) = line.split_once("```").filter(|(it, _)| it.trim().is_empty())
        else {
            continue;
        };
        let inside = lines.by_ref().take_while(|line| line.trim() != "```");
        let inside: String =
            inside.map(|line| format!("{}\n", line.strip_prefix(indent).unwrap_or(line))).collect();
        if name == language {
            blocks.push(inside);
        }
    }
    blocks
}

#[test]
fn every_command_is_one_of_the_command_line() {
    let mut commands = Vec::new();
    for (name, text) in documents() {
        let shown = blocks(&text, "console").concat();
        let shown = shown.lines().filter_map(|line| line.strip_prefix("$ "));
        let shown = shown.map(|line| line.split(" #").next().unwrap_or(line).to_owned());
        // Between backticks, every second part is code.
        let spans = text.split('`').skip(1).step_by(2).map(|span| span.replace('\n', " "));
        let workflows = blocks(&text, "yaml").concat();
        let workflows = workflows.lines().filter_map(|line| line.trim().strip_prefix("- run: "));
        let workflows = workflows.map(|line| line.split(" >> ").next().unwrap_or(line).to_owned());
        let all = shown.chain(spans).chain(workflows);
        let ours = all.filter_map(|line| {
            let rest =
                ["cargo pagebind ", "cargo xtask "].iter().find_map(|it| line.strip_prefix(it))?;
            // The benchmarks are a program of their own.
            (!rest.starts_with("bench"))
                .then(|| rest.replace(['[', ']'], "").replace("NAME", "name"))
        });
        commands.extend(ours.map(|command| (name.clone(), command)));
    }
    assert!(commands.len() > 30, "{commands:?}");
    for (name, command) in commands {
        // An option or a command that isn't there is told before the help is.
        let run = run(&workspace(), format!("{command} --help").split_whitespace());
        assert_eq!(run.status, Status::Done, "{name}: {command}: {}", run.err);
    }
}

/// A tree with the settings of a block where they belong, and what the command line says of it.
fn said(settings: &str) -> String {
    let card = r#"{ "type": "object", "properties": { "id": { "type": "integer" } } }"#;
    let tree = Tree::of_pages(&[("get.md", page(&document("/v1/clicktopay/a", card)))]);
    let manifest = tree.read("openapi/cards/api.toml");
    let table: toml::Table = settings.parse().unwrap();
    let (first, pages) = manifest.split_once("\n[[pages]]").unwrap();
    if table.contains_key("suggestion") || table.contains_key("accepted") {
        tree.write("openapi/cards/accepted.toml", settings);
    } else if table.contains_key("only") {
        tree.write("openapi/cards/api.toml", format!("{manifest}{settings}"));
    } else {
        tree.write("openapi/cards/api.toml", format!("{first}{settings}\n[[pages]]{pages}"));
    }
    tree.run(&["suggest"]).err
}

#[test]
fn every_setting_is_one_that_is_read() {
    assert!(said("[type]\nderives = []\n").contains("unknown field"));
    assert!(said("[[suggestion]]\nrules = \"\"\n").contains("unknown field"));
    let mut settings = 0;
    for (name, text) in documents() {
        for block in blocks(&text, "toml") {
            let table: toml::Table =
                block.parse().unwrap_or_else(|error| panic!("{name}: {error}"));
            let is_cargo_s = |key: &str| key.ends_with("dependencies") || key == "features";
            if table.keys().all(|key| is_cargo_s(key)) {
                continue;
            }
            settings += 1;
            let said = said(&block);
            for problem in ["not a manifest", "failed to read", "no rule"] {
                assert!(!said.contains(problem), "{name}: {block}{said}");
            }
        }
    }
    assert!(settings >= 4, "{settings}");
}

#[test]
fn every_dependency_is_a_crate_of_this_version() {
    let mut seen = 0;
    for (name, text) in documents() {
        for block in blocks(&text, "toml") {
            let table: toml::Table = block.parse().unwrap();
            let dependencies = table.iter().filter(|(key, _)| key.ends_with("dependencies"));
            let dependencies = dependencies.filter_map(|(_, table)| table.as_table()).flatten();
            for (package, said) in dependencies.filter(|(it, _)| it.starts_with("pagebind")) {
                assert!(workspace().join("crates").join(package).is_dir(), "{name}: {package}");
                let version = said.get("version").unwrap_or(said).as_str().unwrap_or_default();
                let ours = env!("CARGO_PKG_VERSION");
                assert!(ours.starts_with(&format!("{version}.")), "{name}: {package} {version}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 3, "{seen}");
}

#[test]
fn every_block_of_yaml_is_a_correction_or_what_github_reads() {
    let action = fs::read_to_string(workspace().join(".github/actions/drift/action.yml")).unwrap();
    let action = pagebind::document::parse("action.yml", &action).unwrap();
    let mut seen = [0; 3];
    for (name, text) in documents() {
        for block in blocks(&text, "yaml") {
            let value: Value = pagebind::document::parse(&name, &block).unwrap();
            let first = value.get(0);
            if let Some(with) = first.and_then(|step| step.get("with")) {
                for input in with.as_object().unwrap().keys() {
                    assert!(action["inputs"].get(input).is_some(), "{name}: {input}");
                }
                seen[0] += 1;
            } else if let Some(jobs) = value.get("jobs") {
                let steps =
                    jobs.as_object().unwrap().values().flat_map(|job| job["steps"].as_array());
                let is_step = |step: &Value| step.get("uses").or(step.get("run")).is_some();
                assert!(steps.flatten().all(is_step), "{name}: {block}");
                seen[1] += 1;
            } else {
                let head = "overlay: 1.1.0\ninfo: { title: Corrections, version: '1' }\nactions:\n";
                let whole = if first.is_some() { format!("{head}{block}") } else { block };
                Overlay::parse(&name, &whole).unwrap();
                seen[2] += 1;
            }
        }
    }
    assert!(seen.iter().all(|number| *number > 0), "{seen:?}");
}

/// Where the Rust that no documentation test compiles is compiled.
const COMPILED_ELSEWHERE: [(&str, &str); 4] = [
    ("crates/pagebind-codegen/README.md", "outside.rs"),
    ("crates/payment-profiles/README.md", "consumer.rs"),
    ("crates/visa-click-to-pay/README.md", "consumer.rs"),
    ("docs/guide/getting-started.md", "outside.rs"),
];

#[test]
fn all_rust_is_compiled() {
    let mut ignored = Vec::new();
    for (name, text) in documents() {
        for language in ["rust,should_panic", "rust,compile_fail"] {
            assert_eq!(blocks(&text, language), Vec::<String>::new(), "{name}");
        }
        if !blocks(&text, "rust,ignore").is_empty() {
            ignored.push(name.clone());
        }
        if !blocks(&text, "rust").is_empty() || !blocks(&text, "rust,no_run").is_empty() {
            let folder = workspace().join(&name).with_file_name("src");
            let (sources, included) = match name.starts_with("crates/") {
                true => {
                    (vec![folder.join("lib.rs"), folder.join("main.rs")], "../README.md".to_owned())
                }
                false => (vec![workspace().join("tests/src/lib.rs")], format!("../../{name}")),
            };
            let included = format!("include_str!({included:?})");
            let by = sources
                .iter()
                .any(|path| fs::read_to_string(path).is_ok_and(|text| text.contains(&included)));
            assert!(by, "{name} is in no documentation test");
        }
    }
    assert_eq!(ignored, COMPILED_ELSEWHERE.map(|(name, _)| name));
}
