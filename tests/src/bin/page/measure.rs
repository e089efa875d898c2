//! Opening a page as if for the first time, and seeing when it becomes what.

use serde_json::{Value, json};
use system::browser::{Browser, PHONE};
use system::eventually;

/// A line and a processor.
pub struct Line {
    pub name: &'static str,
    pub bits: u64,
    pub latency: u64,
    pub slower: u64,
}

/// Times in milliseconds from the navigation's start.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// First contentful paint.
    pub painted: f64,
    /// The first question's first option is on the screen and the page is free to take a tap.
    pub answerable: f64,
    /// The app has the form: what a tap does is done without the server.
    pub in_charge: f64,
    /// Compressed bodies of everything that was fetched.
    pub bytes: f64,
    /// Cumulative layout shift.
    pub shift: f64,
}

/// Looks before every frame: only a free page comes to it.
const WATCH: &str = "
(() => {
    const seen = window.seen = { shift: 0 };
    const watch = (type, each) =>
        new PerformanceObserver(list => list.getEntries().forEach(each)).observe({ type, buffered: true });
    watch('paint', entry => { if (entry.name === 'first-contentful-paint') seen.painted = entry.startTime; });
    watch('layout-shift', entry => { seen.shift += entry.value; });
    const shown = element => element && (element.closest('label') ?? element).getBoundingClientRect().height > 0;
    const look = () => {
        const option = document.querySelector('input[type=radio], input[type=checkbox]');
        if (!seen.answerable && shown(option)) seen.answerable = performance.now();
        const form = document.querySelector('form');
        const app = window.Survey ? shown(option) : form && (location.pathname.endsWith('.html') || !form.hasAttribute('method'));
        if (seen.answerable && !seen.in_charge && app) seen.in_charge = performance.now();
        if (!seen.in_charge) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
})();";

const REPORT: &str = "
    if (!window.seen?.in_charge || !seen.painted || document.readyState !== 'complete') return null;
    const fetched = performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'));
    return { ...seen, bytes: fetched.reduce((sum, entry) => sum + entry.encodedBodySize, 0) };";

/// Opens a page so many times, each in a browser that has never seen it.
pub async fn open(url: &str, line: &Line, runs: usize) -> Vec<Seen> {
    let mut all = Vec::with_capacity(runs);
    for _ in 0..runs {
        let browser = Browser::start(PHONE).await;
        let bytes = line.bits / 8;
        let network = json!({ "offline": false, "latency": line.latency, "downloadThroughput": bytes, "uploadThroughput": bytes });
        browser.devtools("Network.enable", json!({})).await;
        browser
            .devtools("Network.emulateNetworkConditions", network)
            .await;
        browser
            .devtools(
                "Emulation.setCPUThrottlingRate",
                json!({ "rate": line.slower }),
            )
            .await;
        browser
            .devtools(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": WATCH }),
            )
            .await;
        browser.open(url).await;
        let seen = eventually("the page is in charge", async || {
            let seen = browser.script(REPORT).await;
            seen.is_object().then_some(seen)
        })
        .await;
        let number = |name: &str| seen.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN);
        all.push(Seen {
            painted: number("painted"),
            answerable: number("answerable"),
            in_charge: number("in_charge"),
            bytes: number("bytes"),
            shift: number("shift"),
        });
        browser.close().await;
    }
    all
}

/// The median of what was seen.
pub fn median(seen: &[Seen], of: impl Fn(&Seen) -> f64) -> f64 {
    let mut values: Vec<f64> = seen.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
