//! Running other programs, and saying which.

use crate::{Result, root};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

/// Cargo, as this program was started by it.
pub fn cargo() -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root());
    // What cargo says of this package to this program would make the build scripts that ask for it
    // (ring's) run anew, and with them all that stands on them.
    for (name, _) in std::env::vars_os() {
        let about_us = |begin| name.to_str().is_some_and(|name| name.starts_with(begin));
        if about_us("CARGO_PKG_") || about_us("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// Says what is being done, runs it, and fails if it fails.
pub fn run(what: &str, command: &mut Command) -> Result<()> {
    eprintln!("▸ {what}");
    let status = command
        .status()
        .map_err(|error| format!("{what}: {}: {error}", command.get_program().display()))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{what}: failed ({status})"))
    }
}

/// Runs a program and returns what it prints, if it is there and succeeds.
pub fn output(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(args)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program, passes on what it prints, and hands each line to `see`.
pub fn watch(what: &str, command: &mut Command, mut see: impl FnMut(&str)) -> Result<()> {
    eprintln!("▸ {what}");
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{what}: {}: {error}", command.get_program().display()))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.map_err(|error| format!("{what}: {error}"))?;
            let line = String::from_utf8_lossy(&line);
            // A closed terminal is no reason to stop.
            let _ = writeln!(std::io::stdout(), "{line}");
            see(&line);
        }
    }
    let status = child.wait().map_err(|error| format!("{what}: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{what}: failed ({status})"))
    }
}

/// Whether a program is on the PATH.
pub fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Installs Debian packages, where the system has them and lets us.
pub fn apt(packages: &[&str]) -> Result<()> {
    let may = is_there("apt-get") && output("id", &["-u"]).is_some_and(|id| id.trim() == "0");
    if !may {
        return Err(format!("as root: apt-get install {}", packages.join(" ")));
    }
    let quiet = |args: &[&str]| {
        let mut command = Command::new("apt-get");
        command
            .args(args)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdout(Stdio::null());
        command
    };
    run("apt-get update", &mut quiet(&["update", "-qq"]))?;
    let what = format!("apt-get install {}", packages.join(" "));
    run(
        &what,
        quiet(&["install", "-y", "-qq", "--no-install-recommends"]).args(packages),
    )
}
