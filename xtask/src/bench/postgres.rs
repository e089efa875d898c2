//! The same on PostgreSQL: a private server on this machine, beside what pgbench reaches on it.

use super::load::{CONNECTIONS, Size, flood, half, pictures};
use super::measure::{bare, fill, line, load_all};
use super::server::Server;
use crate::{Result, postgres};
use private_postgres::{Binaries, Cluster, create_database};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Rows in one of pgbench's transactions, and how many clients it has.
const BATCH: u32 = 128;
const CLIENTS: u32 = 4;

/// The columns of a row such as the server writes, but for bucket and id: as long, as many.
const ROW: &str = r#"'resident', 1, 'w1', 'T01', 'self', NULL::text, NULL::text, 'zh-CN',
  1795000000000, 1795000000000,
  '{"age":"35-54","appearance":"fairly","channels":["community","phone"],"clean":"fairly","compound":"unclear","confidence":"very","handling":"not_very","heard":"know","order":"not_very","overall":"fairly","sex":"female","slogans":["together"],"suggestion":"希望小区停车再规范一些。","times":2.0,"took_part":"yes","township":"T01"}',
  decode('b6d767d2f8ed5d21a44b0e5886680cb9', 'hex'), NULL::bigint"#;

/// An id as random as the server's, made inside PostgreSQL.
const ID: &str = "decode(overlay(md5(random()::text || n) placing '7' from 13), 'hex')";

/// Measures it all and prints it.
pub fn measure(folder: &Path, size: Size, sync: Duration) -> Result<()> {
    let binaries = postgres::install()?;
    // What docs/OPERATIONS.md says under "PostgreSQL".
    let settings = [
        "shared_buffers=256MB",
        "max_wal_size=4GB",
        "backend_flush_after=256kB",
    ];
    let cluster = Cluster::start(&binaries, &settings)?;
    let new = |name: &str| create_database(&cluster.address("postgres"), name);
    let single = bare(folder, &new("single")?, 300, 1)?;
    let large = new("batches")?;
    let batches = bare(folder, &large, size.answers, 1024)?;

    let http = new("http")?;
    let server = Server::start(&http)?;
    let flood = flood(&server, size.answers, batches, single, 20.0)?;
    half(&server, &flood, sync)?;
    let memory = server.peak()?;
    line("memory at its peak", format!("{memory:.0} MiB"), "<= 150");
    drop(server);

    // One again, because PostgreSQL is still at work on the million rows from before.
    let answers = size.answers / 3;
    let one = together(&new("one")?, 1, answers)?;
    let three = together(&new("three")?, 3, answers)?;
    line("one server after that", format!("{one:.0}"), "");
    line("three servers together", format!("{three:.0}"), "");
    line("  ratio to one", format!("{:.2}", three / one), ">= 1");

    // After the rest, because PostgreSQL goes on writing and analysing its million rows.
    let sent = pgbench(&binaries, folder, &new("sent")?, &sent())?;
    line("pgbench sends the same batches", format!("{sent:.0}"), "");
    let ratio = flood.rate() / sent;
    line("  ratio of one server", format!("{ratio:.2}"), ">= 0.5");
    let made = pgbench(&binaries, folder, &new("made")?, &made())?;
    line("  made inside PostgreSQL", format!("{made:.0}"), "");

    println!("\nA full picture, PostgreSQL");
    let small = new("small")?;
    fill(&small, 1000)?;
    pictures(&small, &large, size.answers)
}

/// Answers a second of so many servers on one database, over as many connections in all.
fn together(database: &str, servers: u32, answers: u64) -> Result<f64> {
    let running: Result<Vec<Server>> = (0..servers).map(|_| Server::start(database)).collect();
    let answers = format!("answers={}", answers / u64::from(servers));
    load_all(&running?, CONNECTIONS / servers, &[&answers])
}

/// A statement that sends a batch of rows.
fn sent() -> String {
    let rows: Vec<String> = (1..=BATCH).map(|n| format!("({n}, {ROW})")).collect();
    format!(
        "INSERT INTO response
         SELECT get_byte(id, 15) & 63, id, a, b, c, d, e, f, g, h, i, j, k, l, m
         FROM (VALUES {}) AS sent (n, a, b, c, d, e, f, g, h, i, j, k, l, m),
              LATERAL (SELECT {ID} AS id) AS made ORDER BY 1, 2;",
        rows.join(", ")
    )
}

/// A statement that has PostgreSQL make a batch of rows, so that nothing is sent.
fn made() -> String {
    format!(
        "INSERT INTO response SELECT get_byte(id, 15) & 63, id, {ROW}
         FROM (SELECT {ID} AS id FROM generate_series(1, {BATCH}) AS n) AS made ORDER BY 1, 2;"
    )
}

/// Rows a second that pgbench inserts by a statement into a database of ours: rows alone, no
/// tallies, nothing that is checked or looked up.
fn pgbench(binaries: &Binaries, folder: &Path, database: &str, statement: &str) -> Result<f64> {
    // Makes the tables.
    fill(database, 1000)?;
    let script = folder.join("rows.sql");
    fs::write(&script, statement.replace('\n', " ")).map_err(|e| format!("pgbench: {e}"))?;
    let mut run = Command::new(binaries.program("pgbench"));
    run.args([
        "--no-vacuum",
        "--time",
        "10",
        "--client",
        &CLIENTS.to_string(),
    ]);
    let output = run.arg("--file").arg(&script).arg(database).output();
    let output = output.map_err(|error| format!("pgbench: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let tps = said.lines().find_map(|line| {
        let number = line.strip_prefix("tps = ")?;
        number.split_whitespace().next()?.parse::<f64>().ok()
    });
    let wrong = String::from_utf8_lossy(&output.stderr);
    let tps = tps.ok_or_else(|| format!("pgbench: {said}{wrong}"))?;
    Ok(tps * f64::from(BATCH))
}
