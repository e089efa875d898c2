//! What a phone downloads to show one survey, against its budget.

use crate::{Result, site};
use std::fs;
use std::io::Read;

/// The budgets, in bytes after brotli 11; `NAME BYTES` per line.
const BUDGETS: &str = include_str!("../budgets.txt");

/// Prints the table of parts and fails where a budget is passed.
pub fn check() -> Result<()> {
    let mut parts: Vec<(String, usize, usize)> = Vec::new();
    for file in site::files(&site::folder("resident"))? {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        // The other scripts are for kiosks and interviewers.
        if name.starts_with("resident-") {
            let bytes = fs::read(&file).map_err(|e| format!("{name}: {e}"))?;
            let label = if name.ends_with(".js") {
                "script"
            } else {
                "wasm"
            };
            parts.push((label.to_owned(), bytes.len(), brotli(&bytes)));
        }
    }
    let first = as_sent("first-screen.html")?;
    parts.push((
        "first screen (HTML, CSS, questionnaire)".to_owned(),
        first.len(),
        brotli(&first),
    ));
    let total: usize = parts.iter().map(|(_, _, brotli)| brotli).sum();
    println!("\nThe resident's download            raw     brotli 11");
    for (name, raw, brotli) in &parts {
        println!("{name:<42}{raw:>9}{brotli:>9}");
    }
    println!("{:<51}{total:>9}", "total");
    let loader = as_sent("embed.js")?;
    let worker = fs::read(site::root_folder().join("sw.js")).unwrap_or_default();
    for (name, file) in [
        ("service worker (once the page is idle)", &worker),
        ("embed loader (news sites)", &loader),
    ] {
        println!("{name:<42}{:>9}{:>9}", file.len(), brotli(file));
    }
    println!();
    let measured = [
        ("total", total),
        ("first-screen", brotli(&first)),
        ("embed", brotli(&loader)),
        ("worker", brotli(&worker)),
    ];
    for line in BUDGETS.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, budget)) = line.split_once(' ') else {
            continue;
        };
        let budget: usize = budget
            .trim()
            .parse()
            .map_err(|e| format!("budgets: {name}: {e}"))?;
        let found = measured.iter().find(|(known, _)| *known == name);
        let (_, bytes) = found.ok_or_else(|| format!("budgets: there is no part {name}"))?;
        if *bytes > budget {
            return Err(format!(
                "{name} is {bytes} bytes, over its budget of {budget}"
            ));
        }
    }
    Ok(())
}

/// Something as the server sends it: asked of the server itself, at a free port.
fn as_sent(name: &str) -> Result<Vec<u8>> {
    let path = crate::target().join("size").join(name);
    fs::read(&path).map_err(|e| {
        format!(
            "{}: {e}; the system tests write it (cargo xtask test)",
            path.display()
        )
    })
}

fn brotli(bytes: &[u8]) -> usize {
    let mut compressed = Vec::new();
    let mut reader = brotli::CompressorReader::new(bytes, 4096, 11, 22);
    // Reading from memory does not fail.
    let _ = reader.read_to_end(&mut compressed);
    compressed.len()
}
