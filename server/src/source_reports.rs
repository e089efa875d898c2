//! Reports on where people come from, held where counting takes long.
//!
//! Completions are counted from the responses themselves, a second for a million, and an open page
//! of the office asks whenever there are new ones. So one report is counted at a time, and one that
//! took longer than a moment is shown until twenty times as long has passed: counting takes a
//! twentieth of one processor at most, however many ask and however many answers there are.

use report::SourceReport;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Mutex as AsyncMutex;

/// What takes no longer is counted whenever somebody asks.
const MOMENT: Duration = Duration::from_millis(100);

/// How many times as long as it took to count a report it is shown.
const SHOWN: u32 = 20;

/// The reports that took long, by questionnaire.
#[derive(Default)]
pub struct SourceReports {
    held: Mutex<BTreeMap<String, Held>>,
    counting: AsyncMutex<()>,
}

struct Held {
    report: Arc<SourceReport>,
    until: Instant,
}

impl SourceReports {
    /// The report on a questionnaire: the one that is held, or as `count` counts it. Whoever asks
    /// while another is counted is shown what is held, or waits.
    ///
    /// # Errors
    /// Whatever counting says.
    pub async fn of<E>(
        &self,
        questionnaire: &str,
        count: impl Future<Output = Result<SourceReport, E>>,
    ) -> Result<Arc<SourceReport>, E> {
        let _turn = match self.counting.try_lock() {
            Ok(turn) => turn,
            Err(_) => match self.held(questionnaire, None) {
                Some(report) => return Ok(report),
                None => self.counting.lock().await,
            },
        };
        if let Some(report) = self.held(questionnaire, Some(Instant::now())) {
            return Ok(report);
        }
        let begun = Instant::now();
        let mut report = count.await?;
        let took = begun.elapsed();
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if took <= MOMENT {
            report.as_of = None;
            held.remove(questionnaire);
            return Ok(Arc::new(report));
        }
        let report = Arc::new(report);
        let until = begun + took * (SHOWN + 1);
        held.insert(
            questionnaire.to_owned(),
            Held {
                report: report.clone(),
                until,
            },
        );
        Ok(report)
    }

    /// What is held, if it may still be shown at a time.
    fn held(&self, questionnaire: &str, at: Option<Instant>) -> Option<Arc<SourceReport>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let held = held.get(questionnaire)?;
        at.is_none_or(|at| at < held.until)
            .then(|| held.report.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// Counts for so long, and how often that was done.
    async fn count(times: &AtomicU32, takes: Duration) -> Result<SourceReport, Infallible> {
        let number = times.fetch_add(1, Ordering::SeqCst) + 1;
        tokio::time::sleep(takes).await;
        Ok(SourceReport {
            questionnaire: number.to_string(),
            since: None,
            as_of: Some("2026-11-29T16:32:05+08:00".to_owned()),
            simulated: false,
            widgets: Vec::new(),
            rows: Vec::new(),
        })
    }

    #[tokio::test]
    async fn what_is_counted_quickly_is_counted_for_everyone_who_asks() {
        let (reports, times) = (SourceReports::default(), AtomicU32::new(0));
        for number in ["1", "2", "3"] {
            let report = reports.of("resident", count(&times, Duration::ZERO)).await;
            let report = report.unwrap();
            assert_eq!((&*report.questionnaire, &report.as_of), (number, &None));
        }
    }

    #[tokio::test]
    async fn what_takes_long_is_counted_once_for_all_who_ask() {
        let (reports, times) = (SourceReports::default(), AtomicU32::new(0));
        let long = MOMENT * 2;
        let asking = (0..8).map(|_| reports.of("resident", count(&times, long)));
        for report in futures_util::future::join_all(asking).await {
            let report = report.unwrap();
            assert_eq!(report.questionnaire, "1");
            assert!(report.as_of.is_some(), "it says when it was counted");
        }
        let later = reports.of("resident", count(&times, long)).await.unwrap();
        assert_eq!(later.questionnaire, "1");
        let other = reports.of("cadre", count(&times, Duration::ZERO)).await;
        assert_eq!(other.unwrap().questionnaire, "2");
    }

    #[tokio::test]
    async fn what_is_held_is_shown_while_another_is_counted_and_not_after_its_time() {
        let (reports, times) = (SourceReports::default(), AtomicU32::new(0));
        let long = MOMENT * 2;
        reports.of("resident", count(&times, long)).await.unwrap();
        if let Some(held) = reports.held.lock().unwrap().get_mut("resident") {
            held.until = Instant::now();
        }
        let (first, second) = tokio::join!(
            reports.of("resident", count(&times, long)),
            reports.of("resident", count(&times, long)),
        );
        assert_eq!(first.unwrap().questionnaire, "2");
        assert_eq!(second.unwrap().questionnaire, "1");
    }
}
