//! The resident's page in the browser.

/// A small allocator: the standard one is seven kilobytes of code.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

fn main() {
    app::resident::browser::start();
}
