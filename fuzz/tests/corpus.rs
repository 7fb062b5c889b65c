//! What once broke a promise keeps it.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a test may panic, and says on what")]

use std::{fs, path::Path};

use pagebind_fuzz::Target;

#[test]
fn what_was_found_is_mended() {
    for target in Target::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name());
        let mut inputs = 0;
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            println!("{}", path.display());
            target.run(&fs::read_to_string(&path).unwrap());
            inputs += 1;
        }
        assert!(inputs > 0, "{} has no corpus", target.name());
    }
}
