//! Disks that fill up: a small file system of its own, and a limit on the size of files.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A file system of so many megabytes in memory, over a folder; gone when it is dropped.
pub struct SmallDisk {
    folder: PathBuf,
}

impl SmallDisk {
    /// Lays it over a folder, which must be there.
    ///
    /// # Panics
    /// Where mounting is forbidden. That is no reason to pass: nothing would have been tested.
    pub fn over(folder: &Path, megabytes: u32) -> SmallDisk {
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
            .arg(folder)
            .output()
            .expect("mount is there");
        let said = String::from_utf8_lossy(&mounted.stderr);
        assert!(
            mounted.status.success(),
            "a full disk cannot be tested, because a small one cannot be mounted here: run as root, \
             in a container with CAP_SYS_ADMIN ({said})"
        );
        SmallDisk {
            folder: folder.to_owned(),
        }
    }

    /// How many whole megabytes are free.
    pub fn free(&self) -> usize {
        let said = Command::new("df")
            .args(["--output=avail", "--block-size=1M"])
            .arg(&self.folder)
            .output()
            .expect("df is there");
        let said = String::from_utf8_lossy(&said.stdout);
        let number = said
            .lines()
            .nth(1)
            .and_then(|line| line.trim().parse().ok());
        number.unwrap_or_else(|| panic!("df: {said}"))
    }

    /// Takes so many megabytes of it away, until they are given back.
    pub fn fill(&self, megabytes: usize) {
        std::fs::write(self.ballast(), vec![1; megabytes << 20]).expect("room for the ballast");
    }

    /// Gives back what was taken away.
    pub fn make_room(&self) {
        std::fs::remove_file(self.ballast()).expect("a ballast");
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.folder).status();
    }
}

/// Forbids a process files of more than so many bytes; none: allows any again.
pub fn limit_files(process: u32, bytes: Option<u64>) {
    let limit = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
    let limited = Command::new("prlimit")
        .args(["--pid", &process.to_string()])
        .arg(format!("--fsize={limit}:unlimited"))
        .output()
        .expect("prlimit is there (util-linux)");
    let said = String::from_utf8_lossy(&limited.stderr);
    assert!(limited.status.success(), "prlimit: {said}");
}
