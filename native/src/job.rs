//! Queries on other threads: what `startJob` began, and its result until JavaScript took it.
//!
//!     startJob ─► thread pool: DetachedQuery ─► rows in blocks, or columns ─► promise of a number ─► jobBlock, jobColumns
//!
//! A block is what `row_buffer` writes, in memory of its own; on its way out it is copied into the connection's buffer, so that
//! the same code decodes it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pluresdb_engine::{
    Connection, DetachedQuery, Error, InterruptHandle, Result, ResultCode, ResultColumn, Statement, Step,
};
use pluresdb_value::Value;

use crate::row_buffer::{BlockState, HEADER, Integers, RowWriter};

/// Of a job's blocks. A row that needs more is in a larger one.
const BLOCK: usize = 64 * 1024;

/// One block of rows.
#[derive(Default)]
pub struct Block {
    pub bytes: Vec<u8>,
    pub ascii: Vec<u8>,
    pub utf16: Vec<u16>,
    pub wide: Vec<Value>,
}

pub enum Outcome {
    /// In reverse: the next one to take is the last.
    Rows(Vec<Block>),
    Columns(Vec<ResultColumn>),
}

/// What is wanted of a query.
#[derive(Clone, Copy)]
pub enum Wanted {
    Rows { at_most: usize, integers: Integers, compilation: u32 },
    Columns,
}

/// Where a thread leaves its result.
#[derive(Clone, Default)]
pub struct Place(Arc<Mutex<Option<Result<Outcome>>>>);

impl Place {
    fn lock(&self) -> MutexGuard<'_, Option<Result<Outcome>>> {
        // Nothing panics while it is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// On any thread.
pub fn run(query: DetachedQuery, wanted: Wanted, place: &Place) {
    let outcome = collect(query, wanted);
    *place.lock() = Some(outcome);
}

fn collect(query: DetachedQuery, wanted: Wanted) -> Result<Outcome> {
    query.run(|statement, connection| match wanted {
        Wanted::Columns => statement.columns(connection).map(Outcome::Columns),
        Wanted::Rows { at_most, integers, compilation } => {
            let mut blocks = Vec::new();
            let mut rows = at_most;
            loop {
                let (block, written, state) = fill(statement, connection, rows, integers, compilation)?;
                blocks.push(block);
                rows -= written;
                if matches!(state, BlockState::Done) {
                    break;
                }
            }
            blocks.reverse();
            Ok(Outcome::Rows(blocks))
        }
    })
}

fn fill(
    statement: &mut Statement,
    connection: &mut Connection,
    at_most: usize,
    integers: Integers,
    compilation: u32,
) -> Result<(Block, usize, BlockState)> {
    let columns = statement.column_count();
    let mut block = Block { bytes: vec![0; BLOCK.max(HEADER + columns * 16)], ..Block::default() };
    let Block { bytes, ascii, utf16, wide } = &mut block;
    let mut writer = RowWriter::new(bytes, ascii, utf16, wide, integers);
    let mut state = BlockState::More;
    while writer.has_room(columns) {
        if writer.rows() as usize == at_most || statement.step(connection)? == Step::Done {
            state = BlockState::Done;
            break;
        }
        for index in 0..columns {
            writer.push(statement.value(index)?);
        }
        writer.end_row();
    }
    let rows = writer.finish(state, columns as u32, compilation);
    Ok((block, rows as usize, state))
}

/// The jobs of one JavaScript environment.
#[derive(Default)]
pub struct Jobs {
    last: u32,
    running: HashMap<u32, Running>,
    done: HashMap<u32, Done>,
}

struct Done {
    connection: u32,
    outcome: Result<Outcome>,
}

struct Running {
    connection: u32,
    interrupt: InterruptHandle,
}

impl Jobs {
    /// Notes a job of the connection that begins.
    pub fn begin(&mut self, connection: u32, interrupt: InterruptHandle) -> u32 {
        self.last = self.last.wrapping_add(1);
        self.running.insert(self.last, Running { connection, interrupt });
        self.last
    }

    /// The job has ended; an empty place is that of a panic.
    pub fn end(jobs: &Rc<RefCell<Jobs>>, job: u32, place: &Place) {
        let outcome = place.lock().take();
        let outcome = outcome.unwrap_or_else(|| Err(Error::new(ResultCode::Internal, "internal error")));
        let mut jobs = jobs.borrow_mut();
        if let Some(Running { connection, .. }) = jobs.running.remove(&job) {
            jobs.done.insert(job, Done { connection, outcome });
        }
    }

    /// Stops the jobs of a connection, and nobody will ask for what they found.
    pub fn abandon(&mut self, connection: u32) {
        self.interrupt(connection);
        self.running.retain(|_, running| running.connection != connection);
        self.done.retain(|_, done| done.connection != connection);
    }

    /// Stops the jobs of a connection.
    pub fn interrupt(&self, connection: u32) {
        for running in self.running.values().filter(|running| running.connection == connection) {
            running.interrupt.interrupt();
        }
    }

    pub fn interrupt_all(&self) {
        for running in self.running.values() {
            running.interrupt.interrupt();
        }
    }

    /// The next block of a job's rows; with the last one, or an error, the job is forgotten.
    pub fn take_block(&mut self, job: u32) -> Result<Block> {
        let Some(Done { outcome: Ok(Outcome::Rows(blocks)), .. }) = self.done.get_mut(&job) else {
            return Err(self.forget(job).err().unwrap_or_else(unknown));
        };
        let block = blocks.pop();
        if blocks.is_empty() {
            self.done.remove(&job);
        }
        block.ok_or_else(unknown)
    }

    pub fn take_columns(&mut self, job: u32) -> Result<Vec<ResultColumn>> {
        match self.forget(job)? {
            Outcome::Columns(columns) => Ok(columns),
            Outcome::Rows(_) => Err(unknown()),
        }
    }

    fn forget(&mut self, job: u32) -> Result<Outcome> {
        self.done.remove(&job).map_or_else(|| Err(unknown()), |done| done.outcome)
    }
}

fn unknown() -> Error {
    Error::new(ResultCode::Internal, "no such job")
}
