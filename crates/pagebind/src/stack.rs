//! Threads with room for recursion.
//!
//! A document may nest 512 levels deep, and walking down a level costs several calls. Where those
//! are large, they get a stack of their own, so that neither the platform nor the thread of a caller
//! decides how deep a document may be. Where there are many documents, each core takes its share.

use std::{
    cell::Cell,
    io, iter, panic,
    sync::Mutex,
    thread::{self, Scope, ScopedJoinHandle},
};

/// Virtual memory; what is never touched costs nothing.
const BYTES: usize = 256 << 20;

thread_local! {
    /// Whether this thread was made here.
    static ROOMY: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work` on a stack of 256 MiB, and gives what it gives; on the caller's own, if that has the
/// room already, or if the system has no thread to spare.
///
/// # Panics
/// If `work` does.
pub fn roomy<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if ROOMY.get() { work() } else { beside(|| (), work).1 }
}

/// What `here` gives on the caller's thread, and what `there` gives on one beside it, with as much room; after
/// it, if the system has no thread to spare.
///
/// # Panics
/// If one of them does.
pub fn beside<A, B: Send>(here: impl FnOnce() -> A, there: impl FnOnce() -> B + Send) -> (A, B) {
    // Stays here until it is run: a thread that can't be started takes nothing with it.
    let there = Mutex::new(Some(there));
    let run = || {
        let there = there.lock().ok().and_then(|mut there| there.take());
        there.map(|there| there())
    };
    let (here, there) = thread::scope(|scope| {
        let started = spawn(scope, run);
        let here = here();
        let there = started
            .ok()
            .and_then(|thread| thread.join().unwrap_or_else(|cause| panic::resume_unwind(cause)));
        (here, there)
    });
    (here, there.or_else(run).expect("it runs once, on one of the two"))
}

/// What `work` gives for each of `items`, in their order; on the caller's thread, and beside it on as many as
/// there are further cores. Nothing is begun before a thread is free for it.
///
/// # Panics
/// If `work` does.
pub fn each<I: Send, T: Send>(items: Vec<I>, work: impl Fn(I) -> T + Sync) -> Vec<T> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let further = cores.min(items.len()).saturating_sub(1);
    let open = Mutex::new(items.into_iter().enumerate());
    let share = || -> Vec<(usize, T)> {
        let next = || open.lock().ok()?.next();
        iter::from_fn(next).map(|(index, item)| (index, work(item))).collect()
    };
    let mut done = thread::scope(|scope| {
        let further: Vec<_> = (0..further).map_while(|_| spawn(scope, share).ok()).collect();
        let mut done = share();
        for thread in further {
            done.extend(thread.join().unwrap_or_else(|cause| panic::resume_unwind(cause)));
        }
        done
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, made)| made).collect()
}

fn spawn<'s, T: Send + 's>(
    scope: &'s Scope<'s, '_>,
    work: impl FnOnce() -> T + Send + 's,
) -> io::Result<ScopedJoinHandle<'s, T>> {
    let builder = thread::Builder::new().name("pagebind".to_owned()).stack_size(BYTES);
    builder.spawn_scoped(scope, || {
        ROOMY.set(true);
        work()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(levels: usize) -> usize {
        let frame = std::hint::black_box([levels; 512]);
        if levels == 0 { 0 } else { 1 + depth(frame[0] - 1) }
    }

    #[test]
    fn what_overflows_the_stack_of_a_test_has_room() {
        assert_eq!(roomy(|| roomy(|| depth(20_000))), 20_000);
    }

    #[test]
    fn what_is_beside_can_wait_for_what_is_here() {
        let (tell, told) = std::sync::mpsc::channel();
        let here = move || tell.send(20_000).is_ok();
        assert_eq!(beside(here, move || told.recv().map(depth)), (true, Ok(20_000)));
    }

    #[test]
    fn what_each_gives_stands_where_the_item_stood() {
        let deep = |levels: usize| roomy(|| depth(levels));
        let levels: Vec<usize> = (0..20).rev().map(|it| it * 1000).collect();
        assert_eq!(each(levels.clone(), deep), levels);
        assert!(each(Vec::new(), deep).is_empty());
    }

    #[test]
    #[should_panic = "the fourth"]
    fn a_panic_on_any_thread_is_the_callers() {
        each((1..=8).collect(), |it| assert_ne!(it, 4, "the fourth"));
    }
}
