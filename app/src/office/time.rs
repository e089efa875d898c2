//! Times as the office reads them: Beijing time, which is UTC+8 without summer time.

use survey::Language;

const BEIJING_MS: i64 = 8 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// A moment (milliseconds since the Unix epoch) as date and time: 2026-03-09 14:05.
pub fn moment(unix_ms: i64) -> String {
    let local = unix_ms.saturating_add(BEIJING_MS);
    let (year, month, day) = civil(local.div_euclid(DAY_MS));
    let minutes = local.rem_euclid(DAY_MS) / 60_000;
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}",
        minutes / 60,
        minutes % 60
    )
}

/// The zone, to be named once beside the times.
pub fn zone(language: Language) -> &'static str {
    language.pick("北京时间", "Beijing time")
}

/// Year, month and day of a day counted from 1970-01-01 (Hinnant, "chrono-compatible low-level
/// date algorithms", `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_in_beijing_time() {
        assert_eq!(moment(0), "1970-01-01 08:00");
        assert_eq!(moment(951_782_400_000), "2000-02-29 08:00");
        assert_eq!(moment(1_767_196_799_000), "2025-12-31 23:59");
        assert_eq!(moment(1_767_196_800_000), "2026-01-01 00:00");
    }

    #[test]
    fn no_moment_breaks_it() {
        assert_eq!(moment(-1), "1970-01-01 07:59");
        assert!(!moment(i64::MAX).is_empty());
        assert!(!moment(i64::MIN).is_empty());
    }
}
