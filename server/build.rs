//! Embeds the built pages: every file of the site and of `public/`, compressed once, here.
//!
//! The site is built by `cargo xtask` before the server; without it the server still compiles, and
//! its questionnaires still work as plain forms.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("..");
    let site = env::var("WENDU_SITE").map_or_else(|_| root.join("target/site"), PathBuf::from);
    println!("cargo:rerun-if-env-changed=WENDU_SITE");
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default());
    let mut table = String::from("pub static FILES: &[File] = &[\n");
    for (folder, prefix) in [
        (site.join("resident"), "/assets/resident/"),
        (site.join("office"), "/assets/office/"),
        (site.join("root"), "/"),
        (root.join("public"), "/"),
    ] {
        println!("cargo:rerun-if-changed={}", folder.display());
        for path in files(&folder)? {
            embed(&path, prefix, &out, &mut table)?;
        }
    }
    table.push_str("];\n");
    fs::write(out.join("assets.rs"), table)?;
    for page in ["resident.css", "teaser.css"] {
        let mut style = String::new();
        for name in ["tokens.css", page] {
            let path = root.join("style").join(name);
            println!("cargo:rerun-if-changed={}", path.display());
            style.push_str(&fs::read_to_string(path)?);
        }
        fs::write(out.join(page), without_air(&style))?;
    }
    Ok(())
}

/// A style sheet without comments and without the white space that has no meaning: it goes into
/// every page, which is compressed in haste. Ours has no text in quotes that this could touch.
fn without_air(style: &str) -> String {
    let mut code = String::with_capacity(style.len());
    for (place, part) in style.split("/*").enumerate() {
        let after_comment = part.split_once("*/").map_or("", |(_, after)| after);
        code.push_str(if place == 0 { part } else { after_comment });
    }
    let mut style = code.split_whitespace().collect::<Vec<_>>().join(" ");
    for mark in ["{", "}", ";", ","] {
        style = style
            .replace(&format!(" {mark}"), mark)
            .replace(&format!("{mark} "), mark);
    }
    style.replace(": ", ":").replace(";}", "}")
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let mut paths = entries
        .map(|e| e.map(|e| e.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| path.is_file());
    paths.sort();
    Ok(paths)
}

/// A script of ours without lines of comment and without the white space that has no meaning: that
/// is for us and not for every reader of a news site. What stands in quotes stays as it is; ours
/// has no quotes within quotes, no templates, and ends every statement with a semicolon.
fn lean(script: &str) -> String {
    let lines = script.lines().map(str::trim);
    let told = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    let code = told.collect::<Vec<_>>().join("\n");
    let parts = code.split('"').enumerate();
    let lean = parts.map(|(place, part)| match place % 2 {
        0 => close(part),
        _ => part.to_owned(),
    });
    lean.collect::<Vec<_>>().join("\"")
}

/// Code without the spaces around its marks and without the ends of lines that a mark makes plain.
fn close(code: &str) -> String {
    let mut code = code.to_owned();
    for mark in [
        "{", "}", "(", ")", "=", ">", "<", "?", ":", ",", ";", "&&", "||",
    ] {
        code = code
            .replace(&format!(" {mark}"), mark)
            .replace(&format!("{mark} "), mark);
    }
    for mark in ["{", ",", ";"] {
        code = code.replace(&format!("{mark}\n"), mark);
    }
    code.replace(";}", "}")
}

fn embed(path: &Path, prefix: &str, out: &Path, table: &mut String) -> io::Result<()> {
    println!("cargo:rerun-if-changed={}", path.display());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut plain = fs::read(path)?;
    if name == "embed.js" {
        plain = lean(&String::from_utf8_lossy(&plain)).into_bytes();
    }
    let flat = format!("{prefix}{name}").replace('/', "_");
    let mut brotli = Vec::new();
    brotli::CompressorReader::new(plain.as_slice(), 4096, 11, 22).read_to_end(&mut brotli)?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&plain)?;
    let (plain_path, brotli_path, gzip_path) = (
        out.join(&flat),
        out.join(format!("{flat}.br")),
        out.join(format!("{flat}.gz")),
    );
    fs::write(&plain_path, &plain)?;
    fs::write(&brotli_path, brotli)?;
    fs::write(&gzip_path, gzip.finish()?)?;
    writeln!(
        table,
        "    File {{ path: {:?}, plain: include_bytes!({:?}), brotli: include_bytes!({:?}), gzip: include_bytes!({:?}) }},",
        format!("{prefix}{name}"), plain_path, brotli_path, gzip_path
    )
    .map_err(io::Error::other)
}
