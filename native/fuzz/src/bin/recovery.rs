//! The target `recovery`.
#![no_main]

pluresdb_fuzz::fuzz!(pluresdb_fuzz_targets::recovery::run);
