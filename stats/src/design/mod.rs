//! Design-based estimation: what was drawn, and the variance that follows from it.

mod chisq;
mod effect;
mod error;
mod estimate;
mod influence;
mod layout;
mod population;
mod proportion;
mod replicate;
mod variance;

pub use chisq::{Independence, IndependenceTest, independence};
pub use effect::Reference;
pub use error::DesignError;
pub(crate) use estimate::Spread;
pub use estimate::{Estimate, Estimator, Linearised, Quantity, symmetric};
pub use influence::{Accumulator, Influence};
pub use layout::{Design, Layout, LonelyPsu};
pub use proportion::{ProportionMethod, proportion_interval};
pub use replicate::{Recalibration, ReplicateWeights, Replicates};
