//! Merging sorted runs: a heap of the runs by the entry that each stands on.

use pluresdb_store::StoreError;

/// Entries in order, one at a time.
pub(crate) trait SortedRun {
    /// Goes to the next entry; false when there is none.
    ///
    /// # Errors
    ///
    /// Those of reading a scratch file.
    fn advance(&mut self) -> Result<bool, StoreError>;

    /// Of the entry it stands on.
    fn key(&self) -> &[u8];
}

/// All entries of several runs in the order of their keys; equal keys come in the order of their runs.
pub(crate) struct Merge<R> {
    runs: Vec<R>,
    /// Numbers of runs that stand on an entry: each before the two that come from it.
    heap: Vec<usize>,
    /// Every run has been brought to its first entry; the first of the heap stands on one that was given out.
    is_begun: bool,
}

impl<R: SortedRun> Merge<R> {
    pub fn new(runs: impl IntoIterator<Item = R>) -> Merge<R> {
        Merge { runs: runs.into_iter().collect(), heap: Vec::new(), is_begun: false }
    }

    /// The run that stands on the next entry.
    #[inline]
    pub fn next(&mut self) -> Result<Option<&R>, StoreError> {
        if !self.is_begun {
            self.begin()?;
        } else if let Some(&first) = self.heap.first() {
            if !self.runs[first].advance()? {
                self.heap.swap_remove(0);
            }
            self.sink(0);
        }
        Ok(self.current())
    }

    /// The run that stands on the entry that `next` has come to.
    #[inline]
    pub fn current(&self) -> Option<&R> {
        self.heap.first().map(|&first| &self.runs[first])
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        for (number, run) in self.runs.iter_mut().enumerate() {
            if run.advance()? {
                self.heap.push(number);
            }
        }
        for place in (0..self.heap.len() / 2).rev() {
            self.sink(place);
        }
        self.is_begun = true;
        Ok(())
    }

    /// Puts the run at a place where it belongs, below.
    #[inline]
    fn sink(&mut self, mut place: usize) {
        loop {
            let left = 2 * place + 1;
            let Some(&left_run) = self.heap.get(left) else { return };
            let lesser = match self.heap.get(left + 1) {
                Some(&right_run) if self.is_before(right_run, left_run) => left + 1,
                _ => left,
            };
            if !self.is_before(self.heap[lesser], self.heap[place]) {
                return;
            }
            self.heap.swap(lesser, place);
            place = lesser;
        }
    }

    #[inline]
    fn is_before(&self, one: usize, other: usize) -> bool {
        (self.runs[one].key(), one) < (self.runs[other].key(), other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Listed {
        keys: Vec<Vec<u8>>,
        at: Option<usize>,
    }

    impl SortedRun for Listed {
        fn advance(&mut self) -> Result<bool, StoreError> {
            self.at = Some(self.at.map_or(0, |at| at + 1));
            Ok(self.at < Some(self.keys.len()))
        }

        fn key(&self) -> &[u8] {
            &self.keys[self.at.expect("it stands on an entry")]
        }
    }

    #[test]
    fn any_number_of_runs_comes_in_order_equal_keys_by_run() {
        let mut state = 1_u64;
        let mut random = move |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % below
        };
        for run_count in 0..20 {
            let runs: Vec<Vec<Vec<u8>>> = (0..run_count)
                .map(|_| {
                    let mut keys: Vec<Vec<u8>> =
                        (0..random(30)).map(|_| vec![random(5) as u8; random(4) as usize]).collect();
                    keys.sort();
                    keys
                })
                .collect();
            let mut expected: Vec<(Vec<u8>, usize)> = runs
                .iter()
                .enumerate()
                .flat_map(|(run, keys)| keys.iter().map(move |key| (key.clone(), run)))
                .collect();
            expected.sort();
            let mut merge = Merge::new(runs.into_iter().map(|keys| Listed { keys, at: None }));
            for (key, run) in expected {
                let found = merge.next().unwrap().expect("as many as went in");
                assert_eq!(found.key(), key);
                assert_eq!(merge.heap[0], run);
            }
            assert!(merge.next().unwrap().is_none());
        }
    }
}
