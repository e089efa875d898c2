//! The moment matrix Σ vvᵀ of v = (1, x₁, …, x_k), in exact integers.

use super::MomentsRef;
use crate::Error;
use serde::{Deserialize, Serialize};

/// Count, sums and cross-products of `k` whole-number variables over a set of answers:
/// the upper triangle of Σ vvᵀ with v = (1, x₁, …, x_k), packed row by row.
///
/// For an indicator the variables are usually the pair (d, y): d = 1 if the answer counts
/// in the denominator, else 0, and y its score (0/1, or 0 to 100), 0 where d is 0. Put all
/// variables whose covariances will be asked for (the parts of one index) in one vector.
///
/// Integers make the group law exact: any order of [`merge`](Self::merge) and
/// [`subtract`](Self::subtract) gives the same tally, bit for bit.
///
/// ```
/// use stats::tally::Moments;
/// let mut town = Moments::new(2);
/// town.add(&[1, 80])?; // answered, 80 of 100
/// town.add(&[0, 0])?; // was not asked
/// assert_eq!((town.count(), town.sum(0), town.sum(1)), (2, 1, 80));
/// assert_eq!(town.product(1, 1), 6400);
/// # Ok::<(), stats::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Packed", into = "Packed")]
pub struct Moments {
    variables: usize,
    upper: Vec<i64>,
}

#[derive(Serialize, Deserialize)]
struct Packed {
    variables: usize,
    upper: Vec<i64>,
}

impl TryFrom<Packed> for Moments {
    type Error = Error;
    fn try_from(packed: Packed) -> Result<Self, Error> {
        Self::from_packed(packed.variables, packed.upper)
    }
}

impl From<Moments> for Packed {
    fn from(moments: Moments) -> Self {
        Self {
            variables: moments.variables,
            upper: moments.upper,
        }
    }
}

impl Moments {
    /// The empty tally of `variables` variables: the zero of the group.
    pub fn new(variables: usize) -> Self {
        Self {
            variables,
            upper: vec![0; Self::packed_len(variables)],
        }
    }

    /// How many integers a tally of `variables` variables holds: (k + 1)(k + 2) / 2.
    pub const fn packed_len(variables: usize) -> usize {
        let width = variables.saturating_add(1);
        width.saturating_mul(variables.saturating_add(2)) / 2
    }

    /// A tally read back from its packed integers, as [`as_packed`](Self::as_packed) gives them.
    ///
    /// # Errors
    /// [`Error::Length`] if there are not exactly [`packed_len`](Self::packed_len) of them.
    pub fn from_packed(variables: usize, upper: Vec<i64>) -> Result<Self, Error> {
        let expected = Self::packed_len(variables);
        if upper.len() != expected {
            return Err(Error::Length {
                name: "the packed moment matrix",
                expected,
                got: upper.len(),
            });
        }
        Ok(Self { variables, upper })
    }

    /// The integers to store: count, x₁ … x_k sums, then the products x₁x₁, x₁x₂, …
    pub fn as_packed(&self) -> &[i64] {
        &self.upper
    }

    /// Takes one answer in. `values` are its x₁ … x_k.
    ///
    /// # Errors
    /// [`Error::Length`] for another number of values, [`Error::Overflow`]; the tally is
    /// then unchanged.
    pub fn add(&mut self, values: &[i64]) -> Result<(), Error> {
        self.apply(values, i64::checked_add)
    }

    /// Takes one answer out again, for example a withdrawn response.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn remove(&mut self, values: &[i64]) -> Result<(), Error> {
        self.apply(values, i64::checked_sub)
    }

    /// Adds the answers of another tally of the same variables.
    ///
    /// # Errors
    /// [`Error::Length`] for another number of variables, [`Error::Overflow`]; the tally
    /// is then unchanged.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        self.combine(other, i64::checked_add)
    }

    /// Takes the answers of another tally of the same variables out.
    ///
    /// # Errors
    /// As [`merge`](Self::merge).
    pub fn subtract(&mut self, other: &Self) -> Result<(), Error> {
        self.combine(other, i64::checked_sub)
    }

    /// How many variables it tallies (the constant 1 not counted).
    pub fn variables(&self) -> usize {
        self.variables
    }

    /// The number of answers.
    pub fn count(&self) -> i64 {
        self.view().count()
    }

    /// Σ x_i; 0 if there is no variable `i`.
    pub fn sum(&self, i: usize) -> i64 {
        self.view().sum(i)
    }

    /// Σ x_i x_j; 0 if there is no variable `i` or `j`.
    pub fn product(&self, i: usize, j: usize) -> i64 {
        self.view().product(i, j)
    }

    /// Whether nothing is left in it: it may be forgotten.
    pub fn is_zero(&self) -> bool {
        self.upper.iter().all(|&entry| entry == 0)
    }

    /// The same tally, borrowed.
    pub fn view(&self) -> MomentsRef<'_> {
        MomentsRef::packed_right(self.variables, &self.upper)
    }

    fn apply(
        &mut self,
        values: &[i64],
        operation: fn(i64, i64) -> Option<i64>,
    ) -> Result<(), Error> {
        if values.len() != self.variables {
            return Err(Error::Length {
                name: "the tallied values",
                expected: self.variables,
                got: values.len(),
            });
        }
        let mut next = Vec::with_capacity(self.upper.len());
        let with_one = |i: usize| if i == 0 { 1 } else { values[i - 1] };
        let mut entries = self.upper.iter();
        for i in 0..=self.variables {
            for j in i..=self.variables {
                let entry = entries.next().copied().unwrap_or(0);
                let product = with_one(i).checked_mul(with_one(j));
                let value = product.and_then(|product| operation(entry, product));
                next.push(value.ok_or(Error::Overflow("a cross-product"))?);
            }
        }
        self.upper = next;
        Ok(())
    }

    fn combine(
        &mut self,
        other: &Self,
        operation: fn(i64, i64) -> Option<i64>,
    ) -> Result<(), Error> {
        if other.variables != self.variables {
            return Err(Error::Length {
                name: "the other tally",
                expected: self.variables,
                got: other.variables,
            });
        }
        self.upper = self
            .upper
            .iter()
            .zip(&other.upper)
            .map(|(&a, &b)| operation(a, b))
            .collect::<Option<_>>()
            .ok_or(Error::Overflow("a merged tally"))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answers() -> impl Strategy<Value = Vec<[i64; 3]>> {
        proptest::collection::vec([0_i64..=1, 0..=100, -5..=5], 1..40)
    }

    fn tally(rows: &[[i64; 3]]) -> Moments {
        let mut tally = Moments::new(3);
        for row in rows {
            tally.add(row).unwrap();
        }
        tally
    }

    proptest! {
        #[test]
        fn merging_parts_in_any_order_equals_the_whole(rows in answers(), cut in 0_usize..40, again in 0_usize..40) {
            let (a, b) = (cut.min(rows.len()), again.min(rows.len()));
            let (a, b) = (a.min(b), a.max(b));
            let (first, second, third) = (tally(&rows[..a]), tally(&rows[a..b]), tally(&rows[b..]));
            let mut forwards = first.clone();
            forwards.merge(&second).unwrap();
            forwards.merge(&third).unwrap();
            let mut backwards = third;
            backwards.merge(&first).unwrap();
            backwards.merge(&second).unwrap();
            prop_assert_eq!(&forwards, &backwards);
            prop_assert_eq!(&forwards, &tally(&rows));
            forwards.subtract(&second).unwrap();
            for row in rows[..a].iter().chain(&rows[b..]) {
                forwards.remove(row).unwrap();
            }
            prop_assert!(forwards.is_zero());
        }

        #[test]
        fn forms_equal_their_sums_over_answers(rows in answers(), b in [-2.0_f64..2.0, -2.0..2.0, -2.0..2.0]) {
            let form = |row: &[i64; 3]| -> f64 { row.iter().zip(b).map(|(&x, b)| b * x as f64).sum() };
            let linear: f64 = rows.iter().map(form).sum();
            let quadratic: f64 = rows.iter().map(|row| form(row).powi(2)).sum();
            let tally = tally(&rows);
            prop_assert!((tally.view().linear(&b) - linear).abs() < 1e-8);
            prop_assert!((tally.view().quadratic(&b) - quadratic).abs() < 1e-7 * (1.0 + quadratic));
        }
    }

    #[test]
    fn products_are_found_in_either_order() {
        let mut tally = Moments::new(3);
        tally.add(&[2, 3, 5]).unwrap();
        let found: Vec<i64> = [(0, 0), (0, 1), (2, 0), (1, 1), (1, 2), (2, 2)]
            .map(|(i, j)| tally.product(i, j))
            .to_vec();
        assert_eq!(found, [4, 6, 10, 9, 15, 25]);
        assert_eq!(tally.product(3, 0), 0);
    }

    #[test]
    fn refusals_leave_the_tally_as_it_was() {
        let mut tally = Moments::new(1);
        tally.add(&[3]).unwrap();
        let before = tally.clone();
        assert_eq!(
            tally.add(&[i64::MAX]),
            Err(Error::Overflow("a cross-product"))
        );
        assert!(matches!(tally.add(&[1, 2]), Err(Error::Length { .. })));
        assert!(matches!(
            tally.merge(&Moments::new(2)),
            Err(Error::Length { .. })
        ));
        assert_eq!(tally, before);
        assert!(Moments::from_packed(1, vec![0; 4]).is_err());
        assert!(Moments::from_packed(usize::MAX - 1, vec![0; 4]).is_err());
    }

    #[test]
    fn survives_a_round_trip_as_text() {
        let mut tally = Moments::new(2);
        tally.add(&[1, 7]).unwrap();
        let text = serde_json::to_string(&tally).unwrap();
        assert_eq!(serde_json::from_str::<Moments>(&text).unwrap(), tally);
        assert!(serde_json::from_str::<Moments>(r#"{"variables":2,"upper":[1]}"#).is_err());
    }
}
