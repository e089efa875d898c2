//! The hand-written scripts of the resident's page (`app/js`): what the app, the service worker
//! and the modes need beside WebAssembly.
//!
//! They are joined as text instead of by a bundler, so that a build without npm gives the same
//! pages, only larger. `queue.js` and `page.js` come in front of the app's glue script, as one
//! object: a file of its own would be one more way to the server and back.

use crate::{Result, root};
use std::fs;
use std::path::Path;

/// The scripts that stand beside the app, each where a mode needs it.
const MODES: [&str; 2] = ["kiosk", "interview"];

/// The name under which the app finds them.
const OWN: &str = "wendu";

fn read(name: &str) -> Result<String> {
    let path = root().join("app/js").join(name).with_extension("js");
    fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}

/// Puts the queue and what the app asks of the browser in front of the glue script.
pub fn join(glue: &Path) -> Result<()> {
    let text = fs::read_to_string(glue).map_err(|e| format!("{}: {e}", glue.display()))?;
    let own = [read("queue")?, read("page")?].concat();
    let exported: Vec<&str> = own.lines().filter_map(exported).collect();
    let names = exported.join(", ");
    let own = plain(&own);
    let own = format!("self.{OWN} = (() => {{\n{own}\nreturn {{ {names} }};\n}})();\n");
    write(glue, &[own, text].concat())
}

/// Copies the modes' scripts, with room for a digest in their names.
pub fn copy_modes(folder: &Path) -> Result<()> {
    MODES
        .iter()
        .try_for_each(|name| write(&folder.join(format!("{name}-0.js")), &read(name)?))
}

/// The service worker for a page made of `files`.
pub fn worker(files: &[String]) -> Result<String> {
    let names: Vec<String> = files.iter().map(|name| format!("{name:?}")).collect();
    let worker = read("worker")?.replace("__FILES__", &format!("[{}]", names.join(",")));
    // A worker has no document; saying so here lets the page's part go.
    let queue = plain(&read("queue")?).replace("self.document", "false");
    Ok([queue, plain(&worker)].concat())
}

/// The name of the function that a line exports.
fn exported(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("export ")?;
    let rest = rest.strip_prefix("async ").unwrap_or(rest);
    rest.strip_prefix("function ")?
        .split_once('(')
        .map(|(name, _)| name)
}

/// A module's text without its imports and exports.
fn plain(module: &str) -> String {
    let lines = module.lines().filter(|line| !line.starts_with("import "));
    lines
        .map(|line| line.strip_prefix("export ").unwrap_or(line))
        .flat_map(|line| [line, "\n"])
        .collect()
}
