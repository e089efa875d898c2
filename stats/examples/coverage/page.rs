//! Tables of the page, and what its sections share.

use stats::Error;
use stats::distribution::binomial;

/// A Markdown table. The first column is text, the others are figures.
pub fn table(head: &[impl AsRef<str>], rows: &[Vec<String>]) -> String {
    let head: Vec<&str> = head.iter().map(AsRef::as_ref).collect();
    let rule = format!("|---|{}\n", "---:|".repeat(head.len().saturating_sub(1)));
    let body: String = rows
        .iter()
        .map(|row| format!("| {} |\n", row.join(" | ")))
        .collect();
    format!("| {} |\n{rule}{body}\n", head.join(" | "))
}

/// The head of a table with one row for each method.
pub fn by_method(columns: impl IntoIterator<Item = String>) -> Vec<String> {
    std::iter::once("method".to_owned())
        .chain(columns)
        .collect()
}

/// The first column of such a table.
pub fn names<M: ToString>(methods: &[M]) -> Vec<Vec<String>> {
    methods
        .iter()
        .map(|method| vec![method.to_string()])
        .collect()
}

/// A probability as a percentage with one decimal.
pub fn percent(probability: f64) -> String {
    // An empty sum is −0, which would be shown as such.
    format!("{:.1}", 100.0 * probability.abs())
}

/// The standard error, in points, of a simulated coverage of about 95 %.
pub fn simulation_error(repetitions: u32) -> String {
    format!(
        "{:.1}",
        100.0 * (0.05_f64 * 0.95 / f64::from(repetitions)).sqrt()
    )
}

/// Coverage over a grid: the mean, and the least in parentheses.
#[derive(Debug, Clone, Copy)]
pub struct Grid {
    sum: f64,
    count: f64,
    least: f64,
}

impl Grid {
    /// The summary of coverages.
    pub fn of(coverages: impl IntoIterator<Item = f64>) -> Self {
        let empty = Self {
            sum: 0.0,
            count: 0.0,
            least: 1.0,
        };
        coverages.into_iter().fold(empty, |grid, coverage| Self {
            sum: grid.sum + coverage,
            count: grid.count + 1.0,
            least: grid.least.min(coverage),
        })
    }

    /// Mean (least), in %.
    pub fn cell(self) -> String {
        format!(
            "{} ({})",
            percent(self.sum / self.count),
            percent(self.least)
        )
    }
}

/// The probabilities of 0 to n successes.
pub fn binomial_row(n: u64, p: f64) -> Result<Vec<f64>, Error> {
    (0..=n).map(|x| binomial::pmf(x, n, p)).collect()
}
