//! The target `row_tree`.
#![no_main]

pluresdb_fuzz::fuzz!(pluresdb_fuzz_targets::tree::run_rows);
