//! A server under measurement: started, asked, watched from outside.

use crate::{Result, target};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

/// The kernel's ticks of processor time in a second.
const TICKS: f64 = 100.0;

/// The server's program.
pub fn wendu() -> Command {
    Command::new(target().join("release/wendu"))
}

/// A running server.
pub struct Server {
    process: Child,
    /// Where it listens: `127.0.0.1:PORT`.
    pub host: String,
    metrics: String,
}

impl Server {
    /// Starts it on a database and waits until it listens.
    pub fn start(database: &str) -> Result<Server> {
        Server::start_with(database, &[])
    }

    /// The same, with more of its flags.
    pub fn start_with(database: &str, flags: &[&str]) -> Result<Server> {
        let free = TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
        let metrics = free.local_addr().map_err(|e| e.to_string())?.to_string();
        drop(free);
        let mut process = wendu()
            .args(["serve", "--listen", "127.0.0.1:0", "--metrics", &metrics])
            .args(["--database", database])
            .args(flags)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("wendu: {error}"))?;
        let mut host = None;
        if let Some(stdout) = process.stdout.take() {
            let mut lines = BufReader::new(stdout).lines();
            host = lines.find_map(|line| {
                let line = line.ok()?;
                Some(line.split_once("listens on http://")?.1.to_owned())
            });
            // The rest is read to its end so that the server never waits for us.
            std::thread::spawn(move || lines.for_each(drop));
        }
        Ok(Server {
            host: host.ok_or("the server did not start")?,
            process,
            metrics,
        })
    }

    /// Gets a page; its body.
    pub fn get(&self, path: &str) -> Result<String> {
        get(&self.host, path)
    }

    /// A number among its metrics.
    pub fn metric(&self, name: &str) -> Result<f64> {
        let text = get(&self.metrics, "/metrics")?;
        let line = text
            .lines()
            .find_map(|l| l.strip_prefix(name)?.strip_prefix(' '));
        line.and_then(|number| number.trim().parse().ok())
            .ok_or_else(|| format!("there is no metric {name}"))
    }

    /// The most memory that it has held so far, in MiB.
    pub fn peak(&self) -> Result<f64> {
        peak(self.process.id())
    }

    /// Seconds of processor time so far, by the name of the thread.
    pub fn processor(&self) -> Result<BTreeMap<String, f64>> {
        let folder = format!("/proc/{}/task", self.process.id());
        let mut seconds = BTreeMap::new();
        for thread in fs::read_dir(&folder).map_err(|e| format!("{folder}: {e}"))? {
            let stat = thread.map(|t| fs::read_to_string(t.path().join("stat")));
            let Ok(Ok(stat)) = stat else { continue };
            let Some((name, numbers)) = stat.rsplit_once(')') else {
                continue;
            };
            let name = name.split_once('(').map_or("", |(_, name)| name);
            let numbers: Vec<f64> = numbers
                .split_whitespace()
                .map(|word| word.parse().unwrap_or(0.0))
                .collect();
            // utime and stime are the 14th and 15th field; two stand before these.
            let ticks: f64 = numbers.iter().skip(11).take(2).sum();
            *seconds.entry(name.to_owned()).or_insert(0.0) += ticks / TICKS;
        }
        Ok(seconds)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its database is thrown away.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What all processors of this machine have done so far, in seconds of one.
#[derive(Debug, Clone, Copy)]
pub struct Machine {
    /// At work.
    pub busy: f64,
    /// Idle, while somebody waited for a disk.
    pub disk: f64,
    /// Idle.
    pub idle: f64,
}

impl Machine {
    /// What they have done up to now.
    pub fn now() -> Result<Machine> {
        let stat = fs::read_to_string("/proc/stat").map_err(|e| format!("/proc/stat: {e}"))?;
        let line = stat.lines().next().unwrap_or_default();
        let numbers: Vec<f64> = line
            .split_whitespace()
            .skip(1)
            .filter_map(|word| Some(word.parse::<f64>().ok()? / TICKS))
            .collect();
        let [user, nice, system, idle, disk, interrupts, soft, ..] = numbers.as_slice() else {
            return Err(format!("/proc/stat: {line}"));
        };
        Ok(Machine {
            busy: user + nice + system + interrupts + soft,
            disk: *disk,
            idle: *idle,
        })
    }

    /// What they have done since.
    pub fn since(self, before: Machine) -> Machine {
        Machine {
            busy: self.busy - before.busy,
            disk: self.disk - before.disk,
            idle: self.idle - before.idle,
        }
    }
}

/// The most memory that a process has held so far, in MiB.
pub fn peak(process: u32) -> Result<f64> {
    let path = format!("/proc/{process}/status");
    let status = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    Ok(kib.ok_or("no resident memory")? / 1024.0)
}

fn get(host: &str, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(host).map_err(|error| format!("{host}: {error}"))?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    let mut answer = String::new();
    stream
        .write_all(request.as_bytes())
        .and_then(|()| stream.read_to_string(&mut answer))
        .map_err(|error| format!("{host}{path}: {error}"))?;
    match answer.split_once("\r\n\r\n") {
        Some((head, body)) if head.starts_with("HTTP/1.1 200") => Ok(body.to_owned()),
        _ => Err(format!("{host}{path}: {answer}")),
    }
}
