//! Who may write: one at a time, in the order they came, each waiting at most its busy timeout.
//!
//! The lock holds what only the writer may touch; getting the lock is taking that value out. Waiters stand in a queue,
//! so a connection that commits in a loop cannot starve the others.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::{Error, Result, ResultCode};

/// How often a waiting connection looks at its interrupt flag.
const INTERRUPT_POLL: Duration = Duration::from_millis(20);

/// What a connection does when it finds the database locked.
#[derive(Clone, Debug, Default)]
pub struct BusyHandler {
    /// `PRAGMA busy_timeout`; zero fails at once.
    pub timeout: Duration,
    /// Ends the wait with SQLITE_INTERRUPT when it is set.
    pub interrupt: Option<Arc<AtomicBool>>,
}

impl BusyHandler {
    pub fn new(timeout: Duration) -> BusyHandler {
        BusyHandler { timeout, interrupt: None }
    }

    /// Calls `attempt` with a time to wait, at most `step`, until it gives something or the timeout is used up.
    /// Time is counted in waits and not read from a clock.
    pub(super) fn wait<T>(
        &self,
        step: Duration,
        mut attempt: impl FnMut(Duration) -> Result<Option<T>>,
    ) -> Result<Option<T>> {
        let mut left = self.timeout;
        loop {
            let slice = if self.interrupt.is_some() { step.min(INTERRUPT_POLL) } else { step }.min(left);
            if let Some(got) = attempt(slice)? {
                return Ok(Some(got));
            }
            if self.interrupt.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed)) {
                return Err(Error::new(ResultCode::Interrupt, "interrupted"));
            }
            left = left.saturating_sub(slice);
            if left.is_zero() {
                return Ok(None);
            }
        }
    }
}

pub(super) fn locked() -> Error {
    Error::new(ResultCode::Busy, "database is locked")
}

pub(super) struct WriterLock<T> {
    queue: Mutex<Queue<T>>,
    released: Condvar,
}

struct Queue<T> {
    /// None while somebody writes.
    value: Option<T>,
    waiting: VecDeque<u64>,
    next_ticket: u64,
}

impl<T> WriterLock<T> {
    pub(super) fn new(value: T) -> WriterLock<T> {
        let queue = Queue { value: Some(value), waiting: VecDeque::new(), next_ticket: 0 };
        WriterLock { queue: Mutex::new(queue), released: Condvar::new() }
    }

    /// Takes the value if nobody has it and nobody waits for it.
    pub(super) fn try_acquire(&self) -> Option<T> {
        let mut queue = lock(&self.queue);
        if queue.waiting.is_empty() { queue.value.take() } else { None }
    }

    /// None: the busy timeout went by.
    pub(super) fn acquire(&self, busy: &BusyHandler) -> Result<Option<T>> {
        let mut queue = lock(&self.queue);
        if queue.waiting.is_empty()
            && let Some(value) = queue.value.take()
        {
            return Ok(Some(value));
        }
        if busy.timeout.is_zero() {
            return Ok(None);
        }
        let ticket = queue.next_ticket;
        queue.next_ticket += 1;
        queue.waiting.push_back(ticket);
        drop(queue);
        let outcome = busy.wait(Duration::MAX, |slice| {
            let must_wait =
                |queue: &mut Queue<T>| !(queue.value.is_some() && queue.waiting.front() == Some(&ticket));
            let (mut queue, _) = self
                .released
                .wait_timeout_while(lock(&self.queue), slice, must_wait)
                .unwrap_or_else(PoisonError::into_inner);
            if queue.waiting.front() == Some(&ticket)
                && let Some(value) = queue.value.take()
            {
                return Ok(Some(value));
            }
            Ok(None)
        });
        let mut queue = lock(&self.queue);
        queue.waiting.retain(|&waiting| waiting != ticket);
        drop(queue);
        if !matches!(outcome, Ok(Some(_))) {
            // Whoever stood behind this one may be first now.
            self.released.notify_all();
        }
        outcome
    }

    pub(super) fn release(&self, value: T) {
        let mut queue = lock(&self.queue);
        queue.value = Some(value);
        let has_waiters = !queue.waiting.is_empty();
        drop(queue);
        if has_waiters {
            self.released.notify_all();
        }
    }
}

/// Nothing in this module leaves a half-made value behind a lock, so a panic elsewhere does not spoil it.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread};

    use super::*;

    #[test]
    fn a_held_lock_makes_others_wait_until_their_time_is_up() {
        let lock = WriterLock::new(7);
        let held = lock.try_acquire().unwrap();
        assert!(lock.acquire(&BusyHandler::default()).unwrap().is_none());
        assert!(lock.acquire(&BusyHandler::new(Duration::from_millis(5))).unwrap().is_none());
        lock.release(held);
        assert_eq!(lock.acquire(&BusyHandler::default()).unwrap(), Some(7));
    }

    #[test]
    fn waiters_get_the_lock_in_the_order_they_came() {
        let lock = Arc::new(WriterLock::new(()));
        lock.try_acquire().unwrap();
        let (send, receive) = mpsc::channel();
        let threads: Vec<_> = (0..4)
            .map(|number| {
                let (shared, send) = (Arc::clone(&lock), send.clone());
                let thread = thread::spawn(move || {
                    let busy = BusyHandler::new(Duration::from_secs(30));
                    shared.acquire(&busy).unwrap().unwrap();
                    send.send(number).unwrap();
                    shared.release(());
                });
                while super::lock(&lock.queue).waiting.len() <= number {
                    thread::yield_now();
                }
                thread
            })
            .collect();
        lock.release(());
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(receive.try_iter().collect::<Vec<_>>(), [0, 1, 2, 3]);
    }

    #[test]
    fn an_interrupt_ends_the_wait() {
        let lock = WriterLock::new(());
        let _held = lock.try_acquire();
        let interrupt = Some(Arc::new(AtomicBool::new(true)));
        let busy = BusyHandler { timeout: Duration::from_secs(30), interrupt };
        assert_eq!(lock.acquire(&busy).unwrap_err().code, ResultCode::Interrupt);
    }
}
