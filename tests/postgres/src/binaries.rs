//! Finding the programs of PostgreSQL.

use crate::{Result, holds};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest version that will do.
const OLDEST: u32 = 15;

/// Where Debian and Red Hat keep them, a folder per version.
const FOLDERS: [&str; 2] = ["/usr/lib/postgresql", "/usr/pgsql"];

/// The folder with `initdb`, `postgres` and `psql`.
#[derive(Debug, Clone)]
pub struct Binaries {
    folder: PathBuf,
}

impl Binaries {
    /// The newest that this machine has, of version 15 or later.
    pub fn find() -> Option<Self> {
        let mut found: Vec<(u32, PathBuf)> = candidates()
            .into_iter()
            .filter(|folder| {
                ["initdb", "postgres", "psql"]
                    .iter()
                    .all(|p| holds(folder, p))
            })
            .filter_map(|folder| Some((version(&folder)?, folder)))
            .filter(|(version, _)| *version >= OLDEST)
            .collect();
        found.sort();
        found.pop().map(|(_, folder)| Binaries { folder })
    }

    /// Where a program is.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Runs SQL at an address; what it returns, unadorned.
    ///
    /// # Errors
    /// What PostgreSQL says.
    pub fn sql(&self, address: &str, sql: &str) -> Result<String> {
        let output = Command::new(self.program("psql"))
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
            .args(["--set", "ON_ERROR_STOP=1", "--command", sql, address])
            .output()
            .map_err(|e| format!("psql: {e}"))?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }
}

fn candidates() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // A link on the PATH leads to the folder with the rest.
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path)
        .filter_map(|folder| fs::canonicalize(folder.join("postgres")).ok())
        .filter_map(|program| program.parent().map(Path::to_owned))
        .collect();
    for parent in FOLDERS {
        let versions = fs::read_dir(parent).into_iter().flatten().flatten();
        folders.extend(versions.map(|version| version.path().join("bin")));
    }
    folders
}

/// The major version, from a line such as `postgres (PostgreSQL) 15.14 (Debian …)`.
fn version(folder: &Path) -> Option<u32> {
    let output = Command::new(folder.join("postgres"))
        .arg("--version")
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let number = text.split_whitespace().nth(2)?;
    number.split(['.', 'b', 'r']).next()?.parse().ok()
}
