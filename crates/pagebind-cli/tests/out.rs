//! What each step that writes a document tells, and where it writes to: a file, a link to one, a pipe, a device,
//! or standard output.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs::{self, File},
    io::Write as _,
    os::unix::fs::{FileTypeExt as _, symlink},
    path::Path,
    process::{Command, Output, Stdio},
    thread,
};

use tempfile::TempDir;

const PAGE: &str = "openapi: 3.1.0
info: {title: Cards, version: '1'}
paths: {/cards: {get: {operationId: list_cards, responses: {'204': {description: None}}}}}
";

const OVERLAY: &str = "overlay: 1.0.0
info: {title: Corrections, version: '1'}
actions:
- {target: $.info, description: A better title., x-expect: {title: Cards}, update: {title: All cards}}
";

/// Every command that writes a document.
const COMMANDS: [&[&str]; 3] = [
    &["lower", "pages/page.yaml"],
    &["merge", "--pages", "pages"],
    &["overlay", "pages/page.yaml", "overlay.yaml"],
];

/// A folder with what the commands take, where one of them runs.
struct Step {
    folder: TempDir,
    command: &'static [&'static str],
}

impl Step {
    /// Each of them, in a folder of its own.
    fn all() -> impl Iterator<Item = Self> {
        COMMANDS.into_iter().map(|command| {
            let folder = TempDir::new().unwrap();
            fs::create_dir(folder.path().join("pages")).unwrap();
            fs::write(folder.path().join("pages/page.yaml"), PAGE).unwrap();
            fs::write(folder.path().join("overlay.yaml"), OVERLAY).unwrap();
            Self { folder, command }
        })
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, out: &[&str], stdout: Stdio) -> Output {
        let mut program = Command::new(env!("CARGO_BIN_EXE_cargo-pagebind"));
        program.current_dir(&self.folder).args(self.command).args(out).stdout(stdout);
        program.stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap()
    }

    fn written_to(&self, out: impl AsRef<Path>) -> Output {
        self.run(&["--out", out.as_ref().to_str().unwrap()], Stdio::piped())
    }

    /// The document, as standard output gets it.
    fn document(&self) -> String {
        let run = self.run(&[], Stdio::piped());
        assert!(run.status.success(), "{run:?}");
        let document = String::from_utf8(run.stdout).unwrap();
        assert!(document.ends_with("}\n") && document.contains("list_cards"), "{document}");
        document
    }
}

#[test]
fn a_file_and_what_a_link_leads_to_are_written_whole() {
    for step in Step::all() {
        symlink("target", step.path("link")).unwrap();
        for (name, file) in
            [("file", "file"), ("link", "target"), ("new/folder/file", "new/folder/file")]
        {
            let run = step.written_to(name);
            assert!(run.status.success() && run.stdout.is_empty(), "{run:?}");
            assert_eq!(fs::read_to_string(step.path(file)).unwrap(), step.document(), "{name}");
        }
        assert!(fs::symlink_metadata(step.path("link")).unwrap().is_symlink());
    }
}

#[test]
fn a_pipe_is_written_to_as_it_is() {
    for step in Step::all() {
        let pipe = step.path("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let read = thread::spawn({
            let pipe = pipe.clone();
            move || fs::read_to_string(pipe).unwrap()
        });
        assert!(step.written_to(&pipe).status.success());
        assert_eq!(read.join().unwrap(), step.document());
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    }
}

#[test]
fn standard_output_goes_on_behind_what_it_holds() {
    for step in Step::all() {
        let run = step.written_to("/dev/stdout");
        assert_eq!(
            (run.status.code(), String::from_utf8(run.stdout).unwrap()),
            (Some(0), step.document())
        );
        let mut file = File::create(step.path("file")).unwrap();
        file.write_all(b"before\n").unwrap();
        step.run(&["--out", "/dev/stdout"], file.try_clone().unwrap().into());
        file.write_all(b"after\n").unwrap();
        let expected = format!("before\n{}after\n", step.document());
        assert_eq!(fs::read_to_string(step.path("file")).unwrap(), expected);
    }
}

#[test]
fn a_device_stays_one_and_a_full_one_is_an_error() {
    for step in Step::all() {
        assert!(step.written_to("/dev/null").status.success());
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        let full = || File::options().write(true).open("/dev/full").unwrap().into();
        for run in [step.written_to("/dev/full"), step.run(&[], full())] {
            let told = String::from_utf8(run.stderr).unwrap();
            assert_eq!(run.status.code(), Some(3), "{told}");
            assert!(told.contains("error: failed to write the "), "{told}");
        }
    }
}

#[test]
fn a_folder_is_no_place_for_a_document() {
    for step in Step::all() {
        let run = step.written_to("pages");
        let told = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(3), "{told}");
        assert!(told.contains("--> pages\n = help: name a file, not a folder\n"), "{told}");
        assert_eq!(fs::read_to_string(step.path("pages/page.yaml")).unwrap(), PAGE);
    }
}

#[test]
fn what_is_read_otherwise_than_it_is_written_is_told() {
    for step in Step::all() {
        let page = format!("{PAGE}x-a: {{<<: {{a: 1}}, b: 2}}\n");
        fs::write(step.path("pages/page.yaml"), page).unwrap();
        let run = step.run(&[], Stdio::piped());
        let told = String::from_utf8(run.stderr).unwrap();
        assert!(told.contains("Warning merge key `<<`, read as YAML 1.1 does"), "{told}");
        assert!(told.contains("--> pages/page.yaml:4:7"), "{told}");
        let document = String::from_utf8(run.stdout).unwrap();
        assert!(document.contains("\"a\": 1") && !document.contains("<<"), "{document}");
    }
}
