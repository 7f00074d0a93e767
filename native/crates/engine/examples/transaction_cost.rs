//! What transactions cost on this machine. Run with `cargo run --release --example transaction_cost [directory]`.
#![allow(clippy::print_stdout, reason = "it is a program that prints numbers")]

use std::{
    hint::black_box,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use pluresdb_engine::{
    Result,
    transaction::{BusyHandler, Engine, EngineOptions, Location, Synchronous, Transaction},
};
use pluresdb_tree::RowTree;
use pluresdb_value::{Value, record};

/// Best of five, in nanoseconds per round.
fn measure(name: &str, rounds: u32, mut work: impl FnMut(u32) -> Result<()>) -> Result<()> {
    let mut best = f64::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        work(rounds)?;
        best = best.min(start.elapsed().as_nanos() as f64 / f64::from(rounds));
    }
    println!("{name:55} {best:10.1} ns");
    Ok(())
}

fn row(number: i64) -> Vec<u8> {
    let mut out = Vec::new();
    record::encode_values(&[Value::Integer(number), Value::Text("some text of a row".into())], &mut out);
    out
}

fn main() -> Result<()> {
    let directory = std::env::args().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let path = directory.join(format!("transaction-cost-{}", std::process::id()));
    let busy = BusyHandler::new(Duration::ZERO);
    for location in [Location::Memory, Location::Path(path.clone())] {
        println!("{location:?}");
        let start = Instant::now();
        let engine = Engine::open(&location, &EngineOptions::default())?;
        println!("{:55} {:10.1} µs", "open (new)", start.elapsed().as_nanos() as f64 / 1e3);
        let mut transaction = Transaction::new(Arc::clone(&engine));
        transaction.begin_write(&busy)?;
        let table = transaction.create_row_tree()?;
        transaction.commit(Synchronous::Normal)?;

        measure("begin_read, end_read", 1_000_000, |rounds| {
            for _ in 0..rounds {
                transaction.begin_read()?;
                black_box(transaction.row_tree(table)?);
                transaction.end_read();
            }
            Ok(())
        })?;
        measure("begin_write, commit of nothing", 100_000, |rounds| {
            for _ in 0..rounds {
                transaction.begin_write(&busy)?;
                transaction.commit(Synchronous::Normal)?;
            }
            Ok(())
        })?;
        let mut next = 0;
        let record = row(1);
        measure("begin_write, put_row, commit (NORMAL)", 20_000, |rounds| {
            for _ in 0..rounds {
                transaction.begin_write(&busy)?;
                transaction.put_row(table, next, &record, None)?;
                transaction.commit(Synchronous::Normal)?;
                next += 1;
            }
            Ok(())
        })?;
        if !engine.is_memory() {
            let log_path = directory.join(format!("transaction-cost-log-{}", std::process::id()));
            let file = std::fs::File::create(&log_path).expect("the directory takes files");
            measure("one write of 120 bytes to a file", 20_000, |rounds| {
                for round in 0..rounds {
                    let bytes = [7; 120];
                    std::os::unix::fs::FileExt::write_at(&file, &bytes, u64::from(round) * 120)
                        .expect("the file takes bytes");
                }
                Ok(())
            })?;
            let _left_behind = std::fs::remove_file(&log_path);
            measure("begin_write, put_row, commit (FULL)", 200, |rounds| {
                for _ in 0..rounds {
                    transaction.begin_write(&busy)?;
                    transaction.put_row(table, next, &record, None)?;
                    transaction.commit(Synchronous::Full)?;
                    next += 1;
                }
                Ok(())
            })?;
        }
        measure("put_row, appending, in a transaction of 100,000", 100_000, |rounds| {
            transaction.begin_write(&busy)?;
            for _ in 0..rounds {
                transaction.put_row(table, next, &record, None)?;
                next += 1;
            }
            transaction.commit(Synchronous::Normal)
        })?;
        measure("the same within a statement", 100_000, |rounds| {
            transaction.begin_write(&busy)?;
            let mark = transaction.begin_statement();
            for _ in 0..rounds {
                transaction.put_row(table, next, &record, None)?;
                next += 1;
            }
            transaction.end_statement(mark);
            transaction.commit(Synchronous::Normal)
        })?;
        let mut tree = RowTree::new();
        let mut rowid = 0;
        measure("the tree alone", 100_000, |rounds| {
            for _ in 0..rounds {
                tree.put(engine.pager(), rowid, &record)?;
                rowid += 1;
            }
            Ok(())
        })?;
        let mut previous = tree.clone();
        measure("the tree alone, a snapshot of it each time", 20_000, |rounds| {
            for _ in 0..rounds {
                tree.put(engine.pager(), rowid, &record)?;
                previous = tree.clone();
                rowid += 1;
            }
            Ok(())
        })?;
        black_box(&previous);
        let (mut scatter, count) = (1_i64, next);
        measure("put_row over random rows, a statement each", 100_000, |rounds| {
            transaction.begin_write(&busy)?;
            for _ in 0..rounds {
                scatter =
                    scatter.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let mark = transaction.begin_statement();
                let rowid = scatter.rem_euclid(count);
                transaction.put_row(table, rowid, &record, Some(&record))?;
                transaction.end_statement(mark);
            }
            transaction.commit(Synchronous::Normal)
        })?;
        println!("{:?}", engine.sizes());
        drop(transaction);
        let start = Instant::now();
        drop(engine);
        println!("{:55} {:10.1} µs", "close", start.elapsed().as_nanos() as f64 / 1e3);
        if location != Location::Memory {
            let start = Instant::now();
            let engine = Engine::open(&location, &EngineOptions::default())?;
            println!("{:55} {:10.1} µs", "open", start.elapsed().as_nanos() as f64 / 1e3);
            drop(engine);
        }
    }
    let _left_behind = std::fs::remove_dir_all(&path);
    Ok(())
}
