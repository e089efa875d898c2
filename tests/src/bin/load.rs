//! A load generator: connections that are kept open, each sending one answer after the other.
//!
//! `load bodies N` prints so many bodies, one a line. `load run HOST:PORT CONNECTIONS [seconds=S]
//! [answers=N] [rate=R]` sends and prints `ACKNOWLEDGED SECONDS P50 P99 MAX REFUSED PROCESSOR`,
//! times in milliseconds, but the time in all and that of the processor, which this program took
//! from the server, in seconds. With a rate, an answer's time counts from the moment at which it was due, so that
//! a server that stalls cannot hide it.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use system::resident_response;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Builder;
use uuid::fmt::Hyphenated;

/// What to send, and for how long.
#[derive(Debug, Clone, Copy)]
struct Plan {
    connections: u64,
    seconds: f64,
    answers: u64,
    /// Answers a second over all connections; none: as fast as they are taken.
    rate: Option<f64>,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["bodies", n] => {
            let n: u64 = n.parse().expect("a number of bodies");
            for i in 0..n {
                println!("{}", body(i));
            }
        }
        ["run", host, connections, options @ ..] => {
            let mut plan = Plan {
                connections: connections.parse().expect("a number of connections"),
                seconds: f64::INFINITY,
                answers: u64::MAX,
                rate: None,
            };
            for option in options {
                match option.split_once('=') {
                    Some(("seconds", s)) => plan.seconds = s.parse().expect("seconds"),
                    Some(("answers", n)) => plan.answers = n.parse().expect("answers"),
                    Some(("rate", r)) => plan.rate = Some(r.parse().expect("a rate")),
                    _ => panic!("there is no option {option}"),
                }
            }
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(run(host, plan));
        }
        _ => {
            eprintln!(
                "load bodies N | load run HOST:PORT CONNECTIONS [seconds=S] [answers=N] [rate=R]"
            );
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// One resident's answers: every item answered, spread over the cells of a campaign.
fn body(i: u64) -> String {
    let mut body = resident_response();
    let pick = |codes: &[&str], every: u64| codes[(i / every) as usize % codes.len()].to_owned();
    let answers = &mut body["answers"];
    answers["township"] = pick(&["T01", "T02", "T03", "T04", "T05", "T06", "T07", "T08"], 1).into();
    answers["age"] = pick(&["14-17", "18-34", "35-54", "55-plus"], 8).into();
    answers["sex"] = pick(&["female", "male", "unsaid"], 32).into();
    for (item, every) in [("clean", 3), ("order", 5), ("handling", 7), ("overall", 11)] {
        answers[item] = pick(&["very", "fairly", "not_very", "unclear"], every).into();
    }
    answers["suggestion"] = "希望小区停车再规范一些。".into();
    body["mode"] = pick(&["self", "interviewer"], 96).into();
    body.to_string()
}

async fn run(host: &str, plan: Plan) {
    let (sent, host): (Arc<AtomicU64>, Arc<str>) = (Arc::default(), host.into());
    let begun = Instant::now();
    let clients: Vec<_> = (0..plan.connections)
        .map(|index| tokio::spawn(client(host.clone(), plan, index, sent.clone(), begun)))
        .collect();
    let (mut times, mut refused) = (Vec::new(), 0);
    for client in clients {
        let (took, not) = client.await.expect("a client ends");
        times.extend(took);
        refused += not;
    }
    let seconds = begun.elapsed().as_secs_f64();
    times.sort_unstable();
    let milliseconds = |share: f64| {
        let place = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
        times.get(place).map_or(0.0, |t| f64::from(*t) / 1000.0)
    };
    println!(
        "{} {seconds:.3} {:.2} {:.2} {:.2} {refused} {:.2}",
        times.len(),
        milliseconds(0.5),
        milliseconds(0.99),
        milliseconds(1.0),
        processor()
    );
}

/// Seconds of processor time that this process has used.
fn processor() -> f64 {
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").expect("its own state");
    let (_, numbers) = stat.rsplit_once(')').expect("a name in brackets");
    // utime and stime are the 14th and 15th field; two stand before these.
    let ticks = numbers.split_whitespace().skip(11).take(2);
    let ticks = ticks.map(|word| word.parse::<f64>().expect("a number of ticks"));
    ticks.sum::<f64>() / TICKS
}

/// Sends until time or answers are used up; returns the time of each acknowledged answer in
/// microseconds, and how many were refused.
async fn client(
    host: Arc<str>,
    plan: Plan,
    index: u64,
    sent: Arc<AtomicU64>,
    begun: Instant,
) -> (Vec<u32>, u64) {
    let mut stream = TcpStream::connect(&*host).await.expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    let (mut times, mut refused) = (Vec::new(), 0);
    let mut request = Request::new(&host, index);
    let mut answer = Vec::with_capacity(2048);
    loop {
        let number = sent.fetch_add(1, Ordering::Relaxed);
        let due = match plan.rate {
            Some(rate) => begun + Duration::from_secs_f64(number as f64 / rate),
            None => Instant::now(),
        };
        if number >= plan.answers || (due - begun).as_secs_f64() >= plan.seconds {
            return (times, refused);
        }
        if plan.rate.is_some() {
            tokio::time::sleep_until(due.into()).await;
        }
        stream.write_all(request.next()).await.expect("it is taken");
        match read_answer(&mut stream, &mut answer).await {
            201 => times.push(u32::try_from(due.elapsed().as_micros()).unwrap_or(u32::MAX)),
            _ => refused += 1,
        }
    }
}

/// A request whose bytes are made once; only the id in it changes.
struct Request {
    bytes: Vec<u8>,
    /// Where the id stands.
    id: usize,
    /// The last id's random part. Counting on from a random number costs no system call.
    random: u128,
}

impl Request {
    fn new(host: &str, index: u64) -> Request {
        let body = body(index);
        let at = body.find("\"id\":\"").expect("an id") + 6;
        let head = format!(
            "POST /api/v1/responses HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n",
            body.len()
        );
        Request {
            random: uuid::Uuid::new_v4().as_u128(),
            id: head.len() + at,
            bytes: [head, body].concat().into_bytes(),
        }
    }

    fn next(&mut self) -> &[u8] {
        /// Odd, so that no number comes twice; large, so that every byte changes.
        const STEP: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
        self.random = self.random.wrapping_add(STEP);
        let [.., a, b, c, d, e, f, g, h, i, j] = self.random.to_be_bytes();
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.expect("a clock after 1970").as_millis() as u64;
        let id = Builder::from_unix_timestamp_millis(now, &[a, b, c, d, e, f, g, h, i, j]);
        if let Some(place) = self.bytes.get_mut(self.id..self.id + Hyphenated::LENGTH) {
            id.into_uuid().hyphenated().encode_lower(place);
        }
        &self.bytes
    }
}

/// Reads one answer and returns its status.
async fn read_answer(stream: &mut TcpStream, answer: &mut Vec<u8>) -> u16 {
    answer.clear();
    loop {
        let n = stream.read_buf(answer).await.expect("an answer");
        assert!(n > 0, "the server closed the connection");
        let text = std::str::from_utf8(answer).expect("text");
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if body.len() >= length.unwrap_or(0) {
            let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
            return status.expect("a status");
        }
    }
}
