//! Panics that stop at once.
//!
//! In a browser nobody sees what a panic says: the standard library has nowhere to print it, and
//! the page stops with a trap. The code and the texts that would put the message together are a
//! part of the download all the same, because the standard library comes compiled. So the
//! functions that never return are cut short here, to the trap that they end in anyway, and those
//! that would write values into the message write nothing.

use super::calls::Calls;
use crate::Result;
use crate::tools::cargo_home;
use std::collections::HashMap;
use wasm_encoder::Function;

/// The functions of the standard library that never return, by the last part of their names.
const NEVER: [&str; 16] = [
    "assert_failed",
    "assert_failed_inner",
    "begin_panic",
    "expect_failed",
    "handle_error",
    "len_mismatch_fail",
    "panic",
    "panic_access_error",
    "panic_already_borrowed",
    "panic_already_mutably_borrowed",
    "panic_bounds_check",
    "panic_display",
    "panic_fmt",
    "panic_poisoned",
    "slice_index_fail",
    "unwrap_failed",
];

/// What a function is cut short to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// It never returned: it stops the page.
    Trap,
    /// It wrote a value into a text that nobody asks for any more: it writes nothing.
    Silence,
}

impl Cut {
    /// The function's body.
    pub fn body(self) -> Function {
        let mut body = Function::new([]);
        match self {
            Cut::Trap => body.instructions().unreachable().end(),
            Cut::Silence => body.instructions().i32_const(0).end(),
        };
        body
    }
}

/// What to cut, by the functions' places, counted without the imported ones.
///
/// Once nothing panics with a text, a page that never formats has no way to `core::fmt::write`;
/// then the writing of values that is only there to be called by it, through a table, is silenced.
pub fn find(wasm: &[u8]) -> Result<HashMap<u32, Cut>> {
    let calls = Calls::read(wasm).map_err(|e| format!("find the panics in the wasm: {e}"))?;
    let is = |function: u32, what: fn(&str) -> bool| {
        calls.names.get(&function).is_some_and(|name| what(name))
    };
    let reached = calls.reached(
        |root| !is(root, writes_a_value),
        |function| is(function, never_returns),
    );
    let formats = reached
        .iter()
        .any(|function| is(*function, |name| parts(name).eq(["write", "fmt", "core"])));
    let cut = |function: u32| {
        if is(function, never_returns) {
            Some(Cut::Trap)
        } else if !formats && is(function, writes_a_value) && !reached.contains(&function) {
            Some(Cut::Silence)
        } else {
            None
        }
    };
    let functions = calls.names.keys();
    Ok(functions
        .filter_map(|function| function.checked_sub(calls.imported).zip(cut(*function)))
        .collect())
}

/// Whether a function with this name never returns: `core[c5930c85a12de822]::panicking::panic_fmt`
/// or, of generic ones, `core::panicking::assert_failed::h0123456789abcdef`.
fn never_returns(name: &str) -> bool {
    let of_std = ["core", "<core", "alloc", "<alloc", "std", "<std"];
    let is_of_std = name
        .split(['[', ':'])
        .next()
        .is_some_and(|first| of_std.contains(&first));
    let last = parts(name).next();
    is_of_std && last.is_some_and(|last| NEVER.contains(&last) || last.starts_with("panic_const_"))
}

/// Whether a function with this name is some type's `Display` or `Debug`:
/// `<usize as core[c5930c85a12de822]::fmt::Display>::fmt`.
fn writes_a_value(name: &str) -> bool {
    let mut parts = parts(name);
    parts.next() == Some("fmt") && matches!(parts.next(), Some("Display>" | "Debug>"))
}

/// The parts of a function's name from the last to the first, without hashes and generics.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    let parts = name
        .rsplit("::")
        .map(|part| part.split_once('[').map_or(part, |(name, _)| name));
    parts.filter(|part| !is_hash(part) && !part.starts_with('<'))
}

fn is_hash(part: &str) -> bool {
    let digits = part.strip_prefix('h').unwrap_or_default();
    digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The bytes of a number or an address.
const WORD: usize = 4;

/// What libraries say when they panic, one text a line; not complete, and a text that a newer
/// version words differently only costs its bytes again.
const TEXTS: &str = include_str!("panics.txt");

/// Overwrites, in the data that will lie at `address`, what only a panic would read: the paths of
/// Rust source files, the places in them, the texts of libraries. All addresses stay. The paths
/// would also tell on which machine the page was built.
pub fn blank(data: &[u8], address: u32) -> Vec<u8> {
    let mut blanked = data.to_vec();
    for (at, length) in source_paths(data) {
        let path = address.wrapping_add(at as u32).to_le_bytes();
        // A place is the path's address and length, the line and the column.
        for at in (0..data.len()).step_by(WORD) {
            if data.get(at..).is_some_and(|rest| rest.starts_with(&path)) {
                fill(&mut blanked, at, 4 * WORD);
            }
        }
        fill(&mut blanked, at, length);
    }
    for text in TEXTS.lines() {
        let found = data.windows(text.len()).position(|w| w == text.as_bytes());
        if let Some(at) = found {
            fill(&mut blanked, at, text.len());
        }
    }
    blanked
}

fn fill(data: &mut [u8], at: usize, length: usize) {
    if let Some(part) = data.get_mut(at..at + length) {
        part.fill(0);
    }
}

/// Where the paths of Rust source files begin, and how long they are.
fn source_paths(data: &[u8]) -> Vec<(usize, usize)> {
    let cargo_home = cargo_home().map(|folder| folder.to_string_lossy().into_owned());
    let roots = ["/rustc/", "/rust/deps/", "app/src/", "survey/src/"];
    let roots: Vec<&str> = roots.into_iter().chain(cargo_home.as_deref()).collect();
    let mut paths = Vec::new();
    let mut at = 0;
    while let Some(rest) = data.get(at..).filter(|rest| !rest.is_empty()) {
        let is_path = roots.iter().any(|root| rest.starts_with(root.as_bytes()));
        let length = is_path.then(|| path_length(rest)).flatten();
        paths.extend(length.map(|length| (at, length)));
        at += length.unwrap_or(1);
    }
    paths
}

/// How long the path of a Rust file is that begins here.
fn path_length(text: &[u8]) -> Option<usize> {
    let end = text.windows(3).position(|three| three == b".rs")? + 3;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+".contains(byte);
    text.get(..end)?.iter().all(is_name).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_a_panic_reads_is_blanked_in_place() {
        let text = b"saved/rustc/0a/library/core/src/cell.rsapp/src of a.rsmid > len.";
        let place = [1024 + 5, 34, 167, 13_u32].map(u32::to_le_bytes).concat();
        let data = [&text[..], &place, b"kept"].concat();
        assert_eq!(text.len() % WORD, 0);
        let blanked = blank(&data, 1024);
        assert_eq!(blanked.len(), data.len());
        let rest: Vec<u8> = blanked.into_iter().filter(|byte| *byte != 0).collect();
        assert_eq!(rest, b"savedapp/src of a.rs.kept");
    }

    #[test]
    fn functions_for_panics_are_known_by_name() {
        for name in [
            "core[c5930c85a12de822]::panicking::panic_fmt",
            "core[c5]::panicking::panic_const::panic_const_async_fn_resumed",
            "core[c5]::panicking::assert_failed::<isize, isize>",
            "core::panicking::panic_display::h6aae7b76ad051b28",
            "<alloc[3c]::vec::Vec<_, _>>::remove::assert_failed",
        ] {
            assert!(never_returns(name) && !writes_a_value(name), "{name}");
        }
        for name in [
            "<&isize as core[c5]::fmt::Debug>::fmt",
            "<app::Id as core::fmt::Display>::fmt::h6aae7b76ad051b28",
        ] {
            assert!(writes_a_value(name) && !never_returns(name), "{name}");
        }
        for name in [
            "throw_error::get_error_hook::h50916ae6737dc76e",
            "app::panic",
            "core::option::Option<T>::expect::h50916ae6737dc76e",
        ] {
            assert!(!never_returns(name) && !writes_a_value(name), "{name}");
        }
    }
}
