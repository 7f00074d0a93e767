//! The target `log`.
#![no_main]

pluresdb_fuzz::fuzz!(pluresdb_fuzz_targets::log::run);
