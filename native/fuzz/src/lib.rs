//! What every fuzzer shares: memory has a limit, so that an unbounded allocation is a finding like a panic.

use std::alloc::System;

use cap::Cap;

/// Enough for every target at its own limits; what wants more was not bounded.
const MAX_BYTES: usize = 768 << 20;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, MAX_BYTES);

/// The program of one target.
#[macro_export]
macro_rules! fuzz {
    ($run:path) => {
        use pluresdb_fuzz as _;

        libfuzzer_sys::fuzz_target!(|bytes: &[u8]| $run(bytes));
    };
}
