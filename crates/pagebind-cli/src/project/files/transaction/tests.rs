use std::{
    cell::Cell,
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
};

use super::*;

/// What the files below a folder hold, by name.
fn tree(root: &Path) -> BTreeMap<String, String> {
    let files = super::super::list(root, false).unwrap();
    let name = |path: &Path| path.file_name().unwrap().display().to_string();
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn of(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

/// A folder with `a` and `b`, and the outputs that change both and add `c`.
fn changes() -> (tempfile::TempDir, Vec<Output>) {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("a"), "old a").unwrap();
    fs::write(root.path().join("b"), "old b").unwrap();
    let output = |name: &str| Output::new(root.path().join(name), format!("new {name}")).unwrap();
    let outputs = ["a", "b", "c"].map(output).into();
    (root, outputs)
}

fn old() -> BTreeMap<String, String> {
    of(&[("a", "old a"), ("b", "old b")])
}

fn new() -> BTreeMap<String, String> {
    of(&[("a", "new a"), ("b", "new b"), ("c", "new c")])
}

/// What happens at a step.
#[derive(Clone, Copy)]
enum Fault {
    Fails,
    Dies,
}

/// Writes with these faults, each at its step; how it ended, unless it died.
fn write_with(
    root: &Path,
    outputs: &[Output],
    faults: &[(usize, Fault)],
) -> Option<Result<(), Diagnostic>> {
    let (faults, mut step) = (faults.to_vec(), 0);
    let _guard = failpoints::before_each_step(move || {
        step += 1;
        match faults.iter().find(|(at, _)| *at == step) {
            Some((_, Fault::Fails)) => Err(io::Error::other("injected")),
            Some((_, Fault::Dies)) => std::panic::resume_unwind(Box::new("injected")),
            None => Ok(()),
        }
    });
    catch_unwind(AssertUnwindSafe(|| write(root, outputs))).ok()
}

/// How many steps a write takes if nothing goes wrong.
fn steps() -> usize {
    let (root, outputs) = changes();
    let steps = Rc::new(Cell::new(0));
    let counted = Rc::clone(&steps);
    let _guard = failpoints::before_each_step(move || {
        counted.set(counted.get() + 1);
        Ok(())
    });
    write(root.path(), &outputs).unwrap();
    assert_eq!(tree(root.path()), new());
    steps.get()
}

#[test]
fn all_files_are_written_whole_and_nothing_else_is_left() {
    // Three steps for the journal, two for each file, and one to end.
    assert_eq!(steps(), 3 + 2 * 3 + 1);
}

#[test]
fn a_failure_at_any_step_leaves_the_tree_as_it_was() {
    for step in 1..=steps() {
        let (root, outputs) = changes();
        let ended = write_with(root.path(), &outputs, &[(step, Fault::Fails)]);
        let problem = ended.unwrap().unwrap_err().to_string();
        assert!(problem.contains("injected"), "step {step}: {problem}");
        assert_eq!(tree(root.path()), old(), "step {step}");
        assert_eq!(recover(root.path()).unwrap(), None, "step {step}");
    }
}

#[test]
fn a_death_at_any_step_is_put_right_by_the_next_command() {
    for step in 1..=steps() {
        let (root, outputs) = changes();
        assert!(write_with(root.path(), &outputs, &[(step, Fault::Dies)]).is_none());
        let recovered = recover(root.path()).unwrap();
        // Before the first step there is no journal yet.
        assert_eq!(recovered.is_some(), step > 1, "step {step}");
        assert_eq!(tree(root.path()), old(), "step {step}");
    }
}

#[test]
fn a_failure_on_the_way_back_is_put_right_by_the_next_command() {
    let last = steps();
    // The way back from the last step is at most as long as the way there.
    for fault in [Fault::Fails, Fault::Dies] {
        for step in last + 1..=2 * last {
            let (root, outputs) = changes();
            let faults = [(last, Fault::Fails), (step, fault)];
            let ended = write_with(root.path(), &outputs, &faults);
            assert!(!matches!(ended, Some(Ok(()))), "step {step}");
            recover(root.path()).unwrap();
            assert_eq!(tree(root.path()), old(), "step {step}");
        }
    }
}

#[test]
fn a_journal_that_is_cut_short_says_that_nothing_was_touched() {
    let (root, outputs) = changes();
    assert!(write_with(root.path(), &outputs, &[(4, Fault::Dies)]).is_none());
    let journal = root.path().join(JOURNAL);
    let whole = fs::read(&journal).unwrap();
    for length in 0..whole.len() {
        fs::write(&journal, &whole[..length]).unwrap();
        assert_eq!(recover(root.path()).unwrap(), Some(Recovered::default()));
        assert_eq!(tree(root.path()), old());
    }
}

#[test]
fn what_someone_has_changed_since_is_left_alone() {
    let (root, outputs) = changes();
    // All files are in place, and the journal is still there.
    assert!(write_with(root.path(), &outputs, &[(steps(), Fault::Dies)]).is_none());
    fs::write(root.path().join("b"), "by hand").unwrap();
    let recovered = recover(root.path()).unwrap().unwrap();
    assert_eq!(recovered.changed_since, [root.path().join("b")]);
    assert_eq!(tree(root.path()), of(&[("a", "old a"), ("b", "by hand")]));
}

#[test]
fn what_was_changed_after_it_was_read_is_not_overwritten() {
    let (root, outputs) = changes();
    fs::write(root.path().join("b"), "by hand").unwrap();
    let problem = write(root.path(), &outputs).unwrap_err().to_string();
    assert!(problem.starts_with("the file was changed while the command ran"), "{problem}");
    assert_eq!(tree(root.path()), of(&[("a", "old a"), ("b", "by hand")]));
}

#[test]
fn a_command_that_is_alive_is_not_taken_for_dead() {
    let (root, outputs) = changes();
    let path = root.path().join(JOURNAL);
    let alive = open_journal(root.path(), &[]).unwrap();
    for problem in [write(root.path(), &outputs).unwrap_err(), recover(root.path()).unwrap_err()] {
        assert!(problem.message.starts_with("another command is writing"), "{problem}");
    }
    assert!(path.is_file(), "the journal is the other command's");
    drop(alive);
    assert_eq!(recover(root.path()).unwrap(), Some(Recovered::default()));
    assert_eq!(tree(root.path()), old());
}

#[test]
fn a_fresh_file_is_not_touched() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("a");
    fs::write(&path, "same").unwrap();
    let long_ago = std::time::SystemTime::UNIX_EPOCH;
    fs::File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
    let output = Output::new(path.clone(), "same".to_owned()).unwrap();
    write(root.path(), &[output]).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), long_ago);
}

#[test]
fn when_one_file_can_t_be_moved_into_place_the_others_are_as_they_were() {
    let (root, outputs) = changes();
    // A folder that is not empty can't be replaced by a file.
    fs::create_dir_all(root.path().join("c/full")).unwrap();
    let problem = write(root.path(), &outputs).unwrap_err().to_string();
    assert!(problem.starts_with("failed to write the file: "), "{problem}");
    assert_eq!(tree(root.path()), old());
    let problem = write_one(&outputs[2].path, &|file| file.write_all(b"new")).unwrap_err();
    let problem = problem.to_string();
    assert!(problem.starts_with("failed to write the file: "), "{problem}");
    assert_eq!(tree(root.path()), old());
}
