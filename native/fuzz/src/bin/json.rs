//! The target `json`.
#![no_main]

pluresdb_fuzz::fuzz!(pluresdb_fuzz_targets::json::run);
