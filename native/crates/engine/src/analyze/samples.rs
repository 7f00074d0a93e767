//! What is counted of an index while its entries go by in order, and which of them are kept as samples.
//!
//! ```text
//! entry        (a, 1) (a, 2) (b, 1)      change: the first column that differs from the entry before
//! equal        entries with the same first 1, 2, … columns as this one
//! less         entries before those
//! distinct     different prefixes before this one's
//! ```
//!
//! A periodic sample is taken at regular distances; the other places go to the entries whose prefixes repeat most.
//! The rules, down to how ties are broken, are those of SQLite's STAT4, so that the same rows give the same samples.

use std::cmp::Ordering;

/// SQLite's `SQLITE_STAT4_SAMPLES`.
const MAX_SAMPLES: usize = 24;

#[derive(Clone, Debug, Default)]
pub(super) struct Sample {
    pub equal: Vec<u64>,
    pub less: Vec<u64>,
    pub distinct: Vec<u64>,
    /// The row: its rowid's bytes, or its primary key's.
    pub identity: Vec<u8>,
    is_periodic: bool,
    /// The column whose prefix it stands for.
    column: usize,
    /// Breaks ties.
    hash: u32,
}

pub(super) struct Accumulator {
    width: usize,
    row_count: u64,
    estimate: u64,
    /// `PRAGMA analysis_limit`; no samples are taken with one.
    limit: u64,
    skips: u64,
    current: Sample,
    /// Entries between periodic samples.
    period: u64,
    random: u32,
    /// By column: the best candidate since the column's prefix changed.
    best: Vec<Sample>,
    samples: Vec<Sample>,
    /// The sample that goes when a better one comes.
    least: usize,
    /// No sample has zeros in `equal` from this column on.
    zeros: usize,
}

impl Accumulator {
    /// `width` counts the index's columns with those that identify the row.
    pub fn new(width: usize, estimate: u64, limit: u64) -> Self {
        let empty = Sample {
            equal: vec![0; width],
            less: vec![0; width],
            distinct: vec![0; width],
            ..Sample::default()
        };
        let best = (0..width).map(|column| Sample { column, ..empty.clone() }).collect();
        Accumulator {
            width,
            row_count: 0,
            estimate,
            limit,
            skips: 0,
            current: empty,
            period: estimate / (MAX_SAMPLES as u64 / 3 + 1) + 1,
            random: 0x689e_962d_u32.wrapping_mul(width as u32)
                ^ 0xd094_4565_u32.wrapping_mul(estimate as u32),
            best,
            samples: Vec::new(),
            least: 0,
            zeros: 0,
        }
    }

    /// Counts the next entry. What comes back tells, under a limit, that enough of these were seen: whether the scan
    /// has already left the first prefix.
    pub fn push(&mut self, change: usize, identity: &[u8]) -> Option<bool> {
        if self.row_count == 0 {
            self.current.equal.fill(1);
        } else {
            if self.limit == 0 {
                self.settle(change);
            }
            for equal in &mut self.current.equal[..change] {
                *equal += 1;
            }
            for column in change..self.width {
                self.current.distinct[column] += 1;
                self.current.less[column] += self.current.equal[column];
                self.current.equal[column] = 1;
            }
        }
        self.row_count += 1;
        if self.limit == 0 {
            self.consider(change, identity);
            return None;
        }
        if self.row_count <= self.limit * (self.skips + 1) {
            return None;
        }
        self.skips += 1;
        Some(self.current.distinct[0] > 0)
    }

    fn consider(&mut self, change: usize, identity: &[u8]) {
        identity.clone_into(&mut self.current.identity);
        self.random = self.random.wrapping_mul(1_103_515_245).wrapping_add(12345);
        self.current.hash = self.random;
        let less = self.current.less[self.width - 1];
        if less / self.period != (less + 1) / self.period {
            let periodic = Sample { is_periodic: true, column: 0, ..self.current.clone() };
            self.insert(periodic, self.width - 1);
        }
        for column in 0..self.width - 1 {
            self.current.column = column;
            if column >= change || is_better_behind(&self.current, &self.best[column]) {
                self.best[column].clone_from(&self.current);
            }
        }
    }

    /// Before an entry whose column `change` is new: candidates whose prefixes end become samples.
    fn settle(&mut self, change: usize) {
        for column in (change..self.width.saturating_sub(1)).rev() {
            self.best[column].equal[column] = self.current.equal[column];
            let has_room = self.samples.len() < MAX_SAMPLES;
            if has_room || is_better(&self.best[column], &self.samples[self.least]) {
                self.insert(self.best[column].clone(), column);
            }
        }
        if change < self.zeros {
            for sample in &mut self.samples {
                for column in change..self.width {
                    if sample.equal[column] == 0 {
                        sample.equal[column] = self.current.equal[column];
                    }
                }
            }
            self.zeros = change;
        }
    }

    /// Keeps a sample. How many entries its first `open` prefixes are equal to is not known yet.
    fn insert(&mut self, mut sample: Sample, open: usize) {
        self.zeros = self.zeros.max(open);
        if !sample.is_periodic {
            // A sample of the same prefix is there already: it gets the greater weight instead.
            let mut same: Option<usize> = None;
            for (index, old) in self.samples.iter().enumerate().rev() {
                if old.equal[sample.column] == 0 {
                    if old.is_periodic {
                        return;
                    }
                    if same.is_none_or(|other| is_better(old, &self.samples[other])) {
                        same = Some(index);
                    }
                }
            }
            if let Some(same) = same {
                let upgraded = &mut self.samples[same];
                upgraded.column = sample.column;
                upgraded.equal[sample.column] = sample.equal[sample.column];
                self.find_least();
                return;
            }
        }
        if self.samples.len() >= MAX_SAMPLES {
            self.samples.remove(self.least);
        }
        sample.equal[..open].fill(0);
        self.samples.push(sample);
        self.find_least();
    }

    fn find_least(&mut self) {
        if self.samples.len() < MAX_SAMPLES {
            return;
        }
        let mut least: Option<usize> = None;
        for (index, sample) in self.samples.iter().enumerate() {
            if !sample.is_periodic && least.is_none_or(|other| is_better(&self.samples[other], sample)) {
                least = Some(index);
            }
        }
        // Periodic samples are a third of all at most.
        self.least = least.unwrap_or(0);
    }

    /// `sqlite_stat1.stat`: how many entries, and how many share the first 1, 2, … columns on average.
    pub fn stat(&self, key_columns: usize) -> String {
        let entries = if self.skips > 0 { self.estimate } else { self.row_count };
        let mut stat = entries.to_string();
        for distinct in &self.current.distinct[..key_columns] {
            let distinct = distinct + 1;
            let mut average = self.row_count.div_ceil(distinct);
            // Almost unique counts as unique.
            if average == 2 && self.row_count * 10 <= distinct * 11 {
                average = 1;
            }
            stat.push(' ');
            stat.push_str(&average.to_string());
        }
        stat
    }

    /// The samples in the order of the index.
    pub fn finish(mut self) -> Vec<Sample> {
        if self.limit == 0 && self.row_count > 0 {
            self.settle(0);
        }
        self.samples
    }
}

/// Of two samples for one column: which repeats more in the columns behind it.
fn is_better_behind(new: &Sample, old: &Sample) -> bool {
    let behind = new.equal.iter().zip(&old.equal).skip(new.column + 1);
    match behind.map(|(new, old)| new.cmp(old)).find(|order| *order != Ordering::Equal) {
        Some(order) => order == Ordering::Greater,
        None => new.hash > old.hash,
    }
}

fn is_better(new: &Sample, old: &Sample) -> bool {
    match new.equal[new.column].cmp(&old.equal[old.column]) {
        Ordering::Greater => true,
        Ordering::Less => false,
        Ordering::Equal => {
            new.column < old.column || (new.column == old.column && is_better_behind(new, old))
        }
    }
}
