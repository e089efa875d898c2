//! The server's clock. Everything else is told the time.

use std::time::{SystemTime, UNIX_EPOCH};

/// A day in milliseconds.
pub const DAY_MS: i64 = 86_400_000;

/// Milliseconds since the Unix epoch.
pub fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        })
}

/// Reads an RFC 3339 time as milliseconds since the Unix epoch.
pub fn parse(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>()
        .ok()
        .map(|time| time.as_millisecond())
}

/// Writes milliseconds since the Unix epoch as an RFC 3339 time by a clock that is so far ahead of
/// UTC, to the second.
pub fn format_at(unix_ms: i64, utc_offset_ms: i64) -> String {
    let seconds = |ms: i64| ms.div_euclid(1000);
    let offset = i32::try_from(seconds(utc_offset_ms)).map(jiff::tz::Offset::from_seconds);
    match (jiff::Timestamp::from_second(seconds(unix_ms)), offset) {
        (Ok(time), Ok(Ok(offset))) => time.display_with_offset(offset).to_string(),
        _ => format(unix_ms),
    }
}

/// Writes milliseconds since the Unix epoch as an RFC 3339 time in UTC.
pub fn format(unix_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(unix_ms)
        .map_or_else(|_| unix_ms.to_string(), |time| time.to_string())
}
