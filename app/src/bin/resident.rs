//! The resident's page in the browser.

/// The allocator of the standard library is a twentieth of the download; this one is a list of
/// free places, which is enough for the few hundred things that a page holds.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());

fn main() {
    app::resident::browser::start();
}
