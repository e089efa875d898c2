//! Driving the whole system from outside: the built server, its HTTP interface, a real browser.
//! Nothing here knows the inside.

pub mod accessibility;
pub mod answering;
pub mod browser;
pub mod certificates;
pub mod clock;
pub mod codes;
pub mod disk;
pub mod interviews;
pub mod line;
pub mod load;
pub mod news;
pub mod plain;
pub mod postgres;
pub mod rebuilt;
pub mod server;
pub mod widget;

use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long to wait for something that should happen.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until `check` gives something; panics with `what` if it never does.
pub async fn eventually<T, F: AsyncFnMut() -> Option<T>>(what: &str, mut check: F) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        // A check that hangs is a check that failed.
        let left = deadline.saturating_duration_since(Instant::now());
        if let Ok(Some(found)) = tokio::time::timeout(left, check()).await {
            return found;
        }
        assert!(Instant::now() < deadline, "did not happen: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The folder of build results, where the server is and where pictures go.
pub fn target() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    // target/debug/deps/this-test
    test.ancestors().nth(3).expect("a target folder").to_owned()
}

/// A file that comes with the tests.
pub fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("data")
        .join(name)
}

/// A response to the resident questionnaire with every question answered.
pub fn resident_response() -> serde_json::Value {
    serde_json::json!({
        "id": uuid::Uuid::now_v7().to_string(),
        "questionnaire": "resident",
        "version": 1,
        "mode": "self",
        "started_at": "2026-11-23T08:00:00Z",
        "language": "zh-CN",
        "answers": {
            "heard": "know", "channels": ["community", "phone"], "slogans": ["together"],
            "took_part": "yes", "times": 2, "clean": "fairly", "order": "not_very",
            "appearance": "fairly", "compound": "unclear", "handling": "not_very",
            "overall": "fairly", "confidence": "very", "age": "35-54", "sex": "female",
            "township": "T01"
        }
    })
}

/// A response to the cadre questionnaire with every question answered.
pub fn cadre_response() -> serde_json::Value {
    serde_json::json!({
        "id": uuid::Uuid::now_v7().to_string(),
        "questionnaire": "cadre",
        "version": 1,
        "mode": "self",
        "started_at": "2026-11-23T08:00:00Z",
        "language": "zh-CN",
        "answers": {
            "heard": "know", "took_part": "yes", "times": 5, "clean": "very", "order": "very",
            "appearance": "very", "compound": "fairly", "handling": "fairly", "duties": "not_very",
            "overall": "very", "confidence": "very", "township": "T01"
        }
    })
}
