//! A pass that does not find what it has to change says so.

use std::collections::BTreeSet;

use super::{client, deprecated, operations, operations_are_there, redaction, send, types};
use crate::plan::{BodyForm, Operation, Parameter, Place, Plan, RequestBody, Style};
use crate::shape::structs::Structs;

/// A source of another form than progenitor's, with one operation.
const OTHER: &str = "
    pub struct Client;
    pub mod types {
        #[derive(Clone)]
        pub struct Name(pub String);
        pub enum Kind { Plus1 }
    }
    pub mod builder {
        pub struct GetCard;
        impl GetCard {
            pub async fn send(self) -> u16 { send_it().await }
        }
    }
";

fn plan() -> Plan {
    let media_type = "application/json".to_owned();
    let form = BodyForm::Json;
    let body = RequestBody { media_type, one_of_several: false, required: false, form };
    let parameter = Parameter {
        field: "id".to_owned(),
        name: "id".to_owned(),
        place: Place::Path,
        style: Style::Simple,
        explode: false,
        allow_reserved: false,
        order: Vec::new(),
    };
    let operation = Operation {
        deprecated: true,
        parameters: vec![parameter],
        body: Some(body),
        ..Operation::default()
    };
    Plan {
        operations: [("get_card".to_owned(), operation)].into(),
        sensitive: BTreeSet::from(["Name".to_owned()]),
        ..Plan::default()
    }
}

#[test]
fn every_pass_that_finds_nothing_to_change_is_an_error() {
    let file = || syn::parse_str::<syn::File>(OTHER).unwrap();
    let plan = plan();
    let said = [
        operations::run(&mut file(), &plan),
        send::run(&mut file(), &plan),
        deprecated::run(&mut file(), &plan),
        client::run(&mut file(), &plan),
        types(&mut file(), &Structs::default(), &plan).map(drop),
        redaction::run(&mut file(), &plan),
    ]
    .map(|result| result.unwrap_err().message);
    assert_eq!(
        said,
        [
            "the pass `operations` does not find the body of `GetCard`",
            "the pass `send` does not find the parameter `id` of `GetCard`",
            "the pass `deprecated` does not find the method `get_card`",
            "the pass `client` does not find the struct `Client` and its constructors",
            "the pass `types` does not find `Kind` in the plan",
            "the pass `redaction` does not find the `Debug` of `Name`",
        ]
    );
}

#[test]
fn an_operation_that_is_not_in_the_source_is_an_error() {
    let mut file = syn::parse_str::<syn::File>(OTHER).unwrap();
    assert!(operations_are_there(&mut file, &plan()).is_ok());
    let mut plan = plan();
    plan.operations.insert("get_list".to_owned(), Operation::default());
    let said = operations_are_there(&mut file, &plan).unwrap_err().message;
    assert!(said.contains("`GetList`"), "{said}");
}
