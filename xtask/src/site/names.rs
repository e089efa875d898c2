//! Shorter names between the script and the WebAssembly.
//!
//! wasm-bindgen names each function that crosses the border for a reader
//! (`__wbg_getRandomValues_07f3179f2d015362`), once in the wasm and once in the script, and a hash
//! does not compress. Nobody reads them in what a phone downloads.

use crate::Result;
use crate::tools::cargo_home;
use std::collections::HashMap;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{DataSection, ExportSection, ImportSection, Module};
use wasmparser::{Data, Export, ImportSectionReader, Parser};

/// Gives every import of the module, and every export that the script uses, a name of a letter or
/// three; takes out the exports that it does not use, so that wasm-opt can drop what stands
/// behind them; blanks the source files' names in panics.
///
/// # Errors
/// If the module cannot be read.
pub fn shorten(wasm: &[u8], script: &str) -> Result<(Vec<u8>, String)> {
    let mut names = Names {
        script,
        short: HashMap::new(),
    };
    let mut module = Module::new();
    names
        .parse_core_module(&mut module, Parser::new(0), wasm)
        .map_err(|e| format!("shorten the names in the wasm: {e}"))?;
    let mut script = rename(script, &names.short);
    // The module that the imports come from is a text in the script.
    for (name, short) in names
        .short
        .iter()
        .filter(|(name, _)| name.starts_with("./"))
    {
        script = script.replace(&format!("\"{name}\""), &format!("\"{short}\""));
    }
    Ok((module.finish(), script))
}

struct Names<'s> {
    script: &'s str,
    short: HashMap<String, String>,
}

impl Names<'_> {
    /// The short name of a name; names that people wrote stay.
    fn short(&mut self, name: &str) -> String {
        if !["_", "./", "wasm_bindgen__"]
            .iter()
            .any(|made| name.starts_with(made))
        {
            return name.to_owned();
        }
        let next = self.short.len();
        let short = self.short.entry(name.to_owned());
        short.or_insert_with(|| format!("${next:x}")).clone()
    }
}

impl Reencode for Names<'_> {
    type Error = std::convert::Infallible;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> std::result::Result<(), Error> {
        for import in section.into_imports() {
            let import = import?;
            let (module, name) = (self.short(import.module), self.short(import.name));
            let ty = self.entity_type(import.ty)?;
            imports.import(&module, &name, ty);
        }
        Ok(())
    }

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: Export<'_>,
    ) -> std::result::Result<(), Error> {
        if !identifiers(self.script).any(|(_, known)| known == export.name) {
            return Ok(());
        }
        let name = self.short(export.name);
        utils::parse_export(
            self,
            exports,
            Export {
                name: &name,
                ..export
            },
        )
    }

    fn parse_data(
        &mut self,
        data: &mut DataSection,
        datum: Data<'_>,
    ) -> std::result::Result<(), Error> {
        let blanked = blank_source_paths(datum.data);
        let data_of = Data {
            data: &blanked,
            ..datum
        };
        utils::parse_data(self, data, data_of)
    }
}

/// Overwrites the paths of Rust source files, which only a panic would print, keeping every
/// address. They would also tell on which machine the page was built.
fn blank_source_paths(data: &[u8]) -> Vec<u8> {
    let cargo_home = cargo_home().map(|folder| folder.to_string_lossy().into_owned());
    let roots = ["/rustc/", "/rust/deps/", "app/src/", "survey/src/"];
    let roots: Vec<&str> = roots.into_iter().chain(cargo_home.as_deref()).collect();
    let mut blanked = data.to_vec();
    let mut at = 0;
    while let Some(rest) = data.get(at..).filter(|rest| !rest.is_empty()) {
        let is_path = roots.iter().any(|root| rest.starts_with(root.as_bytes()));
        let path = is_path.then(|| path_length(rest)).flatten();
        if let Some(path) = path.and_then(|length| blanked.get_mut(at..at + length)) {
            path.fill(b' ');
        }
        at += path.unwrap_or(1);
    }
    blanked
}

/// How long the path of a Rust file is that begins here.
fn path_length(text: &[u8]) -> Option<usize> {
    let end = text.windows(3).position(|three| three == b".rs")? + 3;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+".contains(byte);
    text.get(..end)?.iter().all(is_name).then_some(end)
}

/// The identifiers of a script with the places where they begin.
fn identifiers(script: &str) -> impl Iterator<Item = (usize, &str)> {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = script.get(at..)?;
        let begin = at + rest.find(part)?;
        let rest = script.get(begin..)?;
        let length = rest.find(|c| !part(c)).unwrap_or(rest.len());
        at = begin + length;
        Some((begin, rest.get(..length)?))
    })
}

fn rename(script: &str, short: &HashMap<String, String>) -> String {
    let mut renamed = String::with_capacity(script.len());
    let mut copied = 0;
    for (at, name) in identifiers(script) {
        if let Some(short) = short.get(name) {
            renamed.push_str(script.get(copied..at).unwrap_or_default());
            renamed.push_str(short);
            copied = at + name.len();
        }
    }
    renamed.push_str(script.get(copied..).unwrap_or_default());
    renamed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_identifiers_are_renamed_and_nothing_else() {
        let short = HashMap::from([("__wbg_a_1".to_owned(), "$0".to_owned())]);
        let script = "x={__wbg_a_1:f,__wbg_a_12:g};wasm.__wbg_a_1()//__wbg_a_1";
        let renamed = "x={$0:f,__wbg_a_12:g};wasm.$0()//$0";
        assert_eq!(rename(script, &short), renamed);
    }

    #[test]
    fn source_paths_are_blanked_in_place() {
        let data = b"saved/rustc/0a/library/core/src/cell.rsapp/src/a.rs.app/src of a.rs";
        let blanked = blank_source_paths(data);
        assert_eq!(blanked.len(), data.len());
        let text = String::from_utf8(blanked).unwrap();
        assert_eq!(text.trim_start_matches("saved").trim(), ".app/src of a.rs");
    }
}
