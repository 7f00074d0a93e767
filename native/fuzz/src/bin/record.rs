//! The target `record`.
#![no_main]

pluresdb_fuzz::fuzz!(pluresdb_fuzz_targets::record::run);
