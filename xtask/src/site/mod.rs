//! Building the two pages: trunk, then shorter names, wasm-opt and esbuild, then a file name by
//! content.

mod calls;
mod names;
mod panics;

use crate::process::{cargo, run};
use crate::scripts;
use crate::tools::{Tools, install};
use crate::{Result, root, target};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// The pages, by the names of their bundles.
const PAGES: [(&str, &str); 2] = [("resident", "Trunk.toml"), ("office", "Trunk.office.toml")];

/// What browsers of the last years understand, see docs/ARCHITECTURE.md, and what makes the file
/// small: taking the control flow apart before it is put together again lets equal pieces be seen
/// as equal. What is written twice compresses better than a detour around it. Nothing lies in the first kilobyte of memory: the stack would have to overflow first.
const WASM_OPT: [&str; 19] = [
    "--low-memory-unused",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--reorder-globals",
    "--converge",
    "--skip-pass=local-cse",
    "--skip-pass=memory-packing",
    "--always-inline-max-function-size=4",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

/// Builds the pages, or one of them, into `target/site`.
pub fn build(only: Option<&str>) -> Result<()> {
    let tools = install()?;
    // Trunk runs cargo offline, so that a build never reaches out by itself.
    run("fetch dependencies", cargo().args(["fetch", "--locked"]))?;
    for (page, config) in PAGES {
        if only.is_some_and(|only| only != page) {
            continue;
        }
        build_page(&tools, page, config)?;
    }
    Ok(())
}

/// The folder of a built page.
pub fn folder(page: &str) -> PathBuf {
    target().join("site").join(page)
}

fn build_page(tools: &Tools, page: &str, config: &str) -> Result<()> {
    let finished = folder(page);
    let stamp = finished.with_extension("stamp");
    let sources = sources(config)?;
    // Rewriting an unchanged page would also rebuild the server for nothing.
    if finished.is_dir() && fs::read_to_string(&stamp).is_ok_and(|known| known == sources) {
        return Ok(());
    }
    let raw = target().join("trunk").join(page);
    let mut trunk = tools.command("trunk");
    trunk
        .current_dir(root())
        .args(["build", "--config", config, "--dist"])
        .arg(&raw)
        // Trunk takes "1" for no boolean, and that is what some terminals set.
        .env_remove("NO_COLOR")
        .env("TRUNK_LOG", "warn");
    run(&format!("build the {page} page"), &mut trunk)?;
    finish(tools, page, &raw, &finished)?;
    fs::write(&stamp, sources).map_err(|e| format!("{}: {e}", stamp.display()))
}

/// A digest of all that the pages are made from, the tools that make them included.
fn sources(config: &str) -> Result<String> {
    let mut all = vec![
        root().join(config),
        root().join("Cargo.toml"),
        root().join("Cargo.lock"),
    ];
    for folder in ["app", "survey", "report", "stats", "style", "xtask/src"] {
        collect(&root().join(folder), &mut all)?;
    }
    digest_of(&all)
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    into.extend(files(folder)?);
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut folders: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders.iter().try_for_each(|folder| collect(folder, into))
}

fn finish(tools: &Tools, page: &str, raw: &Path, finished: &Path) -> Result<()> {
    let stage = finished.with_extension("stage");
    let _ = fs::remove_dir_all(&stage);
    fs::create_dir_all(&stage).map_err(|e| format!("{}: {e}", stage.display()))?;
    let named = raw.with_extension("named");
    shorten_names(raw, &named)?;
    if page == "resident" {
        scripts::copy_modes(&named)?;
    }
    for file in files(&named)? {
        let name = file.file_name().unwrap_or_default();
        let is_glue = page == "resident" && is_glue(&name.to_string_lossy());
        if is_glue {
            scripts::join(&file)?;
        }
        shrink(tools, &file, &stage.join(name))?;
    }
    rename_by_content(page, &stage)?;
    let _ = fs::remove_dir_all(finished);
    fs::rename(&stage, finished).map_err(|e| format!("{}: {e}", finished.display()))?;
    if page == "resident" {
        write_worker(tools, finished)?;
    }
    Ok(())
}

fn is_glue(name: &str) -> bool {
    name.starts_with("resident-") && name.ends_with(".js")
}

/// The folder of what is served at the root.
pub fn root_folder() -> PathBuf {
    target().join("site/root")
}

/// Writes the service worker of the finished page: it names the page's files, so that another
/// build is another worker.
fn write_worker(tools: &Tools, page: &Path) -> Result<()> {
    let names = files(page)?;
    let names = names.iter().filter_map(|file| file.file_name()?.to_str());
    let names = names.filter(|name| !name.ends_with(".html"));
    let paths: Vec<String> = names
        .map(|name| format!("/assets/resident/{name}"))
        .collect();
    let folder = root_folder();
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let raw = target().join("trunk/sw.js");
    fs::write(&raw, scripts::worker(&paths)?).map_err(|e| format!("{}: {e}", raw.display()))?;
    shrink(tools, &raw, &folder.join("sw.js"))
}

/// Copies a built page, with shorter names between its script and its WebAssembly.
fn shorten_names(raw: &Path, named: &Path) -> Result<()> {
    let _ = fs::remove_dir_all(named);
    fs::create_dir_all(named).map_err(|e| format!("{}: {e}", named.display()))?;
    let all = files(raw)?;
    for file in &all {
        let to = named.join(file.file_name().unwrap_or_default());
        fs::copy(file, &to).map_err(|e| format!("{}: {e}", to.display()))?;
    }
    let with = |extension: &str| {
        let mut found = all
            .iter()
            .filter(|file| file.extension().is_some_and(|e| e == extension));
        let file = found
            .next()
            .ok_or_else(|| format!("{}: there is no .{extension} file", raw.display()))?;
        Ok::<_, String>(named.join(file.file_name().unwrap_or_default()))
    };
    let (wasm, script) = (with("wasm")?, with("js")?);
    let bytes = fs::read(&wasm).map_err(|e| format!("{}: {e}", wasm.display()))?;
    let text = fs::read_to_string(&script).map_err(|e| format!("{}: {e}", script.display()))?;
    let (bytes, text) = names::shorten(&bytes, &text)?;
    fs::write(&wasm, bytes).map_err(|e| format!("{}: {e}", wasm.display()))?;
    fs::write(&script, text).map_err(|e| format!("{}: {e}", script.display()))
}

fn shrink(tools: &Tools, from: &Path, to: &Path) -> Result<()> {
    let extension = from.extension().and_then(|e| e.to_str());
    let mut command = match (extension, &tools.wasm_opt, &tools.esbuild) {
        (Some("wasm"), Some(wasm_opt), _) => {
            let mut command = tools.command(&wasm_opt.to_string_lossy());
            command.arg(from).args(WASM_OPT).arg("-o").arg(to);
            command
        }
        (Some("js"), _, Some(esbuild)) => {
            let mut command = tools.command(&esbuild.to_string_lossy());
            let out = format!("--outfile={}", to.display());
            command
                .arg(from)
                .args(["--minify", "--tree-shaking=true", "--format=esm"])
                .args(["--log-level=warning", &out]);
            command
        }
        _ => {
            return fs::copy(from, to)
                .map(|_| ())
                .map_err(|e| format!("{}: {e}", to.display()));
        }
    };
    run(
        &format!("shrink {}", from.file_name().unwrap_or_default().display()),
        &mut command,
    )
}

/// Replaces trunk's digest in the names, which it took before the files were shrunk, by one of
/// what is really served: a browser keeps a file by its name for a year.
fn rename_by_content(page: &str, folder: &Path) -> Result<()> {
    let all = files(folder)?;
    let digest = digest_of(&all)?;
    let names: Vec<String> = all
        .iter()
        .filter_map(|file| Some(file.file_name()?.to_string_lossy().into_owned()))
        .collect();
    // Names are NAME-DIGEST.EXT and NAME-DIGEST_bg.wasm.
    let renamed = |name: &str| -> Option<String> {
        let (stem, rest) = name.rsplit_once('-')?;
        let end = rest.find(['.', '_'])?;
        let short = digest.get(..16)?;
        Some(format!("{stem}-{short}{}", rest.get(end..)?))
    };
    for file in &all {
        let is_text = matches!(
            file.extension().and_then(|e| e.to_str()),
            Some("html" | "js" | "css")
        );
        if is_text {
            let mut text =
                fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
            for name in &names {
                if let Some(new) = renamed(name) {
                    text = text.replace(name.as_str(), &new);
                }
            }
            fs::write(file, text).map_err(|e| format!("{}: {e}", file.display()))?;
        }
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if let Some(new) = renamed(&name) {
            fs::rename(file, folder.join(new)).map_err(|e| format!("{page}: {name}: {e}"))?;
        }
    }
    Ok(())
}

/// The files of a folder, sorted.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    files.retain(|file| file.is_file());
    files.sort();
    Ok(files)
}

fn digest_of(files: &[PathBuf]) -> Result<String> {
    let mut digest = Sha256::new();
    for file in files {
        digest.update(file.file_name().unwrap_or_default().as_encoded_bytes());
        digest.update(fs::read(file).map_err(|e| format!("{}: {e}", file.display()))?);
    }
    Ok(digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}
