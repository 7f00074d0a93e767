//! The addon's allocator: mimalloc, called by its shortest way.
//!
//! The crate `mimalloc` asks for an alignment in every call, which costs as much again as a small block: blocks of
//! mimalloc are aligned to a word anyway, and hardly any of ours need more. See `docs/decisions/0008-mimalloc.md`.

use std::alloc::{GlobalAlloc, Layout};
use std::ffi::{c_long, c_void};

use libmimalloc_sys as mimalloc;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

struct Allocator;

/// What every block is aligned to, also one of fewer bytes.
const WORD: usize = 8;

// SAFETY: each function hands its arguments on to mimalloc's of the same contract: a block has at least `size` bytes and
// the alignment that is asked for, null says that there is no memory, and any block may be freed by any thread.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() <= WORD {
            // SAFETY: any size may be asked for.
            unsafe { mimalloc::mi_malloc(layout.size()) }.cast()
        } else {
            // SAFETY: a layout's alignment is a power of two.
            unsafe { mimalloc::mi_malloc_aligned(layout.size(), layout.align()) }.cast()
        }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if layout.align() <= WORD {
            // SAFETY: any size may be asked for.
            unsafe { mimalloc::mi_zalloc(layout.size()) }.cast()
        } else {
            // SAFETY: a layout's alignment is a power of two.
            unsafe { mimalloc::mi_zalloc_aligned(layout.size(), layout.align()) }.cast()
        }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, _layout: Layout) {
        // SAFETY: the block came from here.
        unsafe { mimalloc::mi_free(block.cast::<c_void>()) };
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if layout.align() <= WORD {
            // SAFETY: the block came from here.
            unsafe { mimalloc::mi_realloc(block.cast::<c_void>(), size) }.cast()
        } else {
            // SAFETY: the block came from here, with this alignment.
            unsafe { mimalloc::mi_realloc_aligned(block.cast::<c_void>(), size, layout.align()) }.cast()
        }
    }
}

/// Gives memory back to the system when it has lain unused for five seconds; a tenth of one by default, after which a
/// large statement that runs a few times a second would find all of its memory unmapped. The environment variable
/// `MIMALLOC_PURGE_DELAY` goes first.
pub fn keep_freed_memory() {
    /// `mi_option_purge_delay` of version 2, which the crate does not name. Arenas wait for ten times as long.
    const PURGE_DELAY: mimalloc::mi_option_t = mimalloc::mi_option_eager_commit_delay + 1;
    const MILLISECONDS: c_long = 500;
    // SAFETY: takes two numbers; it may be called at any time, also from several threads.
    unsafe { mimalloc::mi_option_set_default(PURGE_DELAY, MILLISECONDS) };
}
