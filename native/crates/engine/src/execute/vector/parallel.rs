//! Groups a table on several threads: each takes a stretch of its rows in, and what they come to is put together in the order
//! of the rows.
//!
//! Only where `PRAGMA threads` allows it. Results are what one thread gives: counts, extremes and sums of integers in any case,
//! sums of reals where no order of adding could change a digit (`Sums::is_certain`); else one thread does it all again.

use std::ops::Range;
use std::thread;

use super::Run;
use super::group_table::GroupTable;
use super::scan::{BatchScan, Stretch};
use crate::execute::context::Helper;
use crate::execute::frame::MemoryAccount;
use crate::execute::{Context, Frame};
use crate::session::Execution;

/// Starting a thread takes as long as adding up so many integers.
const LEAST_ROWS_OF_THREAD: u64 = 1 << 16;
/// More rows than a leaf has.
const WHOLE_LEAF: usize = 1 << 16;

/// One row in so many tells how many groups there are.
const TRIED_SHARE: u64 = 32;
/// Putting groups together takes as long as taking so many rows in for each.
const ROWS_PER_GROUP: u64 = 2;

/// How a table is divided.
pub(super) struct Division {
    /// The rows with which stretches begin.
    pub begins: Vec<u64>,
}

impl Division {
    /// Of these rows; None when they are one thread's.
    pub fn of(numbers: &Range<u64>, context: &Context<'_>) -> Option<Division> {
        let settings = &context.session.settings;
        let rows = numbers.end.saturating_sub(numbers.start);
        let least = if settings.execution == Execution::Vector { 1 } else { LEAST_ROWS_OF_THREAD };
        let threads = (settings.threads.unsigned_abs() + 1).min(rows / least);
        if threads < 2 {
            return None;
        }
        let tried = rows / TRIED_SHARE;
        let each = |thread: u64| numbers.start + tried + (rows - tried) / threads * thread;
        let first = (tried > 0).then_some(numbers.start);
        let begins = first.into_iter().chain((0..threads).map(each)).collect();
        Some(Division { begins })
    }

    /// How many rows are taken in before the others, to see how many groups they have.
    fn tried(&self) -> u64 {
        self.begins[1] - self.begins[0]
    }
}

/// Takes the stretches in, on threads of their own; None when the groups are so many that one thread does it in less time,
/// when their order could decide a result, and when a thread could not be had. `table` is one that begins.
pub(super) fn group(
    division: &Division,
    stretches: Vec<Stretch>,
    table: &GroupTable,
    frame: &Frame,
    context: &Context<'_>,
) -> Run<Option<GroupTable>> {
    let count = stretches.len();
    let part = |stretch| Part {
        stretch,
        table: table.another(),
        memory: frame.memory.share(count),
        helper: Helper::of(context),
    };
    let mut parts = stretches.into_iter().map(part);
    let Some(first) = parts.next() else { return Ok(None) };
    let mut merged = first.run()?;
    if merged.group_count() as u64 * ROWS_PER_GROUP > division.tried().max(ROWS_PER_GROUP) {
        return Ok(None);
    }
    let mut parts: Vec<Part> = parts.collect();
    let own = parts.pop();
    let tables = thread::scope(|scope| {
        let start = |part: Part| thread::Builder::new().spawn_scoped(scope, || part.run()).ok();
        let Some(helpers) = parts.into_iter().map(start).collect::<Option<Vec<_>>>() else { return Ok(None) };
        let own = own.map(Part::run);
        let joined = helpers
            .into_iter()
            .map(|helper| helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        joined.chain(own).collect::<Run<Vec<GroupTable>>>().map(Some)
    })?;
    let Some(tables) = tables else { return Ok(None) };
    let is_certain = tables.into_iter().all(|table| merged.merge(table)) && merged.is_certain();
    Ok(is_certain.then_some(merged))
}

struct Part {
    stretch: Stretch,
    table: GroupTable,
    memory: MemoryAccount,
    helper: Helper,
}

impl Part {
    fn run(self) -> Run<GroupTable> {
        let Part { stretch, mut table, memory, helper } = self;
        let mut frame = Frame::of_helper(stretch.source, memory);
        let mut scan = BatchScan::of_stretch(stretch, &mut frame);
        helper.help(|context| {
            let mut charged = 0;
            while scan.next_batch(WHOLE_LEAF, true, &mut frame, context, &mut |batch, surroundings| {
                table.take(batch, surroundings)
            })? {
                let bytes = table.memory();
                if bytes > charged {
                    frame.memory.charge(bytes - charged)?;
                    charged = bytes;
                }
            }
            Ok(table)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::{Connection, DatabasePath, OpenOptions};

    const ROWS: u32 = 300_000;

    /// A table of several leaves, with rows in their deltas and without, in a transaction that goes on.
    fn database() -> Connection {
        let mut connection = Connection::open(&OpenOptions::new(DatabasePath::Memory)).unwrap();
        connection
            .execute(&format!(
                "CREATE TABLE t(id INTEGER PRIMARY KEY, few INT, many INT, real REAL, name TEXT COLLATE NOCASE, mixed);
                 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})
                 INSERT INTO t SELECT i * 3, i * 7919 % 100, i * 7919 % {ROWS}, i * 7919 % 1000 / 8.0,
                     CASE WHEN i % 2 THEN 'name ' ELSE 'Name ' END || (i * 31 % 50),
                     CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN i % 3 WHEN 2 THEN i % 3 + 0.0 WHEN 3 THEN 'x' || i % 7 ELSE x'00' END
                   FROM n;
                 BEGIN;
                 UPDATE t SET few = -5, real = real + 1 WHERE many % 1000 = 3;
                 DELETE FROM t WHERE many % 1000 = 4;"
            ))
            .unwrap();
        connection
    }

    fn rows(connection: &mut Connection, sql: &str) -> Vec<String> {
        crate::execute::tests::rows(connection, sql).split('|').map(str::to_owned).collect()
    }

    #[test]
    fn threads_change_no_result() {
        let mut connection = database();
        for sql in [
            "SELECT count(*), count(mixed), sum(few), total(many), avg(real), min(name), max(id), max(mixed) FROM t",
            "SELECT sum(real), sum(real * few) FROM t WHERE many > 1000 AND name LIKE '%4%'",
            "SELECT few, count(*), sum(many), sum(real), min(mixed), max(mixed) FROM t GROUP BY few",
            "SELECT name, count(*), min(id) FROM t GROUP BY name",
            "SELECT name, few, sum(real) FROM t GROUP BY name, few ORDER BY few DESC",
            "SELECT mixed, name, count(*) FROM t GROUP BY mixed",
            "SELECT name, id FROM t GROUP BY name HAVING count(*) > 10",
            "SELECT sum(c), count(*) FROM (SELECT many, count(*) AS c FROM t GROUP BY many)",
            "SELECT few, max(id), name FROM t GROUP BY few",
            "SELECT count(DISTINCT few), group_concat(DISTINCT few) FROM t",
            "SELECT count(*) FROM t WHERE few IN (SELECT few FROM t WHERE id < 30) AND id BETWEEN 500 AND 800000",
            "SELECT sum(id * 10000000000000) FROM t",
            "SELECT sum(CASE id WHEN 3 THEN 1e300 WHEN 3000 THEN -1e300 ELSE real END) FROM t",
            "SELECT count(*) FROM t WHERE abs(CASE id WHEN 3000 THEN -9223372036854775807 - 1 ELSE 1 END) = 1",
        ] {
            connection.execute("PRAGMA threads = 0").unwrap();
            let alone = rows(&mut connection, sql);
            for threads in [1, 3] {
                connection.execute(&format!("PRAGMA threads = {threads}")).unwrap();
                assert_eq!(rows(&mut connection, sql), alone, "{sql} on {threads} more threads");
            }
        }
    }

    #[test]
    fn an_interrupt_reaches_all_threads() {
        let mut connection = database();
        connection.execute("PRAGMA threads = 2").unwrap();
        let (mut statement, _) =
            connection.prepare("SELECT few, sum(real) FROM t GROUP BY few", 0).unwrap().unwrap();
        let (mut other, _) = connection.prepare("SELECT id FROM t", 0).unwrap().unwrap();
        other.step(&mut connection).unwrap();
        connection.interrupt_handle().interrupt();
        assert_eq!(statement.step(&mut connection).unwrap_err().message, "interrupted");
        statement.reset(&mut connection);
        other.reset(&mut connection);
        connection.finalize(statement);
        connection.finalize(other);
    }
}
