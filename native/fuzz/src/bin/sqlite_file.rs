//! The target `sqlite_file`.
#![no_main]

pluresdb_fuzz::fuzz!(pluresdb_fuzz_targets::sqlite_file::run);
