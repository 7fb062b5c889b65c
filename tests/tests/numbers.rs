//! What is quoted of the benchmarks is what they last measured: each line of the README's table names the rows of
//! `bench/results.json` that its figures are of.

use std::fs;

use serde_json::Value;

/// The figures of a row in the units that they are quoted in: seconds, megabytes, and ours to a peer's.
fn measured(row: &Value, unit: &str) -> Vec<f64> {
    let of = |name| row["ours"][name].as_f64();
    let figures = match unit {
        "s" => vec![of("wall"), of("cpu")],
        "ms" => vec![of("wall").map(|it| it * 1e3), of("cpu").map(|it| it * 1e3)],
        "MB" => vec![of("peak").map(|it| it / 1e6)],
        "GB" => vec![of("peak").map(|it| it / 1e9)],
        _ => row["peers"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|it| it["ratio"]["wall"].as_f64())
            .collect(),
    };
    figures.into_iter().flatten().collect()
}

#[test]
fn what_the_readme_quotes_is_what_was_measured() {
    let root = pagebind_tests::workspace();
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    let results: Value = serde_json::from_str(&read("bench/results.json")).unwrap();
    let readme = read("README.md");
    let table = readme.split("## Numbers").nth(1).unwrap().split("\n## ").next().unwrap();

    let mut quoted = 0;
    for line in table.lines().filter(|it| it.starts_with("| ") && !it.starts_with("| |")) {
        let [_, what, figures, rows, _] = line.split('|').collect::<Vec<_>>()[..] else {
            panic!("what, its figures and their rows are expected: {line}");
        };
        let rows: Vec<_> =
            rows.split(',').map(|it| &results["rows"][it.trim_matches([' ', '`'])]).collect();
        let words: Vec<_> = figures.split([' ', ',']).filter(|it| !it.is_empty()).collect();
        for (position, word) in words.iter().enumerate() {
            if word.parse::<f64>().is_err() {
                continue;
            }
            let unit =
                words[position + 1..].iter().find(|it| it.parse::<f64>().is_err() && **it != "and");
            let places = word.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            let measured: Vec<_> = rows
                .iter()
                .flat_map(|row| measured(row, unit.copied().unwrap_or_default()))
                .collect();
            let stands = measured.iter().any(|it| format!("{it:.places$}") == *word);
            assert!(stands, "{what}: {word} is quoted, and measured was {measured:?}");
            quoted += 1;
        }
    }
    assert!(quoted > 10, "only {quoted} figures were found");
}
