//! Which functions of a WebAssembly module call which.

use std::collections::{HashMap, HashSet};
use wasmparser::{
    BinaryReaderError, ElementItems, ExternalKind, FunctionBody, KnownCustom, Name, Operator,
    Parser, Payload, TypeRef,
};

/// A module's functions, by their numbers.
#[derive(Default)]
pub struct Calls {
    /// How many are imported; these are counted first.
    pub imported: u32,
    /// What they are called in the source.
    pub names: HashMap<u32, String>,
    /// Those that each calls by number.
    calls: HashMap<u32, Vec<u32>>,
    /// Those that are called from outside or through a table.
    roots: Vec<u32>,
}

impl Calls {
    /// Reads a module.
    pub fn read(wasm: &[u8]) -> Result<Calls, BinaryReaderError> {
        let mut read = Calls::default();
        let mut next = 0;
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        read.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                    next = read.imported;
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        let is_function = export.kind == ExternalKind::Func;
                        read.roots.extend(is_function.then_some(export.index));
                    }
                }
                Payload::StartSection { func, .. } => read.roots.push(func),
                Payload::ElementSection(elements) => {
                    for element in elements {
                        // wasm-bindgen writes numbers, not expressions.
                        if let ElementItems::Functions(functions) = element?.items {
                            for function in functions {
                                read.roots.push(function?);
                            }
                        }
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    read.calls.insert(next, callees(&body)?);
                    next += 1;
                }
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(names) = section.as_known() {
                        for subsection in names {
                            if let Name::Function(functions) = subsection? {
                                for function in functions {
                                    let function = function?;
                                    read.names.insert(function.index, function.name.to_owned());
                                }
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(read)
    }

    /// The functions that can be called, from those `roots` that count, and once those that
    /// `stops` names call nothing any more.
    pub fn reached(
        &self,
        roots: impl Fn(u32) -> bool,
        stops: impl Fn(u32) -> bool,
    ) -> HashSet<u32> {
        let mut reached = HashSet::new();
        let mut open = self.roots.clone();
        open.retain(|root| roots(*root));
        while let Some(function) = open.pop() {
            if reached.insert(function)
                && !stops(function)
                && let Some(calls) = self.calls.get(&function)
            {
                open.extend(calls);
            }
        }
        reached
    }
}

fn callees(body: &FunctionBody<'_>) -> Result<Vec<u32>, BinaryReaderError> {
    let mut callees = Vec::new();
    for operator in body.get_operators_reader()? {
        if let Operator::Call { function_index } = operator? {
            callees.push(function_index);
        }
    }
    Ok(callees)
}
