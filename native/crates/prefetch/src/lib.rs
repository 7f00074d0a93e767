//! Asks the processor for memory that will be read soon, without waiting for it.
//!
//! A crate of its own, since this takes an instruction that Rust calls unsafe and the engine's crates forbid those. The
//! instruction reads nothing that a program could see, and no address makes it fail, so that anybody may call what is
//! here with anything. On processors other than x86-64 and AArch64 it does nothing.

/// What memory comes in.
const LINE_BYTES: usize = 64;

/// The line of memory at this address, which need not be one.
#[inline(always)]
pub fn line<T>(address: *const T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint, which changes nothing but caches and does nothing at an address that cannot be read.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(address.cast());
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: as above.
    unsafe {
        std::arch::asm!("prfm pldl1keep, [{0}]", in(reg) address, options(nostack, preserves_flags, readonly));
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let _ = address;
}

/// All lines of a slice.
#[inline]
pub fn slice(bytes: &[u8]) {
    for start in bytes.chunks(LINE_BYTES) {
        line(start.as_ptr());
    }
    // The chunks need not begin where lines do.
    if let Some(last) = bytes.last() {
        line(last);
    }
}

/// What a reference leads to.
#[inline]
pub fn value<T>(value: &T) {
    let start: *const T = value;
    for offset in (0..size_of::<T>()).step_by(LINE_BYTES) {
        line(start.wrapping_byte_add(offset));
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn any_address_may_be_asked_for() {
        super::line(std::ptr::null::<u8>());
        super::line(std::ptr::without_provenance::<u8>(usize::MAX));
        super::slice(&[]);
        super::slice(&[0; 1000]);
        super::value(&[0_u64; 100]);
    }
}
