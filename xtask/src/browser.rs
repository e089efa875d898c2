//! The browser that the tests drive.

use crate::Result;
use crate::process::{apt, is_there};
use crate::tools::npm;
use std::path::PathBuf;

const AXE: &str = "4.14.1";

/// Installs headless Chromium, its driver and Chinese fonts where the system is Debian-like and we
/// are root.
pub fn install() -> Result<()> {
    if is_there("chromium") && is_there("chromedriver") {
        return Ok(());
    }
    apt(&[
        "chromium",
        "chromium-driver",
        "fonts-noto-cjk",
        "fonts-noto-core",
    ])
    .map_err(|how| format!("the browser tests need chromium and chromedriver on the PATH: {how}"))
}

/// axe-core, which looks for what keeps people out of a page.
pub fn axe() -> Result<PathBuf> {
    npm("axe-core", AXE, "axe-core/axe.min.js")
}
