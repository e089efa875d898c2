//! A wall clock that can be put back while a server runs by it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The clock of the servers of one place.
pub struct Clock {
    off: PathBuf,
    library: PathBuf,
}

impl Clock {
    /// Makes one in a folder; it is right at first.
    ///
    /// # Panics
    /// Without a C compiler, which the server's build needs too.
    pub fn new(folder: &Path) -> Clock {
        let clock = Clock {
            off: folder.join("clock-off"),
            library: folder.join("clock.so"),
        };
        let made = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(&clock.library)
            .arg(crate::data("clock.c"))
            .status();
        assert!(made.expect("a C compiler").success());
        clock.set(0);
        clock
    }

    /// What the server must be started with.
    pub fn variables(&self) -> [(&'static str, &Path); 2] {
        [("LD_PRELOAD", &self.library), ("CLOCK_OFF", &self.off)]
    }

    /// Puts it so many seconds before what is right, or behind.
    pub fn set(&self, seconds: i64) {
        // In one piece: the servers read it all the time.
        let new = self.off.with_extension("new");
        std::fs::write(&new, seconds.to_string()).expect("a file");
        std::fs::rename(&new, &self.off).expect("a file");
    }
}
