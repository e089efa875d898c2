//! What a widget costs the page around it: layout shift and the main thread's time of the layout of
//! a large news page, with and without it, in one run, each in a browser that has never seen it.
//!
//! `embed SERVER PORT RUNS`: our server's address, the port at which the news site shall stand (the
//! server lets `http://localhost:PORT` embed the residents' form), and how often each is opened.

use serde_json::json;
use std::process::ExitCode;
use system::browser::{Browser, DESKTOP, PHONE};
use system::news::NewsSite;

/// How much slower than this one the reader's processor is.
const SLOWER: u64 = 4;

/// What one visit cost the page.
#[derive(Clone, Copy)]
struct Cost {
    /// Cumulative layout shift of the whole visit.
    shift: f64,
    /// Milliseconds of the main thread, and of them for scripts, for style and layout.
    tasks: f64,
    scripts: f64,
    layout: f64,
    /// Milliseconds in tasks of more than 50, which keep the page waiting.
    long: f64,
}

const WATCH: &str = "
    window.cost = { shift: 0, long: 0 };
    const watch = (type, each) => new PerformanceObserver(list => list.getEntries().forEach(each)).observe({ type, buffered: true });
    watch('layout-shift', entry => { if (!entry.hadRecentInput) cost.shift += entry.value; });
    watch('longtask', entry => { cost.long += entry.duration; });
    addEventListener('wendu:ready', () => { cost.ready = true; });";

/// Reads on as a reader does, a screen at a time, to the end.
const READ: &str = "
    const drawn = () => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
    for (let n = 0; n < 14; n++) {
        scrollBy({ top: innerHeight / 2, behavior: 'instant' });
        for (let frames = 0; frames < 4; frames++) await drawn();
    }
    return true;";

async fn visit(url: &str, size: (u32, u32), widget: bool) -> Cost {
    let browser = Browser::start(size).await;
    browser
        .before_pages(&format!("if (self === top) {{ {WATCH} }}"))
        .await;
    browser
        .devtools("Emulation.setCPUThrottlingRate", json!({ "rate": SLOWER }))
        .await;
    browser.devtools("Performance.enable", json!({})).await;
    browser.open(url).await;
    browser.wait_for("it is read to the end", READ).await;
    if widget {
        browser.until("cost.ready === true").await;
    }
    let metrics = browser.devtools("Performance.getMetrics", json!({})).await;
    let metrics = metrics["metrics"].as_array().cloned().unwrap_or_default();
    let ms = |name: &str| {
        let metric = metrics.iter().find(|metric| metric["name"] == name);
        metric.map_or(f64::NAN, |metric| {
            metric["value"].as_f64().unwrap_or(f64::NAN) * 1000.0
        })
    };
    let seen = browser.script("return cost").await;
    let number = |name: &str| seen[name].as_f64().unwrap_or(f64::NAN);
    let cost = Cost {
        shift: number("shift"),
        tasks: ms("TaskDuration"),
        scripts: ms("ScriptDuration"),
        layout: ms("LayoutDuration") + ms("RecalcStyleDuration"),
        long: number("long"),
    };
    browser.close().await;
    cost
}

fn median(costs: &[Cost], of: impl Fn(&Cost) -> f64) -> f64 {
    let mut values: Vec<f64> = costs.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[tokio::main]
async fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [server, port, runs] = args.as_slice() else {
        eprintln!("embed SERVER PORT RUNS");
        return ExitCode::FAILURE;
    };
    let (Ok(port), Ok(runs)) = (port.parse(), runs.parse::<usize>()) else {
        eprintln!("PORT and RUNS are numbers");
        return ExitCode::FAILURE;
    };
    let mut news = NewsSite::at(port).await;
    let line = format!("<script async src=\"{server}/embed.js\" data-wendu=\"resident\"></script>");
    // In the middle of the article, and on top of it, where a reader sees it come.
    let pages = [
        ("without", String::new(), "/without"),
        ("in the middle", line.clone(), "/middle"),
        (
            "on top, room made for it",
            format!("<div style=\"width:100%;min-height:380px!important\">{line}</div>"),
            "/top-room",
        ),
        ("on top, the script alone", line, "/top"),
    ];
    for (_, widget, path) in &pages {
        news.layout(path, server, widget, path.starts_with("/top"));
    }
    news.open();
    println!("medians of {runs} runs, processor / {SLOWER}; the page around the widget alone\n");
    for (size, name) in [(DESKTOP, "1280 x 800"), (PHONE, "360 x 640")] {
        println!(
            "{name:<27}{:>14}{:>12}{:>12}{:>12}{:>12}",
            "layout shift", "tasks", "scripts", "layout", "over 50 ms"
        );
        let mut costs = vec![Vec::new(); pages.len()];
        // In turn, so that what else the machine does falls on all alike.
        for _ in 0..runs {
            for ((_, widget, path), costs) in pages.iter().zip(&mut costs) {
                let url = format!("{}{path}", news.origin);
                costs.push(visit(&url, size, !widget.is_empty()).await);
            }
        }
        for ((name, ..), costs) in pages.iter().zip(&costs) {
            println!(
                "  {name:<25}{:>14.4}{:>9.0} ms{:>9.1} ms{:>9.1} ms{:>9.0} ms",
                median(costs, |c| c.shift),
                median(costs, |c| c.tasks),
                median(costs, |c| c.scripts),
                median(costs, |c| c.layout),
                median(costs, |c| c.long),
            );
        }
        if let [without, with, ..] = costs.as_slice() {
            let more = |of: fn(&Cost) -> f64| median(with, of) - median(without, of);
            let ratio = median(with, |c| c.tasks) / median(without, |c| c.tasks);
            println!(
                "  with / without: tasks {ratio:.2}; more: layout shift {:.4} (goal 0), scripts {:.1} ms\n",
                more(|c| c.shift),
                more(|c| c.scripts)
            );
        }
    }
    ExitCode::SUCCESS
}
