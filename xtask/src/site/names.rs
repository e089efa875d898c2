//! Shorter names between the script and the WebAssembly.
//!
//! wasm-bindgen names each function that crosses the border for a reader
//! (`__wbg_getRandomValues_07f3179f2d015362`), once in the wasm and once in the script, and a hash
//! does not compress. Nobody reads them in what a phone downloads.

use super::panics::{self, Cut};
use crate::Result;
use std::collections::HashMap;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, DataSection, ExportSection, ImportSection, Module};
use wasmparser::{
    ConstExpr, Data, DataKind, Export, FunctionBody, ImportSectionReader, Operator, Parser,
};

/// Gives every import of the module, and every export that the script uses, a name of a letter or
/// three; takes out the exports that it does not use, so that wasm-opt can drop what stands
/// behind them; cuts panics short, see [`panics`].
///
/// # Errors
/// If the module cannot be read.
pub fn shorten(wasm: &[u8], script: &str) -> Result<(Vec<u8>, String)> {
    let mut names = Names {
        script,
        short: HashMap::new(),
        panics: panics::find(wasm)?,
    };
    let mut module = Module::new();
    names
        .parse_core_module(&mut module, Parser::new(0), wasm)
        .map_err(|e| format!("shorten the names in the wasm: {e}"))?;
    let silent = names.panics.values().any(|cut| *cut == Cut::Silence);
    let mut script = rename(&leave_out(script, silent), &names.short);
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
    panics: HashMap<u32, Cut>,
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

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> std::result::Result<(), Error> {
        if let Some(cut) = self.panics.get(&code.len()) {
            code.function(&cut.body());
            return Ok(());
        }
        utils::parse_function_body(self, code, body)
    }

    fn parse_data(
        &mut self,
        data: &mut DataSection,
        datum: Data<'_>,
    ) -> std::result::Result<(), Error> {
        let address = match &datum.kind {
            DataKind::Active { offset_expr, .. } => address(offset_expr),
            DataKind::Passive => None,
        };
        let blanked = panics::blank(datum.data, address.unwrap_or_default());
        let data_of = Data {
            data: &blanked,
            ..datum
        };
        utils::parse_data(self, data, data_of)
    }
}

/// Takes out of the script what nobody asks for, so that esbuild can drop what stands behind it:
/// starting without waiting; and where panics are `silent`, how a value would look in their texts.
fn leave_out(script: &str, silent: bool) -> String {
    let script = script.replace("export { initSync, ", "export { ");
    if !silent {
        return script;
    }
    script.replace("= debugString(arg1);", "= '';")
}

/// The address that a constant says.
fn address(expression: &ConstExpr<'_>) -> Option<u32> {
    match expression.get_operators_reader().read() {
        Ok(Operator::I32Const { value }) => Some(value.cast_unsigned()),
        _ => None,
    }
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
    fn what_nobody_asks_for_is_left_out_of_the_script() {
        let script = "const ret = debugString(arg1);\nexport { initSync, __wbg_init as default };";
        let waits = "const ret = debugString(arg1);\nexport { __wbg_init as default };";
        assert_eq!(leave_out(script, false), waits);
        let silent = "const ret = '';\nexport { __wbg_init as default };";
        assert_eq!(leave_out(script, true), silent);
    }
}
