//! Replays what the fuzzers once found (`native/fuzz/regressions/<target>/`) and the seeds, without a fuzzer.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use pluresdb_fuzz_targets::{TARGETS, Target};

/// What the main thread of a process has on the systems we build for.
const STACK_BYTES: usize = 8 << 20;

fn regressions_of(target: &Target) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/regressions").join(target.name);
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The names of the inputs on which the target panicked.
fn failures(inputs: Vec<(String, Vec<u8>)>, run: fn(&[u8])) -> Vec<String> {
    let work = move || {
        let fails = |bytes: &[u8]| catch_unwind(|| run(bytes)).is_err();
        inputs.into_iter().filter(|(_, bytes)| fails(bytes)).map(|(name, _)| name).collect()
    };
    thread::Builder::new().stack_size(STACK_BYTES).spawn(work).unwrap().join().unwrap()
}

#[test]
fn what_was_once_found_is_mended() {
    let failed: Vec<String> = TARGETS
        .iter()
        .flat_map(|target| {
            let inputs = regressions_of(target)
                .into_iter()
                .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
                .collect();
            failures(inputs, target.run)
        })
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn seeds_are_taken() {
    let failed: Vec<String> = TARGETS
        .iter()
        .flat_map(|target| {
            let seeds = (target.seeds)();
            assert!(!seeds.is_empty(), "{} has seeds", target.name);
            let named = seeds.into_iter().enumerate();
            failures(
                named.map(|(index, seed)| (format!("{} {index}", target.name), seed)).collect(),
                target.run,
            )
        })
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn regressions_stand_under_the_names_of_targets() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/regressions");
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(TARGETS.iter().any(|target| target.name == name), "no target is named {name}");
    }
}
