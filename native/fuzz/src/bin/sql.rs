//! The target `sql`.
#![no_main]

pluresdb_fuzz::fuzz!(pluresdb_fuzz_targets::sql::run);
