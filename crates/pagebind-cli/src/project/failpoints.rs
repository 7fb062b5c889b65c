//! Where writing files can fail: a seam for tests, which nothing else sets.
//!
//! Every step of a write asks here first. A test answers with an error (a disk that is full), or
//! doesn't come back at all (a process that died).

use std::{cell::RefCell, io};

type Fault = Box<dyn FnMut() -> io::Result<()>>;

thread_local! {
    static FAULT: RefCell<Option<Fault>> = const { RefCell::new(None) };
}

/// Asks `fault` before each step of a write in this thread, until the guard goes away.
#[must_use = "the fault goes away with its guard"]
pub fn before_each_step(fault: impl FnMut() -> io::Result<()> + 'static) -> Guard {
    FAULT.set(Some(Box::new(fault)));
    Guard(())
}

/// Takes the fault away when it goes out of scope.
#[derive(Debug)]
pub struct Guard(());

impl Drop for Guard {
    fn drop(&mut self) {
        FAULT.set(None);
    }
}

/// Called before each step of a write.
pub(crate) fn step() -> io::Result<()> {
    FAULT.with_borrow_mut(|fault| fault.as_mut().map_or(Ok(()), |fault| fault()))
}
