//! The tools that build the pages. They go to a folder of their own under the user's cargo home,
//! named with their versions, never over the user's own; a second start finds them there.

use crate::process::{apt, cargo, is_there, output, run};
use crate::{Result, target};
use std::path::{Path, PathBuf};
use std::process::Command;

const TRUNK: &str = "0.21.14";
/// Must equal the crate's version exactly; see the workspace's Cargo.toml.
const WASM_BINDGEN: &str = "0.2.130";
const BINARYEN: &str = "132.0.0";
const ESBUILD: &str = "0.28.2";

/// Where the tools are.
pub struct Tools {
    /// The folders with `trunk` and `wasm-bindgen`, for the PATH.
    folders: Vec<PathBuf>,
    /// `wasm-opt`, which makes pages a third smaller; without it they are larger but work.
    pub wasm_opt: Option<PathBuf>,
    /// `esbuild`, which makes the glue script smaller.
    pub esbuild: Option<PathBuf>,
}

impl Tools {
    /// A command that finds the tools first.
    pub fn command(&self, program: &str) -> Command {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = self
            .folders
            .iter()
            .cloned()
            .chain(std::env::split_paths(&path));
        let mut command = Command::new(program);
        if let Ok(path) = std::env::join_paths(folders) {
            command.env("PATH", path);
        }
        command
    }
}

/// Installs what is missing.
pub fn install() -> Result<Tools> {
    wasm_target()?;
    // Without its default features trunk compiles in half the time; it never downloads anything.
    let trunk = cargo_tool(
        "trunk",
        TRUNK,
        "trunk",
        &["--locked", "--no-default-features"],
    )?;
    let wasm_bindgen = cargo_tool("wasm-bindgen-cli", WASM_BINDGEN, "wasm-bindgen", &[])?;
    Ok(Tools {
        folders: vec![trunk, wasm_bindgen],
        wasm_opt: wasm_opt(),
        esbuild: npm_tool("esbuild", ESBUILD, "esbuild").ok(),
    })
}

/// Cargo's folder, where its registry is too.
pub fn cargo_home() -> Option<PathBuf> {
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    cargo.or_else(home)
}

fn home() -> Result<PathBuf> {
    cargo_home()
        .map(|folder| folder.join("wendu-tools"))
        .ok_or_else(|| "neither CARGO_HOME nor HOME is set".to_owned())
}

fn wasm_target() -> Result<()> {
    let sysroot = output("rustc", &["--print", "sysroot"]).unwrap_or_default();
    let installed = Path::new(sysroot.trim()).join("lib/rustlib/wasm32-unknown-unknown");
    if installed.is_dir() {
        return Ok(());
    }
    if !is_there("rustup") {
        return Err(
            "the Rust target wasm32-unknown-unknown is missing; install it with your \
                    Rust, or use rustup (https://rustup.rs)"
                .to_owned(),
        );
    }
    let mut rustup = Command::new("rustup");
    run(
        "rustup target add wasm32-unknown-unknown",
        rustup.args(["target", "add", "wasm32-unknown-unknown"]),
    )
}

fn cargo_tool(package: &str, version: &str, program: &str, flags: &[&str]) -> Result<PathBuf> {
    let folder = home()?.join(format!("{package}-{version}"));
    let programs = folder.join("bin");
    if !programs.join(program).is_file() {
        let mut install = cargo();
        install
            .args(["install", package, "--version", version, "--root"])
            .arg(&folder)
            .args(flags)
            .env("CARGO_TARGET_DIR", target().join("tools"))
            // Built once and used for seconds: compile time counts more than speed.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        run(
            &format!("install {package} {version} (once, some minutes)"),
            &mut install,
        )?;
    }
    Ok(programs)
}

fn npm_tool(package: &str, version: &str, program: &str) -> Result<PathBuf> {
    npm(package, version, &format!(".bin/{program}"))
}

/// A file of an npm package, installed where it is missing.
pub fn npm(package: &str, version: &str, file: &str) -> Result<PathBuf> {
    let folder = home()?.join(format!("{package}-{version}"));
    let file = folder.join("node_modules").join(file);
    if !file.exists() {
        if !is_there("npm") {
            return Err(format!(
                "{package} {version} is installed by npm, which is not there"
            ));
        }
        std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--silent", "--no-save", "--prefix"])
            .arg(&folder)
            .arg(format!("{package}@{version}"));
        run(&format!("install {package} {version}"), &mut npm)?;
    }
    Ok(file)
}

fn wasm_opt() -> Option<PathBuf> {
    npm_tool("binaryen", BINARYEN, "wasm-opt")
        .or_else(|_| if is_there("wasm-opt") { Ok("wasm-opt".into()) } else { Err(()) })
        .or_else(|()| apt(&["binaryen"]).map(|()| "wasm-opt".into()))
        .map_err(|how| {
            eprintln!("▸ wasm-opt is missing, so the pages come out larger. To have it: install Node.js (npm), or {how}");
        })
        .ok()
}
