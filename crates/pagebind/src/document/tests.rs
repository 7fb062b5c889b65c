use proptest::prelude::*;
use serde_json::json;

use super::*;

fn problem(text: &str) -> String {
    parse("doc", text).unwrap_err().to_string()
}

/// The first two lines of the report: what, and where.
fn what_and_where(text: &str) -> String {
    let report = problem(text);
    assert!(report.contains("\nhelp: "), "{report}");
    report.lines().take(2).collect::<Vec<_>>().join("")
}

fn yaml(text: &str) -> Value {
    parse("doc", text).unwrap_or_else(|problem| panic!("{problem}"))
}

#[test]
fn json_keeps_its_order_and_its_numbers_to_the_letter() {
    let content = r#"{"b":1.0,"a":[18446744073709551615,18446744073709552000,-0,1e2,12.50,1E400,12345678901234567890123],"é":null}"#;
    let value = parse("doc", &format!("\u{feff}\r\n{content}\r\n")).unwrap();
    assert_eq!(value.to_string(), content);
}

#[test]
fn a_duplicate_key_is_named_where_it_stands_again() {
    let at_the_key = |text| what_and_where(text);
    assert_eq!(
        at_the_key("{\n \"é\": {\"a\\\"b\": 1, \"a\\\"b\": 2}\n}"),
        "duplicate key `a\"b`  --> doc:2:19"
    );
    assert_eq!(at_the_key("{\"a\": 1,\n  \"a\"\n : 2}"), "duplicate key `a`  --> doc:2:3");
    assert_eq!(at_the_key("{\"a\": 1, \"\\u0061\" :2}"), "duplicate key `a`  --> doc:1:10");
    assert_eq!(at_the_key("a:\n  b: 1\n  'b': 2\n"), "duplicate key `b`  --> doc:3:3");
    assert_eq!(at_the_key("200: a\n\"200\": b\n"), "duplicate key `200`  --> doc:2:1");
}

#[test]
fn what_is_cut_short_malformed_or_followed_by_more_is_refused_with_its_place() {
    assert!(what_and_where("{\"a\": [1,\n 2").starts_with("the JSON text is cut short: "));
    assert!(what_and_where("{\"a\": [1,\n 2").ends_with("  --> doc:2:3"));
    assert_eq!(what_and_where("{\n\"a\": 1,\n}"), "not valid JSON: trailing comma  --> doc:3:1");
    assert_eq!(
        what_and_where("{}\n {}"),
        "the JSON value is followed by something else  --> doc:2:2"
    );
    assert_eq!(
        what_and_where("a: 1\n---\nb: 2\n"),
        "the YAML document is followed by something else  --> doc:2:1"
    );
    assert!(what_and_where("a: [1\nb: 2").starts_with("not valid YAML: "));
    assert!(what_and_where("").starts_with("the text is empty"));
}

#[test]
fn a_number_that_json_does_not_have_is_refused() {
    for number in [".inf", "-.INF", ".nan"] {
        assert_eq!(
            what_and_where(&format!("a: {number}")),
            format!("`{number}` is a number that JSON does not have  --> doc:1:4")
        );
    }
    let object = r#"{"$serde_json::private::Number": "1 2"}"#;
    assert!(what_and_where(object).starts_with("invalid number"), "{}", what_and_where(object));
}

#[test]
fn nesting_deeper_than_512_levels_is_refused_in_either_format() {
    let nested = |open: &str, close: &str, levels| open.repeat(levels) + &close.repeat(levels);
    for levels in [512, 513, 100_000] {
        let json = nested("[", "]", levels);
        let block: String = (0..levels).map(|_| "- ").collect::<String>() + "a";
        for text in [json, block] {
            if levels == 512 {
                parse("doc", &text).unwrap_or_else(|problem| panic!("{problem}"));
                assert!(locate(&text, "").is_some());
            } else {
                assert!(problem(&text).contains("nested deeper than 512 levels"));
            }
        }
    }
    let flow = |levels| format!("a: {}", nested("[", "]", levels));
    assert!(parse("doc", &flow(255)).is_ok());
    assert!(problem(&flow(256)).starts_with("brackets and braces nest deeper than 255 levels"));
    // Each anchor is shallow, but each holds the one before.
    let chain: String = (1..600)
        .fold("a0: &a0 []\n".to_owned(), |text, n| format!("{text}a{n}: &a{n} [*a{}]\n", n - 1));
    assert!(problem(&chain).contains("nested deeper than 512 levels"));
}

#[test]
fn more_values_than_memory_should_hold_are_refused() {
    let report = problem(&format!("[{}0]", "0,".repeat(4 << 20)));
    assert!(report.starts_with("more than 4194304 values\n  --> doc:1:"), "{report}");
    assert!(report.contains("split it into several pages"), "{report}");
}

#[test]
fn a_text_of_more_than_64_mib_is_refused() {
    let text = format!("[\"{}\"]", "a".repeat(MAX_BYTES));
    assert!(problem(&text).starts_with("the text is 64 MiB long, more than 64 MiB\n  --> doc"));
}

#[test]
fn yaml_scalars_are_those_of_the_core_schema() {
    let text = "\
null: [~, null, Null, '']
bool: [true, False, yes, 'true']
int: [12, -1, +7, 0x1F, 0o17, 18446744073709551615, 1_000]
float: [12.50, .5, 1., -2e3, 1e-2, -0, .e1, '.5', 1e400]
long: [18446744073709552000, 0xFFFFFFFFFFFFFFFFFF, 007, -.50e+7]
text: [3.1.0, 2026-11-20, 1:30, !!str 12, ! 12, !!float 1]
block: |
  a
  b
200: ok
";
    let expected = r#"{
        "null": [null, null, null, ""],
        "bool": [true, false, "yes", "true"],
        "int": [12, -1, 7, 31, 15, 18446744073709551615, "1_000"],
        "float": [12.50, 0.5, 1.0, -2e3, 1e-2, -0, ".e1", ".5", 1e400],
        "long": [18446744073709552000, 4722366482869645213695, 7, -0.50e+7],
        "text": ["3.1.0", "2026-11-20", "1:30", "12", "12", 1],
        "block": "a\nb\n",
        "200": "ok"
    }"#;
    let expected = parse("doc", expected).unwrap();
    assert_eq!(yaml(&text.replace('\n', "\r\n")).to_string(), expected.to_string());
}

#[test]
fn yaml_aliases_are_written_out_within_bounds() {
    assert_eq!(yaml("a: &a {b: [1]}\nc: *a\n"), json!({"a": {"b": [1]}, "c": {"b": [1]}}));
    let bomb: String = (1..12).fold("a0: &a0 [x]\n".to_owned(), |text, n| {
        let aliases = vec![format!("*a{}", n - 1); 10].join(", ");
        format!("{text}a{n}: &a{n} [{aliases}]\n")
    });
    assert!(problem(&bomb).contains("anchors and aliases expand to more than 64 MiB"));
    assert!(problem("a: &a [*a]").contains("stands for a node that holds it"));
    assert!(problem("a: *nowhere").contains("not valid YAML"));
}

#[test]
fn yaml_that_json_can_not_say_is_refused() {
    assert!(problem("? [a]\n: 1").contains("a key is not a plain text"));
    assert!(problem("a: !mine 1").contains("the tag `!mine`"));
    assert!(problem("a: !!int x").contains("does not fit"));
}

#[test]
fn yaml_merge_keys_take_in_what_is_not_there() {
    let text = "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc:\n  <<: [*a, *b]\n  x: 5\nd: {<<: *b, '<<': 6}\n";
    let (value, merge_keys) = yaml::parse_span("doc", text, 0..text.len()).unwrap();
    assert_eq!(value["c"], json!({"x": 5, "y": 2, "z": 4}));
    assert_eq!(value["d"], json!({"<<": 6, "y": 3, "z": 4}));
    let at: Vec<_> = merge_keys.iter().map(ToString::to_string).collect();
    assert_eq!(at, ["4:3", "6:5"]);
    assert!(problem("a: {<<: 1}").contains("takes in something that is no mapping"));
}

#[test]
fn a_pointer_is_located_in_json_and_in_yaml() {
    let json = "\u{feff}{\"a/b\": [1,\n  {\"c\\u0064\": \"é\", \"e\": 2}],\n\"f\": 3}";
    let yaml = "a/b:\n  - 1\n  - cd: é\n    e: 2\nf: &f 3\ng: *f\n";
    let at = |text, pointer| locate(text, pointer).map(|position| position.to_string());
    for (pointer, in_json, in_yaml) in [
        ("", "1:2", "1:1"),
        ("/a~1b", "1:10", "2:3"),
        ("/a~1b/1/cd", "2:15", "3:9"),
        ("/a~1b/1/e", "2:25", "4:8"),
        ("/f", "3:6", "5:4"),
    ] {
        assert_eq!(at(json, pointer).as_deref(), Some(in_json), "{pointer}");
        assert_eq!(at(yaml, pointer).as_deref(), Some(in_yaml), "{pointer}");
    }
    assert_eq!(at(yaml, "/g").as_deref(), Some("6:4"));
    for nowhere in ["/x", "/a~1b/2", "/a~1b/x", "/f/0"] {
        assert_eq!(at(json, nowhere), None, "{nowhere}");
        assert_eq!(at(yaml, nowhere), None, "{nowhere}");
    }
    assert_eq!(at("{", ""), None);
}

/// Any value that JSON can say and 64 bits can hold.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("JSON has finite numbers only", |number| number.is_finite())
            .prop_map(Value::from),
        "\\PC{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("\\PC{0,4}", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    // A failing case is put into a test of its own instead of a file of seeds.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_that_was_written_reads_back(value in value()) {
        let value = Value::Array(vec![value]);
        for text in [value.to_string(), format!("{value:#}")] {
            let read = parse("doc", &text).unwrap();
            prop_assert_eq!(read.to_string(), value.to_string());
        }
    }

    #[test]
    fn no_text_panics(text in "[-\\[\\]{}:,?&*!|>'\"#%@ \na0.~<]{0,40}") {
        let _ = parse("doc", &text);
        let _ = locate(&text, "/a/0");
        let _ = yaml::parse_span("doc", &text, 0..text.len());
    }
}
