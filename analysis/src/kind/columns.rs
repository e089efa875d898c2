//! Columns of a CSV text, as the model methods need them.

use crate::Error;
use std::collections::BTreeMap;

/// A table read as text, by columns.
pub(super) struct Columns {
    columns: BTreeMap<String, Vec<String>>,
    rows: usize,
}

impl Columns {
    /// Reads a CSV text with a header.
    pub fn read(text: &str) -> Result<Self, Error> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let broken = |error: csv::Error| Error::Inputs(format!("csv: {error}"));
        let names: Vec<String> = reader
            .headers()
            .map_err(broken)?
            .iter()
            .map(|name| name.trim().to_owned())
            .collect();
        let mut fields: Vec<Vec<String>> = vec![Vec::new(); names.len()];
        let mut rows = 0;
        for record in reader.records() {
            let record = record.map_err(broken)?;
            for (column, field) in fields.iter_mut().zip(record.iter()) {
                column.push(field.trim().to_owned());
            }
            rows += 1;
        }
        Ok(Self {
            columns: names.into_iter().zip(fields).collect(),
            rows,
        })
    }

    /// A column as text.
    pub fn text(&self, name: &str) -> Result<&[String], Error> {
        self.columns
            .get(name)
            .map(Vec::as_slice)
            .ok_or_else(|| Error::Unknown {
                what: "column",
                given: name.to_owned(),
                known: self.columns.keys().cloned().collect::<Vec<_>>().join(", "),
            })
    }

    /// A column as numbers.
    pub fn numbers(&self, name: &str) -> Result<Vec<f64>, Error> {
        let fields = self.text(name)?.iter().enumerate();
        fields
            .map(|(row, field)| {
                field.parse().map_err(|_| {
                    let line = row + 2;
                    Error::Inputs(format!(
                        "csv line {line}: {name} = \"{field}\" is no number"
                    ))
                })
            })
            .collect()
    }

    /// The sorted levels of a column.
    pub fn levels(&self, name: &str) -> Result<Vec<String>, Error> {
        let mut levels = self.text(name)?.to_vec();
        levels.sort_unstable();
        levels.dedup();
        Ok(levels)
    }

    /// A column as numbers of its levels.
    pub fn codes(&self, name: &str) -> Result<Vec<usize>, Error> {
        let levels = self.levels(name)?;
        let code = |field| levels.binary_search(field).unwrap_or(0);
        Ok(self.text(name)?.iter().map(code).collect())
    }

    /// Whether every field of a column is a number.
    fn is_numeric(&self, name: &str) -> Result<bool, Error> {
        let fields = self.text(name)?;
        Ok(fields.iter().all(|field| field.parse::<f64>().is_ok()))
    }
}

/// One column of a model matrix.
enum Term {
    Number(String),
    Level(String, String),
}

/// The columns of a model matrix: an intercept, numbers as they are, and for text or for a
/// name in `factors` an indicator of each level but the first.
pub(super) struct ModelMatrix(Vec<Term>);

impl ModelMatrix {
    /// Plans the matrix on the levels found in all of `tables`.
    pub fn plan(
        tables: &[&Columns],
        covariates: &[String],
        factors: &[String],
    ) -> Result<Self, Error> {
        let mut terms = Vec::new();
        for name in covariates {
            let mut numeric = !factors.contains(name);
            let mut levels = Vec::new();
            for table in tables {
                numeric = numeric && table.is_numeric(name)?;
                levels.extend(table.levels(name)?);
            }
            if numeric {
                terms.push(Term::Number(name.clone()));
                continue;
            }
            levels.sort_unstable();
            levels.dedup();
            let indicators = levels.into_iter().skip(1);
            terms.extend(indicators.map(|level| Term::Level(name.clone(), level)));
        }
        Ok(Self(terms))
    }

    /// The names of the columns.
    pub fn names(&self) -> Vec<String> {
        let terms = self.0.iter().map(|term| match term {
            Term::Number(name) => name.clone(),
            Term::Level(name, level) => format!("{name}{level}"),
        });
        std::iter::once("intercept".to_owned())
            .chain(terms)
            .collect()
    }

    /// The rows for one table.
    pub fn rows(&self, table: &Columns) -> Result<Vec<Vec<f64>>, Error> {
        let mut rows = vec![vec![1.0]; table.rows];
        for term in &self.0 {
            let values: Vec<f64> = match term {
                Term::Number(name) => table.numbers(name)?,
                Term::Level(name, level) => {
                    let fields = table.text(name)?.iter();
                    fields.map(|field| f64::from(field == level)).collect()
                }
            };
            for (row, value) in rows.iter_mut().zip(values) {
                row.push(value);
            }
        }
        Ok(rows)
    }
}
