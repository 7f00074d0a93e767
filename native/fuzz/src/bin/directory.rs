//! The target `directory`.
#![no_main]

pluresdb_fuzz::fuzz!(pluresdb_fuzz_targets::directory::run);
