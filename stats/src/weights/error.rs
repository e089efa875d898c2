//! What an adjustment of weights can be refused for, each reason on its own.

/// Why weights cannot be adjusted. Margins and levels are zero-based positions in what was
/// given, so that the caller can name them.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WeightingError {
    /// The margins' totals do not add up to the same population.
    #[error(
        "margins disagree: margin {margin} adds up to {total}, the first one to {first}; \
         all margins must add up to the same population"
    )]
    MarginsDisagree {
        /// The margin at odds with the first.
        margin: usize,
        /// Its sum.
        total: f64,
        /// The first margin's sum.
        first: f64,
    },
    /// A level has a population total, but nobody of it is in the sample.
    #[error(
        "level {level} of margin {margin} has a population total but is absent from the sample; \
         merge it with another level"
    )]
    LevelAbsentInSample {
        /// The margin.
        margin: usize,
        /// The level within its totals.
        level: usize,
    },
    /// A level is in the sample, but has no population total.
    #[error(
        "cell {cell} of the sample has a level of margin {margin} without a population total; \
         add the total or recode the level"
    )]
    LevelWithoutTotal {
        /// The margin.
        margin: usize,
        /// The weighting cell at fault.
        cell: usize,
    },
    /// All rows of a level with a positive total have base weight zero.
    #[error(
        "level {level} of margin {margin} holds only rows of base weight zero, which no \
         adjustment can raise; correct their weights or merge the level"
    )]
    ZeroBaseWeight {
        /// The margin.
        margin: usize,
        /// The level within its totals.
        level: usize,
    },
    /// A population total that is negative or not a number.
    #[error(
        "the total of level {level} of margin {margin} is {value}; totals are counts of people"
    )]
    Total {
        /// The margin.
        margin: usize,
        /// The level within its totals.
        level: usize,
        /// The total that was given.
        value: f64,
    },
    /// A base weight that is negative or not a number.
    #[error("the base weight of cell {cell} is {value}; base weights are finite and not negative")]
    BaseWeight {
        /// The weighting cell at fault.
        cell: usize,
        /// Its sum of base weights.
        value: f64,
    },
    /// There is no margin to adjust to.
    #[error("no margin was given to adjust the weights to")]
    NoMargin,
    /// The method takes one margin, and another number was given.
    #[error(
        "post-stratification takes one margin (cross the variables in it), not {0}; rake several"
    )]
    OneMargin(usize),
    /// Bounds on the ratio of calibrated to base weight that leave no room around 1.
    #[error("bounds [{lower}, {upper}] do not hold lower < 1 < upper")]
    Bounds {
        /// The lower bound.
        lower: f64,
        /// The upper bound.
        upper: f64,
    },
    /// The logit distance exists only between two finite bounds.
    #[error("the logit method needs two finite bounds, for example [0.5, 2]")]
    BoundsMissing,
    /// No weights of the asked form meet the totals.
    #[error(
        "infeasible: after {iterations} iterations level {level} of margin {margin} stands at \
         {reached} instead of {total}; merge sparse levels or widen the bounds"
    )]
    Infeasible {
        /// The margin that is farthest off.
        margin: usize,
        /// Its level.
        level: usize,
        /// The population total.
        total: f64,
        /// What the weights add up to.
        reached: f64,
        /// After how many iterations the search was given up.
        iterations: usize,
    },
    /// More levels than a system of equations is solved for.
    #[error("the margins have {levels} levels together; at most {most} can be calibrated at once")]
    TooManyLevels {
        /// How many levels there are.
        levels: usize,
        /// How many there may be.
        most: usize,
    },
    /// Trimming limits that are not numbers, or in the wrong order.
    #[error("trimming limits [{lower}, {upper}] are not an interval")]
    TrimLimits {
        /// The lower limit.
        lower: f64,
        /// The upper limit.
        upper: f64,
    },
    /// Every weight is at a limit, and the sum cannot be kept.
    #[error(
        "trimming to [{lower}, {upper}] leaves no weight free to take up the rest; widen the limits"
    )]
    TrimInfeasible {
        /// The lower limit.
        lower: f64,
        /// The upper limit.
        upper: f64,
    },
}
