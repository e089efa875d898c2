//! What a sampling design can be refused for.

/// Why a design, or an estimate under it, is refused. Rows are zero-based positions in
/// the data that was given, so that the caller can name them.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DesignError {
    /// A stratum (stage 1) or sampling unit (later stages) holds one unit, so that its
    /// variance cannot be estimated, and the rule for that is to fail.
    #[error(
        "the stratum of row {row} holds only one sampling unit at stage {stage}; \
         merge it with a similar one or choose a lonely-PSU rule (remove, certainty, adjust, average)"
    )]
    LonelyPsu {
        /// The sampling stage, from 1.
        stage: usize,
        /// A row of that stratum.
        row: usize,
    },
    /// A weight that is negative, infinite or not a number.
    #[error("the weight of row {row} is {value}; weights are finite and not negative")]
    Weight {
        /// The row at fault.
        row: usize,
        /// The weight that was given.
        value: f64,
    },
    /// No row has a weight above zero.
    #[error("all weights are zero; there is nothing to estimate from")]
    AllWeightsZero,
    /// A finite population correction that is not a population size or sampling fraction.
    #[error(
        "the finite population correction of row {row} at stage {stage} is {value}; give population \
         sizes (above 1) or sampling fractions (up to 1), the same kind in all columns"
    )]
    PopulationSize {
        /// The sampling stage, from 1.
        stage: usize,
        /// The row at fault.
        row: usize,
        /// The value that was given.
        value: f64,
    },
    /// More units were drawn than the population is said to hold.
    #[error(
        "the stratum of row {row} at stage {stage} holds {sampled} sampled units, but its \
         population is given as {population}"
    )]
    SampleExceedsPopulation {
        /// The sampling stage, from 1.
        stage: usize,
        /// A row of that stratum.
        row: usize,
        /// How many units the data hold.
        sampled: usize,
        /// How many there are said to be.
        population: f64,
    },
    /// The correction differs between rows of one stratum or sampling unit.
    #[error(
        "the finite population correction at stage {stage} varies within one stratum or unit: \
         rows {first} and {second} differ"
    )]
    VaryingPopulation {
        /// The sampling stage, from 1.
        stage: usize,
        /// A row of the stratum.
        first: usize,
        /// Another row of it, with another value.
        second: usize,
    },
    /// Weights were to follow from the sampling fractions, but a stage has none.
    #[error(
        "stage {stage} has no finite population correction, so that weights cannot follow from \
         it; name a weights column"
    )]
    WeightsUnknown {
        /// The sampling stage, from 1.
        stage: usize,
    },
    /// More corrections were given than there are stages.
    #[error("{corrections} finite population corrections were given for {stages} sampling stages")]
    TooManyCorrections {
        /// How many were given.
        corrections: usize,
        /// How many stages there are.
        stages: usize,
    },
    /// Balanced repeated replication needs two units in every stratum.
    #[error(
        "balanced repeated replication needs exactly two sampling units in every stratum; the \
         stratum of row {row} holds {units}. Use the jackknife"
    )]
    NotPaired {
        /// A row of that stratum.
        row: usize,
        /// How many units it holds.
        units: usize,
    },
}
