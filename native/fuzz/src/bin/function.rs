//! The target `function`.
#![no_main]

pluresdb_fuzz::fuzz!(pluresdb_fuzz_targets::function::run);
