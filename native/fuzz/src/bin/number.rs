//! The target `number`.
#![no_main]

pluresdb_fuzz::fuzz!(pluresdb_fuzz_targets::number::run);
