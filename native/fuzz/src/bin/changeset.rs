//! The target `changeset`.
#![no_main]

pluresdb_fuzz::fuzz!(pluresdb_fuzz_targets::changeset::run);
