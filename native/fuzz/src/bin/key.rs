//! The target `key`.
#![no_main]

pluresdb_fuzz::fuzz!(pluresdb_fuzz_targets::key::run);
