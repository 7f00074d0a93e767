//! The target `block`.
#![no_main]

pluresdb_fuzz::fuzz!(pluresdb_fuzz_targets::block::run);
