//! Runs the example `batch` through what a batch must survive: each customer is enrolled once, and
//! the journal says so.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
// Its ways of being stopped are signals, and a limit of the shell's.
#![cfg(unix)]

#[path = "support/example.rs"]
mod example;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use sandbox::{Fault, Sandbox};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

use example::{Ended, Example, MARKER, ended, executable};

const HOUR: Duration = Duration::from_secs(3600);

/// A batch with its files, and the sandbox that it runs against.
struct Batch {
    sandbox: Sandbox,
    folder: TempDir,
    ids: RangeInclusive<i64>,
}

impl Batch {
    /// The customers' ids begin at 1001.
    async fn of(count: i64) -> Self {
        let batch = Self {
            sandbox: Sandbox::start().await.unwrap(),
            folder: TempDir::new().unwrap(),
            ids: 1001..=1000 + count,
        };
        batch.write_input(batch.ids.clone().map(customer));
        batch
    }

    fn write_input(&self, lines: impl Iterator<Item = Value>) {
        fs::write(self.path("input"), text(lines)).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn example(&self) -> Example {
        self.arguments(Example::new("batch", &self.sandbox))
    }

    fn arguments(&self, example: Example) -> Example {
        let (input, journal) = (self.path("input"), self.path("journal"));
        example.arguments(&["enroll", input.to_str().unwrap(), journal.to_str().unwrap()])
    }

    async fn run(&self) -> Ended {
        self.example().run().await
    }

    fn plan(&self, fault: Fault, times: u32) {
        self.sandbox.plan(fault, Some("enroll_customer"), times).unwrap();
    }

    /// Starts it so that so many of its requests get through, and no other is answered; waits until
    /// it is there.
    async fn start_and_stall_after(&self, requests: u32) -> Child {
        self.plan(Fault::RepeatedEvent, requests);
        self.plan(Fault::Delay(HOUR), u32::MAX);
        let child = self.example().start();
        let mut events = self.sandbox.events();
        for _ in 0..requests * 2 {
            events.next().await.unwrap();
        }
        child
    }

    async fn kill(&self, mut child: Child) {
        child.kill().await.unwrap();
        self.sandbox.clear_plan();
    }

    fn journal(&self) -> String {
        let text = fs::read_to_string(self.path("journal")).unwrap();
        assert!(!text.contains(MARKER), "the journal holds personal data: {text}");
        text
    }

    /// The state of each customer by the journal, with the correlation ids that were used.
    fn states(&self) -> BTreeMap<i64, (String, BTreeSet<String>)> {
        let mut states = BTreeMap::new();
        for line in self.journal().lines().skip(1) {
            let record: Value = serde_json::from_str(line).unwrap();
            let text = |name: &str| record[name].as_str().unwrap().to_owned();
            let id = record["customer"].as_i64().unwrap();
            let (state, ids) = states.entry(id).or_insert((String::new(), BTreeSet::new()));
            *state = text("state");
            ids.insert(text("correlation_id"));
        }
        states
    }

    /// The customers who were enrolled, once for each time, with the correlation ids of their
    /// events.
    async fn enrolled(&self) -> Vec<(i64, String)> {
        // Its event is the last one, so that all others are read when it comes.
        self.sandbox.clear_plan();
        let last = Example::new("enroll", &self.sandbox).run().await;
        assert_eq!(last.status, 0, "{last:?}");
        let mut events = self.sandbox.events();
        let (mut seen, mut enrolled) = (BTreeSet::new(), Vec::new());
        loop {
            let event: Value = serde_json::from_str(&events.next().await.unwrap()).unwrap();
            let customer = event["data"]["customer_id"].as_i64().unwrap();
            if customer == 42 {
                enrolled.sort();
                return enrolled;
            }
            if event["data"]["status"] == "SUCCESS" && seen.insert(event["event_id"].to_string()) {
                enrolled.push((customer, event["cid"].as_str().unwrap().to_owned()));
            }
        }
    }

    /// Each customer was enrolled once, under the one correlation id that the journal has, and the
    /// journal says that it is done.
    async fn assert_complete(&self) {
        let enrolled = self.enrolled().await;
        let customers: Vec<_> = enrolled.iter().map(|(customer, _)| *customer).collect();
        assert_eq!(customers, self.ids.clone().collect::<Vec<_>>());
        let states = self.states();
        assert_eq!(states.len(), customers.len());
        for (customer, id) in enrolled {
            let (state, ids) = &states[&customer];
            assert!(["accepted", "enrolled_before"].contains(&&**state), "{customer}: {state}");
            assert_eq!(ids, &BTreeSet::from([id]), "customer {customer}");
        }
    }
}

fn text(lines: impl Iterator<Item = Value>) -> String {
    lines.map(|line| format!("{line}\n")).collect()
}

fn customer(id: i64) -> Value {
    json!({
        "customer": id,
        "enrolment": {
            "owner_bid": "1000052",
            "card_information": {
                "card_id": 6_000_000 + id,
                "billing_address": {"address_line1": MARKER, "city": MARKER, "postal_code": MARKER},
            },
            "customer_information": {
                "locale": "en_US",
                "first_name": MARKER,
                "last_name": MARKER,
                "emails": [format!("{MARKER}@example.com")],
                "phones": [MARKER],
            },
        },
    })
}

#[track_caller]
fn assert_all_done(ended: &Ended, count: usize) {
    assert_eq!(ended.status, 0, "{ended:?}");
    let numbers = ended.out.split([' ', ',', '\n']).filter_map(|word| word.parse::<usize>().ok());
    assert_eq!(numbers.sum::<usize>(), count, "{ended:?}");
    assert!(ended.out.ends_with(" 0 refused, 0 open\n"), "{ended:?}");
}

#[tokio::test]
async fn a_sample_of_a_thousand_is_enrolled() {
    let batch = Batch::of(0).await;
    let sample = batch.path("input");
    let mut command = Command::new("sh");
    // Standard output is a file here, because it is personal data, though made up.
    command.args(["-c", r#""$0" sample 1000 > "$1""#]).arg(executable("batch")).arg(&sample);
    let sampled = Example::command(command, &batch.sandbox).run().await;
    assert_eq!(sampled.status, 0, "{sampled:?}");
    // The customer of the event that is looked for at the end.
    let lines = fs::read_to_string(&sample).unwrap();
    fs::write(&sample, lines.replace(r#"{"customer":42,"#, r#"{"customer":1042,"#)).unwrap();
    let ended = batch.run().await;
    assert_all_done(&ended, 1000);
    assert_eq!(ended.err, "");
    assert_eq!(batch.enrolled().await.len(), 1000);
    assert_eq!(batch.states().len(), 1000);
}

#[tokio::test]
async fn a_batch_that_was_killed_goes_on_and_enrols_nobody_twice() {
    let batch = Batch::of(200).await;
    let child = batch.start_and_stall_after(70).await;
    batch.kill(child).await;
    let done = batch.states().values().filter(|(state, _)| state == "accepted").count();
    assert!(done <= 70, "no more than that was answered");
    assert!(batch.states().len() < 200, "nothing was left to do");
    assert_all_done(&batch.run().await, 200);
    batch.assert_complete().await;
}

#[tokio::test]
async fn a_batch_gets_through_a_service_that_fails() {
    let batch = Batch::of(200).await;
    batch.plan(Fault::Reset, 12);
    batch.plan(Fault::RateLimited(Duration::from_secs(1)), 12);
    batch.plan(Fault::ServerError, 12);
    batch.plan(Fault::ExpiredToken, 12);
    batch.plan(Fault::EmptyServerError, 6);
    batch.plan(Fault::Truncated, 6);
    let ended = batch.run().await;
    assert_all_done(&ended, 200);
    assert!(ended.err.contains("next pass in"), "{ended:?}");
    batch.assert_complete().await;
}

#[tokio::test]
async fn a_batch_whose_tokens_expire_all_at_once_goes_on() {
    let batch = Batch::of(200).await;
    let child = batch.example().start();
    let mut events = batch.sandbox.events();
    for _ in 0..50 {
        events.next().await.unwrap();
    }
    batch.sandbox.expire_tokens();
    assert_all_done(&ended(child).await, 200);
    batch.assert_complete().await;
}

#[tokio::test]
async fn a_run_that_gets_nowhere_ends_and_keeps_its_place() {
    let batch = Batch::of(20).await;
    let environment = batch.sandbox.environment();
    let tenant = environment.iter().find(|(name, _)| *name == "CLICK_TO_PAY_TENANT").unwrap();
    batch.sandbox.enable_tenant(&tenant.1, false);
    let stopped = batch.run().await;
    assert_eq!(
        (stopped.status, &*stopped.out),
        (3, "0 accepted, 0 enrolled before, 0 refused, 20 open\n")
    );
    assert!(stopped.err.contains("click to pay is not enabled to tenant"), "{stopped:?}");
    batch.sandbox.enable_tenant(&tenant.1, true);
    assert_all_done(&batch.run().await, 20);
    batch.assert_complete().await;
}

#[tokio::test]
async fn an_interrupted_batch_finishes_what_is_under_way() {
    let batch = Batch::of(100).await;
    batch.plan(Fault::RepeatedEvent, 30);
    batch.plan(Fault::ServerError, u32::MAX);
    let child = batch.example().start();
    let mut events = batch.sandbox.events();
    for _ in 0..60 {
        events.next().await.unwrap();
    }
    let id = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().await.unwrap().success());
    let stopped = ended(child).await;
    assert_eq!(stopped.status, 3, "{stopped:?}");
    assert!(stopped.err.contains("stopping once what is under way is finished"), "{stopped:?}");
    for (customer, (state, _)) in batch.states() {
        let told = stopped.err.contains(&format!("customer {customer}: open"));
        assert_eq!(state == "intended", told, "{customer} was left without an answer: {stopped:?}");
    }
    batch.sandbox.clear_plan();
    assert_all_done(&batch.run().await, 100);
    batch.assert_complete().await;
}

#[tokio::test]
async fn a_full_disk_stops_the_batch_before_it_sends_what_it_can_t_write_down() {
    let batch = Batch::of(100).await;
    let mut command = Command::new("sh");
    // Files end at 4 KiB, as if the disk did.
    command.args(["-c", r#"trap "" XFSZ; ulimit -f 8; exec "$0" "$@""#]).arg(executable("batch"));
    let full = batch.arguments(Example::command(command, &batch.sandbox)).run().await;
    assert_eq!(full.status, 3, "{full:?}");
    assert!(full.err.contains("the journal can't be written"), "{full:?}");
    assert_all_done(&batch.run().await, 100);
    batch.assert_complete().await;
}

#[tokio::test]
async fn an_incomplete_line_at_the_end_of_the_journal_is_cut_off() {
    let batch = Batch::of(20).await;
    let child = batch.start_and_stall_after(5).await;
    batch.kill(child).await;
    let journal = batch.journal();
    let first = journal.find('\n').unwrap();
    for torn in [journal.len() - 1, journal.len() - 20, first, first - 3] {
        fs::write(batch.path("journal"), &journal[..torn]).unwrap();
        assert_all_done(&batch.run().await, 20);
        assert_eq!(batch.states().len(), 20);
    }
    assert_eq!(batch.enrolled().await.len(), 20);
}

#[tokio::test]
async fn a_journal_of_something_else_is_refused_and_left_as_it_is() {
    let batch = Batch::of(5).await;
    assert_all_done(&batch.run().await, 5);
    let own = batch.journal();
    let other_tenant = own.replacen("TN-0", "TN-1", 1);
    let stranger = own.replace(r#""customer":1003"#, r#""customer":7"#);
    let damaged = own.replacen(r#""customer":1003"#, r#""customer":"#, 1);
    let no_journal = "a file that\nsomebody needs".to_owned();
    for (journal, complaint) in [
        (other_tenant, "the journal is of TN-1"),
        (stranger, "the journal is of another batch: it has customer 7"),
        (damaged, "of the journal can't be read: it is damaged"),
        (no_journal, "line 1 of the journal can't be read"),
    ] {
        fs::write(batch.path("journal"), &journal).unwrap();
        let refused = batch.run().await;
        assert_eq!((refused.status, &*refused.out), (2, ""), "{refused:?}");
        assert!(refused.err.contains(complaint), "{refused:?}");
        assert_eq!(batch.journal(), journal);
    }
}

#[tokio::test]
async fn a_second_process_on_the_same_journal_is_refused() {
    let batch = Batch::of(50).await;
    let first = batch.start_and_stall_after(1).await;
    let second = batch.run().await;
    assert_eq!((second.status, &*second.out), (2, ""), "{second:?}");
    assert!(second.err.contains("another process works with this journal"), "{second:?}");
    batch.kill(first).await;
    assert_all_done(&batch.run().await, 50);
    batch.assert_complete().await;
}

#[tokio::test]
async fn an_input_with_a_line_that_is_wrong_is_refused_before_anything_is_sent() {
    let batch = Batch::of(3).await;
    let mut long = customer(1002);
    long["enrolment"]["customer_information"]["emails"] = json!(vec![MARKER; 6]);
    let mut typed = customer(1003);
    typed["enrolment"]["card_information"]["card_id"] = json!(MARKER);
    batch.write_input([customer(1001), long, typed].into_iter());
    let refused = batch.run().await;
    assert_eq!((refused.status, &*refused.out), (2, ""), "{refused:?}");
    let line = "error: line 2: /customer_information/emails has 6 items of at most 5\n";
    assert!(refused.err.contains(line), "{refused:?}");
    let line = "error: line 3: it is no customer with an enrolment, at column ";
    assert!(refused.err.contains(line), "{refused:?}");
    assert_eq!(batch.enrolled().await, []);
}

#[tokio::test]
async fn a_refused_customer_is_told_and_sent_again_once_mended() {
    let batch = Batch::of(3).await;
    let mut nameless = customer(1002);
    nameless["enrolment"]["customer_information"].as_object_mut().unwrap().remove("first_name");
    // The second line of customer 1001 is left out.
    let lines = [customer(1001), nameless, customer(1001), customer(1003)];
    batch.write_input(lines.into_iter());
    let refused = batch.run().await;
    assert_eq!(
        (refused.status, &*refused.out),
        (1, "2 accepted, 0 enrolled before, 1 refused, 0 open\n")
    );
    for told in [
        "note: line 3: a customer who has a line before; only the first counts\n",
        "note: 1 customers: enrolment fails unless Pismo holds values for /customer_information/first_name\n",
        "customer 1002: refused: enroll_customer: bad request: first_name: cannot be blank (status 400",
    ] {
        assert!(refused.err.contains(told), "{told}: {refused:?}");
    }
    batch.write_input(batch.ids.clone().map(customer));
    assert_all_done(&batch.run().await, 3);
    batch.assert_complete().await;
}

#[tokio::test]
async fn a_customer_who_comes_to_the_input_during_a_run_is_left_to_the_next() {
    let batch = Batch::of(3).await;
    let input = batch.path("input");
    fs::remove_file(&input).unwrap();
    assert!(Command::new("mkfifo").arg(&input).status().await.unwrap().success());
    // Who writes to a pipe waits for somebody to read it.
    let write = |ids: &[i64]| {
        let (input, lines) = (input.clone(), text(ids.iter().copied().map(customer)));
        thread::spawn(move || fs::write(input, lines))
    };
    write(&[1001, 1001]);
    let mut child = batch.example().start();
    // Its note on the second line says that it has read all of it once.
    while child.stderr.as_mut().unwrap().read_u8().await.unwrap() != b'\n' {}
    write(&[1001, 1002, 1003]);
    let changed = ended(child).await;
    assert_eq!(
        (changed.status, &*changed.out),
        (3, "1 accepted, 0 enrolled before, 0 refused, 1 open\n"),
        "{changed:?}"
    );
    let line = "error: INPUT has changed since the start: line 2: a new customer\n";
    assert!(changed.err.contains(line), "{changed:?}");
    fs::remove_file(&input).unwrap();
    batch.write_input(batch.ids.clone().map(customer));
    assert_all_done(&batch.run().await, 3);
    batch.assert_complete().await;
}

#[tokio::test]
async fn a_sample_of_less_than_nobody_is_refused() {
    let batch = Batch::of(0).await;
    let refused = Example::new("batch", &batch.sandbox).arguments(&["sample", "-5"]).run().await;
    assert_eq!((refused.status, &*refused.out), (2, ""), "{refused:?}");
    assert!(refused.err.contains("COUNT is not a number of customers"), "{refused:?}");
}

#[tokio::test]
async fn the_customers_of_an_account_share_its_own_token() {
    let batch = Batch::of(20).await;
    let accounts = batch.ids.clone().map(|id| {
        let mut customer = customer(id);
        customer["account"] = json!(["7", "8"][usize::from(id % 2 == 0)]);
        customer
    });
    batch.write_input(accounts);
    // One token for each account; a request for a third one ends the run.
    batch.sandbox.plan(Fault::Delay(Duration::ZERO), Some("token"), 2).unwrap();
    batch.sandbox.plan(Fault::Html, Some("token"), u32::MAX).unwrap();
    // A token of no account is refused.
    let ended = batch.example().with("CLICK_TO_PAY_ACCOUNT", "").run().await;
    assert_all_done(&ended, 20);
    batch.assert_complete().await;
}
