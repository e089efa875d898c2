//! The data by column: only the columns that are asked for, as numbers or as coded levels.

use super::Refusal;
use super::condition::Condition;
use super::request::Literal;
use std::collections::{BTreeMap, HashMap};

/// The code of a missing value.
pub(super) const MISSING: u32 = u32::MAX;

/// Which columns a request needs, and in what form.
#[derive(Debug, Clone, Default)]
pub(super) struct Needs {
    columns: BTreeMap<String, Need>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Need {
    number: bool,
    category: bool,
}

impl Needs {
    pub(super) fn number(&mut self, column: &str) {
        self.entry(column).number = true;
    }

    pub(super) fn category(&mut self, column: &str) {
        self.entry(column).category = true;
    }

    /// The columns of a condition: numbers where they are ordered against one.
    pub(super) fn condition(&mut self, condition: &Condition) {
        condition.visit(&mut |column, comparison, literal| match literal {
            Literal::Number(_) if !comparison.is_equality() => self.number(column),
            _ => self.category(column),
        });
    }

    fn entry(&mut self, column: &str) -> &mut Need {
        self.columns.entry(column.to_owned()).or_default()
    }
}

/// A column of texts, each as the number of its level.
#[derive(Debug, Clone, Default)]
pub(super) struct Category {
    /// The level of each row; [`MISSING`] for an empty field.
    pub codes: Vec<u32>,
    /// The levels in order of appearance.
    pub levels: Vec<String>,
}

/// The columns that were asked for.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub rows: usize,
    numbers: HashMap<String, Vec<f64>>,
    categories: HashMap<String, Category>,
}

impl Table {
    /// A number column, NaN where it is empty.
    pub(super) fn numbers(&self, column: &str) -> Result<&[f64], Refusal> {
        let found = self.numbers.get(column).map(Vec::as_slice);
        found.ok_or_else(|| unknown(column, ""))
    }

    /// A column of levels.
    pub(super) fn category(&self, column: &str) -> Result<&Category, Refusal> {
        self.categories
            .get(column)
            .ok_or_else(|| unknown(column, ""))
    }
}

/// One column on its way in.
struct Reader<'a> {
    name: &'a str,
    field: usize,
    numbers: Option<Vec<f64>>,
    category: Option<(Category, HashMap<Vec<u8>, u32>)>,
}

impl Reader<'_> {
    fn push(&mut self, field: &[u8], row: usize) -> Result<(), Refusal> {
        if let Some(numbers) = &mut self.numbers {
            let field = field.trim_ascii();
            let value = if field.is_empty() {
                f64::NAN
            } else {
                let text = std::str::from_utf8(field).unwrap_or("?");
                match text.parse::<f64>() {
                    Ok(value) if value.is_finite() => value,
                    _ => {
                        return Err(Refusal::NotANumber {
                            column: self.name.to_owned(),
                            row: row + 1,
                            value: String::from_utf8_lossy(field).into_owned(),
                        });
                    }
                }
            };
            numbers.push(value);
        }
        if let Some((category, known)) = &mut self.category {
            let code = if field.is_empty() {
                MISSING
            } else if let Some(&code) = known.get(field) {
                code
            } else {
                let level = std::str::from_utf8(field).map_err(|_| Refusal::NotUtf8 {
                    column: self.name.to_owned(),
                    row: row + 1,
                })?;
                let code = category.levels.len() as u32;
                category.levels.push(level.to_owned());
                known.insert(field.to_vec(), code);
                code
            };
            category.codes.push(code);
        }
        Ok(())
    }
}

/// Reads the needed columns of a CSV stream with a header, in one pass.
pub(super) fn read(csv: impl std::io::Read, needs: &Needs) -> Result<Table, Refusal> {
    let mut csv = csv::ReaderBuilder::new()
        .buffer_capacity(1 << 18)
        .from_reader(csv);
    let header = csv.byte_headers()?.clone();
    let names: Vec<String> = header
        .iter()
        .map(|name| {
            String::from_utf8_lossy(name)
                .trim_start_matches('\u{feff}')
                .to_owned()
        })
        .collect();
    let mut readers = Vec::with_capacity(needs.columns.len());
    for (name, need) in &needs.columns {
        let mut fields = (0..names.len()).filter(|&field| names[field] == *name);
        let field = fields
            .next()
            .ok_or_else(|| unknown(name, &names.join(", ")))?;
        if fields.next().is_some() {
            return Err(Refusal::RepeatedColumn(name.clone()));
        }
        readers.push(Reader {
            name,
            field,
            numbers: need.number.then(Vec::new),
            category: need.category.then(Default::default),
        });
    }
    let mut table = Table::default();
    let mut record = csv::ByteRecord::new();
    while csv.read_byte_record(&mut record)? {
        for reader in &mut readers {
            reader.push(record.get(reader.field).unwrap_or(b""), table.rows)?;
        }
        table.rows += 1;
    }
    if table.rows == 0 {
        return Err(Refusal::NoRows);
    }
    for reader in readers {
        if let Some(numbers) = reader.numbers {
            table.numbers.insert(reader.name.to_owned(), numbers);
        }
        if let Some((category, _)) = reader.category {
            table.categories.insert(reader.name.to_owned(), category);
        }
    }
    Ok(table)
}

fn unknown(column: &str, known: &str) -> Refusal {
    Refusal::UnknownColumn {
        column: column.to_owned(),
        known: known.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_columns(csv: &str) -> Result<Table, Refusal> {
        let mut needs = Needs::default();
        needs.number("x");
        needs.category("g");
        read(csv.as_bytes(), &needs)
    }

    #[test]
    fn fields_become_numbers_and_codes() {
        let table = read_columns("\u{feff}g,x,z\n乙, 1e2 ,?\n甲,,?\n\"乙\",-0.5,?\n").unwrap();
        assert_eq!(table.rows, 3);
        let x = table.numbers("x").unwrap();
        assert!(x[0] == 100.0 && x[1].is_nan() && x[2] == -0.5);
        let g = table.category("g").unwrap();
        assert_eq!((g.codes.as_slice(), g.levels.len()), (&[0, 1, 0][..], 2));
    }

    #[test]
    fn each_fault_is_named() {
        let refusal = |csv| read_columns(csv).unwrap_err().to_string();
        assert!(refusal("g,y\n1,2\n").contains("no column \"x\"; the data have g, y"));
        assert!(refusal("g,x\n").contains("no rows"));
        assert!(refusal("").contains("no column"));
        assert!(refusal("g,x\na,1\nb,NA\n").contains("\"x\", row 2: \"NA\""));
        assert!(refusal("g,x\na,inf\n").contains("not a finite number"));
        assert!(refusal("g,x,g\na,1,b\n").contains("more than once"));
        assert!(refusal("g,x\na,1\nb\n").contains("cannot be read"));
    }
}
