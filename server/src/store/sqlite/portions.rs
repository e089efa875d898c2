//! Many rows in few statements.

/// How many rows are written by one statement.
const PORTIONS: [usize; 4] = [64, 16, 4, 1];

/// Cuts rows into portions of few sizes, so that a statement for each size is prepared once and
/// a large batch needs few statements.
pub fn portions<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = PORTIONS.into_iter().find(|size| *size <= rows.len())?;
        let (portion, rest) = rows.split_at_checked(size)?;
        rows = rest;
        Some(portion)
    })
}
