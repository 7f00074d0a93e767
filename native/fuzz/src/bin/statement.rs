//! The target `statement`.
#![no_main]

pluresdb_fuzz::fuzz!(pluresdb_fuzz_targets::statement::run);
